"""Where in the picture the same point of a surface was a frame before."""

import math

from eco1.core.senses import SKY
from eco1.sensors.camera.frame import Lens, in_camera
from eco1.sensors.compiled import compiled
from eco1.sensors.scenery.bodies import Bodies, turned, turned_back

_NEAREST_M = 1e-3


@compiled
def flow_of(
    bodies: Bodies, lens: Lens, c: int, m: int, n: int, part: int, what: int, x: float, y: float, z: float, dx: float,
    dy: float, dz: float, width: int, height: int,
):  # fmt: skip
    """Return the column and row (pixels, NaN behind the camera) at which a point stood in the frame before.

    The point is on ``part`` of animal ``n``; part -1 is of what stands still. Bodies move with their parts, everything
    else stands still; the sky is infinitely far away. Those who were not there before count as standing still.
    """
    if part >= 0 and bodies.known[m, n] != 0 and bodies.before_scale[m, n, part] > 0.0:
        now, scale = bodies.position[m, n, part], bodies.scale[m, n, part]
        px, py, pz = turned_back(
            bodies.rotation[m, n, part], (x - now[0]) / scale, (y - now[1]) / scale, (z - now[2]) / scale
        )
        px, py, pz = turned(bodies.before_rotation[m, n, part], px, py, pz)
        then, scale = bodies.before_position[m, n, part], bodies.before_scale[m, n, part]
        x, y, z = then[0] + scale * px, then[1] + scale * py, then[2] + scale * pz
    eye = lens.before_eye[c]
    if what == SKY:
        right, up, ahead = in_camera(lens.before_axes[c], dx, dy, dz)
    else:
        right, up, ahead = in_camera(lens.before_axes[c], x - eye[0], y - eye[1], z - eye[2])
    if ahead < _NEAREST_M:
        return math.nan, math.nan
    focal = lens.before_focal[c]
    return 0.5 * width + focal * right / ahead, 0.5 * height - focal * up / ahead
