"""A pinhole camera in world axes (x east, y north, z up)."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32


@dataclass(frozen=True, kw_only=True)
class Camera:
    """Where the camera is and what it looks at. ``field_of_view_rad`` is vertical.

    ``clear_m`` is how wide the sight to the target is kept free of leaves and grass; 0 leaves everything standing.
    """

    eye_m: Float32[np.ndarray, " 3"]
    target_m: Float32[np.ndarray, " 3"]
    field_of_view_rad: float = 0.6
    clear_m: float = 0.0

    @property
    def axes(self) -> Float32[np.ndarray, "3 3"]:
        """Right, down and forward as rows."""
        forward = (self.target_m - self.eye_m).astype(float)
        forward /= max(float(np.linalg.norm(forward)), 1e-9)
        right = np.cross(forward, [0.0, 0.0, 1.0])
        right /= max(float(np.linalg.norm(right)), 1e-9)
        return np.stack([right, np.cross(forward, right), forward]).astype(np.float32)

    def focal_px(self, height_px: int) -> float:
        """Return the focal length in pixels for an image of the given height."""
        return float(height_px / 2 / np.tan(self.field_of_view_rad / 2))

    def project(
        self, points_m: Float32[np.ndarray, "n 3"], width_px: int, height_px: int
    ) -> Float32[np.ndarray, "n 3"]:
        """Return column, row (pixels) and depth (m) of points; behind the camera the depth is negative."""
        seen = (points_m - self.eye_m) @ self.axes.T
        depth = np.where(np.abs(seen[:, 2]) < 1e-6, 1e-6, seen[:, 2])
        focal = self.focal_px(height_px)
        column = width_px / 2 + focal * seen[:, 0] / depth
        row = height_px / 2 + focal * seen[:, 1] / depth
        return np.stack([column, row, seen[:, 2]], 1).astype(np.float32)
