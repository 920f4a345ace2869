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

NAMES = (
    "prowl", "stalk", "ambush", "chase", "strike", "scavenge", "eat_meat",
    "graze", "browse", "forage", "drink",
    "regroup", "flee", "vigilant",
    "rest", "sleep", "shelter", "tend_young",
    "patrol", "scent_mark", "challenge",
    "court", "mate",
    "migrate", "go_to_water", "soar",
    "play", "explore",
)  # fmt: skip

# Indices of core.records.DRIVES and PERSONALITY.
HUNGER, THIRST, FEAR, FATIGUE, SOCIAL, REPRODUCTIVE, CURIOSITY = range(7)
BOLDNESS, SOCIABILITY, ACTIVITY, AGGRESSION = range(4)

#: The need that each behaviour serves.
DRIVE_OF = np.array(
    [HUNGER] * 10 + [THIRST] + [SOCIAL, FEAR, FEAR] + [FATIGUE, FATIGUE, FEAR, SOCIAL]
    + [REPRODUCTIVE] * 5 + [SOCIAL, THIRST, HUNGER] + [CURIOSITY] * 2, np.int16
)  # fmt: skip

#: Activities that a group shares; -1 is a private matter.
FEEDING, HUNTING, MEAT, WATERING, RESTING, SLEEPING, SHELTERING, ROAMING, TERRITORY = range(9)
ACTIVITY_OF = np.full(len(NAMES), -1, np.int16)
ACTIVITY_OF[[GRAZE, BROWSE, FORAGE]] = FEEDING
ACTIVITY_OF[[PROWL, STALK, AMBUSH, CHASE, STRIKE]] = HUNTING
ACTIVITY_OF[[SCAVENGE, EAT_MEAT]] = MEAT
ACTIVITY_OF[[GO_TO_WATER, DRINK]] = WATERING
ACTIVITY_OF[REST] = RESTING
ACTIVITY_OF[SLEEP] = SLEEPING
ACTIVITY_OF[SHELTER] = SHELTERING
ACTIVITY_OF[[MIGRATE, SOAR]] = ROAMING
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
    }
)  # fmt: skip


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
