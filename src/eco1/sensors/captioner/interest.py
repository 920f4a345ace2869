"""How much a viewer wants to hear of each kind of happening: a kill most, rest least. Judged by eye."""

import math

from eco1.sensors.captioner.happenings import Happening

_INTEREST = {
    "kill": 10.0, "chase": 8.5, "swoop": 8.5, "strike": 8.0, "alarm": 7.8, "escape": 7.6, "death": 7.0,
    "herd_prey": 7.0, "birth": 6.6, "stalk": 6.5, "ambush": 6.2, "wait_at_hole": 6.0, "flee": 6.0,
    "arrive_carcass": 5.5, "mate": 5.5, "challenge": 5.0, "court": 5.0, "share": 5.0, "give_food": 5.0,
    "camouflage": 5.0, "play": 4.8, "tend_young": 4.5, "beg": 4.5, "shoo": 4.5, "recruit": 4.3, "move_together": 4.2,
    "scavenge": 4.2, "arrive_water": 4.0, "prowl": 4.0, "surface": 4.0, "drink": 3.8, "eat_meat": 3.5, "swing": 3.5,
    "school": 3.2, "migrate": 3.2, "carry": 3.2, "follow_trail": 3.0, "brood": 3.0, "filter": 3.0, "arrive_food": 2.8,
    "soar": 2.6, "go_to_water": 2.5, "scent_mark": 2.5, "patrol": 2.4, "browse": 2.2, "climb": 2.2, "regroup": 2.2,
    "graze": 2.0, "pick": 2.0, "fly": 2.0, "explore": 2.0, "shelter": 1.8, "forage": 1.6, "den": 1.5, "perch": 1.5,
    "move": 1.5, "rest": 1.2, "sleep": 1.2, "vigilant": 1.0, "stay": 0.8,
}  # fmt: skip
#: Every kind of event there is.
EVENT_KINDS = tuple(sorted(_INTEREST))
_OF_A_THREAT = 3.0  # to be watched is worth more than to look around


def interest(happening: Happening) -> float:
    """Return the interest of a happening; it grows a little with the number of those who act."""
    base = _INTEREST[happening.kind]
    if happening.kind == "vigilant" and happening.others:
        base = _OF_A_THREAT
    return base * (1 + 0.15 * math.log2(len(happening.actors)))
