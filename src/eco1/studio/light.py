"""Sun, sky and haze for a share of daylight: warm and low in the morning and evening, high at noon, blue at night."""

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32

from eco1.studio.noise import tiling_noise

_AZIMUTH_RAD = 0.9  # where the sun stands, seen from the world's origin
_LOW_RAD, _HIGH_RAD = 0.16, 0.78


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
    haze_per_m: float
    exposure: float


def light_for(daylight: float) -> Light:
    """Return the light for a share of daylight, 0 (night) to 1 (noon). The colours are chosen by eye."""
    day = float(np.clip(daylight, 0, 1))
    warm = 1 - min(1.0, max(0.0, (day - 0.25) / 0.75))
    lit = min(1.0, day / 0.3)
    elevation = _LOW_RAD + (_HIGH_RAD - _LOW_RAD) * day
    sun = [
        math.cos(_AZIMUTH_RAD) * math.cos(elevation),
        math.sin(_AZIMUTH_RAD) * math.cos(elevation),
        math.sin(elevation),
    ]
    sun_rgb = _between((2.75, 2.20, 1.50), (2.7, 1.45, 0.62), warm) * lit + np.array([0.10, 0.14, 0.26]) * (1 - lit)
    sky_rgb = _between((0.42, 0.52, 0.68), (0.40, 0.38, 0.50), warm) * lit + np.array([0.045, 0.065, 0.14]) * (1 - lit)
    haze = _between((0.74, 0.80, 0.86), (1.02, 0.66, 0.38), warm) * lit + np.array([0.035, 0.05, 0.10]) * (1 - lit)
    zenith = _between((0.10, 0.29, 0.70), (0.16, 0.25, 0.50), warm) * lit + np.array([0.008, 0.014, 0.04]) * (1 - lit)
    return Light(
        sun=np.array(sun, np.float32),
        sun_rgb=sun_rgb.astype(np.float32),
        sky_rgb=sky_rgb.astype(np.float32),
        bounce_rgb=(np.array([0.30, 0.22, 0.12]) * (0.15 + 0.85 * lit)).astype(np.float32),
        haze_rgb=haze.astype(np.float32),
        zenith_rgb=zenith.astype(np.float32),
        shade_rgb=np.array([0.36, 0.40, 0.52], np.float32),
        haze_per_m=0.0011 + 0.0008 * warm,
        exposure=0.92 + 1.4 * (1 - lit),
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
    cloud = _clouds(elevation, azimuth, seed)[..., None]
    white = (light.sun_rgb * 0.30 + light.sky_rgb * 0.65) * (1.0 + 0.4 * np.clip(toward, 0, 1)[..., None])
    return (sky * (1 - cloud) + white * cloud).astype(np.float32)


def _clouds(elevation: np.ndarray, azimuth: np.ndarray, seed: int) -> np.ndarray:
    """Thin cloud on a flat layer: near the horizon it is far away, so it is drawn out into bands."""
    side = 256
    noise = tiling_noise(side, seed, octaves=6, first=6)
    reach = 1.0 / np.maximum(np.sin(elevation) + 0.06, 0.06)
    u, v = np.cos(azimuth) * reach * 26, np.sin(azimuth) * reach * 26
    value = noise[v.astype(int) % side, u.astype(int) % side]
    cover = np.clip((value - 0.54) * 3.2, 0, 0.75)
    return cover * np.clip(np.sin(elevation) * 7, 0, 1) * np.clip(1.15 - np.sin(elevation), 0, 1)


def _between(noon: tuple[float, float, float], low: tuple[float, float, float], warm: float) -> np.ndarray:
    return np.array(noon) + (np.array(low) - np.array(noon)) * warm
