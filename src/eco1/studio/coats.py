"""Coat patterns: colours of a body's triangles from where they are and where they face.

Which pattern belongs to which body plan is drawing, not biology: marks are placed so that a species is told apart
at a glance. Positions are in shares of head-body length, so that a pattern grows with its animal.
"""

from collections.abc import Callable

import numpy as np

from eco1.studio.colors import Rgb, mix
from eco1.studio.meshes import Painter

_DARK: Rgb = (0.012, 0.010, 0.009)
_PALE: Rgb = (0.62, 0.56, 0.47)
_REPEAT = 6.0
_Pick = Callable[[np.ndarray, np.ndarray, Rgb, Rgb], np.ndarray]


def painter(
    pattern: str, coat: Rgb, accent: Rgb, length_m: float, height_m: float, *, repeat: float = _REPEAT
) -> Painter:
    """Return the painter of a named pattern for a body of the given size.

    ``repeat`` is how often marks that come in rows (bars, lines, scales) come along the body.
    """
    pick = PATTERNS[pattern] if pattern in PATTERNS else _in_rows(pattern, repeat)

    def paint(centers: np.ndarray, normals: np.ndarray) -> np.ndarray:
        scaled = centers / np.array([length_m, length_m, height_m])
        return pick(scaled, normals, coat, accent)

    return paint


def cell_noise(points: np.ndarray, scale: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return distances to the nearest and second nearest jittered lattice point, and a number of the nearest.

    Worley (1996), "A cellular texture basis function", DOI 10.1145/237170.237267.
    """
    where = points * scale
    base = np.floor(where)
    near = np.full(len(points), 9.0)
    second = np.full(len(points), 9.0)
    key = np.zeros(len(points))
    for offset in np.ndindex(3, 3, 3):
        cell = base + np.array(offset) - 1
        jitter = _hash(cell)
        distance = np.linalg.norm(cell + jitter - where, axis=1)
        closer = distance < near
        second = np.where(closer, near, np.minimum(second, distance))
        key = np.where(closer, jitter[:, 0], key)
        near = np.where(closer, distance, near)
    return near, second, key


def _hash(cells: np.ndarray) -> np.ndarray:
    """Three numbers in [0, 1) from integer coordinates: the fractional part of a large sine."""
    dots = cells @ np.array([[127.1, 269.5, 113.5], [311.7, 183.3, 271.9], [74.7, 246.1, 124.6]])
    return np.modf(np.abs(np.sin(dots)) * 43758.5453)[0]


def _shaded(scaled: np.ndarray, normals: np.ndarray, coat: Rgb, belly: Rgb) -> np.ndarray:
    """Light below, as most mammals are; a little unevenness keeps big surfaces alive."""
    down = np.clip(-normals[:, 2] * 1.3 - 0.25, 0, 1)[:, None] * (scaled[:, 2:] < 0.9)
    grain = 1 + 0.12 * (_hash(np.round(scaled * 60)) - 0.5)[:, :1]
    return (np.array(coat) * (1 - down) + np.array(belly) * down) * grain


def _plain(scaled: np.ndarray, normals: np.ndarray, coat: Rgb, accent: Rgb) -> np.ndarray:
    return _shaded(scaled, normals, coat, mix(coat, accent, 0.25))


def _tawny(scaled: np.ndarray, normals: np.ndarray, coat: Rgb, accent: Rgb) -> np.ndarray:
    return _shaded(scaled, normals, coat, mix(coat, _PALE, 0.55))


def _spots(scaled: np.ndarray, normals: np.ndarray, coat: Rgb, accent: Rgb) -> np.ndarray:
    base = _shaded(scaled, normals, coat, mix(coat, _PALE, 0.7))
    near, _, _ = cell_noise(scaled * [1, 1, 0.7], 19.0)
    marked = (near < 0.41) & (normals[:, 2] > -0.6)
    return np.where(marked[:, None], np.array(mix(accent, _DARK, 0.5)), base)


def _blotches(scaled: np.ndarray, normals: np.ndarray, coat: Rgb, accent: Rgb) -> np.ndarray:
    near, _, key = cell_noise(scaled * [1, 1.3, 0.7], 6.5)
    base = _shaded(scaled, normals, coat, coat)
    dark, white = (key > 0.45) & (near < 0.62), (key < 0.2) & (near < 0.5)
    marked = np.where(dark[:, None], np.array(_DARK), base)
    return np.where(white[:, None], np.array(mix(accent, _PALE, 0.5)), marked)


def _stripes(scaled: np.ndarray, normals: np.ndarray, coat: Rgb, accent: Rgb) -> np.ndarray:
    along, up = scaled[:, 0], scaled[:, 2]
    lean = np.where(along < -0.12, (up - 1.0) * 1.6 * np.clip((-along - 0.12) * 5, 0, 1), 0.0)
    trunk_wave = np.sin(2 * np.pi * (along * 13.0 + lean * 2.2) + 0.8 * np.sin(up * 9))
    leg_wave = np.sin(2 * np.pi * up * 13.0)
    leg = np.clip((0.56 - up) * 12, 0, 1)
    wave = trunk_wave * (1 - leg) + leg_wave * leg
    black = (wave > 0.05) & ((normals[:, 2] > -0.75) | (up < 0.5))
    return np.where(black[:, None], np.array(mix(accent, _DARK, 0.6)), _shaded(scaled, normals, coat, coat))


def _patches(scaled: np.ndarray, normals: np.ndarray, coat: Rgb, accent: Rgb) -> np.ndarray:
    near, second, key = cell_noise(scaled * [1, 1.2, 1.45], 7.0)
    seam = (second - near < 0.17) | (scaled[:, 2] < 0.34) | (normals[:, 2] < -0.7)
    brown = np.array(accent) * (0.75 + 0.5 * key[:, None])
    return np.where(seam[:, None], np.array(mix(coat, _PALE, 0.45)), brown)


def _flank_band(scaled: np.ndarray, normals: np.ndarray, coat: Rgb, accent: Rgb) -> np.ndarray:
    along, up = scaled[:, 0], scaled[:, 2]
    if sum(accent) > 3 * sum(coat):  # a pale fringe on a dark coat, as howlers have
        fringe = np.clip(1 - np.abs(up - 0.72) * 6, 0, 1) * (np.abs(along) < 0.34) * (np.abs(normals[:, 1]) > 0.3)
        return _shaded(scaled, normals, coat, coat) * (1 - fringe[:, None]) + np.array(accent) * fringe[:, None]
    body = (np.abs(along) < 0.36) & (up > 0.5)
    white = np.array((0.72, 0.68, 0.62))
    base = _shaded(scaled, normals, coat, coat)
    base = np.where((body & (up < 0.675))[:, None], white, base)
    band = (along > -0.26) & (along < 0.24) & (up > 0.655) & (up < 0.765) & (np.abs(normals[:, 1]) > 0.35)
    base = np.where(((along < -0.31) & (up > 0.55) & (up < 0.93))[:, None], white, base)
    return np.where(band[:, None], np.array(mix(accent, _DARK, 0.7)), base)


def _brindle(scaled: np.ndarray, normals: np.ndarray, coat: Rgb, accent: Rgb) -> np.ndarray:
    along, up = scaled[:, 0], scaled[:, 2]
    lines = (np.sin(2 * np.pi * along * 17) > 0.45) & (along > -0.02) & (up > 0.62) & (np.abs(normals[:, 1]) > 0.2)
    base = _shaded(scaled, normals, coat, coat)
    return np.where(lines[:, None], base * 0.45 + np.array(accent) * 0.2, base)


def _back_bands(scaled: np.ndarray, normals: np.ndarray, coat: Rgb, accent: Rgb) -> np.ndarray:
    base = _shaded(scaled, normals, coat, mix(coat, _PALE, 0.6))
    bands = (np.sin(2 * np.pi * scaled[:, 0] * 11) > 0.5) & (scaled[:, 0] < 0.12) & (normals[:, 2] > 0.1)
    return np.where(bands[:, None], np.array(mix(coat, accent, 0.7)), base)


def _wrinkled(scaled: np.ndarray, normals: np.ndarray, coat: Rgb, accent: Rgb) -> np.ndarray:
    base = _shaded(scaled, normals, coat, mix(coat, _DARK, 0.2))
    return base * (0.93 + 0.1 * np.sin(scaled[:, 2:] * 70 + 2 * np.sin(scaled[:, :1] * 31)))


def _countershaded(scaled: np.ndarray, normals: np.ndarray, coat: Rgb, accent: Rgb) -> np.ndarray:
    below = np.clip(0.12 - normals[:, 2] * 1.9, 0, 1)[:, None]
    grain = 1 + 0.10 * (_hash(np.round(scaled * 50)) - 0.5)[:, :1]
    return (np.array(coat) * (1 - below) + np.array(accent) * below) * grain


def _white_belly(scaled: np.ndarray, normals: np.ndarray, coat: Rgb, accent: Rgb) -> np.ndarray:
    breast = (scaled[:, 0] > 0.26) & (normals[:, 2] < 0.25) & (normals[:, 0] > -0.2) & (scaled[:, 2] < 0.95)
    below = (normals[:, 2] < -0.32) & (scaled[:, 2] > 0.22)
    base = _shaded(scaled, normals, coat, coat)
    return np.where((below | breast)[:, None], np.array(accent), base)


def _rosettes(scaled: np.ndarray, normals: np.ndarray, coat: Rgb, accent: Rgb) -> np.ndarray:
    near, _, key = cell_noise(scaled * [1, 1, 0.8], 10.5)
    ring = (near > 0.22) & (near < 0.45) & (normals[:, 2] > -0.6)
    base = _shaded(scaled, normals, coat, mix(coat, _PALE, 0.6))
    inner = ((near <= 0.22) & (normals[:, 2] > -0.6))[:, None]
    base = np.where(inner, base * (0.72 + 0.15 * key[:, None]), base)
    return np.where(ring[:, None], np.array(accent), base)


def _bib(scaled: np.ndarray, normals: np.ndarray, coat: Rgb, accent: Rgb) -> np.ndarray:
    front = (scaled[:, 0] > 0.24) & (normals[:, 2] < 0.45) & (scaled[:, 2] > 0.42)
    return np.where(front[:, None], np.array(accent), _shaded(scaled, normals, coat, mix(coat, _PALE, 0.35)))


def _mask(scaled: np.ndarray, normals: np.ndarray, coat: Rgb, accent: Rgb) -> np.ndarray:
    """Only hands and feet here: the mask itself belongs to the head (see ``ornaments``)."""
    feet = np.clip((0.30 - scaled[:, 2]) * 6, 0, 1)[:, None]
    base = _shaded(scaled, normals, coat, mix(coat, _PALE, 0.25))
    return base * (1 - 0.8 * feet) + np.array(accent) * 0.8 * feet


def _saddle(scaled: np.ndarray, normals: np.ndarray, coat: Rgb, accent: Rgb) -> np.ndarray:
    back = np.clip((normals[:, 2] - 0.15) * 3, 0, 1) * np.clip((0.34 - np.abs(scaled[:, 0] + 0.04)) * 9, 0, 1)
    share = (back * (scaled[:, 2] > 0.6))[:, None]
    return _shaded(scaled, normals, coat, mix(coat, _PALE, 0.2)) * (1 - share) + np.array(accent) * share


def _bars(scaled: np.ndarray, normals: np.ndarray, coat: Rgb, accent: Rgb, repeat: float) -> np.ndarray:
    """Bars across the body; a light bar on a bright coat has a dark edge, as clownfish have it."""
    wave = np.cos(2 * np.pi * repeat * (scaled[:, 0] - 0.27)) + 0.10 * np.sin(scaled[:, 2] * 23)
    width = 0.62 if repeat < 4 else 0.25
    base = _shaded(scaled, normals, coat, mix(coat, _PALE, 0.4))
    if repeat < 4:
        base = np.where((wave > width - 0.32)[:, None], np.array(_DARK), base)
    upper = normals[:, 2] > (-2.0 if repeat < 4 else -0.35)
    return np.where(((wave > width) & upper)[:, None], np.array(accent), base)


def _lines(scaled: np.ndarray, normals: np.ndarray, coat: Rgb, accent: Rgb, repeat: float) -> np.ndarray:
    line = (np.sin(2 * np.pi * repeat * scaled[:, 2]) > 0.35) & (scaled[:, 2] > 0.38) & (np.abs(normals[:, 1]) > 0.25)
    base = np.where((normals[:, 2] < -0.45)[:, None], np.array(_PALE), np.array(coat))
    return np.where(line[:, None], np.array(accent), base)


def _scales(scaled: np.ndarray, normals: np.ndarray, coat: Rgb, accent: Rgb, repeat: float) -> np.ndarray:
    near, second, key = cell_noise(scaled * [1, 1, 0.5], repeat)
    seam = (second - near < 0.16) & (normals[:, 2] > -0.7)
    plate = np.array(coat) * (0.75 + 0.5 * key[:, None])
    return np.where(seam[:, None], np.array(accent), plate)


def _in_rows(pattern: str, repeat: float) -> _Pick:
    return lambda scaled, normals, coat, accent: _ROWS[pattern](scaled, normals, coat, accent, repeat)


_ROWS: dict[str, Callable[[np.ndarray, np.ndarray, Rgb, Rgb, float], np.ndarray]] = {
    "bars": _bars,
    "lines": _lines,
    "scales": _scales,
}
PATTERNS: dict[str, _Pick] = {
    "plain": _plain,
    "tawny": _tawny,
    "spots": _spots,
    "blotches": _blotches,
    "stripes": _stripes,
    "patches": _patches,
    "flank_band": _flank_band,
    "brindle": _brindle,
    "back_bands": _back_bands,
    "wrinkled": _wrinkled,
    "countershaded": _countershaded,
    "rosettes": _rosettes,
    "bib": _bib,
    "mask": _mask,
    "saddle": _saddle,
    "bright_wings": _plain,
    "white_belly": _white_belly,
}
