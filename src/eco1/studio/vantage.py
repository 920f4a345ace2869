"""Where a camera may stand: under water below the surface, in a city outside the houses, never in the ground."""

import numpy as np
from jaxtyping import Float

from eco1.studio.camera import Camera
from eco1.studio.terrain import Terrain

_FULL_SIZE_M = 0.22  # of a subject: for smaller ones the camera comes closer and lower
_OVER_GROUND_M, _UNDER_SURFACE_M, _FROM_WALL_M = 0.55, 0.5, 0.6
_SMALL_M, _CLEAR = 0.15, 1.5  # subjects that grass hides; how wide the sight to a subject is kept, in its size
_STEPS = 24
_CLOSEST_M = 0.3  # nearer than that a wall leaves no room for a camera


def smallness(size_m: float) -> float:
    """Return the factor, at most 1, by which a camera comes closer to a subject of this size."""
    return min(1.0, size_m / _FULL_SIZE_M)


def standing_place(
    eye_m: Float[np.ndarray, " 3"], point_m: Float[np.ndarray, " 3"], size_m: float, terrain: Terrain
) -> Float[np.ndarray, " 3"]:
    """Return the nearest allowed place to ``eye_m`` for a camera that looks at a subject at ``point_m``."""
    eye = eye_m.astype(float)
    if terrain.roof_m is not None:
        eye[:2] = _before_walls(eye, point_m, terrain)
    small = smallness(size_m)
    eye[2] = max(eye[2], float(terrain.height_at(eye[:2])) + _OVER_GROUND_M * small)
    if terrain.surface_m is not None:
        eye[2] = min(eye[2], terrain.surface_m - _UNDER_SURFACE_M)
    return eye


def _before_walls(eye: np.ndarray, point: np.ndarray, terrain: Terrain) -> Float[np.ndarray, " 2"]:
    """As far back from the subject as no wall stands; on its other side where it hugs the wall behind the camera."""
    away = eye[:2] - point[:2]
    free = _free_share(eye, point, terrain)
    if free * float(np.linalg.norm(away)) < _CLOSEST_M:
        behind = np.append(point[:2] - away, eye[2])
        return point[:2] - away * _free_share(behind, point, terrain)
    return point[:2] + away * free


def _free_share(eye: np.ndarray, point: np.ndarray, terrain: Terrain) -> float:
    """How far one can step back from the subject before a wall; all the way where the subject sits on a roof."""
    share = np.linspace(0, 1, _STEPS)[:, None]
    line = point + (eye - point) * share
    walls = terrain.roof_at(line[:, :2]) > line[:, 2]
    if not walls.any() or walls[0]:
        return 1.0
    reach = float(np.linalg.norm(eye[:2] - point[:2]))
    return max(0.0, float(share[int(np.argmax(walls)), 0]) - 1 / _STEPS - _FROM_WALL_M / max(reach, 1e-6))


def looking(eye_m: np.ndarray, target_m: np.ndarray, field_rad: float, size_m: float, terrain: Terrain) -> Camera:
    """Return the camera; in a forest, and for small animals in grass, the sight to the subject is kept clear."""
    hidden = terrain.leafy or size_m < _SMALL_M
    return Camera(
        eye_m=eye_m.astype(np.float32),
        target_m=target_m.astype(np.float32),
        field_of_view_rad=field_rad,
        clear_m=_CLEAR * size_m if hidden else 0.0,
    )


def blocked(line_m: Float[np.ndarray, "s 3"], terrain: Terrain) -> bool:
    """Return whether a house stands in a line of sight."""
    return bool((terrain.roof_at(line_m[:, :2]) > line_m[:, 2]).any())
