"""Chooses what a film shows: a row of shots, each following one animal, and the camera's way through each."""

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from eco1.core.records import Observation
from eco1.studio.camera import Camera
from eco1.studio.light import light_for
from eco1.studio.terrain import Terrain
from eco1.studio.vantage import blocked, looking, smallness, standing_place

_SHOT_S = (5.0, 7.0)
_AZIMUTHS = 16
_SEEN_TWICE = 0.35  # a species or behaviour that was just shown counts this much
_SMOOTH_S = 1.2
_SPREAD_SEEN = 4.0  # of a subject's size: how much the company of a partner widens the view at most
_DRAWN_LENGTHS = 3.0  # of a subject's own: how far a partner draws the camera off it at most
_UNDER_WATER = 0.62  # of the usual distance: water veils what is far


@dataclass(frozen=True, kw_only=True)
class Shot:
    """Steps [start, stop) of an episode, the row followed and the camera's place around it."""

    start: int
    stop: int
    row: int
    azimuth_rad: float
    drift_rad: float
    distance_m: float
    rise_m: float
    field_of_view_rad: float
    score: float  # how good the view is


def plan_shots(
    seen: Observation, interest: Float[np.ndarray, "t n"], terrain: Terrain, height_m: Float[np.ndarray, " s"],
    trees_m: Float[np.ndarray, "k 3"], dt_s: float,
) -> tuple[Shot, ...]:  # fmt: skip
    """Return shots that cover all steps: the most interesting animal of each stretch, seldom the same kind twice."""
    steps, shots = len(interest), list[Shot]()
    used_species: dict[int, float] = {}
    used_behavior: dict[int, float] = {}
    start = 0
    while start < steps:
        length = _SHOT_S[len(shots) % 2]
        stop = min(steps, start + max(1, round(length / dt_s)))
        if steps - stop < 0.5 * _SHOT_S[0] / dt_s:
            stop = steps
        row = _choose(seen, interest, start, stop, used_species, used_behavior)
        shots.append(_frame(seen, interest, start, stop, row, terrain, height_m, trees_m, first=not shots))
        for used, key in (
            (used_species, int(seen.species[start, row])),
            (used_behavior, int(seen.behavior[start, row])),
        ):
            for other in used:
                used[other] = min(1.0, used[other] * 1.5)
            used[key] = _SEEN_TWICE
        start = stop
    return tuple(shots)


def _choose(
    seen: Observation,
    interest: np.ndarray,
    start: int,
    stop: int,
    used_species: dict[int, float],
    used_behavior: dict[int, float],
) -> int:
    value = interest[start:stop].mean(0) + 0.5 * interest[start:stop].max(0)
    steady = (seen.identity[start:stop] == seen.identity[start]).all(0) & seen.alive[start:stop].all(0)
    value = np.where(steady, value, value * 0.05)
    for row in range(value.shape[0]):
        value[row] *= used_species.get(int(seen.species[start, row]), 1.0)
        value[row] *= math.sqrt(used_behavior.get(int(seen.behavior[start, row]), 1.0))
    return int(np.argmax(value))


def _frame(
    seen: Observation, interest: np.ndarray, start: int, stop: int, row: int, terrain: Terrain, height_m: np.ndarray,
    trees_m: np.ndarray, *, first: bool,
) -> Shot:  # fmt: skip
    tall = float(height_m[max(int(seen.species[start, row]), 0)])
    body = float(seen.body_length_m[start, row])
    middle = (start + stop) // 2
    subject = subject_way(seen, start, stop, row)[[0, middle - start, stop - 1 - start]]
    spread = float(np.linalg.norm(subject[1] - seen.position_m[middle, row])) if stop > start else 0.0
    speed = float(np.linalg.norm(seen.velocity_mps[start:stop, row], axis=-1).mean())
    size = max(tall, 0.75 * body)
    small = smallness(size)
    distance = small * (2.1 + 0.20 * speed) + 3.1 * size + 1.8 * small * min(spread, 4.0, _SPREAD_SEEN * size)
    if terrain.surface_m is not None:
        distance *= _UNDER_WATER
    if first:
        distance = 1.3 * distance + 1.5 * small
    field = 0.50 if first else 0.44
    heading = float(seen.heading_rad[middle, row])
    best, azimuth, near = -math.inf, 0.0, distance
    for wider in (1.0, 1.4):
        for k in range(_AZIMUTHS):
            angle, away = -math.pi + 2 * math.pi * k / _AZIMUTHS, distance * wider
            seen_well = _view_score(
                seen, interest, (start, middle, stop - 1), row, subject, angle, away, terrain, trees_m, heading, field
            )
            if seen_well - 1.5 * (wider - 1) > best:
                best, azimuth, near = seen_well - 1.5 * (wider - 1), angle, away
    distance = near
    rise = (0.35 * small + 0.22 * distance if first else 0.25 * small + 0.12 * distance) + 0.15 * tall
    drift = (0.20 if first else 0.12) * (1 if (start // 7) % 2 else -1)
    return Shot(
        start=start, stop=stop, row=row, azimuth_rad=azimuth, drift_rad=drift, distance_m=distance, rise_m=rise,
        field_of_view_rad=field, score=best,
    )  # fmt: skip


def _view_score(
    seen: Observation, interest: np.ndarray, when: tuple[int, int, int], row: int, subject: np.ndarray,
    angle: float, distance: float, terrain: Terrain, trees_m: np.ndarray, heading: float, field: float,
) -> float:  # fmt: skip
    """Like: company behind the subject, flanks and faces rather than tails, sun on the near side, a clear sight."""
    away = np.array([math.cos(angle), math.sin(angle)])
    left = np.array([-away[1], away[0]])
    wide = math.tan(field / 2) * 16 / 9 * 0.9
    side = abs(math.sin(angle - heading)) + 0.45 * max(0.0, math.cos(angle - heading))
    sun = light_for(0.6).sun[:2] / np.linalg.norm(light_for(0.6).sun[:2])
    score = 1.6 * side + 0.8 * float(sun @ away)
    for step, point in zip(when, subject, strict=True):
        others = seen.position_m[step, :, :2].astype(float) - (point[:2] + away * distance)
        ahead, across = others @ -away, np.abs(others @ left)
        there = seen.alive[step].copy()
        there[row] = False
        inside = there & (ahead > 0.7 * distance) & (across < wide * ahead)
        score += 0.06 * float((interest[step] * inside / (1 + np.maximum(ahead - distance, 0) / 30)).sum())
        bulk = 0.6 + 0.5 * seen.body_length_m[step]
        score -= 1.2 * float(
            (there & (ahead > -1) & (ahead < 0.75 * distance) & (across < bulk + 0.1 * distance)).sum()
        )
    for point in subject:
        spot = point[:2] + away * distance
        if len(trees_m):
            toward = trees_m[:, :2] - spot
            along = toward @ -away
            beside = np.abs(toward @ left)
            score -= 2.5 * ((along > -2) & (along < distance) & (beside < 2.2)).sum()
        score -= 3.0 * float(np.any((spot < 2) | (spot > terrain.size_m - 2)))
        line = spot + (point[:2] - spot) * np.linspace(0, 0.9, 6)[:, None]
        score -= 0.8 * max(0.0, float((terrain.height_at(line) - point[2]).max()) - 0.2)
        if terrain.roof_m is not None:
            seen_along = np.column_stack([line, np.linspace(point[2] + 0.12 * distance, point[2], len(line))])
            score -= 4.0 * blocked(seen_along, terrain)
    return score


def subject_way(seen: Observation, start: int, stop: int, row: int) -> Float[np.ndarray, "t 3"]:
    """Return what the camera looks at: the animal, drawn towards a partner that stays close to it, such as its prey.

    It is drawn by so few of its own lengths that it stays in the picture itself.
    """
    way = seen.position_m[start:stop].astype(float)
    apart = np.linalg.norm(way - way[:, row : row + 1], axis=-1)
    apart = np.where(seen.alive[start:stop], apart, np.inf)
    apart[:, row] = np.inf
    partner = int(np.argmin(apart.max(0)))
    if not np.isfinite(apart[:, partner]).all():
        return way[:, row]
    near = 6.0 * smallness(float(seen.body_length_m[start, row]))
    pull = 0.45 * np.clip(1 - (float(apart[:, partner].max()) - near) / (1.7 * near), 0, 1)
    drawn = (way[:, partner] - way[:, row]) * pull
    far, farthest = np.linalg.norm(drawn, axis=-1, keepdims=True), _DRAWN_LENGTHS * seen.body_length_m[start, row]
    return way[:, row] + drawn * np.minimum(1.0, farthest / np.maximum(far, 1e-9))


class CameraPath:
    """The camera's place at any time of a film; smooth within a shot, cut between shots."""

    def __init__(
        self, seen: Observation, shots: tuple[Shot, ...], terrain: Terrain, height_m: np.ndarray, dt_s: float
    ) -> None:
        self.shots, self._terrain, self._dt = shots, terrain, dt_s
        self._long = [float(seen.body_length_m[s.start, s.row]) for s in shots]
        self._ways = [_smooth_way(subject_way(seen, s.start, s.stop, s.row), dt_s) for s in shots]
        self._tall = [float(height_m[max(int(seen.species[s.start, s.row]), 0)]) for s in shots]

    def shot_at(self, step: float) -> int:
        """Return the number of the shot that shows a step."""
        starts = [shot.start for shot in self.shots]
        return int(np.clip(np.searchsorted(starts, step, "right") - 1, 0, len(starts) - 1))

    def camera_at(self, step: float) -> Camera:
        """Return the camera at a step (a share of a step is allowed)."""
        number = self.shot_at(step)
        shot, way, tall = self.shots[number], self._ways[number], self._tall[number]
        at = float(np.clip(step - shot.start, 0, len(way) - 1))
        low = min(int(at), len(way) - 2) if len(way) > 1 else 0
        point = way[low] + (way[min(low + 1, len(way) - 1)] - way[low]) * (at - low)
        progress = at / max(len(way) - 1, 1)
        angle = shot.azimuth_rad + shot.drift_rad * (progress - 0.5)
        distance = shot.distance_m * (1.04 - 0.10 * progress)
        eye = point + np.array([math.cos(angle) * distance, math.sin(angle) * distance, 0.0])
        eye[2] = point[2] + shot.rise_m
        size = max(tall, 0.75 * self._long[number])
        eye = standing_place(eye, point, size, self._terrain)
        target = point + np.array([0.0, 0.0, 0.62 * tall])
        return looking(eye, target, shot.field_of_view_rad, size, self._terrain)


def _smooth_way(way: np.ndarray, dt_s: float) -> np.ndarray:
    """The subject's way, averaged over about a second, so that the camera glides."""
    half = min(len(way) - 1, max(1, round(_SMOOTH_S / dt_s / 2)))
    if half < 1:
        return way
    slope_start, slope_end = (way[half] - way[0]) / half, (way[-1] - way[-1 - half]) / half
    before = way[0] - slope_start * np.arange(half, 0, -1)[:, None]
    after = way[-1] + slope_end * np.arange(1, half + 1)[:, None]
    padded = np.concatenate([before, way, after])
    kernel = np.hanning(2 * half + 3)[1:-1]
    kernel /= kernel.sum()
    return np.stack([np.convolve(padded[:, k], kernel, "valid") for k in range(3)], 1)
