"""Everything in a landscape that does not move, as arrays that cameras and lidars share."""

import math
from typing import NamedTuple

import numpy as np

from eco1.catalog.records import Biome
from eco1.core.records import Landscape
from eco1.sensors.scenery.arrays import F32, I32, U8
from eco1.sensors.scenery.flora import plant
from eco1.sensors.scenery.ground import ground_colors, light_ground
from eco1.sensors.scenery.houses import build
from eco1.sensors.scenery.look import AIR_VISIBILITY_M, LEAST_CONTRAST, Look, look_of
from eco1.sensors.scenery.noise import cell_noise, smooth_noise
from eco1.sensors.scenery.relief import HeightField, bed_and_surface, is_under_water, margin_of
from eco1.sensors.scenery.solid_set import SolidSet

_SUN_AZIMUTH_RAD, _SUN_RAD, _SUN_UNDER_WATER_RAD = 0.9, 0.80, 1.15  # where the sun stands: by eye
_NEVER_FROZEN = 2.0


class Scenery(NamedTuple):
    """The unmoving part of a scene. The sun stands still; how bright it is follows each moment's daylight.

    ``bed`` is the ground under everything, ``surface`` what the air lies on: ground or water. Maps at their nodes:
    ``depth`` of water (m), ``freezing`` (the share of ice from which it is frozen), ``roofs`` (height of houses, m);
    ``wet`` says which patches between nodes hold water. ``floats``, ``integers`` and ``colors`` are the solids as
    ``scenery.col`` describes them. ``texture`` (T, T, 4) covers the nodes: the ground's colour and its share of sun.
    ``tones`` (R, 3) has the rows named below.
    """

    bed: HeightField
    surface: HeightField
    depth: F32
    wet: U8
    freezing: F32
    roofs: F32
    floats: F32
    integers: I32
    colors: F32
    texture: U8
    smooth: U8
    cells: U8
    sun: F32
    tones: F32
    size: float
    skyline: float
    under_water: bool
    snows: bool


#: Rows of ``Scenery.tones`` (R, 3), linear-light RGB or per metre.
WATER_COLOR, ZENITH, HAZE, SKYLINE, SUN_LIGHT, SKY_LIGHT, AIR_FADING, WATER_FADING = range(8)


def build_scenery(biome: Biome, landscape: Landscape, seed: int = 0) -> Scenery:
    """Return the scenery of a landscape.

    Args:
        biome: what the catalog says of it decides about colours, plants and how far one sees.
        landscape: the ground and where things stand.
        seed: for what is only drawn: shapes of plants, hills beyond the border.
    """
    look, margin = look_of(biome), margin_of(landscape)
    bed, surface = bed_and_surface(landscape, margin, seed)
    solids = SolidSet()
    below = landscape.height_m if is_under_water(landscape) else landscape.height_m - landscape.water_depth_m
    plant(solids, landscape, look.flora, _under(below, landscape), seed)
    build(solids, landscape, seed)
    floats, integers, colors = solids.tables()
    texture = ground_colors(landscape, margin, look)
    sun = _sun(_SUN_UNDER_WATER_RAD if look.flora == "corals" else _SUN_RAD)
    light_ground(texture, bed, floats, integers, float(sun[0]), float(sun[1]), float(sun[2]))
    depth = margin.carried(landscape.water_depth_m)
    houses = landscape.building_height_m
    freezing = landscape.freezing if landscape.freezing is not None else np.full_like(landscape.height_m, _NEVER_FROZEN)
    return Scenery(
        bed=bed, surface=surface, depth=depth, wet=_wet_patches(depth), freezing=margin.carried(freezing),
        roofs=margin.carried(houses if houses is not None else np.zeros_like(landscape.height_m)),
        floats=floats, integers=integers, colors=colors, texture=texture, smooth=smooth_noise(), cells=cell_noise(),
        sun=sun, tones=_tones(look, is_under_water(landscape)), size=landscape.size_m, skyline=look.skyline_rad,
        under_water=is_under_water(landscape), snows=look.snow,
    )  # fmt: skip


def _wet_patches(depth: np.ndarray) -> U8:
    wet = depth > 0
    return (wet[:-1, :-1] | wet[1:, :-1] | wet[:-1, 1:] | wet[1:, 1:]).astype(np.uint8)


def _under(heights: np.ndarray, landscape: Landscape) -> np.ndarray:
    index = (landscape.tree_position_m[:, :2] / landscape.size_m * len(heights)).astype(int)
    index = np.clip(index, 0, len(heights) - 1)
    return heights[index[:, 1], index[:, 0]]


def _sun(elevation_rad: float) -> F32:
    flat = math.cos(elevation_rad)
    toward = [flat * math.cos(_SUN_AZIMUTH_RAD), flat * math.sin(_SUN_AZIMUTH_RAD), math.sin(elevation_rad)]
    return np.array(toward, np.float32)


def _tones(look: Look, under_water: bool) -> F32:
    fading = -math.log(LEAST_CONTRAST) / look.visibility_m * np.array(look.fading)
    clear = -math.log(LEAST_CONTRAST) / AIR_VISIBILITY_M * np.ones(3)
    murky = -math.log(LEAST_CONTRAST) / 8.0 * np.array([1.4, 1.0, 1.1])  # ponds and coasts, stirred up: by eye
    return np.array(
        [
            look.water, look.zenith, look.haze, look.skyline, look.sun * np.array([1.0, 0.9, 0.74]),
            look.ambient * np.array([0.74, 0.9, 1.1]), clear if under_water else fading,
            fading if under_water else murky,
        ],
        np.float32,
    )  # fmt: skip
