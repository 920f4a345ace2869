"""Menus: what an animal can be told to do, and how fast a body goes about it."""

from eco1.sim import behaviors as b
from eco1.sim.fields import F32, trait

#: How fast a body may go while it shows a behaviour: not at all, at most ``SLOW_MPS``, cruising, as fast as it can.
STILL, SLOW, WALK, RUN = range(4)
#: Nobody feeds faster than 2 m/s (``sim.kernels.interact``).
SLOW_MPS = 1.8
#: A grazing gazelle does not sprint, a stalking cheetah creeps: what others read off a behaviour must be true.
PACE = b.table(
    {
        b.REST: STILL, b.SLEEP: STILL, b.VIGILANT: STILL, b.DRINK: STILL, b.SCENT_MARK: STILL, b.AMBUSH: STILL,
        b.GRAZE: SLOW, b.BROWSE: SLOW, b.PICK: SLOW, b.EAT_MEAT: SLOW, b.STALK: WALK, b.FILTER: WALK,
    },
    other=RUN,
)  # fmt: skip

_FOOD = (
    (trait.GRASS, b.GRAZE),
    (trait.LEAVES, b.BROWSE),
    (trait.FRUIT | trait.NECTAR | trait.REFUSE, b.PICK),
    (trait.PLANKTON, b.FILTER),
    (trait.FLESH | trait.CARRION | trait.INSECTS, b.EAT_MEAT),
)


def menu_of(traits: F32, species: int) -> tuple[int, ...]:
    """Return the behaviours that species number ``species`` of a world can be told, travelling first.

    Those that change what the rules do with it: feeding on each of its foods, drinking, hunting, fleeing, marking,
    breathing and resting. ``migrate`` stands for going anywhere for no other end.
    """
    t, names = traits[species], traits.shape[0]
    food, relations = int(t[trait.FOOD]), t[trait.RELATION : trait.RELATION + names]
    chosen = [b.MIGRATE, b.REST, b.VIGILANT]
    chosen += [behavior for foods, behavior in _FOOD if food & foods]
    if t[trait.LIFT] != trait.WATER and t[trait.PERSON] == 0:
        chosen.append(b.DRINK)
    if (relations == trait.PREY).any():
        chosen += [b.STALK, b.CHASE, b.STRIKE]
    if (relations == trait.THREAT).any():
        chosen.append(b.FLEE)
    if t[trait.TERRITORIAL] == 1:
        chosen.append(b.SCENT_MARK)
    if t[trait.BREATHES] == 1:
        chosen.append(b.SURFACE)
    return tuple(chosen)


def gathers(menu: tuple[int, ...]) -> bool:
    """Return whether somebody with this menu can live on what is gathered rather than killed."""
    plants = any(behavior in menu for behavior in (b.GRAZE, b.BROWSE, b.PICK, b.FILTER))
    return plants or (b.EAT_MEAT in menu and b.STRIKE not in menu)
