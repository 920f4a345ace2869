"""Sun, sky and haze for a share of daylight: warm and low in the morning and evening, high at noon, blue at night."""

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32

from eco1.studio.colors import Rgb
from eco1.studio.looks import LOOKS, Palette
from eco1.studio.noise import tiling_noise

DRY_AIR = LOOKS["savanna"].palette

_AZIMUTH_RAD = 0.9  # where the sun stands, seen from the world's origin
_DAWN_HAZE = 0.73  # share by which haze thickens when the sun is low


@dataclass(frozen=True, kw_only=True)
class Light:
    """What lights a scene. Colours are linear light; ``sun`` points towards the sun (or the moon)."""

    sun: Float32[np.ndarray, " 3"]
    sun_rgb: Float32[np.ndarray, " 3"]
    sky_rgb: Float32[np.ndarray, " 3"]
    bounce_rgb: Float32[np.ndarray, " 3"]
    haze_rgb: Float32[np.ndarray, " 3"]
    zenith_rgb: Float32[np.ndarray, " 3"]
    shade_rgb: Float32[np.ndarray, " 3"]
    haze_per_m: Float32[np.ndarray, " 3"]
    exposure: float
    clouds: float
    aurora: float


def light_for(daylight: float, palette: Palette = DRY_AIR) -> Light:
    """Return the light for a share of daylight, 0 (night) to 1 (noon), in the colours of a palette."""
    day = float(np.clip(daylight, 0, 1))
    warm = 1 - min(1.0, max(0.0, (day - 0.25) / 0.75))
    lit = min(1.0, day / 0.3)
    low, high = palette.elevation_rad
    elevation = low + (high - low) * day
    sun = [
        math.cos(_AZIMUTH_RAD) * math.cos(elevation),
        math.sin(_AZIMUTH_RAD) * math.cos(elevation),
        math.sin(elevation),
    ]

    def now(colors: tuple[Rgb, Rgb, Rgb]) -> Float32[np.ndarray, " 3"]:
        noon, dusk, night = (np.array(color) for color in colors)
        return ((noon + (dusk - noon) * warm) * lit + night * (1 - lit)).astype(np.float32)

    return Light(
        sun=np.array(sun, np.float32),
        sun_rgb=now(palette.sun),
        sky_rgb=now(palette.sky),
        bounce_rgb=(np.array(palette.bounce) * (0.15 + 0.85 * lit)).astype(np.float32),
        haze_rgb=now(palette.haze),
        zenith_rgb=now(palette.zenith),
        shade_rgb=np.array(palette.shade, np.float32),
        haze_per_m=(np.array(palette.haze_per_m) * (1 + _DAWN_HAZE * warm)).astype(np.float32),
        exposure=0.92 + palette.night_exposure * (1 - lit),
        clouds=palette.clouds,
        aurora=palette.aurora * max(0.0, 1 - day / 0.12),
    )


def paint_sky(light: Light, seed: int) -> Float32[np.ndarray, "v u 3"]:
    """Return a panorama (elevation -5 to 90 degrees by azimuth) with a sun glow and thin clouds."""
    rows, columns = 192, 1024
    elevation = np.linspace(-0.0873, math.pi / 2, rows)[:, None]
    azimuth = np.linspace(-math.pi, math.pi, columns)[None]
    up = np.clip(np.sin(elevation), 0, 1)
    fade = np.exp(-up * 6.5)[..., None]
    sky = light.zenith_rgb * (1 - fade) + light.haze_rgb * fade
    toward = (
        np.cos(elevation) * (np.cos(azimuth) * light.sun[0] + np.sin(azimuth) * light.sun[1])
        + np.sin(elevation) * light.sun[2]
    )
    glow = np.exp((toward - 1) * 9)[..., None] * 0.34 + np.exp((toward - 1) * 900)[..., None] * 5.0
    sky = sky + glow * light.sun_rgb * np.array([0.55, 0.48, 0.38])
    cloud = light.clouds * _clouds(elevation, azimuth, seed)[..., None]
    white = (light.sun_rgb * 0.30 + light.sky_rgb * 0.65) * (1.0 + 0.4 * np.clip(toward, 0, 1)[..., None])
    sky = sky * (1 - cloud) + white * cloud
    if light.aurora > 0:
        sky = sky + light.aurora * _aurora(elevation, azimuth, seed)
    return sky.astype(np.float32)


def _aurora(elevation: np.ndarray, azimuth: np.ndarray, seed: int) -> np.ndarray:
    """Green curtains with a violet fringe, folded along bands of the sky and streaked upwards."""
    side = 256
    noise = tiling_noise(side, seed + 9, octaves=4, first=8)
    turn = ((azimuth + math.pi) / (2 * math.pi) * side).astype(int)[0] % side
    fold = 0.16 + 0.34 * noise[40, turn] + 0.10 * np.sin(3 * azimuth[0])
    streak = 0.35 + 0.65 * noise[90, (4 * turn) % side]
    above = elevation - fold
    curtain = (
        np.where(above > 0, np.exp(-above * 5.5), np.exp(above * 26))
        * streak
        * np.clip(noise[17, turn] * 2.4 - 0.7, 0, 1)
    )
    violet = np.clip(above * 3.2, 0, 1)[..., None]
    color = np.array([0.03, 0.30, 0.13]) * (1 - violet) + np.array([0.12, 0.05, 0.20]) * violet
    return curtain[..., None] * color * np.clip(np.sin(elevation) * 9, 0, 1)[..., None]


def _clouds(elevation: np.ndarray, azimuth: np.ndarray, seed: int) -> np.ndarray:
    """Thin cloud on a flat layer: near the horizon it is far away, so it is drawn out into bands."""
    side = 256
    noise = tiling_noise(side, seed, octaves=6, first=6)
    reach = 1.0 / np.maximum(np.sin(elevation) + 0.06, 0.06)
    u, v = np.cos(azimuth) * reach * 26, np.sin(azimuth) * reach * 26
    value = noise[v.astype(int) % side, u.astype(int) % side]
    cover = np.clip((value - 0.54) * 3.2, 0, 0.75)
    return cover * np.clip(np.sin(elevation) * 7, 0, 1) * np.clip(1.15 - np.sin(elevation), 0, 1)
