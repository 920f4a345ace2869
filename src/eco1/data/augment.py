"""Mirror and turn a scene: the laws of behaviour know no north and no left."""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float32

from eco1.core.records import SURROUNDINGS, Action, Observation

#: Columns of x and of y of every vector among the surroundings.
_X = [index for index, name in enumerate(SURROUNDINGS) if name.endswith(("_x_m", "slope_x", "_x_mps"))]
_Y = [index for index, name in enumerate(SURROUNDINGS) if name.endswith(("_y_m", "slope_y", "_y_mps"))]


@dataclass(frozen=True, kw_only=True)
class Augmentation:
    """Which symmetries a sampler draws from."""

    mirror: bool = True
    rotate: bool = True


def transform(seen: Observation, turn_rad: Float32[np.ndarray, "*c"], mirrored: Bool[np.ndarray, "*c"]) -> Observation:
    """Return scenes first mirrored (y to -y) where wanted, then turned about the z axis through the origin.

    Args:
        seen: scenes (*c, ..., N), for instance clips (B, T, N).
        turn_rad: angle of each scene, counter-clockwise.
        mirrored: whether each scene is mirrored.
    """
    turn, sign = _spread_out(turn_rad, mirrored, seen.alive.ndim)
    heading = seen.heading_rad * sign + turn
    return replace(
        seen,
        position_m=_turned(seen.position_m, [0], [1], turn, sign),
        velocity_mps=_turned(seen.velocity_mps, [0], [1], turn, sign),
        heading_rad=np.arctan2(np.sin(heading), np.cos(heading)),
        surroundings=_turned(seen.surroundings, _X, _Y, turn, sign),
    )


def transform_action(told: Action, turn_rad: Float32[np.ndarray, "*c"], mirrored: Bool[np.ndarray, "*c"]) -> Action:
    """Return what was told in scenes that were transformed likewise."""
    turn, sign = _spread_out(turn_rad, mirrored, told.controlled.ndim)
    return replace(told, velocity_mps=_turned(told.velocity_mps, [0], [1], turn, sign))


def _spread_out(turn_rad: np.ndarray, mirrored: np.ndarray, axes: int) -> tuple[np.ndarray, np.ndarray]:
    """Return angle and sign of y with as many axes as the scenes have."""
    shape = turn_rad.shape + (1,) * (axes - turn_rad.ndim)
    return turn_rad.reshape(shape), np.where(mirrored, -1, 1).astype(np.float32).reshape(shape)


def _turned(
    vectors: np.ndarray, columns_x: list[int], columns_y: list[int], turn: np.ndarray, sign: np.ndarray
) -> np.ndarray:
    cos, sin = np.cos(turn), np.sin(turn)
    turned = vectors.copy()
    x, y = vectors[..., columns_x], vectors[..., columns_y] * sign[..., None]
    turned[..., columns_x] = x * cos[..., None] - y * sin[..., None]
    turned[..., columns_y] = x * sin[..., None] + y * cos[..., None]
    return turned
