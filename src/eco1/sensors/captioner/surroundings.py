"""What can be added about a happening from the arrays: direction, speed, duration, company, neighbours."""

import numpy as np

from eco1.sensors.captioner.happenings import Happening
from eco1.sensors.captioner.log import Log

_WINDS = ("east", "north-east", "north", "north-west", "west", "south-west", "south", "south-east")
_LEAST_WAY_M, _LEAST_WAY_LENGTHS = 1.0, 3.0
_BESIDE_M, _BESIDE_LENGTHS = 3.0, 3.0
_ALONE_M, _ALONE_LENGTHS = 25.0, 15.0


def direction(log: Log, happening: Happening) -> str:
    """Return the wind that the actors head for from beginning to end, "" when they hardly leave the spot."""
    rows = list(happening.actors)
    way = (log.position_m[happening.last - 1, rows] - log.position_m[happening.first, rows])[:, :2].mean(0)
    length = float(log.body_length_m[happening.middle, rows].mean())
    if float(np.hypot(*way)) < max(_LEAST_WAY_M, _LEAST_WAY_LENGTHS * length):
        return ""
    return _WINDS[round(float(np.arctan2(way[1], way[0])) / (np.pi / 4)) % 8]


def neighbour(log: Log, happening: Happening) -> int:
    """Return the row of an animal of another kind that stays close to a single actor all along, or -1."""
    row = happening.actors[0]
    frames = [happening.first, happening.middle, happening.last - 1]
    away = np.linalg.norm(log.position_m[frames] - log.position_m[frames, row][:, None], axis=-1)
    sizes = np.maximum(log.body_length_m[frames], log.body_length_m[frames, row][:, None])
    close = away < np.maximum(_BESIDE_M, _BESIDE_LENGTHS * sizes)
    there = (close & log.alive[frames] & (log.species[frames] != log.species[frames[1], row])).all(0)
    there[list(happening.rows)] = False
    return int(np.where(there, away[1], np.inf).argmin()) if there.any() else -1


def is_alone(log: Log, happening: Happening) -> bool:
    """Whether nobody of its kind is anywhere near a single actor, although there are others."""
    row, frame = happening.actors[0], happening.middle
    kin = log.alive[frame] & (log.species[frame] == log.species[frame, row])
    kin[row] = False
    if not kin.any():
        return False
    away = np.linalg.norm(log.position_m[frame] - log.position_m[frame, row], axis=-1)
    return bool(away[kin].min() > max(_ALONE_M, _ALONE_LENGTHS * float(log.body_length_m[frame, row])))


def whole_seconds(log: Log, happening: Happening) -> int:
    """Return how long a happening lasts, s; 0 when its beginning or end was not recorded."""
    if happening.first == 0 or happening.last == log.steps:
        return 0
    return round((happening.last - happening.first) * log.dt_s)


def top_speed_kmh(log: Log, happening: Happening) -> int:
    """Return the highest speed of the first actor, to the nearest 5 km/h."""
    fastest = float(log.speed_mps[happening.first : happening.last, happening.actors[0]].max())
    return 5 * round(fastest * 3.6 / 5)
