"""How each kind of land looks, as data: the colours of its light, how far one sees, what grows between the feet.

Colours are linear light and, like every number here without a source, judged by eye.
"""

from dataclasses import dataclass, replace

import numpy as np

from eco1.catalog.loader import biome_names, load_biome
from eco1.core.records import Landscape
from eco1.studio.colors import Rgb

_REEF, _CANOPY, _TUNDRA, _URBAN, _SAVANNA = "reef", "canopy", "tundra", "urban", "savanna"
# Light that is left at the limit of visibility under water: judged by eye, so that pictures stay readable.
_LEFT_AT_VISIBILITY = 0.16
_RED_ABSORPTION = 1.7  # how much faster water takes red than green and blue: by eye


@dataclass(frozen=True, kw_only=True)
class Palette:
    """Colours of sun, sky and haze at noon, with a low sun and at night."""

    sun: tuple[Rgb, Rgb, Rgb] = ((2.75, 2.20, 1.50), (2.7, 1.45, 0.62), (0.10, 0.14, 0.26))
    sky: tuple[Rgb, Rgb, Rgb] = ((0.42, 0.52, 0.68), (0.40, 0.38, 0.50), (0.045, 0.065, 0.14))
    haze: tuple[Rgb, Rgb, Rgb] = ((0.74, 0.80, 0.86), (1.02, 0.66, 0.38), (0.035, 0.05, 0.10))
    zenith: tuple[Rgb, Rgb, Rgb] = ((0.10, 0.29, 0.70), (0.16, 0.25, 0.50), (0.008, 0.014, 0.04))
    bounce: Rgb = (0.30, 0.22, 0.12)
    shade: Rgb = (0.36, 0.40, 0.52)
    elevation_rad: tuple[float, float] = (0.16, 0.78)  # of the sun at the end and in the middle of the day
    haze_per_m: Rgb = (0.0011, 0.0011, 0.0011)
    clouds: float = 1.0
    aurora: float = 0.0
    night_exposure: float = 1.4


@dataclass(frozen=True, kw_only=True)
class Growth:
    """What stands between the feet: tufts of grass, sedge, ferns or seagrass around the camera."""

    size: float = 1.0  # of a tuft of savanna grass
    share: float = 1.0  # of the places where grass would stand
    tint: Rgb = (1.0, 1.0, 1.0)
    lush: Rgb = (0.55, 0.80, 0.45)  # where plants are thick
    reach_m: float = 46.0


@dataclass(frozen=True, kw_only=True)
class Motes:
    """Small things adrift around the camera: plankton, pollen, snow."""

    count: int
    size_m: float
    reach_m: float
    drift_mps: tuple[float, float, float]
    color: Rgb


@dataclass(frozen=True, kw_only=True)
class Look:
    """One kind of land made visible."""

    kind: str
    palette: Palette
    growth: Growth
    water: Rgb  # of deep water seen from above
    grain: float = 1.0  # unevenness of the ground, 1 in grass
    far_relief_m: float = 190.0  # hills around the world
    texture: int = 512  # side of the picture of the ground
    motes: Motes | None = None
    under_water: bool = False
    lamps: bool = False  # lit after dark


LOOKS: dict[str, Look] = {
    _SAVANNA: Look(kind=_SAVANNA, palette=Palette(), growth=Growth(), water=(0.050, 0.062, 0.044)),
    _REEF: Look(
        kind=_REEF,
        palette=Palette(
            sun=((3.5, 3.2, 2.7), (2.2, 2.1, 1.9), (0.05, 0.10, 0.15)),
            sky=((0.40, 0.58, 0.72), (0.26, 0.40, 0.54), (0.022, 0.055, 0.10)),
            haze=((0.010, 0.155, 0.30), (0.008, 0.105, 0.22), (0.002, 0.014, 0.036)),
            zenith=((0.55, 1.05, 1.25), (0.40, 0.72, 0.85), (0.02, 0.06, 0.11)),
            bounce=(0.26, 0.36, 0.32),
            shade=(0.50, 0.56, 0.62),
            elevation_rad=(0.86, 1.30),  # light that enters water is bent towards the vertical
            haze_per_m=(0.16, 0.08, 0.07),
            night_exposure=1.9,
        ),
        growth=Growth(size=0.85, share=0.5, lush=(0.85, 1.0, 0.85), reach_m=22.0),
        water=(0.01, 0.10, 0.16),
        grain=0.5,
        far_relief_m=0.0,
        texture=768,
        motes=Motes(count=260, size_m=0.006, reach_m=7.0, drift_mps=(0.06, 0.03, -0.02), color=(0.75, 0.95, 0.95)),
        under_water=True,
    ),
    _CANOPY: Look(
        kind=_CANOPY,
        palette=Palette(
            sun=((2.7, 2.45, 1.75), (2.5, 1.6, 0.85), (0.08, 0.12, 0.20)),
            sky=((0.48, 0.66, 0.56), (0.46, 0.52, 0.46), (0.035, 0.060, 0.10)),
            haze=((0.33, 0.47, 0.36), (0.42, 0.43, 0.29), (0.014, 0.030, 0.045)),
            zenith=((0.40, 0.60, 0.82), (0.36, 0.42, 0.56), (0.008, 0.016, 0.04)),
            bounce=(0.12, 0.16, 0.07),
            elevation_rad=(0.55, 1.15),
            haze_per_m=(0.0065, 0.0065, 0.0065),
            clouds=0.6,
        ),
        growth=Growth(size=1.3, share=0.55, tint=(0.115, 0.22, 0.075), lush=(0.75, 0.95, 0.70), reach_m=24.0),
        water=(0.034, 0.046, 0.026),
        grain=1.2,
        far_relief_m=50.0,
        texture=768,
        motes=Motes(count=90, size_m=0.004, reach_m=6.0, drift_mps=(0.05, 0.02, 0.01), color=(0.9, 0.95, 0.6)),
    ),
    _TUNDRA: Look(
        kind=_TUNDRA,
        palette=Palette(
            sun=((1.85, 1.60, 1.25), (2.15, 1.25, 0.72), (0.11, 0.16, 0.26)),
            sky=((0.30, 0.42, 0.68), (0.30, 0.35, 0.60), (0.055, 0.085, 0.16)),
            haze=((0.80, 0.87, 0.95), (1.02, 0.76, 0.62), (0.040, 0.065, 0.12)),
            zenith=((0.24, 0.44, 0.80), (0.24, 0.34, 0.62), (0.008, 0.018, 0.05)),
            bounce=(0.36, 0.40, 0.48),
            shade=(0.34, 0.44, 0.66),
            elevation_rad=(0.12, 0.38),  # long shadows of a low sun
            haze_per_m=(0.0010, 0.0010, 0.0010),
            aurora=1.0,
        ),
        growth=Growth(size=0.62, share=0.7, tint=(0.92, 0.92, 0.72), lush=(0.62, 0.86, 0.55)),
        water=(0.012, 0.040, 0.062),
        grain=0.45,
        far_relief_m=330.0,
        motes=Motes(count=420, size_m=0.011, reach_m=11.0, drift_mps=(0.9, 0.35, -0.75), color=(0.95, 0.97, 1.0)),
    ),
    _URBAN: Look(
        kind=_URBAN,
        palette=Palette(
            sun=((2.60, 2.20, 1.65), (2.55, 1.50, 0.75), (0.07, 0.10, 0.19)),
            sky=((0.46, 0.54, 0.66), (0.44, 0.40, 0.48), (0.050, 0.058, 0.10)),
            haze=((0.70, 0.77, 0.84), (0.98, 0.70, 0.48), (0.070, 0.058, 0.062)),
            zenith=((0.14, 0.33, 0.70), (0.18, 0.27, 0.50), (0.012, 0.016, 0.036)),
            bounce=(0.26, 0.25, 0.23),
            elevation_rad=(0.20, 0.86),
            haze_per_m=(0.0022, 0.0022, 0.0022),
        ),
        growth=Growth(size=0.30, share=1.0, tint=(0.34, 0.62, 0.24), lush=(0.9, 1.0, 0.85), reach_m=26.0),
        water=(0.030, 0.052, 0.050),
        grain=0.30,
        far_relief_m=14.0,
        texture=1024,
        lamps=True,
    ),
}


def look_of(landscape: Landscape, biome: str = "") -> Look:
    """Return the look of a land: by the parts it has, how clear its water is by the catalog's biome of that name."""
    look = LOOKS[_kind_of(landscape)]
    sea = load_biome(biome).sea if look.under_water and biome in biome_names() else None
    if sea is None:
        return look
    taken = -float(np.log(_LEFT_AT_VISIBILITY)) / float(sea.visibility)
    palette = replace(look.palette, haze_per_m=(_RED_ABSORPTION * taken, taken, 0.9 * taken))
    return replace(look, palette=palette)


def _kind_of(landscape: Landscape) -> str:
    if float(landscape.water_depth_m.min()) > 0:
        return _REEF
    if landscape.building_height_m is not None:
        return _URBAN
    if landscape.crown_height_m is not None:
        return _CANOPY
    return _SAVANNA if landscape.freezing is None else _TUNDRA
