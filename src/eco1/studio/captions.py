"""Words over a picture, drawn with the font that comes with matplotlib."""

from functools import lru_cache

import numpy as np
from jaxtyping import Float32, UInt8

from eco1.core.extras import require


@lru_cache(maxsize=512)
def text_mask(text: str, size_px: int, *, bold: bool = False) -> Float32[np.ndarray, "h w"]:
    """Return the coverage (0..1) of a line of text in DejaVu Sans, ``size_px`` high from descender to ascender.

    Raises:
        MissingExtraError: without matplotlib.
    """
    require("matplotlib", "Writing captions")
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

    font = FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal")
    width = max(1, int(len(text) * size_px * 0.8) + 8)
    figure = Figure(figsize=(width / 100, size_px * 1.3 / 100), dpi=100)
    canvas = FigureCanvasAgg(figure)
    escaped = text.replace("$", r"\$")
    figure.text(3 / width, 0.3, escaped, color="black", fontproperties=font, fontsize=size_px * 0.72)
    canvas.draw()
    mask = 1 - np.asarray(canvas.buffer_rgba())[..., 0].astype(np.float32) / 255
    inked = np.flatnonzero(mask.max(0) > 0.02)
    return np.ascontiguousarray(mask[:, : (int(inked[-1]) + 3 if len(inked) else 1)])


def stamp(
    image: UInt8[np.ndarray, "h w 3"],
    mask: Float32[np.ndarray, "a b"],
    left_px: int,
    top_px: int,
    *,
    opacity: float = 1.0,
) -> None:
    """Write white through a mask onto an image, in place, over a soft dark copy so that it reads on any ground."""
    for shift, level, strength in ((2, 0.0, 0.55), (0, 255.0, 1.0)):
        top, left = max(0, top_px + shift), max(0, left_px + shift)
        part = image[top : top + mask.shape[0], left : left + mask.shape[1]]
        cover = (mask[: part.shape[0], : part.shape[1], None] * (opacity * strength)).astype(np.float32)
        part[:] = (part * (1 - cover) + level * cover).astype(np.uint8)


def darken_foot(image: UInt8[np.ndarray, "h w 3"], height_px: int, *, opacity: float) -> None:
    """Darken the lower edge of an image smoothly, in place, as a bed for captions."""
    strip = image[-height_px:]
    ramp = 1 - 0.55 * opacity * np.linspace(0, 1, len(strip), dtype=np.float32)[:, None, None] ** 1.5
    strip[:] = (strip * ramp).astype(np.uint8)
