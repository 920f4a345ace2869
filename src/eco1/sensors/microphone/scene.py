"""The scene as the kernels want it: who is where, how fast, on what ground, and what each body sounds like."""

import numpy as np

from eco1.core.records import SURROUNDINGS, Landscape, Observation
from eco1.core.senses import SAMPLE_RATE_HZ
from eco1.sensors.microphone.behaviors import BehaviorTable
from eco1.sensors.microphone.calls import NEVER
from eco1.sensors.microphone.compiled import F64, I64, entry
from eco1.sensors.microphone.memory import FRAMES, Memory
from eco1.sensors.microphone.rows import Rows
from eco1.sensors.microphone.species import SURFACE_PASSES, SpeciesTable
from eco1.sensors.microphone.strokes import GRASS, SNOW, STREET, STROKE_FIELDS, strokes_of

_VEGETATION = SURROUNDINGS.index("vegetation")
_PAVED_BELOW = 0.25  # share of vegetation under which the ground of a city is stone
_SNOWED_UNDER = 0.3
_UNDER_M = -0.4  # deeper than this a body is under water; the surface of the sea lies at 0
_WET_M = 0.3  # water this deep makes those that move in it splash
_MOUTH_PER_HEIGHT = 0.8  # estimate


def _depth_m(landscape: Landscape, position_m: F64) -> F64:
    cells = landscape.water_depth_m.shape[0]
    x, y = np.clip((position_m[:, :2] / landscape.size_m * cells).astype(np.int64), 0, cells - 1).T
    return landscape.water_depth_m[y, x].astype(np.float64)


def rows_of(
    observation: Observation, t: SpeciesTable, b: BehaviorTable, landscape: Landscape | None, *, sea: bool, city: bool,
    snow: float,
) -> tuple[Rows, F64, F64]:  # fmt: skip
    """Return the rows of an observation (N rows), where their mouths are (m) and how they move (m/s)."""
    alive = observation.alive
    present = alive | observation.carcass
    species = np.where(present, observation.species, 0).astype(np.int64)
    position_m = np.nan_to_num(np.where(present[:, None], observation.position_m, 0.0).astype(np.float64))
    velocity_mps = np.nan_to_num(np.where(alive[:, None], observation.velocity_mps, 0.0).astype(np.float64))
    speed = np.sqrt((velocity_mps**2).sum(-1))
    length = np.where(present, np.nan_to_num(observation.body_length_m), 0.0).astype(np.float64)
    size = np.clip(np.where(length > 0, length / t.length_m[species], 1.0), 0.02, 3.0)
    under = np.zeros(len(alive), bool) if sea else position_m[:, 2] < _UNDER_M
    wet = np.zeros(len(alive), bool)
    if landscape is not None and not sea and snow < _SNOWED_UNDER:
        wet = ~under & (position_m[:, 2] < 0.5 * t.height_m[species]) & (_depth_m(landscape, position_m) > _WET_M)
    ground = np.full(len(alive), SNOW if snow >= _SNOWED_UNDER else GRASS, np.int64)
    if city:
        ground[observation.surroundings[:, _VEGETATION] < _PAVED_BELOW] = STREET
    behavior = np.where(alive, observation.behavior, -1).astype(np.int64) % len(b.eagerness)
    rows = Rows(
        alive=alive.astype(np.int64),
        identity=np.where(present, observation.identity, -1),
        species=species,
        behavior=behavior,
        speed=speed,
        size=size,
        nearest_m=0.5 * length,
        passes=np.where(under, SURFACE_PASSES, 1.0),
        strokes=np.zeros((len(alive), STROKE_FIELDS), np.float32),
    )
    _fill_strokes(rows, t, b, ground, wet.astype(np.int64), sea)
    mouth_m = position_m.copy()
    if not sea:
        mouth_m[:, 2] += _MOUTH_PER_HEIGHT * size * t.height_m[species]
    return rows, mouth_m, velocity_mps


@entry
def _fill_strokes(r: Rows, t: SpeciesTable, b: BehaviorTable, ground: I64, wet: I64, sea: bool):
    for i in range(len(r.alive)):
        if r.alive[i]:
            doing: int = r.behavior[i]
            strokes_of(r.strokes[i], t, r.species[i], b.deed[doing], r.speed[i], r.size[i], ground[i], sea, wet[i] != 0)


def move_on(m: Memory, rows: Rows, mouth_m: F64, velocity_mps: F64, start: int, count: int) -> None:
    """Add this step to the remembered frames. Who is new is taken to have come straight, at its present speed."""
    end = start + count
    strangers = rows.identity != m.identity
    if m.frame_sample[-1] != start:
        m.frame_sample[:] = end - count * np.arange(FRAMES - 1, -1, -1)
        strangers = np.ones(len(strangers), bool)
    else:
        m.frame_sample[:-1] = m.frame_sample[1:]
        m.frame_m[:-1] = m.frame_m[1:]
        m.frame_sample[-1], m.frame_m[-1] = end, mouth_m
    if strangers.any():
        ago_s = (m.frame_sample - end)[:, None, None] / SAMPLE_RATE_HZ
        m.frame_m[:, strangers] = mouth_m[strangers] + ago_s * velocity_mps[strangers]
    replaced = rows.identity != m.identity
    m.onset[replaced] = m.stop[replaced] = NEVER
    m.made[replaced] = NEVER
    m.identity[:] = rows.identity
