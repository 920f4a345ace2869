"""A land in the light of an hour: sky, the lit colours of the ground, and how much sun reaches any point."""

import numpy as np
from jaxtyping import Float32

from eco1.core.records import Landscape
from eco1.studio.city import LAMP_HEIGHT_M, lamp_places
from eco1.studio.light import Light, light_for, paint_sky
from eco1.studio.looks import Look
from eco1.studio.noise import tiling_noise
from eco1.studio.shade_maps import shadow_tops, share_of_sun
from eco1.studio.terrain import Terrain

_SKY_STEP = 0.02  # daylight may drift this far before the sky is painted anew
_LAMP_REACH_M = 9.0
_LAMPLIGHT = np.array([1.15, 0.72, 0.32])
_LEAF_LIGHT = 0.10  # of the sun that comes through closed crowns, apart from flecks: by eye
_CROWN_DEEP_M = 11.0  # over which crowns take the light
_FLOOR_SKY = 0.58  # of the sky's light that reaches the forest floor
_WATER_TAKES = np.array([0.045, 0.014, 0.010], np.float32)  # per metre of depth: downwelling light, by eye


class LitLand:
    """Keeps what depends on the hour and works it out anew when the light has changed enough to be seen."""

    def __init__(self, landscape: Landscape, terrain: Terrain, look: Look, seed: int) -> None:
        self.look, self._seed, self._daylight = look, seed, -1.0
        self._pools = _lamp_pools(landscape, terrain) if look.lamps else None
        self._leaves = landscape.crown_height_m is not None
        self._flecks = _flecks(look.texture, seed) if self._leaves else None
        self.set(terrain, 1.0)

    def set(self, terrain: Terrain, daylight: float, *, anew: bool = False) -> None:
        """Set the hour and, if the season has changed (``anew``), the ground."""
        if not anew and abs(daylight - self._daylight) <= _SKY_STEP:
            return
        self._daylight, self._terrain = daylight, terrain
        self.light: Light = light_for(daylight, self.look.palette)
        self.night = float(np.clip(1 - daylight / 0.28, 0, 1))
        self.sky = paint_sky(self.light, self._seed)
        self._tops = None if terrain.tops_m is None else shadow_tops(terrain.tops_m, terrain.cell_m, self.light.sun)
        self.ground = self._lit_ground()

    def sunlit(self, position_m: np.ndarray) -> Float32[np.ndarray, " i"]:
        """Return the share of the sun's light at points (I, 3)."""
        if self._tops is None:
            return np.ones(len(position_m), np.float32)
        index = self._index(position_m)
        tops = self._tops[index]
        if not self._leaves:
            return share_of_sun(tops, position_m[:, 2])
        return np.maximum(_LEAF_LIGHT, share_of_sun(tops, position_m[:, 2] + 0.5 * _CROWN_DEEP_M, soft_m=_CROWN_DEEP_M))

    def ambient(self, position_m: np.ndarray) -> Float32[np.ndarray, "i 3"]:
        """Return the factor on colours at points (I, 3): depth of water, gloom under crowns, lamps after dark."""
        factor = np.ones((len(position_m), 3), np.float32)
        terrain = self._terrain
        if terrain.surface_m is not None:
            return np.exp(-np.maximum(terrain.surface_m - position_m[:, 2:], 0) * _WATER_TAKES).astype(np.float32)
        if self._leaves and self._tops is not None:
            under = np.maximum(self._tops[self._index(position_m)] - position_m[:, 2], 0)
            factor *= (1 - (1 - _FLOOR_SKY) * np.clip(under / 26.0, 0, 1))[:, None]
        if self._pools is not None and self.night > 0:
            low = np.clip(1.4 - (position_m[:, 2] - terrain.height_at(position_m[:, :2])) / LAMP_HEIGHT_M, 0, 1)
            pool = self._pools[self._index(position_m)] * low * self.night
            factor = factor * (1 + 5.0 * pool[:, None] * _LAMPLIGHT)
        return factor.astype(np.float32)

    def _index(self, position_m: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        terrain = self._terrain
        at = ((position_m[:, :2] - terrain.origin_m) / terrain.cell_m).astype(int)
        at = np.clip(at, 0, len(terrain.albedo) - 1)
        return at[:, 1], at[:, 0]

    def _lit_ground(self) -> Float32[np.ndarray, "t t 3"]:
        terrain, light = self._terrain, self.light
        facing = np.clip(terrain.normal @ light.sun, 0, 1)[..., None]
        if self._tops is None:
            ground = terrain.albedo * (facing * light.sun_rgb + light.sky_rgb)
        else:
            ground = terrain.albedo * self._under_tops(facing)
        if terrain.surface_m is not None:
            centers = terrain.origin_m + (np.arange(len(terrain.albedo)) + 0.5) * terrain.cell_m
            bed = terrain.height_at(np.stack(np.meshgrid(centers, centers), -1))
            ground = ground * np.exp(-(terrain.surface_m - bed)[..., None] * _WATER_TAKES)
        if self._pools is not None and self.night > 0:
            ground = ground + terrain.albedo * (self._pools * self.night)[..., None] * _LAMPLIGHT
        return ground.astype(np.float32)

    def _under_tops(self, facing: np.ndarray) -> np.ndarray:
        terrain, light = self._terrain, self.light
        assert self._tops is not None, "only lands with houses or crowns have tops"
        centers = terrain.origin_m + (np.arange(len(terrain.albedo)) + 0.5) * terrain.cell_m
        floor = terrain.height_at(np.stack(np.meshgrid(centers, centers), -1))
        sun = share_of_sun(self._tops, floor)
        if self._flecks is None:
            return facing * sun[..., None] * light.sun_rgb + (0.6 + 0.4 * sun[..., None]) * light.sky_rgb
        open_ = np.maximum(sun, np.maximum(_LEAF_LIGHT, self._flecks))[..., None]
        return facing * open_ * light.sun_rgb + (_FLOOR_SKY + (1 - _FLOOR_SKY) * sun[..., None]) * light.sky_rgb


def _flecks(side: int, seed: int) -> np.ndarray:
    """Sun flecks on the forest floor: where gaps between leaves line up."""
    full = 1 << (side - 1).bit_length()
    gaps = tiling_noise(full, seed + 8, octaves=4, first=64)[:side, :side]
    return np.clip((gaps - 0.60) * 7, 0, 0.9)


def _lamp_pools(landscape: Landscape, terrain: Terrain) -> np.ndarray:
    """Light of street lamps on the ground: inverse square of the distance, cut off smoothly."""
    side, cell = len(terrain.albedo), terrain.cell_m
    pools = np.zeros((side, side))
    reach = int(_LAMP_REACH_M * 1.6 / cell)
    offsets = np.arange(-reach, reach + 1) * cell
    squared = offsets[:, None] ** 2 + offsets[None] ** 2
    kernel = LAMP_HEIGHT_M**2 / (LAMP_HEIGHT_M**2 + squared) * np.clip(1.2 - squared / (1.6 * _LAMP_REACH_M) ** 2, 0, 1)
    for x, y in lamp_places(landscape):
        j, i = int((y - terrain.origin_m) / cell), int((x - terrain.origin_m) / cell)
        top, left, bottom, right = (
            max(0, j - reach),
            max(0, i - reach),
            min(side, j + reach + 1),
            min(side, i + reach + 1),
        )
        part = kernel[top - j + reach : bottom - j + reach, left - i + reach : right - i + reach]
        pools[top:bottom, left:right] += part**2
    return np.minimum(pools, 1.6).astype(np.float32)
