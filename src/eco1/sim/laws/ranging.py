"""Ranging: where an animal goes that patrols, explores, migrates, soars or plays."""

import math

from eco1.sim.compiled import inlined

_CIRCLE_M = 32.0  # radius of a vulture's circle: estimate from thermals of tens of metres
SOAR_HEIGHT_M = 70.0
_LEAST_RADIUS_M = 1.0


@inlined
def patrol_point(x: float, y: float, home_x: float, home_y: float, radius: float, step_m: float):
    """Return the next point on the border circle of a territory, ``step_m`` further counter-clockwise.

    Who has no territory (a radius of 0), and was told to patrol all the same, goes home.
    """
    angle = math.atan2(y - home_y, x - home_x) + step_m / max(radius, _LEAST_RADIUS_M)
    return home_x + radius * math.cos(angle), home_y + radius * math.sin(angle)


@inlined
def point_ahead(x: float, y: float, heading_x: float, heading_y: float, angle: float, distance: float):
    """Return the point at ``distance`` in the direction of heading turned by ``angle``."""
    cos, sin = math.cos(angle), math.sin(angle)
    return x + distance * (heading_x * cos - heading_y * sin), y + distance * (heading_x * sin + heading_y * cos)


@inlined
def soar_direction(x: float, y: float, centre_x: float, centre_y: float):
    """Return the unit direction of flight: straight to a far thermal, counter-clockwise around a near one."""
    dx, dy = centre_x - x, centre_y - y
    distance = max(1e-3, math.sqrt(dx * dx + dy * dy))
    inward = min(1.0, max(-0.7, (distance - _CIRCLE_M) / _CIRCLE_M))
    round_about = math.sqrt(1 - inward * inward)
    ux, uy = dx / distance, dy / distance
    return inward * ux + round_about * uy, inward * uy - round_about * ux


@inlined
def play_angle(clock: float, hand: float):
    """Return the angle to the playmate's direction at which a playing animal runs: figures of eight of 4 s."""
    return hand * 1.9 * math.sin(2 * math.pi * clock / 4.0)


@inlined
def stepping(clock: float, period_s: float, share: float):
    """Return whether a feeding animal is in the walking part of its step-and-pause rhythm."""
    return clock % period_s > (1 - share) * period_s
