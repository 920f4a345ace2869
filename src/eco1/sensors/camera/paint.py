"""The last pass: light, colour, depth, instance and flow of every pixel."""

import math

from eco1.core.senses import GROUND, ICE, SKY
from eco1.sensors.camera import light as at
from eco1.sensors.camera.air import ceiling, down_to, haze, mixed, open_water, sky, through_water
from eco1.sensors.camera.coat import cell, grain, marks, step
from eco1.sensors.camera.flow import flow_of
from eco1.sensors.camera.frame import Lens, Pictures, Shot, Work, ray, solid_at
from eco1.sensors.compiled import compiled, inlined
from eco1.sensors.scenery import col
from eco1.sensors.scenery.arrays import F32, U8
from eco1.sensors.scenery.bodies import Bodies, Shapes, turned_back
from eco1.sensors.scenery.heights import height_at, slope_at
from eco1.sensors.scenery.scenery import Scenery
from eco1.sensors.scenery.solids import normal_of

_BOUNCE = 0.16  # share of sun and sky that the ground throws back
_CAUSTICS = 1.1  # strength of the net of light on a shallow bed


@compiled
def paint(
    scenery: Scenery, shapes: Shapes, bodies: Bodies, lens: Lens, c: int, shot: Shot, work: Work, light: F32,
    curve: U8, pictures: Pictures,
):  # fmt: skip
    """Fill a band of the pictures of camera ``c``."""
    m = lens.moment[c]
    scale = light[at.EXPOSURE] * curve.shape[0] / at.BRIGHTEST
    last = curve.shape[0] - 1
    for row in range(shot.first, shot.last):
        line = row - shot.first
        for column in range(shot.width):
            dx, dy, dz = ray(shot, row, column)
            length = math.sqrt(dx * dx + dy * dy + dz * dz)
            what, t = work.what[line, column], work.t[line, column]
            x, y, z = shot.eye[0] + t * dx, shot.eye[1] + t * dy, shot.eye[2] + t * dz
            ux, uy, uz = dx / length, dy / length, dz / length
            away = t * length
            if what == SKY:
                red, green, blue = sky(scenery, light, ux, uy, uz) if not shot.wet else open_water(light, uz)
            else:
                red, green, blue = _seen(
                    scenery, shapes, bodies, m, shot, work, light, line, column, what, x, y, z, ux, uy, uz, length
                )
                if shot.wet:
                    red, green, blue = through_water(scenery, light, red, green, blue, away, uz)
                else:
                    red, green, blue = haze(scenery, light, red, green, blue, away)
            out = pictures.rgb[c, row, column]
            out[0] = curve[min(int(red * scale), last)]
            out[1] = curve[min(int(green * scale), last)]
            out[2] = curve[min(int(blue * scale), last)]
            pictures.depth[c, row, column] = away
            instance, part = what, -1
            if what >= 0:
                _, numbers = solid_at(scenery, work, what)
                instance, part = numbers[col.INSTANCE], numbers[col.PART]
            pictures.instance[c, row, column] = instance
            flow = flow_of(bodies, lens, c, m, instance, part, what, x, y, z, dx, dy, dz, shot.width, shot.height)
            pictures.flow[c, row, column, 0] = column + 0.5 - flow[0]
            pictures.flow[c, row, column, 1] = row + 0.5 - flow[1]


@inlined
def _seen(
    scenery: Scenery, shapes: Shapes, bodies: Bodies, m: int, shot: Shot, work: Work, light: F32, line: int,
    column: int, what: int, x: float, y: float, z: float, ux: float, uy: float, uz: float, length: float,
):  # fmt: skip
    pixel = work.t[line, column] / shot.focal
    if what >= 0:
        return solid_color(scenery, shapes, bodies, m, shot, work, light, what, x, y, z, pixel)
    if what == GROUND:
        return ground_color(scenery, shot, light, x, y, work.shadow[line, column], pixel, length)
    if what == ICE:
        return ice_color(scenery, light, x, y, work.shadow[line, column], pixel)
    if shot.wet:
        return ceiling(scenery, light, x, y, ux, uy, uz)
    below = work.under[line, column] - work.t[line, column]
    px, py, pz = x + ux * length * below, y + uy * length * below, z + uz * length * below
    if work.beneath[line, column] >= 0:
        under = solid_color(
            scenery, shapes, bodies, m, shot, work, light, work.beneath[line, column], px, py, pz, pixel
        )
    else:
        under = ground_color(scenery, shot, light, px, py, 0.0, pixel, length)
    return water_color(scenery, light, under, x, y, ux, uy, uz, below * length, work.t[line, column])


@compiled
def water_color(
    scenery: Scenery, light: F32, under: tuple[float, float, float], x: float, y: float, ux: float, uy: float,
    uz: float, deep: float, t: float,
):  # fmt: skip
    """Return the surface of water seen from the air: what lies beneath through the water, and a mirror of the sky.

    Schlick (1994), "An inexpensive BRDF model for physically-based rendering", DOI 10.1111/1467-8659.1330233.
    """
    time = light[at.TIME]
    wave = grain(scenery.smooth, 5.0 * x + 9.0 * time, 7.0 * y - 5.0 * time) - 0.5
    wave = (wave + grain(scenery.smooth, 23.0 * x - 13.0 * time, 19.0 * y + 17.0 * time) - 0.5) / (1.0 + 0.02 * t)
    slant = min(max(1.0 + uz - 0.25 * wave * uz, 0.0), 1.0)
    mirror = 0.02 + 0.98 * slant * slant * slant * slant * slant
    r, g, b = through_water(scenery, light, under[0], under[1], under[2], 1.6 * deep, -0.1)
    p, q, s = sky(scenery, light, ux, uy, min(-uz + 0.16 * wave + 0.02, 1.0))
    return mixed(r, g, b, p, q, s, mirror)


@compiled
def ground_color(
    scenery: Scenery, shot: Shot, light: F32, x: float, y: float, shadow: float, pixel: float, length: float
):  # fmt: skip
    """Return the lit ground at a place: its texture, finer grain nearby, snow, and light from above through water."""
    bed = scenery.bed
    count = scenery.texture.shape[0]
    per_m = count / ((bed.nodes.shape[0] - 1) * bed.cell)
    r, g, b, sunny = _texel(scenery.texture, (x - bed.origin) * per_m - 0.5, (y - bed.origin) * per_m - 0.5)
    fine = 1.0
    if pixel < 0.5:
        close = 1.0 / (1.0 + 6.0 * pixel)
        fine += 0.55 * close * (grain(scenery.smooth, 13.0 * x, 13.0 * y) - 0.5)
        if pixel < 0.04:
            fine += 0.6 * (1.0 - 25.0 * pixel) * (grain(scenery.smooth, 140.0 * x, 140.0 * y) - 0.5)
    r, g, b = r * fine, g * fine, b * fine
    if light[at.SNOW] > 0.0 and not shot.wet:
        drift = 0.6 * grain(scenery.smooth, 0.6 * x, 0.6 * y) + 0.4 * grain(scenery.smooth, 2.1 * x, 2.1 * y)
        bare = 1.0 - light[at.SNOW]
        white = 0.78 * (0.80 + 0.20 * fine)
        r, g, b = mixed(
            r, g, b, white, white * 1.01, white * 1.03, step(bare - 0.12, bare + 0.12, drift + 0.1 * (fine - 1.0))
        )
    sunny *= 1.0 - shadow
    if shot.wet or scenery.under_water:
        return _under_water(scenery, light, x, y, height_at(bed, x, y), r, g, b, sunny, 1.0)
    return (
        r * (light[at.SUN] * sunny + light[at.SKY]),
        g * (light[at.SUN + 1] * sunny + light[at.SKY + 1]),
        b * (light[at.SUN + 2] * sunny + light[at.SKY + 2]),
    )


@compiled
def ice_color(scenery: Scenery, light: F32, x: float, y: float, shadow: float, pixel: float):
    """Return the lit surface of frozen water: white with blue cracks."""
    crack = step(0.07, 0.02, cell(scenery.cells, 0.11 * x, 0.11 * y, 1))
    rough = 0.9 + 0.16 * grain(scenery.smooth, 3.0 * x, 3.0 * y)
    sunny = (1.0 - shadow) * scenery.sun[2]
    r, g, b = mixed(0.70 * rough, 0.80 * rough, 0.88 * rough, 0.20, 0.44, 0.60, 0.8 * crack / (1.0 + 4.0 * pixel))
    return (
        r * (light[at.SUN] * sunny + light[at.SKY]),
        g * (light[at.SUN + 1] * sunny + light[at.SKY + 1]),
        b * (light[at.SUN + 2] * sunny + light[at.SKY + 2]),
    )


@compiled
def solid_color(
    scenery: Scenery, shapes: Shapes, bodies: Bodies, m: int, shot: Shot, work: Work, light: F32, index: int, x: float,
    y: float, z: float, pixel: float,
):  # fmt: skip
    """Return the lit colour of a solid at a point of its surface."""
    solid, numbers = solid_at(scenery, work, index)
    nx, ny, nz = normal_of(solid, numbers[col.KIND], x, y, z)
    px, py, pz, qx, qy, qz = x, y, z, nx, ny, nz
    paint_row = scenery.colors[numbers[col.COLORS]]
    if numbers[col.PART] >= 0:
        paint_row = shapes.colors[numbers[col.COLORS]]
        n, part = numbers[col.INSTANCE], numbers[col.PART]
        rotation, at_m, scale = bodies.rotation[m, n, part], bodies.position[m, n, part], bodies.scale[m, n, part]
        px, py, pz = turned_back(rotation, (x - at_m[0]) / scale, (y - at_m[1]) / scale, (z - at_m[2]) / scale)
        qx, qy, qz = turned_back(rotation, nx, ny, nz)
    share, white, tone = marks(
        int(paint_row[col.PATTERN]), scenery.smooth, scenery.cells,
        (px + paint_row[col.REST]) * paint_row[col.PER_M], (py + paint_row[col.REST + 1]) * paint_row[col.PER_M + 1],
        (pz + paint_row[col.REST + 2]) * paint_row[col.PER_M + 2], qx, qy, qz,
    )  # fmt: skip
    r, g, b = mixed(
        paint_row[col.COAT], paint_row[col.COAT + 1], paint_row[col.COAT + 2],
        paint_row[col.ACCENT], paint_row[col.ACCENT + 1], paint_row[col.ACCENT + 2], share,
    )  # fmt: skip
    r, g, b = mixed(r * tone, g * tone, b * tone, 0.70, 0.66, 0.60, white)
    facing = nx * scenery.sun[0] + ny * scenery.sun[1] + nz * scenery.sun[2]
    sunny = max(0.0, (facing + 0.15) / 1.15)
    if numbers[col.PART] >= 0:
        sunny *= _sun_past_plants(scenery, x, y, z)
    if shot.wet or scenery.under_water:
        return _under_water(scenery, light, x, y, z, r, g, b, sunny, nz)
    above, bounce = 0.5 + 0.5 * nz, _BOUNCE * (0.5 - 0.5 * nz)
    return (
        r * (light[at.SUN] * (sunny + bounce) + light[at.SKY] * (above + bounce)),
        g * (light[at.SUN + 1] * (sunny + bounce) + light[at.SKY + 1] * (above + bounce)),
        b * (light[at.SUN + 2] * (sunny + bounce) + light[at.SKY + 2] * (above + bounce)),
    )


@compiled
def _sun_past_plants(scenery: Scenery, x: float, y: float, z: float):
    """Return the share of sun on an animal: that of the ground in the same beam of light."""
    bed = scenery.bed
    fall = max(z - height_at(bed, x, y), 0.0) / scenery.sun[2]
    x, y = x - scenery.sun[0] * fall, y - scenery.sun[1] * fall
    east, north = slope_at(bed, x, y)
    facing = scenery.sun[2] - east * scenery.sun[0] - north * scenery.sun[1]
    count = scenery.texture.shape[0]
    per_m = count / ((bed.nodes.shape[0] - 1) * bed.cell)
    c = min(max(int((x - bed.origin) * per_m), 0), count - 1)
    r = min(max(int((y - bed.origin) * per_m), 0), count - 1)
    return min(scenery.texture[r, c, 3] / (255.0 * max(facing, 0.1)), 1.0)


@compiled
def _under_water(
    scenery: Scenery, light: F32, x: float, y: float, z: float, r: float, g: float, b: float, sunny: float, nz: float
):  # fmt: skip
    """Light a surface below the water: bluer with depth, with the net of light that waves throw on what faces up."""
    deep = max(height_at(scenery.surface, x, y) - z, 0.0)
    p, q, s = down_to(scenery, deep)
    time = light[at.TIME]
    if sunny * nz > 0.1:
        one = cell(scenery.cells, 0.9 * x + 0.25 * time, 0.9 * y - 0.15 * time, 1)
        two = cell(scenery.cells, 0.7 * x - 0.2 * time + 4.3, 0.7 * y + 0.25 * time, 1)
        net = step(0.18, 0.0, min(one, two)) * math.exp(-0.06 * deep)
        sunny *= 0.8 + _CAUSTICS * net * nz
    above = 0.6 + 0.4 * nz
    return (
        r * p * (light[at.SUN] * sunny + light[at.SKY] * above),
        g * q * (light[at.SUN + 1] * sunny + light[at.SKY + 1] * above),
        b * s * (light[at.SUN + 2] * sunny + light[at.SKY + 2] * above),
    )


@inlined
def _texel(texture: U8, u: float, v: float):
    """Return colour (linear light) and share of sun, bilinear."""
    last = texture.shape[0] - 1
    u, v = min(max(u, 0.0), last - 0.001), min(max(v, 0.0), last - 0.001)
    i, j = int(u), int(v)
    a, b = u - i, v - j
    p, q, r, s = texture[j, i], texture[j, i + 1], texture[j + 1, i], texture[j + 1, i + 1]
    w, x, y, z = (1.0 - a) * (1.0 - b), a * (1.0 - b), (1.0 - a) * b, a * b
    red = (p[0] * w + q[0] * x + r[0] * y + s[0] * z) / 255.0
    green = (p[1] * w + q[1] * x + r[1] * y + s[1] * z) / 255.0
    blue = (p[2] * w + q[2] * x + r[2] * y + s[2] * z) / 255.0
    return red * red, green * green, blue * blue, (p[3] * w + q[3] * x + r[3] * y + s[3] * z) / 255.0
