"""The walls around tracked animals, and how far and where the nearest one is."""

import numpy as np
from jaxtyping import Float32, Float64

#: A border whose points all lie this close to one circle (share of its radius) was a round tank.
_ROUND = 0.02
#: Corners that stand for a circle: the outline is at most 0.03 % of the radius inside it.
_CIRCLE_CORNERS = 128


def border_outline(points: Float64[np.ndarray, "k 2"]) -> Float64[np.ndarray, "m 2"]:
    """Return the outline through points along the wall: a circle when they lie on one, else their polygon.

    The circle is the algebraic least-squares fit of Kasa (1976), DOI 10.1109/TIM.1976.6312298.
    """
    matrix = np.column_stack([2 * points, np.ones(len(points))])
    solution, *_ = np.linalg.lstsq(matrix, (points**2).sum(1), rcond=None)
    centre = solution[:2]
    radius = float(np.sqrt(max(solution[2] + centre @ centre, 0.0)))
    off = np.abs(np.linalg.norm(points - centre, axis=1) - radius).max()
    if len(points) <= 4 or off > _ROUND * radius:
        return points
    angle = np.linspace(0, 2 * np.pi, _CIRCLE_CORNERS, endpoint=False)
    return centre + radius * np.column_stack([np.cos(angle), np.sin(angle)])


def box_outline(x_low: float, y_low: float, x_high: float, y_high: float) -> Float64[np.ndarray, "4 2"]:
    """Return the corners of a rectangular tank."""
    return np.array([[x_low, y_low], [x_high, y_low], [x_high, y_high], [x_low, y_high]], np.float64)


def hull_outline(points: Float64[np.ndarray, "k 2"]) -> Float64[np.ndarray, "m 2"]:
    """Return the convex hull, counter-clockwise.

    Monotone chain: Andrew (1979), DOI 10.1016/0020-0190(79)90072-3.
    """
    ordered = [(float(x), float(y)) for x, y in np.unique(points, axis=0)]
    lower, upper = _chain(ordered), _chain(ordered[::-1])
    return np.array(lower[:-1] + upper[:-1] if len(ordered) > 1 else ordered, np.float64).reshape(-1, 2)


def nearest_wall(
    position: Float64[np.ndarray, "*b 2"], outline: Float64[np.ndarray, "m 2"]
) -> Float32[np.ndarray, "*b 2"]:
    """Return the offset from each position to the nearest point of the closed outline."""
    best = np.full(position.shape, np.inf)
    for start, end in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        side = end - start
        share = ((position - start) @ side) / max(float(side @ side), np.finfo(float).tiny)
        offset = start + np.clip(share, 0, 1)[..., None] * side - position
        closer = (offset**2).sum(-1) < (best**2).sum(-1)
        best = np.where(closer[..., None], offset, best)
    return best.astype(np.float32)


def _chain(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    chain: list[tuple[float, float]] = []
    for point in points:
        while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
