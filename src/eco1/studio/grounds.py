"""What the ground is made of: the colours of savanna, reef, forest floor, tundra and streets. Judged by eye."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float32

from eco1.core.records import Landscape
from eco1.studio.city_plan import PAVEMENT_M, lawn_share, plan_of
from eco1.studio.grids import sample
from eco1.studio.noise import tiling_noise
from eco1.studio.season import Season

_SOIL, _DRY, _GREEN, _MUD = ((0.30, 0.155, 0.075), (0.43, 0.305, 0.105), (0.155, 0.175, 0.045), (0.115, 0.075, 0.045))
_SAND, _RUBBLE, _ROCK, _TURF = ((0.66, 0.58, 0.42), (0.42, 0.36, 0.28), (0.23, 0.19, 0.16), (0.17, 0.20, 0.10))
_LITTER, _HUMUS, _MOSS = ((0.185, 0.095, 0.042), (0.070, 0.042, 0.024), (0.075, 0.115, 0.026))
_GRAVEL, _SEDGE, _HEATH, _SNOW = ((0.27, 0.245, 0.215), (0.27, 0.235, 0.085), (0.17, 0.085, 0.050), (0.74, 0.78, 0.84))
_ASPHALT, _FLAGS, _LAWN, _YARD = (
    (0.085, 0.086, 0.090),
    (0.33, 0.315, 0.29),
    (0.085, 0.165, 0.032),
    (0.26, 0.225, 0.19),
)
_PAINT = (0.72, 0.72, 0.69)


@dataclass(frozen=True, kw_only=True)
class Chart:
    """The picture of the ground while it is painted: where its points are, and noise to break up colours."""

    landscape: Landscape
    season: Season
    points_m: Float[np.ndarray, "t t 2"]
    inside: Float[np.ndarray, "t t"]  # 1 in the world, falling to 0 at its border
    broad: Float32[np.ndarray, "t t"]
    fine: Float32[np.ndarray, "t t"]
    slope: Float[np.ndarray, "t t"]

    def at(self, image: np.ndarray) -> np.ndarray:
        """Return a map of the landscape at the points of the picture."""
        return sample(image, self.points_m, self.landscape.size_m)


def paint_ground(
    landscape: Landscape, kind: str, season: Season, seed: int, origin_m: float, cell_m: float, side: int
) -> tuple[Float32[np.ndarray, "t t 3"], Float32[np.ndarray, "t t 3"]]:
    """Return colours and normals of the ground, ``side`` pixels of ``cell_m`` from ``origin_m`` on."""
    centers = origin_m + (np.arange(side) + 0.5) * cell_m
    x, y = np.meshgrid(centers, centers)
    points, size = np.stack([x, y], -1), landscape.size_m
    normal = _normals(landscape.height_m, points, size)
    chart = Chart(
        landscape=landscape,
        season=season,
        points_m=points,
        inside=np.clip(1 + 14 * np.minimum(np.minimum(x, size - x), np.minimum(y, size - y)) / size, 0, 1),
        broad=_noise(side, seed + 3, 6),
        fine=_noise(side, seed + 4, 32),
        slope=np.hypot(normal[..., 0], normal[..., 1]),
    )
    return _PAINTERS[kind](chart).astype(np.float32), normal.astype(np.float32)


def _noise(side: int, seed: int, first: int) -> np.ndarray:
    """Tiling noise of any side: its cells need a power of two."""
    full = 1 << (side - 1).bit_length()
    return tiling_noise(full, seed, octaves=5, first=first)[:side, :side]


def _normals(height_m: np.ndarray, points: np.ndarray, size: float) -> np.ndarray:
    step = 2.0
    east, north = np.array([step, 0]), np.array([0, step])
    dx = (sample(height_m, points + east, size) - sample(height_m, points - east, size)) / (2 * step)
    dy = (sample(height_m, points + north, size) - sample(height_m, points - north, size)) / (2 * step)
    normal = np.stack([-dx, -dy, np.ones_like(dx)], -1)
    return normal / np.linalg.norm(normal, axis=-1, keepdims=True)


def _toward(color: np.ndarray, other: tuple[float, float, float], share: np.ndarray) -> np.ndarray:
    return color + (np.array(other) - color) * np.clip(share, 0, 1)[..., None]


def _plants(chart: Chart) -> np.ndarray:
    plants = chart.at(chart.landscape.vegetation) * chart.inside + (0.35 + 0.3 * chart.broad) * (1 - chart.inside)
    return np.clip(plants + 0.35 * (chart.broad - 0.5) + 0.5 * (chart.fine - 0.5), 0, 1)


def _banks(chart: Chart, color: np.ndarray, lush: tuple[float, float, float]) -> np.ndarray:
    """Green near water, mud at its edge."""
    damp = chart.at(_dampness(chart.landscape.water_depth_m)) * chart.inside
    color = _toward(color, lush, 0.7 * np.clip(damp * 2, 0, 1) * (1 - np.clip(damp * 2 - 1, 0, 1)))
    return _toward(color, _MUD, damp * 2.4 - 1.2)


def _savanna(chart: Chart) -> np.ndarray:
    plants = _plants(chart)
    color = np.array(_SOIL) + (np.array(_DRY) - np.array(_SOIL)) * np.clip(plants / 0.45, 0, 1)[..., None]
    color = _toward(color, _GREEN, np.clip((plants - 0.42) / 0.55, 0, 1) * 0.8)
    red, green, blue = _GREEN
    return _banks(chart, color, (red * 1.05, green * 1.05, blue * 1.05))


def _reef(chart: Chart) -> np.ndarray:
    """Sand in the channels, rubble and rock with turf on the ridges."""
    high = chart.at(chart.landscape.height_m) / max(float(chart.landscape.height_m.max()), 1e-6)
    color = np.broadcast_to(np.array(_SAND), (*high.shape, 3))
    hard = high + 1.1 * (chart.broad - 0.5) + 0.7 * (chart.fine - 0.5)
    color = _toward(color, _RUBBLE, (hard - 0.26) * 5)
    color = _toward(color, _ROCK, (hard - 0.48) * 4)
    return _toward(color, _TURF, 0.8 * np.clip((chart.fine - 0.42) * 5, 0, 1) * np.clip((hard - 0.3) * 4, 0, 1))


def _forest(chart: Chart) -> np.ndarray:
    """Leaf litter, humus where it is damp, moss."""
    color = np.broadcast_to(np.array(_HUMUS), (*chart.broad.shape, 3))
    color = _toward(color, _LITTER, (chart.fine - 0.32) * 3.5)
    color = _toward(color, _MOSS, (chart.broad * 0.6 + _plants(chart) * 0.5 - 0.52) * 5)
    return _banks(chart, color, _MOSS)


def _tundra(chart: Chart) -> np.ndarray:
    """Gravel on ridges, sedge in hollows, and snow that lies longest in hollows and leaves steep ground first."""
    plants = _plants(chart)
    color = np.broadcast_to(np.array(_GRAVEL), (*plants.shape, 3))
    color = _toward(color, _SEDGE, (plants - 0.25) * 3)
    color = _toward(color, _HEATH, 0.8 * np.clip((chart.fine - 0.55) * 6, 0, 1))
    color = _banks(chart, color, _SEDGE)
    lies = 1.9 * chart.season.snow - 0.85 + 0.9 * (chart.broad - 0.5) + 0.5 * (chart.fine - 0.5) - 0.8 * chart.slope
    drifted = np.array(_SNOW) * (0.86 + 0.28 * chart.fine)[..., None]
    cover = np.clip(np.where(chart.season.snow > 0, lies * 3.5 + 0.5, 0), 0, 1)[..., None]
    return color + (drifted - color) * cover


def _city(chart: Chart) -> np.ndarray:
    """Asphalt with white lines, pavements, yards and lawn."""
    plan = plan_of(chart.landscape)
    lane = plan.road_share(chart.points_m)
    worn = 1 + 0.5 * (chart.fine - 0.5)
    color = np.array(_YARD) * worn[..., None]
    color = np.where((lane > -PAVEMENT_M)[..., None], np.array(_FLAGS) * _joints(chart.points_m)[..., None], color)
    kerb = np.abs(lane) < 0.2
    asphalt = np.array(_ASPHALT) * (1 + 0.6 * (chart.broad - 0.5) + 0.5 * (chart.fine - 0.5))[..., None]
    color = np.where((lane > 0)[..., None], asphalt, color)
    color = np.where(kerb[..., None], np.array(_FLAGS) * 1.25, color)
    color = np.where((plan.markings(chart.points_m) & (lane > 0))[..., None], np.array(_PAINT) * worn[..., None], color)
    lawn = np.where(lane > -PAVEMENT_M, 0, chart.at(lawn_share(chart.landscape)))
    grass = np.array(_LAWN) * (0.8 + 0.5 * chart.fine + 0.25 * chart.broad)[..., None]
    color = np.where((lawn > 0.5)[..., None], grass, color)
    return _banks(chart, color, _LAWN)


def _joints(points_m: np.ndarray) -> np.ndarray:
    """Paving stones: every other one a little darker."""
    cell = np.floor(points_m / 1.2)
    return 0.94 + 0.12 * ((cell[..., 0] + cell[..., 1]) % 2)


def _dampness(water_depth_m: np.ndarray) -> np.ndarray:
    damp = (water_depth_m > 0.01).astype(float)
    for _ in range(3):
        padded = np.pad(damp, 1, mode="edge")
        damp = np.maximum(damp, (padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:]) / 4)
    return damp


_PAINTERS: dict[str, Callable[[Chart], np.ndarray]] = {
    "savanna": _savanna,
    "reef": _reef,
    "canopy": _forest,
    "tundra": _tundra,
    "urban": _city,
}
