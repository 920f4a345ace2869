"""The ethogram as numbers the kernels can use, checked against the catalog when a world is built."""

import numpy as np
from numpy.typing import NDArray

from eco1.catalog.records import Ethogram
from eco1.core.errors import ConfigError

PROWL, STALK, AMBUSH, CHASE, STRIKE, SCAVENGE, EAT_MEAT = range(7)
GRAZE, BROWSE, FORAGE, DRINK = range(7, 11)
REGROUP, FLEE, VIGILANT = range(11, 14)
REST, SLEEP, SHELTER, TEND_YOUNG = range(14, 18)
PATROL, SCENT_MARK, CHALLENGE = range(18, 21)
COURT, MATE = range(21, 23)
MIGRATE, GO_TO_WATER, SOAR = range(23, 26)
PLAY, EXPLORE = range(26, 28)
SCHOOL, CLIMB, SWING, FLY, PERCH, CAMOUFLAGE = range(28, 34)
WAIT_AT_HOLE, SWOOP, HERD_PREY = range(34, 37)
PICK, FILTER, CARRY, RECRUIT, FOLLOW_TRAIL, SHARE = range(37, 43)
DEN, BROOD, SURFACE = range(43, 46)
BEG, GIVE_FOOD, SHOO = range(46, 49)

NAMES = (
    "prowl", "stalk", "ambush", "chase", "strike", "scavenge", "eat_meat",
    "graze", "browse", "forage", "drink",
    "regroup", "flee", "vigilant",
    "rest", "sleep", "shelter", "tend_young",
    "patrol", "scent_mark", "challenge",
    "court", "mate",
    "migrate", "go_to_water", "soar",
    "play", "explore",
    "school", "climb", "swing", "fly", "perch", "camouflage",
    "wait_at_hole", "swoop", "herd_prey",
    "pick", "filter", "carry", "recruit", "follow_trail", "share",
    "den", "brood", "surface",
    "beg", "give_food", "shoo",
)  # fmt: skip

# Indices of core.records.DRIVES and PERSONALITY.
HUNGER, THIRST, FEAR, FATIGUE, SOCIAL, REPRODUCTIVE, CURIOSITY = range(7)
BOLDNESS, SOCIABILITY, ACTIVITY, AGGRESSION = range(4)

#: The need that each behaviour serves.
DRIVE_OF = np.array(
    [HUNGER] * 10 + [THIRST] + [SOCIAL, FEAR, FEAR] + [FATIGUE, FATIGUE, FEAR, SOCIAL]
    + [REPRODUCTIVE] * 5 + [SOCIAL, THIRST, HUNGER] + [CURIOSITY] * 2
    + [SOCIAL, HUNGER, HUNGER, HUNGER, FATIGUE, FEAR] + [HUNGER] * 3 + [HUNGER] * 3 + [SOCIAL] * 3
    + [FATIGUE, SOCIAL, FATIGUE] + [HUNGER, SOCIAL, FEAR], np.int16
)  # fmt: skip

#: Activities that a group shares; -1 is a private matter.
FEEDING, HUNTING, MEAT, WATERING, RESTING, SLEEPING, SHELTERING, ROAMING, TERRITORY = range(9)
ACTIVITY_OF = np.full(len(NAMES), -1, np.int16)
ACTIVITY_OF[[GRAZE, BROWSE, FORAGE, CLIMB, SWING, FLY, PICK, FILTER, FOLLOW_TRAIL]] = FEEDING
ACTIVITY_OF[[PROWL, STALK, AMBUSH, CHASE, STRIKE, WAIT_AT_HOLE, SWOOP, HERD_PREY]] = HUNTING
ACTIVITY_OF[[SCAVENGE, EAT_MEAT]] = MEAT
ACTIVITY_OF[[GO_TO_WATER, DRINK]] = WATERING
ACTIVITY_OF[[REST, PERCH]] = RESTING
ACTIVITY_OF[SLEEP] = SLEEPING
ACTIVITY_OF[SHELTER] = SHELTERING
ACTIVITY_OF[[MIGRATE, SOAR, SCHOOL]] = ROAMING
ACTIVITY_OF[[PATROL, SCENT_MARK]] = TERRITORY


def table(values: dict[int, float], other: float = 0.0) -> NDArray[np.float32]:
    """Return one number per behaviour: those given, ``other`` for the rest."""
    return np.array([values.get(behavior, other) for behavior in range(len(NAMES))], np.float32)


#: How long a bout usually lasts in seconds of the world's clock. Estimates: chosen so that the compressed day of a
#: biome holds many bouts and no label flickers; ends that depend on what happens (arrival, a catch) come earlier.
BOUT_S = table(
    {
        PROWL: 16, STALK: 70, AMBUSH: 22, CHASE: 40, STRIKE: 1.2, SCAVENGE: 60, EAT_MEAT: 22,
        GRAZE: 9, BROWSE: 24, FORAGE: 30, DRINK: 11, REGROUP: 25, FLEE: 4, VIGILANT: 2.8,
        REST: 20, SLEEP: 40, SHELTER: 30, TEND_YOUNG: 7, PATROL: 13, SCENT_MARK: 2.4, CHALLENGE: 5,
        COURT: 9, MATE: 4.5, MIGRATE: 30, GO_TO_WATER: 90, SOAR: 24, PLAY: 8, EXPLORE: 11,
        SCHOOL: 20, CLIMB: 30, SWING: 30, FLY: 30, PERCH: 16, CAMOUFLAGE: 8, WAIT_AT_HOLE: 45, SWOOP: 12,
        HERD_PREY: 14, PICK: 8, FILTER: 18, CARRY: 60, RECRUIT: 4, FOLLOW_TRAIL: 60, SHARE: 6, DEN: 40, BROOD: 20,
        SURFACE: 12, BEG: 10, GIVE_FOOD: 6, SHOO: 5,
    }
)  # fmt: skip


def among(*members: int) -> NDArray[np.bool_]:
    """Return for every behaviour whether it is one of these."""
    return np.isin(np.arange(len(NAMES)), members)


#: Going to food, on foot or otherwise; what is watched for as a hunt; where swimmers and climbers do what they do.
SEEKS_FOOD = among(FORAGE, CLIMB, SWING, FLY)
TRAVELS = among(
    *(PROWL, SCAVENGE, FORAGE, REGROUP, SHELTER, PATROL, MIGRATE, GO_TO_WATER, EXPLORE),
    *(SCHOOL, CLIMB, SWING, FLY, CARRY, FOLLOW_TRAIL),
)
ON_THE_GROUND = among(SCAVENGE, EAT_MEAT, GRAZE, DRINK, SCENT_MARK, BEG, GO_TO_WATER)
GLIDES_TO = among(SCAVENGE, SHELTER, GO_TO_WATER)
EATS = among(GRAZE, BROWSE, EAT_MEAT, PICK, FILTER, RECRUIT, BEG)
RESTS = among(REST, SLEEP, PERCH, DEN, BROOD)
AT_THE_BOTTOM = among(AMBUSH, GRAZE, BROWSE, SLEEP, SHELTER, SCENT_MARK, CAMOUFLAGE, DEN)
KEEPS_TARGET = among(FLEE, VIGILANT, MATE, CHALLENGE, SWOOP, HERD_PREY, CAMOUFLAGE)
KEEPS_STILL = among(PERCH, CAMOUFLAGE, WAIT_AT_HOLE, RECRUIT, DEN, BROOD, GIVE_FOOD)


def check_ethogram(ethogram: Ethogram) -> None:
    """Check that the ethogram is the one that the laws were written for.

    Raises:
        ConfigError: it is not.
    """
    if ethogram.names[: len(NAMES)] != NAMES:
        raise ConfigError(
            f"The laws of the simulator know {len(NAMES)} behaviours in a fixed order; the ethogram has "
            f"{ethogram.names!r}. New behaviours go to the end of ethogram.toml."
        )
