"""The rainforest: where its trunks, crowns, saplings, lianas, flowers and fruit are. Judged by eye."""

import numpy as np

from eco1.core.random import generator
from eco1.core.records import Landscape
from eco1.studio.bank import placed, turned
from eco1.studio.colors import Rgb
from eco1.studio.flora import VARIANTS, leafy, on_ground
from eco1.studio.grids import cell_of
from eco1.studio.jungle_trees import clump, liana, trunk
from eco1.studio.stage import Props
from eco1.studio.terrain import Terrain

_CLUMPS = 22  # of a crown
_CROWN_M = 9.5  # radius of the crown of a tree of 30 m
_LEAVES_NEAR_M, _LEAVES_FAR_M = 22.0, 120.0
_SAPLINGS_PER_HA = 90.0
_BEYOND_M = 48.0  # the forest goes on this far outside the world
_FLOWERS: tuple[Rgb, ...] = ((0.75, 0.12, 0.34), (0.85, 0.50, 0.05), (0.62, 0.30, 0.75), (0.85, 0.80, 0.70))


def canopy(landscape: Landscape, terrain: Terrain, seed: int) -> list[Props]:
    """Return the forest: trunks, crowns that close where the landscape says so, lianas, flowers and fruit."""
    rng = generator(seed, 34)
    trees, tall = _trees(landscape, terrain, rng)
    count = len(trees)
    shade = rng.uniform(0.75, 1.25, (count, 1)) * np.column_stack(
        [rng.uniform(0.8, 1.3, count), np.ones(count), rng.uniform(0.8, 1.2, count)]
    )
    trunks = placed(
        rng.integers(0, VARIANTS, count),
        trees - [0, 0, 0.1],
        turn_rad=rng.uniform(-3, 3, count),
        scale=tall,
        tint=shade.mean(1, keepdims=True).repeat(3, 1),
    )
    leaves, owner = _crowns(landscape, terrain, trees, tall, rng)
    low, stems = _understory(landscape, terrain, rng)
    leaves, owner = np.concatenate([leaves, low]), np.concatenate([owner, np.full(len(low), -1)])
    tints = np.where(owner[:, None] >= 0, shade[owner], 1.0) * rng.uniform(0.85, 1.15, (len(leaves), 1))
    size = np.where(
        np.arange(len(leaves)) < len(leaves) - len(low),
        rng.uniform(1.9, 3.2, len(leaves)),
        rng.uniform(0.6, 1.5, len(leaves)),
    )
    turn = rng.uniform(-3, 3, len(leaves))
    crowns = placed(rng.integers(0, VARIANTS, len(leaves)), leaves, turn_rad=turn, scale=size, tint=tints)
    return [
        Props(meshes=tuple(trunk(k) for k in range(VARIANTS)), copies=trunks),
        Props(
            meshes=tuple(clump(k, cards=220) for k in range(VARIANTS)),
            copies=crowns,
            two_sided=True,
            far_m=_LEAVES_NEAR_M,
            thin=True,
            close_up=True,
        ),
        Props(
            meshes=tuple(clump(k, cards=26) for k in range(VARIANTS)),
            copies=crowns,
            near_m=_LEAVES_NEAR_M,
            far_m=_LEAVES_FAR_M,
            thin=True,
        ),
        stems,
        _lianas(leaves[: len(leaves) - len(low)], terrain, rng),
        *_blossoms(landscape, leaves, owner, trees, rng),
    ]


def _trees(landscape: Landscape, terrain: Terrain, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The landscape's trees and as many again around the world, so that the forest has no edge."""
    size, count = landscape.size_m, len(landscape.tree_height_m)
    wide = size + 2 * _BEYOND_M
    around = rng.uniform(-_BEYOND_M, size + _BEYOND_M, (max(1, round(count * wide**2 / size**2)), 2))
    outside = around[((around < 0) | (around > size)).any(1)]
    xy = np.concatenate([landscape.tree_position_m[:, :2], outside])
    usual = float(np.median(landscape.tree_height_m))
    tall = np.concatenate([landscape.tree_height_m, usual * rng.uniform(0.85, 1.15, len(outside))])
    return on_ground(xy, terrain), tall


def _crowns(
    landscape: Landscape, terrain: Terrain, trees: np.ndarray, tall: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Clumps around every tree (K, 3) and the tree they belong to, -1 for those that close gaps between crowns."""
    assert landscape.crown_height_m is not None, "a forest has crowns"
    k = np.arange(_CLUMPS)
    angle = k * 2.39996 + rng.uniform(0, 6, (len(trees), 1))
    reach = (
        np.sqrt((k + 0.5) / _CLUMPS)
        * _CROWN_M
        * (np.minimum(tall, 34.0) / 30)[:, None]
        * rng.uniform(0.75, 1.05, angle.shape)
    )
    rise = 0.99 - 0.14 * (reach / _CROWN_M) ** 2 - rng.uniform(0, 0.19, angle.shape)
    around = np.stack([np.cos(angle) * reach, np.sin(angle) * reach, rise * tall[:, None]], -1) + trees[:, None]
    owner = np.repeat(np.arange(len(trees)), _CLUMPS)
    grid = np.arange(3.0, landscape.size_m, 5.5)
    fill = np.stack(np.meshgrid(grid, grid), -1).reshape(-1, 2) + rng.uniform(-2, 2, (len(grid) ** 2, 2))
    crown = cell_of(landscape.crown_height_m, fill, landscape.size_m)
    away = np.linalg.norm(fill[:, None] - trees[None, :, :2], axis=-1).min(1)
    gap = (crown > 0) & (away > 0.8 * _CROWN_M)
    closing = on_ground(fill[gap], terrain) + np.column_stack(
        [np.zeros((int(gap.sum()), 2)), crown[gap] * rng.uniform(0.74, 0.96, int(gap.sum()))]
    )
    return np.concatenate([around.reshape(-1, 3), closing]), np.concatenate([owner, np.full(len(closing), -1)])


def _understory(landscape: Landscape, terrain: Terrain, rng: np.random.Generator) -> tuple[np.ndarray, Props]:
    """Saplings in the shade: clumps on thin stems (K, 3) and the stems."""
    count = round(_SAPLINGS_PER_HA * landscape.size_m**2 / 1e4)
    xy = rng.uniform(0, landscape.size_m, (count, 2))
    xy = xy[terrain.water_depth_at(xy) < 0.01]
    tall = 2.0 + 7.0 * rng.random(len(xy)) ** 2
    foot = on_ground(xy, terrain, -0.1)
    stems = placed(rng.integers(0, VARIANTS, len(xy)), foot, turn_rad=rng.uniform(-3, 3, len(xy)), scale=1.1 * tall)
    tops = np.repeat(foot, 3, 0) + rng.normal(0, 0.55, (3 * len(xy), 3)) * [1, 1, 0.3]
    tops[:, 2] += np.repeat(tall, 3) * np.tile([0.72, 0.88, 1.0], len(xy))
    return tops, Props(meshes=tuple(trunk(k + 7) for k in range(VARIANTS)), copies=stems, far_m=60.0, thin=True)


def _lianas(leaves: np.ndarray, terrain: Terrain, rng: np.random.Generator) -> Props:
    roots = leaves[rng.permutation(len(leaves))[: len(leaves) // 9]]
    long = (roots[:, 2] - terrain.height_at(roots[:, :2])) * rng.uniform(0.35, 1.02, len(roots))
    thick = rng.uniform(0.5, 1.4, len(roots))
    return Props(
        meshes=(liana(),),
        copies=placed(
            np.zeros(len(roots)),
            roots,
            rotation=turned(rng.uniform(-3, 3, len(roots)), thick * 26 / np.maximum(long, 1)),
            scale=long,
        ),
        far_m=60.0,
        thin=True,
    )


def _blossoms(
    landscape: Landscape, leaves: np.ndarray, owner: np.ndarray, trees: np.ndarray, rng: np.random.Generator
) -> list[Props]:
    """Flowers on the crowns of the trees in flower, and fruit on some others."""
    petals = [
        leafy((0, 0, 0), (0.16, 0.16, 0.11), generator(k, 35), light=color, dark=color, rough=0.2)
        for k, color in enumerate(_FLOWERS)
    ]
    fruit = [
        leafy((0, 0, 0), (0.10, 0.10, 0.12), generator(k, 36), light=color, dark=color, rough=0.03)
        for k, color in enumerate(((0.70, 0.06, 0.03), (0.85, 0.42, 0.03)))
    ]
    spots: list[np.ndarray] = []
    kinds: list[np.ndarray] = []
    flowers = np.zeros((0, 3)) if landscape.flower_position_m is None else landscape.flower_position_m
    bloom = {int(np.argmin(np.linalg.norm(trees[:, :2] - f[:2], axis=1))): k for k, f in enumerate(flowers)}
    bearing = {
        int(t): len(bloom) + n
        for n, t in enumerate(
            rng.permutation(len(landscape.tree_height_m))[: max(1, len(landscape.tree_height_m) // 7)]
        )
    }
    for tree, k in {**bearing, **bloom}.items():
        mine = leaves[owner == tree]
        each = 34 if tree in bloom else 9
        out = rng.normal(size=(len(mine) * each, 3))
        out /= np.linalg.norm(out, axis=1, keepdims=True)
        spots.append(np.repeat(mine, each, 0) + out * [2.3, 2.3, 1.4])
        kinds.append(np.full(len(mine) * each, k % len(petals) if tree in bloom else len(petals) + k % len(fruit)))
    where = np.concatenate(spots)
    return [
        Props(
            meshes=(*petals, *fruit),
            copies=placed(np.concatenate(kinds), where, scale=rng.uniform(0.6, 1.4, len(where))),
            far_m=55.0,
        )
    ]
