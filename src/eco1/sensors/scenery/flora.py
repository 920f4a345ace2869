"""What grows: acacias, corals, the rainforest, thickets and street trees as a few solids each. Shapes are by eye."""

from collections.abc import Callable

import numpy as np

from eco1.core.random import generator
from eco1.core.records import Landscape
from eco1.core.senses import GROUND, PLANT, WATER
from eco1.sensors.scenery.look import Rgb
from eco1.sensors.scenery.solid_set import Point, SolidSet, shifted

_BARK: Rgb = (0.115, 0.08, 0.055)
_CORALS: tuple[Rgb, ...] = (
    *((0.62, 0.16, 0.24), (0.70, 0.33, 0.09), (0.36, 0.14, 0.46), (0.64, 0.52, 0.16)),
    *((0.22, 0.42, 0.20), (0.50, 0.36, 0.26), (0.70, 0.40, 0.44)),
)
_PETALS: tuple[Rgb, ...] = ((0.75, 0.09, 0.14), (0.85, 0.60, 0.05), (0.62, 0.16, 0.55), (0.85, 0.80, 0.75))
_ROOF_BLOB_M = 8.0  # distance between the crowns that close a canopy


def plant(solids: SolidSet, landscape: Landscape, flora: str, ground_m: np.ndarray, seed: int) -> None:
    """Add the landscape's trees (or corals), crowns, flowers, burrows and breathing holes.

    Args:
        solids: the list to add to.
        landscape: where things stand.
        flora: the kind of plants, ``Look.flora``.
        ground_m: height of the bed under each tree (K).
        seed: for what differs from plant to plant.
    """
    rng = generator(seed, 84)
    grow = _GROWERS[flora](solids, rng)
    for place, foot, tall in zip(landscape.tree_position_m, ground_m, landscape.tree_height_m, strict=True):
        grow(np.array([place[0], place[1], foot]), float(tall))
    if landscape.crown_height_m is not None:
        _close_canopy(solids, landscape, rng)
    _flowers(solids, landscape, rng)
    earth = solids.paint((0.25, 0.15, 0.085), (0.04, 0.028, 0.02), "earth")
    water = solids.paint((0.01, 0.03, 0.045), (0.01, 0.03, 0.045), "even")
    for place in landscape.shelter_position_m:
        solids.ellipsoid(place, (0.75, 0.65, 0.34), instance=GROUND, colors=earth, turn_rad=rng.uniform(0, 6.3))
    for place in _points(landscape.hole_position_m):
        solids.ellipsoid(place, (0.55, 0.5, 0.03), instance=WATER, colors=water)


def _acacias(solids: SolidSet, rng: np.random.Generator) -> Callable[[np.ndarray, float], None]:
    bark = solids.paint(_BARK, (0.06, 0.04, 0.03), "bark")
    leaves = [solids.paint(c, (0.035, 0.05, 0.012), "leaves") for c in ((0.15, 0.185, 0.04), (0.12, 0.165, 0.045))]

    def grow(foot: np.ndarray, tall: float) -> None:
        color = leaves[rng.integers(2)]
        if tall < 4.5:
            for _ in range(3):
                at = shifted(foot, *(rng.uniform(-0.3, 0.3, 2) * tall), 0.3 * tall)
                solids.ellipsoid(at, np.array([0.4, 0.4, 0.34]) * tall, instance=PLANT, colors=color)
            return
        fork = shifted(foot, *(rng.uniform(-0.05, 0.05, 2) * tall), 0.5 * tall)
        solids.capsule(shifted(foot, 0, 0, -0.3), fork, 0.035 * tall, 0.022 * tall, instance=PLANT, colors=bark)
        for k in range(4):
            angle = 1.57 * k + rng.uniform(-0.5, 0.5)
            out = np.array([np.cos(angle), np.sin(angle)]) * tall * (0.3 if k else 0.08)
            tip = shifted(foot, *out, tall * (0.86 if k else 0.94))
            solids.capsule(
                fork, shifted(tip, 0, 0, -0.05 * tall), 0.018 * tall, 0.008 * tall, instance=PLANT, colors=bark
            )
            solids.ellipsoid(tip, np.array([0.32, 0.32, 0.085]) * tall, instance=PLANT, colors=color)

    return grow


def _rainforest(solids: SolidSet, rng: np.random.Generator) -> Callable[[np.ndarray, float], None]:
    bark = solids.paint((0.15, 0.125, 0.10), (0.06, 0.055, 0.04), "bark", per_m=0.6)
    leaves = [solids.paint(c, (0.012, 0.035, 0.008), "leaves") for c in ((0.055, 0.17, 0.028), (0.085, 0.20, 0.03))]
    fern = solids.paint((0.06, 0.19, 0.03), (0.012, 0.05, 0.01), "leaves", per_m=2.0)

    def grow(foot: np.ndarray, tall: float) -> None:
        thick = 0.010 * tall + 0.08
        fork = shifted(foot, *(rng.uniform(-0.02, 0.02, 2) * tall), 0.8 * tall)
        solids.capsule(shifted(foot, 0, 0, -0.4), fork, thick * 1.25, thick * 0.7, instance=PLANT, colors=bark)
        for k in range(3):
            angle = 2.1 * k + rng.uniform(-0.4, 0.4)
            wide = min(6.0, 0.22 * tall) * rng.uniform(0.6, 0.85)
            tip = shifted(foot, np.cos(angle) * wide * 0.8, np.sin(angle) * wide * 0.8, tall - rng.uniform(1.5, 4.0))
            solids.capsule(fork, tip, thick * 0.5, thick * 0.25, instance=PLANT, colors=bark)
            solids.ellipsoid(tip, (wide, wide, 0.42 * wide), instance=PLANT, colors=leaves[rng.integers(2)])
        for _ in range(2):
            at = shifted(foot, *rng.uniform(-4, 4, 2), 0.45)
            solids.ellipsoid(at, rng.uniform(0.5, 1.0) * np.array([1.1, 1.1, 0.9]), instance=PLANT, colors=fern)

    return grow


def _corals(solids: SolidSet, rng: np.random.Generator) -> Callable[[np.ndarray, float], None]:
    colors = [(c, (c[0] * 0.45, c[1] * 0.4, c[2] * 0.45)) for c in _CORALS]
    massive = [solids.paint(coat, dark, "brain_coral", per_m=2.2) for coat, dark in colors]
    branched = [solids.paint(coat, (0.8, 0.72, 0.62), "branch_coral") for coat, _ in colors]

    def grow(foot: np.ndarray, tall: float) -> None:
        size, kind = 0.28 * tall, rng.integers(3)
        if kind == 0:
            solids.ellipsoid(foot, np.array([1.25, 1.1, 0.9]) * size, instance=PLANT, colors=_one(rng, massive))
        elif kind == 1:
            color = _one(rng, branched)
            for k in range(9):
                angle, out = 0.7 * k + rng.uniform(-0.2, 0.2), rng.uniform(0.25, 0.95) * size
                tip = shifted(foot, np.cos(angle) * out, np.sin(angle) * out, rng.uniform(0.9, 1.5) * size)
                solids.capsule(foot, tip, 0.10 * size, 0.06 * size, instance=PLANT, colors=color)
        else:
            color = _one(rng, branched)
            top = shifted(foot, 0, 0, 0.8 * size)
            solids.capsule(shifted(foot, 0, 0, -0.2), top, 0.3 * size, 0.2 * size, instance=PLANT, colors=color)
            solids.ellipsoid(top, np.array([1.5, 1.4, 0.14]) * size, instance=PLANT, colors=color)
        for _ in range(2):
            at = shifted(foot, *(rng.uniform(-1.8, 1.8, 2) * size), 0.0)
            solids.ellipsoid(at, rng.uniform(0.2, 0.45, 3) * size, instance=PLANT, colors=_one(rng, massive))

    return grow


def _thicket(solids: SolidSet, rng: np.random.Generator) -> Callable[[np.ndarray, float], None]:
    willow = solids.paint((0.14, 0.125, 0.06), (0.06, 0.05, 0.035), "leaves", per_m=2.0)
    stone = solids.paint((0.20, 0.20, 0.205), (0.30, 0.27, 0.20), "earth")

    def grow(foot: np.ndarray, tall: float) -> None:
        """Willows stay below the knee; every other place carries a boulder instead."""
        half = rng.uniform(0.5, 1.0, 3) * 0.12 * tall
        solids.ellipsoid(foot, half * [1.4, 1.4, 0.9], instance=PLANT, colors=willow)
        if rng.random() < 0.5:
            at = shifted(foot, *rng.uniform(-2, 2, 2), 0.0)
            solids.ellipsoid(at, half * 1.2, instance=GROUND, colors=stone, turn_rad=rng.uniform(0, 3.1))

    return grow


def _street(solids: SolidSet, rng: np.random.Generator) -> Callable[[np.ndarray, float], None]:
    bark = solids.paint(_BARK, (0.06, 0.045, 0.035), "bark")
    leaves = [solids.paint(c, (0.03, 0.07, 0.012), "leaves") for c in ((0.11, 0.24, 0.04), (0.16, 0.26, 0.05))]

    def grow(foot: np.ndarray, tall: float) -> None:
        color, top = leaves[rng.integers(2)], shifted(foot, 0, 0, 0.7 * tall)
        solids.capsule(shifted(foot, 0, 0, -0.3), top, 0.03 * tall, 0.018 * tall, instance=PLANT, colors=bark)
        solids.ellipsoid(top, np.array([0.28, 0.28, 0.30]) * tall, instance=PLANT, colors=color)
        for k in range(3):
            out = np.array([np.cos(2.1 * k), np.sin(2.1 * k)]) * 0.17 * tall
            at = shifted(foot, *out, rng.uniform(0.56, 0.72) * tall)
            solids.ellipsoid(at, np.array([0.2, 0.2, 0.18]) * tall, instance=PLANT, colors=color)

    return grow


_GROWERS: dict[str, Callable[[SolidSet, np.random.Generator], Callable[[np.ndarray, float], None]]] = {
    "acacias": _acacias, "rainforest": _rainforest, "corals": _corals, "thicket": _thicket, "street": _street,
}  # fmt: skip


def _close_canopy(solids: SolidSet, landscape: Landscape, rng: np.random.Generator) -> None:
    """Put crowns side by side wherever the map of crowns says that they close."""
    crown = landscape.crown_height_m
    assert crown is not None
    cell = landscape.size_m / len(crown)
    leaves = [solids.paint(c, (0.012, 0.035, 0.008), "leaves") for c in ((0.05, 0.15, 0.025), (0.075, 0.19, 0.03))]
    at = np.arange(0.5 * _ROOF_BLOB_M, landscape.size_m, _ROOF_BLOB_M)
    for y in at:
        for x in at:
            px, py = np.clip(np.array([x, y]) + rng.uniform(-2.5, 2.5, 2), 0, landscape.size_m - 1e-3)
            row, column = int(py / cell), int(px / cell)
            if crown[row, column] > 0:
                top = float(landscape.height_m[row, column] + crown[row, column])
                half = rng.uniform(0.75, 1.05) * np.array([6.2, 6.2, 2.6])
                solids.ellipsoid((px, py, top - half[2]), half, instance=PLANT, colors=_one(rng, leaves))


def _flowers(solids: SolidSet, landscape: Landscape, rng: np.random.Generator) -> None:
    petals = [solids.paint(c, (0.55, 0.40, 0.05), "petals", per_m=6.0) for c in _PETALS]
    stem = solids.paint((0.06, 0.14, 0.03), (0.03, 0.07, 0.015), "leaves", per_m=4.0)
    for place in _points(landscape.flower_position_m):
        high = 0.3
        if landscape.crown_height_m is not None:  # trees in flower, not herbs
            cell = landscape.size_m / len(landscape.crown_height_m)
            high = 0.97 * float(landscape.crown_height_m[int(place[1] / cell), int(place[0] / cell)])
        size = 0.16 if high < 1 else 0.8
        color = _one(rng, petals)
        if high < 1:
            solids.ellipsoid(place, (0.6, 0.6, 0.24), instance=PLANT, colors=stem)
        for _ in range(4):
            at = shifted(place, *(rng.uniform(-2.6, 2.6, 2) * size), high)
            solids.ellipsoid(at, np.array([1, 1, 0.8]) * size, instance=PLANT, colors=color)


def _one(rng: np.random.Generator, numbers: list[int]) -> int:
    return numbers[int(rng.integers(len(numbers)))]


def _points(points: np.ndarray | None) -> list[Point]:
    return [] if points is None else list(points)
