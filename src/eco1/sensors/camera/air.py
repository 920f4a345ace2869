"""What is seen through air and water: the sky, and how distance and depth colour everything."""

import math

from eco1.sensors.camera import light as at
from eco1.sensors.camera.coat import grain, step
from eco1.sensors.compiled import compiled, inlined
from eco1.sensors.scenery import scenery as tones
from eco1.sensors.scenery.arrays import F32
from eco1.sensors.scenery.scenery import Scenery

#: Light from above fades about this much slower with depth than a beam of sight with distance: by eye.
_DOWNWARD = 0.16
_AIR_TO_WATER = 1.33  # index of refraction


@inlined
def mixed(a: float, b: float, c: float, p: float, q: float, r: float, share: float):
    """Return one colour moved towards another."""
    return a + (p - a) * share, b + (q - b) * share, c + (r - c) * share


@compiled
def sky(scenery: Scenery, light: F32, dx: float, dy: float, dz: float):
    """Return the colour of the sky in a direction of unit length: haze low, blue high, thin clouds, a far skyline."""
    up = max(dz, 0.0)
    fade = math.exp(-5.5 * up)
    r, g, b = mixed(
        light[at.ZENITH], light[at.ZENITH + 1], light[at.ZENITH + 2],
        light[at.HAZE], light[at.HAZE + 1], light[at.HAZE + 2], fade,
    )  # fmt: skip
    if up > 0.03:
        cover = grain(scenery.smooth, 20.0 * dx / up + 7.0, 20.0 * dy / up)
        cloud = 0.75 * step(0.55, 0.95, cover) * step(0.03, 0.2, up)
        bright = light[at.SKY + 2] * 0.95
        r, g, b = mixed(r, g, b, bright, bright, bright, cloud)
    toward = dx * scenery.sun[0] + dy * scenery.sun[1] + dz * scenery.sun[2]
    if toward > 0.9:
        glow = 0.12 * step(0.9, 1.0, toward) + 1.2 * step(0.9985, 0.9995, toward)
        r, g, b = r + glow * light[at.SUN], g + glow * light[at.SUN + 1], b + glow * light[at.SUN + 2]
    if up < scenery.skyline:
        azimuth = math.atan2(dy, dx)
        top = scenery.skyline * (0.35 + 0.65 * grain(scenery.smooth, 40.743665 * azimuth, 3.0))  # 256 texels around
        if up < top:
            r, g, b = mixed(
                r, g, b, light[at.SKYLINE], light[at.SKYLINE + 1], light[at.SKYLINE + 2], step(top, 0.85 * top, up)
            )
    return r, g, b


@compiled
def haze(scenery: Scenery, light: F32, r: float, g: float, b: float, away: float):
    """Return a colour seen through so many metres of air."""
    fading = scenery.tones[tones.AIR_FADING, 0]
    return mixed(r, g, b, light[at.HAZE], light[at.HAZE + 1], light[at.HAZE + 2], 1.0 - math.exp(-fading * away))


@compiled
def open_water(light: F32, dz: float):
    """Return the colour of water without end in a direction: light from above, dark below."""
    bright = 0.62 + 0.50 * dz + 0.35 * max(dz, 0.0) * max(dz, 0.0)
    return bright * light[at.WATER], bright * light[at.WATER + 1], bright * light[at.WATER + 2]


@compiled
def through_water(scenery: Scenery, light: F32, r: float, g: float, b: float, away: float, dz: float):
    """Return a colour seen through so many metres of water, looking in a direction."""
    fading = scenery.tones[tones.WATER_FADING]
    p, q, s = open_water(light, dz)
    return (
        p + (r - p) * math.exp(-fading[0] * away),
        q + (g - q) * math.exp(-fading[1] * away),
        s + (b - s) * math.exp(-fading[2] * away),
    )


@compiled
def down_to(scenery: Scenery, deep: float):
    """Return the shares of red, green and blue light that reach a depth."""
    fading = scenery.tones[tones.WATER_FADING]
    return (
        math.exp(-_DOWNWARD * fading[0] * deep), math.exp(-_DOWNWARD * fading[1] * deep),
        math.exp(-_DOWNWARD * fading[2] * deep),
    )  # fmt: skip


@compiled
def ceiling(scenery: Scenery, light: F32, x: float, y: float, dx: float, dy: float, dz: float):
    """Return the water's surface seen from below: the sky within a window, beyond its rim a mirror of the deep.

    Snell's law: the window ends where the sine of the angle from the vertical is 1 / 1.33.
    """
    time = light[at.TIME]
    wave = grain(scenery.smooth, 3.1 * x + 9.0 * time, 2.7 * y - 6.0 * time) - 0.5
    ripple = grain(scenery.smooth, 11.0 * x - 17.0 * time, 12.0 * y + 13.0 * time) - 0.5
    sine = _AIR_TO_WATER * math.sqrt(max(1.0 - dz * dz, 0.0)) + 0.22 * wave + 0.12 * ripple
    r, g, b = open_water(light, 0.15 + 0.5 * wave)
    if sine < 1.0:
        p, q, s = sky(scenery, light, dx * _AIR_TO_WATER, dy * _AIR_TO_WATER, math.sqrt(max(1.0 - sine * sine, 0.0)))
        r, g, b = mixed(r, g, b, 0.8 * p, 0.95 * q, s, step(1.0, 0.9, sine))
    return r, g, b
