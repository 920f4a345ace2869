"""Tags say which phrases of the lexicon are true of a happening: the element, the number, whom it concerns ..."""

import numpy as np

from eco1.sensors.captioner.happenings import Happening
from eco1.sensors.captioner.kinds import Kind
from eco1.sensors.captioner.log import Log
from eco1.sensors.captioner.places import landscape_class

_OFF_GROUND_M = 1.5
_ON_THE_WING_MPS = 1.0
_UNDER_M = 0.2
_RISES_M = 2.0  # a change of height that is told
_FOOD_AT = {"bin": "refuse", "flowers": "nectar"}  # what is picked at a place
_PICKED = ("fruit", "nectar", "refuse")


def tags_of(log: Log, happening: Happening) -> frozenset[str]:
    """Return the tags of a happening.

    ``one`` or ``many``; ``whom`` when it concerns somebody; an element (land, water, air, trees, perched); a landscape
    (plain, sea, forest, ice, city); ``home:``, ``plan:``, ``company:`` and ``eats:`` of the kind; ``hatches``,
    ``insect``, ``person``; ``takes:`` what is picked; ``up`` or ``down``; ``threat`` or ``rival`` as the cause;
    ``outcome:``.
    """
    frame, row = happening.middle, happening.actors[0]
    kind = log.kind(frame, row)
    tags = {"many" if len(happening.actors) > 1 else "one", f"plan:{kind.plan}", f"company:{kind.company}"}
    tags.add(f"home:{kind.element}")
    tags |= {f"eats:{food}" for food in kind.eats}
    if happening.others:
        tags |= {"whom", "meal", "carcass"} if happening.kind == "eat_meat" else {"whom"}
    if happening.cause is not None and happening.cause.kind in ("threat", "rival"):
        tags.add(happening.cause.kind)
    if happening.outcome:
        tags.add(f"outcome:{happening.outcome}")
    if kind.hatches:
        tags.add("hatches")
    if kind.is_insect:
        tags.add("insect")
    if kind.is_person:
        tags.add("person")
    if log.landscape is not None:
        tags |= {landscape_class(log.landscape), _element(log, kind, frame, row)} - {""}
    if happening.kind in ("pick", "arrive_food"):
        tags.add(f"takes:{_picked(kind, happening.place.key)}")
    rise = float(log.position_m[happening.last - 1, row, 2] - log.position_m[happening.first, row, 2])
    if abs(rise) > _RISES_M:
        tags.add("up" if rise > 0 else "down")
    return frozenset(tags)


def _picked(kind: Kind, place: str) -> str:
    """Return what is picked: the only such food of the kind, or what the place offers; "food" when it is open."""
    foods = [food for food in _PICKED if food in kind.eats]
    if len(foods) == 1:
        return foods[0]
    return _FOOD_AT.get(place, "food") if _FOOD_AT.get(place) in foods else "food"


def _element(log: Log, kind: Kind, frame: int, row: int) -> str:
    """Return what carries a body at a frame, "" when that cannot be told."""
    landscape = log.landscape
    assert landscape is not None
    x, y, z = log.position_m[frame, row].tolist()
    if landscape_class(landscape) == "sea":
        return "water"
    if kind.element == "water" and z < -_UNDER_M:
        return "water"
    cells = len(landscape.height_m)
    column, line = np.clip(np.array([x, y]) / landscape.size_m * cells, 0, cells - 1).astype(int)
    if landscape.freezing is not None and float(landscape.water_depth_m[line, column]) > 0:
        return ""  # whether water or ice carries it cannot be told
    high = z - float(landscape.height_m[line, column]) > _OFF_GROUND_M
    if not high:
        return "land"
    if kind.element != "air":
        return "trees"
    return "air" if float(log.speed_mps[frame, row]) > _ON_THE_WING_MPS else "perched"
