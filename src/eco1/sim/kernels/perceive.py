"""Perceiving: the law of perception applied to one animal and another, or to one animal and its own kind."""

import math

from eco1.sim import behaviors as b
from eco1.sim import draws
from eco1.sim.compiled import compiled, inlined
from eco1.sim.fields import F32, I32, col, layer, trait
from eco1.sim.ground import Conditions, Ground
from eco1.sim.kernels.media import is_under
from eco1.sim.kernels.places import at
from eco1.sim.laws import perception

_THROUGH_THE_SURFACE_M = 3.0


@inlined
def sight_of(t: F32, c: Conditions, s: int):
    """Return how far a species sees now, m."""
    return perception.sight_reach(t[s, trait.SIGHT], t[s, trait.NIGHT_VISION], c.daylight)


@inlined
def _attends(k: I32, i: int, j: int):
    """Return whether it watches, hunts or flees the other already: then it does not lose it out of its senses."""
    now = k[col.BEHAVIOR, i]
    return k[col.TARGET, i] == j and (b.STALK <= now <= b.STRIKE or now == b.FLEE or now == b.VIGILANT)


@inlined
def _overlooks(k: I32, c: Conditions, i: int, j: int, chance: float):
    """Return whether this glance of ``i`` misses ``j``: drawn once per glance, so that nothing flickers."""
    if chance == 0.0 or chance == 1.0:
        return chance == 0.0
    glance = int(c.time / perception.GLANCE_S + 0.37 * i)  # not all blink at once
    return draws.draw_at(k, c, glance, i, draws.GLANCE + (j << draws.OTHER_SHIFT))[0] >= chance


@inlined
def _hides(t: F32, g: Ground, s: int, x: float, y: float):
    """Return how well a still body is hidden: by cover, or by looking like the ground."""
    return max(at(g, layer.COVER, x, y), t[s, trait.CAMOUFLAGE])


@compiled
def perceives(f: F32, k: I32, t: F32, g: Ground, c: Conditions, i: int, j: int):
    """Return whether animal ``i`` perceives animal ``j``: it hears it, or sees it in its field of view and unhidden."""
    if _attends(k, i, j):
        return True
    s, x, y, x2, y2 = k[col.SPECIES, i], f[col.X, i], f[col.Y, i], f[col.X, j], f[col.Y, j]
    dx, dy, dz = x2 - x, y2 - y, f[col.Z, j] - f[col.Z, i]
    distance = math.sqrt(dx * dx + dy * dy + dz * dz)
    if is_under(f, g, i) != is_under(f, g, j) and distance > _THROUGH_THE_SURFACE_M:
        return False
    heard = perception.step_reach(t[s, trait.HEARING], c.rain, f[col.SPEED, j])
    reach = heard
    if perception.faces(f[col.HEADING_X, i], f[col.HEADING_Y, i], t[s, trait.COS_FIELD], dx, dy, distance):
        reach = max(
            heard, sight_of(t, c, s) * perception.shown(_hides(t, g, k[col.SPECIES, j], x2, y2), f[col.SPEED, j])
        )
    if _overlooks(k, c, i, j, perception.detection(distance / reach)):
        return False
    if distance <= heard:
        return True
    eye, top = f[col.Z, i] + t[s, trait.HEIGHT], f[col.Z, j] + t[k[col.SPECIES, j], trait.HEIGHT]
    return not perception.hidden_by_ground(g, x, y, eye, x2, y2, top)
