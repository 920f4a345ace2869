"""Colours: sRGB in files and on screens, linear light in between."""

import numpy as np
from jaxtyping import Float32

Rgb = tuple[float, float, float]


def linear_rgb(code: str) -> Rgb:
    """Return the linear-light RGB in [0, 1] of an sRGB ``#rrggbb`` code (IEC 61966-2-1)."""
    red, green, blue = (int(code[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return _to_linear(red), _to_linear(green), _to_linear(blue)


def mix(first: Rgb, second: Rgb, share: float) -> Rgb:
    """Return ``first`` moved towards ``second`` by ``share``."""
    a, b, c = (x + (y - x) * share for x, y in zip(first, second, strict=True))
    return a, b, c


def srgb_bytes(linear: Float32[np.ndarray, "*b 3"]) -> np.ndarray:
    """Return sRGB bytes of linear-light colours (IEC 61966-2-1)."""
    clipped = np.clip(linear, 0.0, 1.0)
    encoded = np.where(clipped <= 0.0031308, clipped * 12.92, 1.055 * clipped ** (1 / 2.4) - 0.055)
    return np.round(encoded * 255).astype(np.uint8)


def _to_linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
