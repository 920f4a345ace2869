"""A reef: coral heads as little gardens, and the anemones and crevices that fish live in."""

import numpy as np

from eco1.core.random import generator
from eco1.core.records import Landscape
from eco1.studio.bank import Instances, placed
from eco1.studio.corals import COLORS, anemone, boulder, brain, branching, crevice, fan, table, tubes
from eco1.studio.flora import on_ground
from eco1.studio.stage import Props
from eco1.studio.terrain import Terrain

_HEAD_SHARE = 0.32  # of a tree of the same record: coral heads are low and wide
_COLONIES = 9  # around the place of a head
_FAR_M = 45.0


def reef(landscape: Landscape, terrain: Terrain, seed: int) -> list[Props]:
    """Return coral heads, sea fans, and the anemones and crevices that fish live in."""
    rng = generator(seed, 22)
    kinds = (brain, table, branching, tubes, boulder, fan)
    meshes = [make(rng, COLORS[(2 * k + v) % len(COLORS)]) for k, make in enumerate(kinds) for v in range(2)]
    heads = _heads(landscape, terrain, rng, len(meshes))
    homes = len(landscape.shelter_position_m)
    spot = on_ground(landscape.shelter_position_m[:, :2], terrain, -0.04)
    anemones = np.arange(homes) % 2 == 0
    dwellings = placed(
        np.where(anemones, 0, 1), spot, turn_rad=rng.uniform(-3.1, 3.1, homes), scale=np.where(anemones, 0.8, 0.75),
        tint=1 + rng.normal(0, 0.12, (homes, 3)), slope=terrain.slope_at(spot[:, :2]), shadow=150,
    )  # fmt: skip
    return [
        Props(meshes=tuple(meshes), copies=heads, two_sided=True, far_m=_FAR_M),
        Props(meshes=(anemone(), crevice(rng)), copies=dwellings, far_m=_FAR_M),
    ]


def _heads(landscape: Landscape, terrain: Terrain, rng: np.random.Generator, kinds: int) -> Instances:
    """Each coral head is a little garden: one large colony and smaller ones around it."""
    count = len(landscape.tree_height_m)
    size = np.repeat(_HEAD_SHARE * landscape.tree_height_m, _COLONIES) * np.tile(
        0.66 / (1 + np.arange(_COLONIES)) ** 0.45, count
    )
    angle = np.tile(np.arange(_COLONIES) * 2.4, count) + rng.uniform(-0.6, 0.6, _COLONIES * count)
    out = (
        np.tile(np.sqrt(np.arange(_COLONIES)), count)
        * np.repeat(_HEAD_SHARE * landscape.tree_height_m, _COLONIES)
        * 0.62
    )
    xy = np.repeat(landscape.tree_position_m[:, :2], _COLONIES, 0) + out[:, None] * np.stack(
        [np.cos(angle), np.sin(angle)], 1
    )
    first = rng.integers(0, kinds - 2, count)  # a fan is never the largest
    mesh = np.where(
        np.tile(np.arange(_COLONIES) == 0, count),
        np.repeat(first, _COLONIES),
        rng.integers(0, kinds, _COLONIES * count),
    )
    tint = np.repeat(rng.uniform(0.75, 1.2, (count, 3)), _COLONIES, 0) * rng.uniform(0.7, 1.3, (_COLONIES * count, 3))
    return placed(
        mesh, on_ground(xy, terrain, -0.06), turn_rad=rng.uniform(-3.1, 3.1, _COLONIES * count), scale=size, tint=tint,
        slope=terrain.slope_at(xy), shadow=160,
    )  # fmt: skip
