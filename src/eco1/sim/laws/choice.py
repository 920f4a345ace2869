"""Choice: what each activity would be worth to an animal now. The best one wins, with a bonus for what is being done.

Utility with hysteresis: McFarland & Sibly (1975), DOI 10.1098/rstb.1975.0009. The numbers are estimates, tuned so that
the shares of the day spent resting and feeding come near those of the catalog and no need is forgotten.
"""

from eco1.catalog.records import ACTIVITY_PATTERNS
from eco1.sim.compiled import inlined

HYSTERESIS = 0.10
NOISE = 0.05
_CONFORMITY = 0.42
GATHERERS_HUNT = 0.4  # share of the times at which those that can gather food as well think of hunting
_DIURNAL = ACTIVITY_PATTERNS.index("diurnal")
NOCTURNAL = ACTIVITY_PATTERNS.index("nocturnal")
_CREPUSCULAR = ACTIVITY_PATTERNS.index("crepuscular")


@inlined
def alertness(pattern: int, daylight: float, hour: float):
    """Return how awake this hour makes a species, 0 to 1."""
    if pattern == _DIURNAL:
        return daylight
    if pattern == NOCTURNAL:
        return 1 - 0.7 * daylight
    if pattern == _CREPUSCULAR:
        from_dawn, from_dusk = abs(hour - 7.0), abs(hour - 17.5)
        return max(0.25, 1 - min(from_dawn, from_dusk) / 4.5)
    return 0.55 + 0.35 * daylight


@inlined
def conformity(sociability: float, align_weight: float):
    """Return the bonus for doing what the leader of the group does."""
    return _CONFORMITY * (0.6 + 0.8 * sociability) * min(1.0, 0.4 + align_weight)


@inlined
def rest(fatigue: float, heat: float, fear: float):
    """Return the worth of resting."""
    return 0.06 + 0.55 * fatigue * fatigue + 0.2 * max(0.0, heat - 0.8) - 0.3 * fear


@inlined
def sleep(fatigue: float, awake: float, fear: float):
    """Return the worth of sleeping."""
    return 0.6 * (1 - awake) + 0.4 * fatigue * fatigue - 0.15 - 0.6 * fear


@inlined
def shelter(pattern: int, has_den: float, awake: float, heat: float, daylight: float, rain: float):
    """Return the worth of shade or a den: against heat or, for the night-active, the sun; dens also against rain."""
    shade = 1.2 * max(0.0, heat - 0.75) if pattern != NOCTURNAL else 0.5 * max(0.0, daylight - 0.6)
    return shade + has_den * (0.35 * rain + 0.5 * (1 - awake))


@inlined
def feed(hunger: float, awake: float):
    """Return the worth of feeding on plants or insects."""
    return (0.24 + 0.85 * hunger) * (0.6 + 0.4 * awake)


@inlined
def drink(thirst: float, shore_m: float):
    """Return the worth of going to water: the thirsty go far, others drink when they pass by."""
    near = 0.35 * max(0.0, 1 - shore_m / 60.0)
    return near + (1.1 if thirst > 0.6 else 0.6) * thirst


@inlined
def hunt(hunger: float, awake: float):
    """Return the worth of looking for prey."""
    return 1.15 * hunger * (0.65 + 0.35 * awake)


@inlined
def scavenge(hunger: float):
    """Return the worth of going to a carcass that is known."""
    return 0.55 + 0.7 * hunger


@inlined
def soar(hunger: float, daylight: float):
    """Return the worth of soaring in search of carrion: it needs the thermals of the day."""
    return (0.42 + 0.4 * hunger) * daylight


@inlined
def explore(curiosity: float, calm: float):
    """Return the worth of exploring; ``calm`` is 0 in fear or asleep, 1 at ease."""
    return (0.26 + 0.42 * curiosity) * calm


@inlined
def play(curiosity: float, calm: float, grown: bool):
    """Return the worth of playing with a companion nearby: mostly a matter of the young."""
    return ((0.12 if grown else 0.46) + 0.4 * curiosity) * calm


@inlined
def regroup(loneliness: float):
    """Return the worth of catching up with the group once it has been left behind."""
    return 0.95 + 0.3 * loneliness


@inlined
def tend(strayed: bool):
    """Return the worth of attending to its young: high once it has strayed."""
    return 0.9 if strayed else 0.3


@inlined
def patrol(desire: float, aggression: float, calm: float):
    """Return the worth of walking the border of its territory."""
    return (0.36 + 0.3 * desire + 0.2 * aggression) * calm


@inlined
def migrate(curiosity: float, best_forage: float, calm: float):
    """Return the worth for a leader of taking the herd far away: the forage around is poor, or the time has come."""
    return (0.22 + 0.45 * curiosity + 0.5 * (1 - best_forage)) * calm
