"""Houses from a map of building heights: fronts of bays with windows and doors, and roofs. Judged by eye."""

from itertools import pairwise

import numpy as np
from jaxtyping import Float

from eco1.core.random import generator
from eco1.core.records import Landscape
from eco1.studio.bank import placed
from eco1.studio.colors import Rgb
from eco1.studio.meshes import Mesh, make_mesh, merge
from eco1.studio.stage import Props
from eco1.studio.terrain import Terrain

_BAY_M, _STOREY_M = 2.9, 3.1
_ROOF_RISE, _FOOTING_M = 0.62, 0.2
_FRAME, _GLASS, _DOOR, _STONE = (0.72, 0.70, 0.66), (0.045, 0.060, 0.080), (0.10, 0.055, 0.035), (0.42, 0.40, 0.37)
_LAMPLIGHT: Rgb = (0.95, 0.62, 0.26)
_PLASTER: tuple[Rgb, ...] = (
    *(
        (0.52, 0.44, 0.32),
        (0.42, 0.20, 0.14),
        (0.50, 0.50, 0.47),
        (0.56, 0.36, 0.24),
        (0.36, 0.42, 0.44),
        (0.60, 0.53, 0.40),
    ),
    *((0.34, 0.15, 0.11), (0.46, 0.50, 0.40)),
)
_TILES: tuple[Rgb, ...] = ((0.30, 0.095, 0.055), (0.13, 0.125, 0.13), (0.24, 0.10, 0.07))
_LIT = 0.38  # share of windows with light behind them after dark


def _panel(x0: float, x1: float, z0: float, z1: float, out: float, color: Rgb) -> Mesh:
    """A rectangle that faces +x, y across and z up."""
    corners = np.array([(out, x0, z0), (out, x1, z0), (out, x1, z1), (out, x0, z1)])
    return make_mesh(corners, np.array([(0, 1, 2), (0, 2, 3)]), color)


def bay(kind: str) -> Mesh:
    """Return a bay of a front, one wide and one high, facing +x: a ``window``, a ``door`` or a ``shop``."""
    wall = _panel(-0.5, 0.5, 0, 1, 0.0, (1, 1, 1))
    if kind == "door":
        steps = [_panel(-0.24, 0.24, 0, 0.05, 0.03, _STONE), _panel(-0.22, 0.22, 0.05, 0.82, 0.01, _FRAME)]
        return merge(
            [wall, *steps, _panel(-0.17, 0.17, 0.05, 0.68, 0.02, _DOOR), _panel(-0.17, 0.17, 0.70, 0.79, 0.02, _GLASS)]
        )
    if kind == "shop":
        return merge(
            [
                wall,
                _panel(-0.46, 0.46, 0.08, 0.84, 0.01, _DOOR),
                _panel(-0.5, 0.5, 0.86, 0.97, 0.05, (0.20, 0.26, 0.22)),
            ]
        )
    return merge(
        [
            wall,
            _panel(-0.27, 0.27, 0.20, 0.86, 0.01, _FRAME),
            _panel(-0.31, 0.31, 0.15, 0.20, 0.03, _STONE),
            _panel(-0.5, 0.5, 0.97, 1.0, 0.02, _STONE),
        ]
    )


def pane(kind: str) -> Mesh:
    """Return the glass of a bay, in two wings with a bar between."""
    if kind == "shop":
        return merge(
            [_panel(-0.42, -0.02, 0.12, 0.80, 0.02, (1, 1, 1)), _panel(0.02, 0.42, 0.12, 0.80, 0.02, (1, 1, 1))]
        )
    return merge(
        [_panel(x, x + 0.20, z, z + h, 0.02, (1, 1, 1)) for x in (-0.22, 0.02) for z, h in ((0.24, 0.36), (0.63, 0.19))]
    )


def fronts(landscape: Landscape) -> Float[np.ndarray, "k 7"]:
    """Return the straight runs of house fronts: x, y of both ends, the way they face (x, y) and the height."""
    assert landscape.building_height_m is not None, "only a city has houses"
    tall = np.pad(landscape.building_height_m, 1)
    cell = landscape.size_m / len(landscape.building_height_m)
    runs: list[tuple[float, ...]] = []
    for axis in (0, 1):
        grid = tall if axis == 0 else tall.T
        for side in (-1, 1):
            open_to = (grid > 0) & (np.roll(grid, -side, 0) == 0)
            for line in range(1, len(grid) - 1):
                row = np.where(open_to[line], grid[line], 0)
                cuts = np.flatnonzero(np.diff(row) != 0) + 1  # the border is padded, so runs begin and end inside
                for first, last in pairwise(cuts):
                    if row[first] > 0:
                        level, a, b = (line - 1 + (side > 0)) * cell, (first - 1) * cell, (last - 1) * cell
                        ends, face = (
                            ((a, level, b, level), (0, side)) if axis == 0 else ((level, a, level, b), (side, 0))
                        )
                        runs.append((*ends, *face, float(row[first])))
    return np.array(runs, float).reshape(-1, 7)


def houses(landscape: Landscape, terrain: Terrain, seed: int) -> list[Props]:
    """Return all fronts in bays, their glass (dark and lit) and the roofs."""
    rng = generator(seed, 51)
    rows: list[np.ndarray] = []
    for x0, y0, x1, y1, fx, fy, tall in fronts(landscape):
        long = np.hypot(x1 - x0, y1 - y0)
        across, up = max(1, round(long / _BAY_M)), max(1, round(tall / _STOREY_M))
        a, s = (g.reshape(-1) for g in np.meshgrid(np.arange(across), np.arange(up)))
        x, y = x0 + (x1 - x0) * (a + 0.5) / across, y0 + (y1 - y0) * (a + 0.5) / across
        house = np.floor(a / 5) + np.floor(x0 + 3 * y0) * 17  # a new house every five bays
        rows.append(
            np.column_stack(
                [
                    x,
                    y,
                    s * tall / up,
                    np.full_like(x, long / across),
                    np.full_like(x, tall / up),
                    np.broadcast_to([fx, fy], (len(x), 2)),
                    s,
                    a,
                    house,
                ]
            )
        )
    if not rows:
        return []
    bays = np.concatenate(rows)
    x, y, low, wide, high, fx, fy, storey, place, house = bays.T
    base = terrain.height_at(bays[:, :2])
    rotation = _facing(fx, fy, wide, high + _FOOTING_M * (storey == 0))
    at = np.column_stack([x, y, base + low - _FOOTING_M * (storey == 0)])
    number = house.astype(np.int64)
    shop = (storey == 0) & (number * 7919 % 5 < 2)
    door = (storey == 0) & ~shop & (place % 5 == 2)
    kind = np.where(door, 1, np.where(shop, 2, 0))
    plaster = np.array(_PLASTER)[number * 2654435761 % 97 % len(_PLASTER)] * rng.uniform(0.96, 1.04, (len(bays), 1))
    walls = placed(kind, at, rotation=rotation, tint=plaster)
    glazed = ~door
    lit = rng.random(len(bays)) < np.where(shop, 0.75, _LIT)
    panes = [
        Props(meshes=(pane("window"), pane("shop")), copies=placed(kind[chosen] // 2, at[chosen],
            rotation=rotation[chosen], tint=np.broadcast_to(tint, (int(chosen.sum()), 3))), burn=burn)
        for chosen, tint, burn in ((glazed & ~lit, _GLASS, 0.0), (glazed & lit,
            np.array(_GLASS) * 0.6 + np.array(_LAMPLIGHT) * 0.12, 2.6))
    ]  # fmt: skip
    return [
        Props(meshes=tuple(bay(k) for k in ("window", "door", "shop")), copies=walls),
        *panes,
        _roofs(landscape, terrain, rng),
    ]


def _facing(fx: np.ndarray, fy: np.ndarray, wide: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Turns that make +x face (fx, fy), stretched to a bay's width and height."""
    rotation = np.zeros((len(fx), 3, 3))
    rotation[:, 0, 0], rotation[:, 1, 0] = fx, fy
    rotation[:, 0, 1], rotation[:, 1, 1] = -fy * wide, fx * wide
    rotation[:, 2, 2] = high
    return rotation


def _roofs(landscape: Landscape, terrain: Terrain, rng: np.random.Generator) -> Props:
    """Roofs rise from the eaves to a ridge along the middle of each wing, one mesh to a patch of eight cells."""
    assert landscape.building_height_m is not None, "only a city has houses"
    tall = landscape.building_height_m
    cell, cells = landscape.size_m / len(tall), len(tall)
    inside = np.pad(tall > 0, 1)
    corner_in = inside[:-1, :-1] & inside[1:, :-1] & inside[:-1, 1:] & inside[1:, 1:]
    depth = np.zeros(corner_in.shape)
    shrunk = corner_in
    while shrunk.any():
        depth += shrunk
        padded = np.pad(shrunk, 1)
        shrunk = shrunk & padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    wall = np.max([np.pad(tall, 1)[j : j + cells + 1, i : i + cells + 1] for j in (0, 1) for i in (0, 1)], axis=0)
    edge = np.arange(cells + 1) * cell
    x, y = np.meshgrid(edge, edge)
    z = terrain.height_at(np.stack([x, y], -1)) + wall - 0.05 + _ROOF_RISE * cell * depth
    meshes: list[Mesh] = []
    spots: list[tuple[float, float, float]] = []
    patch = 8
    for j0 in range(0, cells, patch):
        for i0 in range(0, cells, patch):
            rows, columns = np.nonzero(tall[j0 : j0 + patch, i0 : i0 + patch] > 0)
            if len(rows):
                spot = (float(edge[i0]), float(edge[j0]), float(wall[j0 : j0 + patch + 1, i0 : i0 + patch + 1].max()))
                meshes.append(
                    _roof_patch(
                        x, y, z, rows + j0, columns + i0, spot, _TILES[(i0 // 32 + 2 * (j0 // 32)) % len(_TILES)]
                    )
                )
                spots.append(spot)
    return Props(meshes=tuple(meshes), copies=placed(np.arange(len(meshes)), np.array(spots)))


def _roof_patch(
    x: np.ndarray,
    y: np.ndarray,
    z: np.ndarray,
    j: np.ndarray,
    i: np.ndarray,
    spot: tuple[float, float, float],
    color: Rgb,
) -> Mesh:
    corners = np.stack(
        [np.stack([x[a, b], y[a, b], z[a, b]], -1) for a, b in ((j, i), (j, i + 1), (j + 1, i + 1), (j + 1, i))], 1
    )
    first = 4 * np.arange(len(i))[:, None]
    faces = np.concatenate([first + np.array([0, 1, 2]), first + np.array([0, 2, 3])])
    mesh = make_mesh(corners.reshape(-1, 3) - np.array(spot), faces, color)
    return mesh.painted(lambda points, _: np.array(color) * (0.86 + 0.22 * (np.sin(points[:, 2:] * 21) > 0)))
