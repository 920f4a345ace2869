"""Escape: when to take notice, when to run, and where to."""

import math

from eco1.sim import behaviors as b
from eco1.sim.compiled import inlined

SAFE, WARY, DANGER = 0, 1, 2
ALARM_ZONE = 1.6  # times the flight distance, within which an approaching threat is watched
RELIEF = 1.6  # a flight ends at this multiple of the distance at which it would begin
_SHIEST = 1.2  # times the flight distance: of an animal without boldness, and once more of one just born
_HEED2 = (ALARM_ZONE * RELIEF * _SHIEST * _SHIEST) ** 2
_ZIGZAG_PERIOD_S = 1.8
_ZIGZAG_RAD = 0.6
_ZIGZAG_WITHIN_M = 22.0
_CORNER_SHARE = 0.1  # of the side of the world, from whose border fleeing animals turn aside
#: How much of its flight distance an animal grants a threat that behaves like this: a sleeping lion is passed closely.
#: Estimates; that prey reads its risk from the predator's behaviour: Stankowich & Blumstein (2005),
#: DOI 10.1098/rspb.2005.3251.
MENACE = b.table(
    {
        b.CHASE: 1.2, b.STRIKE: 1.0, b.STALK: 0.3, b.AMBUSH: 0.2, b.PROWL: 0.5, b.REST: 0.2, b.SLEEP: 0.18,
        b.EAT_MEAT: 0.25, b.MATE: 0.25, b.DRINK: 0.3, b.SCENT_MARK: 0.3, b.VIGILANT: 0.3,
        b.SWOOP: 1.2, b.HERD_PREY: 0.6, b.WAIT_AT_HOLE: 0.05, b.PERCH: 0.15, b.DEN: 0.05, b.BROOD: 0.1,
        b.GIVE_FOOD: 0.1, b.SHOO: 1.2, b.CAMOUFLAGE: 0.2,
    },
    other=0.4,
)  # fmt: skip


@inlined
def can_matter(d2: float, rank: float, species_distance: float):
    """Return whether a threat may frighten or move an animal at all; ``rank`` is ``d2`` over its squared menace.

    It does neither beyond both the species' flight distance and the alarm zone of the shiest animal in flight.
    """
    reach2 = species_distance * species_distance
    return d2 < reach2 or rank < _HEED2 * reach2


@inlined
def flight_distance(species_distance: float, behavior_of_threat: int, boldness: float, growth: float):
    """Return the distance at which an animal runs from a threat that behaves like this, m."""
    return species_distance * MENACE[behavior_of_threat] * (_SHIEST - 0.4 * boldness) * (_SHIEST - 0.2 * growth)


@inlined
def danger(distance: float, flight: float, closing_mps: float):
    """Return SAFE, WARY (watch it) or DANGER (run). ``closing_mps`` is how fast the threat comes nearer."""
    if distance < flight:
        return DANGER
    if distance < ALARM_ZONE * flight and closing_mps > 0.4:
        return WARY
    return SAFE


@inlined
def off_the_border(x: float, y: float, px: float, py: float, size: float):
    """Return a unit direction of flight at (px, py) that bends along a border of the world before it is cornered."""
    middle_x, middle_y = 0.5 * size - px, 0.5 * size - py
    room = 0.5 * size - max(abs(middle_x), abs(middle_y))
    corner = _CORNER_SHARE * size
    if room > corner:
        return x, y
    norm = 1.0 / max(1.0, math.sqrt(middle_x * middle_x + middle_y * middle_y))
    inward_x, inward_y = middle_x * norm, middle_y * norm
    if x * inward_x + y * inward_y > 0.0:
        return x, y
    # Turn to the side that is already favoured, more so the nearer the border.
    side = 1.0 if inward_x * y - inward_y * x > 0.0 else -1.0
    weight = 1.6 * (1 - room / corner)
    x += weight * (0.55 * inward_x - side * inward_y)
    y += weight * (0.55 * inward_y + side * inward_x)
    norm = 1.0 / math.sqrt(x * x + y * y)
    return x * norm, y * norm


@inlined
def run_direction(away_x: float, away_y: float, distance: float, clock: float, chased: bool, hand: float):
    """Return the unit direction of flight: straight away, in zigzags when the hunter is close behind.

    Protean escape: Humphries & Driver (1970), Oecologia 5: 285-302. ``hand`` is +1 or -1, the side of the first turn.
    """
    angle = 0.0
    if chased and distance < _ZIGZAG_WITHIN_M:
        angle = hand * _ZIGZAG_RAD * math.sin(2 * math.pi * clock / _ZIGZAG_PERIOD_S)
    cos, sin = math.cos(angle), math.sin(angle)
    norm = 1.0 / max(1e-3, math.sqrt(away_x * away_x + away_y * away_y))
    return (away_x * cos - away_y * sin) * norm, (away_x * sin + away_y * cos) * norm
