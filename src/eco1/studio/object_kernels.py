"""Many copies of few meshes: animals' parts, trees, grass. Compiled by Numba."""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from eco1.studio.triangle_kernels import Floats, fill_lit, fill_mask

_NEAR_M = 0.02  # close enough for an ant
Ints = NDArray[np.int32]


@njit(cache=True, inline="always")
def _outside(
    center: Floats, radius: float, eye: Floats, axes: Floats, focal: float, half_w: float, half_h: float
) -> bool:
    a, b, c = center[0] - eye[0], center[1] - eye[1], center[2] - eye[2]
    forward = axes[2, 0] * a + axes[2, 1] * b + axes[2, 2] * c
    if forward + radius < _NEAR_M:
        return True
    right = abs(axes[0, 0] * a + axes[0, 1] * b + axes[0, 2] * c)
    down = abs(axes[1, 0] * a + axes[1, 1] * b + axes[1, 2] * c)
    margin_w, margin_h = math.sqrt(1 + (half_w / focal) ** 2), math.sqrt(1 + (half_h / focal) ** 2)
    return right > forward * half_w / focal + radius * margin_w or down > forward * half_h / focal + radius * margin_h


@njit(cache=True, fastmath=True)
def draw_objects(
    vertices: Floats, normals: Floats, faces: Ints, colors: Floats, vertex_start: Ints, face_start: Ints,
    radius: Floats, two_sided: NDArray[np.bool_], mesh: Ints, rotation: Floats, position: Floats, scale: Floats,
    tint: Floats, sunlit: Floats, glow: Floats, eye: Floats, axes: Floats, focal: float, sun: Floats, sun_rgb: Floats,
    sky_rgb: Floats, bounce_rgb: Floats, haze: Floats, haze_per_m: Floats, depth: Floats, out: NDArray[np.uint32],
) -> None:  # fmt: skip
    """Draw every instance whose bounding sphere is in view, lit by the sun, the sky above and the ground below.

    Light fades over a distance by ``haze_per_m`` of each channel (Bouguer's law) and ``haze`` takes its place.
    """
    half_w, half_h = depth.shape[1] / 2, depth.shape[0] / 2
    most = 0
    for m in range(len(vertex_start) - 1):
        most = max(most, vertex_start[m + 1] - vertex_start[m])
    screen, light = np.empty((most, 3), np.float32), np.empty((most, 3), np.float32)
    x, y, inverse = np.empty(3, np.float32), np.empty(3, np.float32), np.empty(3, np.float32)
    corner_light, color, veil = np.empty((3, 3), np.float32), np.empty(3, np.float32), np.empty(3, np.float32)
    clear = np.empty(3, np.float32)
    for i in range(len(mesh)):
        m, s = mesh[i], scale[i]
        if s < 1e-3 or _outside(position[i], radius[m] * s, eye, axes, focal, half_w, half_h):
            continue
        away = math.sqrt(
            (position[i, 0] - eye[0]) ** 2 + (position[i, 1] - eye[1]) ** 2 + (position[i, 2] - eye[2]) ** 2
        )
        if radius[m] * s * focal < 0.35 * away:
            continue
        for channel in range(3):
            clear[channel] = math.exp(-away * haze_per_m[channel])
            veil[channel] = haze[channel] * (1.0 - clear[channel])
        if clear[1] < 0.004:
            continue
        start, r = vertex_start[m], rotation[i]
        for v in range(vertex_start[m + 1] - start):
            p, n = vertices[start + v], normals[start + v]
            a = position[i, 0] + s * (r[0, 0] * p[0] + r[0, 1] * p[1] + r[0, 2] * p[2]) - eye[0]
            b = position[i, 1] + s * (r[1, 0] * p[0] + r[1, 1] * p[1] + r[1, 2] * p[2]) - eye[1]
            c = position[i, 2] + s * (r[2, 0] * p[0] + r[2, 1] * p[1] + r[2, 2] * p[2]) - eye[2]
            forward = axes[2, 0] * a + axes[2, 1] * b + axes[2, 2] * c
            screen[v, 2] = 1.0 / forward if forward > _NEAR_M else -1.0
            screen[v, 0] = half_w + focal * (axes[0, 0] * a + axes[0, 1] * b + axes[0, 2] * c) * screen[v, 2]
            screen[v, 1] = half_h + focal * (axes[1, 0] * a + axes[1, 1] * b + axes[1, 2] * c) * screen[v, 2]
            nx = r[0, 0] * n[0] + r[0, 1] * n[1] + r[0, 2] * n[2]
            ny = r[1, 0] * n[0] + r[1, 1] * n[1] + r[1, 2] * n[2]
            nz = r[2, 0] * n[0] + r[2, 1] * n[1] + r[2, 2] * n[2]
            facing = nx * sun[0] + ny * sun[1] + nz * sun[2]
            if two_sided[m]:
                facing = 0.55 + 0.25 * facing
            wrapped = max(0.0, (facing + 0.12) / 1.12) * sunlit[i]
            above = 0.5 + 0.5 * nz
            for k in range(3):
                light[v, k] = sun_rgb[k] * wrapped + sky_rgb[k] * above + bounce_rgb[k] * (1.0 - above) + glow[i]
        for f in range(face_start[m], face_start[m + 1]):
            ok = True
            for k in range(3):
                v = faces[f, k]
                x[k], y[k], inverse[k] = screen[v, 0], screen[v, 1], screen[v, 2]
                ok = ok and inverse[k] > 0
            area = (x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0])
            if not ok or (area >= 0 and not two_sided[m]):
                continue
            for channel in range(3):
                color[channel] = colors[f, channel] * tint[i, channel] * clear[channel]
                for k in range(3):
                    corner_light[k, channel] = light[faces[f, k], channel]
            fill_lit(x, y, inverse, corner_light, color, veil, depth, out)


@njit(cache=True)
def draw_shadows(
    vertices: Floats, faces: Ints, vertex_start: Ints, face_start: Ints, radius: Floats, mesh: Ints, rotation: Floats,
    position: Floats, scale: Floats, foot: Floats, slope: Floats, strength: NDArray[np.uint8],
    eye: Floats, axes: Floats, focal: float, sun: Floats, depth: Floats, mask: NDArray[np.uint8],
) -> None:  # fmt: skip
    """Cast instances along the sun onto the plane through their ``foot`` (I, 3) with the ground's ``slope`` (I, 2)."""
    half_w, half_h = depth.shape[1] / 2, depth.shape[0] / 2
    most = 0
    for m in range(len(vertex_start) - 1):
        most = max(most, vertex_start[m + 1] - vertex_start[m])
    screen = np.empty((most, 3), np.float32)
    x, y, inverse = np.empty(3, np.float32), np.empty(3, np.float32), np.empty(3, np.float32)
    for i in range(len(mesh)):
        m, s = mesh[i], scale[i]
        fall = sun[2] - slope[i, 0] * sun[0] - slope[i, 1] * sun[1]
        if s < 1e-3 or strength[i] == 0 or fall < 0.05:
            continue
        above = max(0.0, position[i, 2] - foot[i, 2])
        if _outside(foot[i], (radius[m] * s + above) / fall + 1.0, eye, axes, focal, half_w, half_h):
            continue
        start, r = vertex_start[m], rotation[i]
        for v in range(vertex_start[m + 1] - start):
            p = vertices[start + v]
            a = position[i, 0] + s * (r[0, 0] * p[0] + r[0, 1] * p[1] + r[0, 2] * p[2])
            b = position[i, 1] + s * (r[1, 0] * p[0] + r[1, 1] * p[1] + r[1, 2] * p[2])
            c = position[i, 2] + s * (r[2, 0] * p[0] + r[2, 1] * p[1] + r[2, 2] * p[2])
            over = c - foot[i, 2] - slope[i, 0] * (a - foot[i, 0]) - slope[i, 1] * (b - foot[i, 1])
            step = max(over, 0.0) / fall
            a, b, c = a - sun[0] * step - eye[0], b - sun[1] * step - eye[1], c - sun[2] * step - eye[2]
            forward = axes[2, 0] * a + axes[2, 1] * b + axes[2, 2] * c
            screen[v, 2] = 1.0 / forward if forward > _NEAR_M else -1.0
            screen[v, 0] = half_w + focal * (axes[0, 0] * a + axes[0, 1] * b + axes[0, 2] * c) * screen[v, 2]
            screen[v, 1] = half_h + focal * (axes[1, 0] * a + axes[1, 1] * b + axes[1, 2] * c) * screen[v, 2]
        for f in range(face_start[m], face_start[m + 1]):
            for k in range(3):
                v = faces[f, k]
                x[k], y[k], inverse[k] = screen[v, 0], screen[v, 1], screen[v, 2]
            if min(inverse[0], inverse[1], inverse[2]) > 0:
                fill_mask(x, y, inverse, 1.06, depth, mask, strength[i])


@njit(cache=True, fastmath=True, nogil=True)
def compose(
    background: Floats, ground_depth: Floats, depth: Floats, packed: NDArray[np.uint32], vignette: Floats,
    exposure: float, curve: NDArray[np.uint8], out: NDArray[np.uint8], first: int, last_row: int,
) -> None:  # fmt: skip
    """Average 2x2 object samples over the background, expose and look up the tone curve, rows [first, last_row)."""
    width = ground_depth.shape[1]
    last = len(curve) - 1
    for row in range(first, last_row):
        for column in range(width):
            here, total = ground_depth[row, column], 0
            red, green, blue = 0.0, 0.0, 0.0
            for sub in range(4):
                j, i = 2 * row + (sub >> 1), 2 * column + (sub & 1)
                if depth[j, i] > here:
                    word = packed[j, i]
                    r = float((word >> np.uint32(20)) & np.uint32(1023))
                    g = float((word >> np.uint32(10)) & np.uint32(1023))
                    b = float(word & np.uint32(1023))
                    red, green, blue = red + r * r, green + g * g, blue + b * b
                    total += 1
            rest = (4 - total) * 0.25
            unit = 0.25 / (511.0 * 511.0)
            gain = exposure * vignette[row, column] * last / 4.0
            out[row, column, 0] = curve[min(last, int((red * unit + background[row, column, 0] * rest) * gain))]
            out[row, column, 1] = curve[min(last, int((green * unit + background[row, column, 1] * rest) * gain))]
            out[row, column, 2] = curve[min(last, int((blue * unit + background[row, column, 2] * rest) * gain))]
