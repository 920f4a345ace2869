"""Movement: what a body can do of what its owner wants."""

import math

from eco1.sim.compiled import inlined

_FULL_TURN_SPEED = 0.3  # share of the wished speed kept when the goal lies behind
_TIRED = 0.45  # share of top speed left when exhausted, a trot: estimate
_STILL_MPS = 0.02


@inlined
def top_speed(top: float, stamina: float, growth: float, uphill: float):
    """Return the speed limit in m/s now: tired, young and climbing animals are slower.

    ``growth`` is mass over adult mass. Young run slower than adults although their legs are relatively long: estimate.
    """
    return top * (_TIRED + (1 - _TIRED) * min(1.0, 2.5 * stamina)) * (0.6 + 0.4 * growth) / (1 + 2 * max(0.0, uphill))


@inlined
def turn_limit(turn: float, grip: float, speed: float):
    """Return the fastest turn in rad/s: at speed v the sideways acceleration v * omega cannot exceed the grip.

    Wilson et al. (2018), DOI 10.1038/nature25479, for the trade-off between speed and turning in predators and prey.
    """
    return min(turn, grip / max(speed, 0.1))


@inlined
def angle_of(x: float, y: float):
    """Return the angle of a vector in rad, within 0.005: a fifth of the price of atan2.

    Rajan et al. (2006), "Efficient approximations for the arctangent function", DOI 10.1109/MSP.2006.1628884.
    """
    across, along = abs(y), abs(x)
    ratio = min(across, along) / max(max(across, along), 1e-9)
    angle = ratio * (0.25 * math.pi + 0.273 * (1 - ratio))
    if across > along:
        angle = 0.5 * math.pi - angle
    if x < 0:
        angle = math.pi - angle
    return angle if y >= 0 else -angle


@inlined
def rotate(x: float, y: float, angle: float):
    """Return a vector turned by less than a right angle; its length is kept within a part in a thousand."""
    square = angle * angle
    cos = 1 - square * (0.5 - square / 24)
    sin = angle * (1 - square * (1 / 6 - square / 120))
    return x * cos - y * sin, x * sin + y * cos


@inlined
def steer_body(
    heading_x: float, heading_y: float, speed: float, wish_x: float, wish_y: float, wish_speed: float,
    limit: float, acceleration: float, deceleration: float, turn: float, grip: float, dt: float, told: bool,
):  # fmt: skip
    """Return (heading_x, heading_y, speed) after one step of turning, speeding up or braking within the limits.

    Built-in animals wish for where they want to get, and ease into it. One that is ``told`` by a brain gets the
    velocity it asks for, as far as its body can: exactly, or a brain that turns as it saw others turn would end up
    turning as nobody does.
    """
    along = heading_x * wish_x + heading_y * wish_y
    across = heading_x * wish_y - heading_y * wish_x
    wish_speed = min(wish_speed, limit)
    if not told:
        wish_speed *= max(_FULL_TURN_SPEED, 0.5 + 0.5 * along)
    change = wish_speed - speed
    speed += min(max(change, -deceleration * dt), acceleration * dt)
    if speed < _STILL_MPS:
        speed = 0.0
    most = turn_limit(turn, grip, speed) * dt
    eased = min(1.0, 2.5 * dt)  # a quarter of the way per tenth of a second
    angle = math.atan2(across, along) if told else angle_of(along, across) * eased
    angle = min(max(angle, -most), most)
    x, y = rotate(heading_x, heading_y, angle)
    norm = 1.0 / math.sqrt(x * x + y * y)
    return x * norm, y * norm, speed
