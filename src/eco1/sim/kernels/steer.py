"""Steering: the path of a behaviour blended with the herd, kept off water and borders."""

import math

from eco1.sim import behaviors as b
from eco1.sim.compiled import inlined
from eco1.sim.fields import F32, I32, col, layer, trait
from eco1.sim.ground import WADE_DEPTH_M, Conditions, Ground
from eco1.sim.kernels.levels import wished_height
from eco1.sim.kernels.media import is_frozen, leap, stops
from eco1.sim.kernels.paths import path
from eco1.sim.kernels.places import at
from eco1.sim.laws import herding, movement

_BORDER_M, _BORDER_SHARE = 22.0, 0.03  # from the border of the world it turns away: the smaller of m and share
_INTENTION_GAIT = 0.4
_TOE_M = 0.6  # right before it: corners are thin
_WHISKERS, _WHISKER_RAD = 9, 0.4  # directions tried around an obstacle, up to 92 degrees to each side
#: How much the herd's direction and its middle count beside the own goal, in units of the species' alignment weight.
_ALIGN = b.table({b.FLEE: 0.7, b.MIGRATE: 0.9, b.GO_TO_WATER: 0.5, b.FORAGE: 0.5, b.GRAZE: 0.5, b.PROWL: 0.3})
_ATTRACT = b.table(
    {
        b.FLEE: 0.3, b.MIGRATE: 0.35, b.GO_TO_WATER: 0.3, b.FORAGE: 0.35, b.GRAZE: 0.5, b.PROWL: 0.2, b.BROWSE: 0.2,
    }
)  # fmt: skip


@inlined
def _avoid(f: F32, k: I32, t: F32, g: Ground, c: Conditions, i: int, x: float, y: float, speed: float):
    """Return the direction bent away from the border of the world and, on foot, from deep water ahead."""
    px, py = f[col.X, i], f[col.Y, i]
    margin = min(_BORDER_M, _BORDER_SHARE * g.size)
    if px < margin:
        x += 1.2 * (1 - px / margin)
    elif px > g.size - margin:
        x -= 1.2 * (1 - (g.size - px) / margin)
    if py < margin:
        y += 1.2 * (1 - py / margin)
    elif py > g.size - margin:
        y -= 1.2 * (1 - (g.size - py) / margin)
    if t[k[col.SPECIES, i], trait.LIFT] == trait.GROUNDED and t[k[col.SPECIES, i], trait.SWIMS] == 0 and speed > 0.0:
        reach = 2.0 + 1.3 * f[col.SPEED, i]
        ahead_x, ahead_y = px + reach * x, py + reach * y
        if at(g, layer.DEPTH, ahead_x, ahead_y) > 0.5 * WADE_DEPTH_M and not is_frozen(g, c, ahead_x, ahead_y):
            up_x, up_y = at(g, layer.SLOPE_X, ahead_x, ahead_y), at(g, layer.SLOPE_Y, ahead_x, ahead_y)
            norm = math.sqrt(up_x * up_x + up_y * up_y)
            if norm > 1e-4:
                up_x, up_y = up_x / norm, up_y / norm
                side = 1.0 if x * -up_y + y * up_x > 0.0 else -1.0
                x, y = 0.6 * up_x - 0.8 * side * up_y, 0.6 * up_y + 0.8 * side * up_x
    norm = math.sqrt(x * x + y * y)
    if norm < 1e-4:
        return f[col.HEADING_X, i], f[col.HEADING_Y, i]
    return _around(f, k, t, g, c, i, x / norm, y / norm, speed)


@inlined
def _around(f: F32, k: I32, t: F32, g: Ground, c: Conditions, i: int, x: float, y: float, speed: float):
    """Return the direction turned, as little as need be, to where no house or gap stops the animal."""
    s = k[col.SPECIES, i]
    if not _meets_obstacles(t, g, s) or speed == 0.0:
        return x, y
    reach = 1.0 + t[s, trait.LENGTH] + 0.8 * f[col.SPEED, i]
    px, py, z = f[col.X, i], f[col.Y, i], f[col.Z, i]
    left = f[col.HEADING_Y, i] * x - f[col.HEADING_X, i] * y > 0.0  # the side on which it is going already
    for whisker in range(_WHISKERS):
        turns = (whisker + 1) // 2
        angle = _WHISKER_RAD * (turns if (whisker % 2 == 1) == left else -turns)
        cos, sin = math.cos(angle), math.sin(angle)
        dx, dy = x * cos - y * sin, x * sin + y * cos
        if _is_open(t, g, c, s, px, py, z, dx, dy, _TOE_M) and _is_open(t, g, c, s, px, py, z, dx, dy, reach):
            return dx, dy
    return x, y


@inlined
def _is_open(
    t: F32, g: Ground, c: Conditions, s: int, x: float, y: float, z: float, dx: float, dy: float, far: float
):  # fmt: skip
    """Return whether nothing stops an animal so far ahead."""
    ahead_x, ahead_y = x + far * dx, y + far * dy
    return not stops(t, g, c, s, ahead_x, ahead_y, z, leap(ahead_x, dx), leap(ahead_y, dy))


@inlined
def _meets_obstacles(t: F32, g: Ground, s: int):
    """Return whether there are houses or gaps between crowns that can be in the way of a species."""
    return g.obstacles == 1.0 and t[s, trait.LIFT] != trait.WATER


@inlined
def steer(f: F32, k: I32, t: F32, g: Ground, c: Conditions, i: int):
    """Write the wished direction, speed and height of one animal."""
    s, behavior = k[col.SPECIES, i], k[col.NEXT_BEHAVIOR, i]
    walk = t[s, trait.WALK] * (0.85 + 0.3 * f[col.PERSONALITY + b.ACTIVITY, i])
    plan = k[col.PLAN, i]
    x, y, speed = path(f, k, t, g, i, plan if plan >= 0 else behavior, walk)
    if plan >= 0:
        speed = min(speed, _INTENTION_GAIT * walk)
    if speed > 0.0:
        angle = f[col.WANDER, i]
        if behavior == b.CHASE or behavior == b.STRIKE or behavior == b.FLEE or behavior == b.SOAR:
            angle *= 0.3
        x, y = movement.rotate(x, y, min(max(angle, -1.0), 1.0))
        weight = t[s, trait.ALIGN_WEIGHT]
        afraid = 1 + f[col.DRIVES + b.FEAR, i]
        x, y = herding.blend(
            x, y, f[col.PUSH_X, i], f[col.PUSH_Y, i], 0.0 if behavior in (b.CHASE, b.STRIKE, b.MATE) else 1.4,
            f[col.FLOW_X, i], f[col.FLOW_Y, i], weight * _ALIGN[behavior],
            f[col.HERD_X, i], f[col.HERD_Y, i], weight * afraid * _ATTRACT[behavior],
        )  # fmt: skip
        x, y = _avoid(f, k, t, g, c, i, x, y, speed)
    f[col.WISH_X, i], f[col.WISH_Y, i], f[col.WISH_SPEED, i] = x, y, speed
    f[col.WISH_HEIGHT, i] = wished_height(f, k, t, g, i, behavior)
