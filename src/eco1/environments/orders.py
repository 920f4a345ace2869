"""Orders: from the numbers of an action to what the simulator is told an animal wants."""

import math

from eco1.environments.compiled import inlined
from eco1.environments.menus import PACE, SLOW, SLOW_MPS, STILL, WALK
from eco1.sim import behaviors as b
from eco1.sim.fields import F32, I32, col, trait
from eco1.sim.ground import Conditions, Ground
from eco1.sim.kernels.meals import is_at_patch
from eco1.sim.laws.predation import STRIKE_EVERY_S

#: A continuous action begins with the velocity ahead, to the left and up, as shares of what the body can.
VELOCITY = 3
#: Discrete moves: three speeds (almost none, cruising, the fastest) in three directions (left, ahead, right).
MOVES = 9
_TURN_RAD = 0.25 * math.pi
_ALMOST_MPS = 0.01  # too slow to go anywhere, enough to turn on the spot
_PATCH_FOODS = (trait.FRUIT, trait.NECTAR, trait.REFUSE)


@inlined
def _fastest(t: F32, s: int, behavior: int):
    """Return how fast a body may go while it shows a behaviour, m/s."""
    pace = PACE[behavior]
    if pace == STILL:
        return _ALMOST_MPS
    if pace == SLOW:
        return min(SLOW_MPS, t[s, trait.WALK])
    return t[s, trait.WALK] if pace == WALK else t[s, trait.TOP]


@inlined
def _order(f: F32, k: I32, t: F32, i: int, behavior: int, ahead: float, left: float, up: float):
    """Order a velocity in the body frame, m/s, as fast as the behaviour goes."""
    limit, speed = _fastest(t, k[col.SPECIES, i], behavior), math.sqrt(ahead * ahead + left * left)
    share = min(1.0, limit / max(speed, 1e-6))
    ahead, left = share * ahead, share * left
    hx, hy = f[col.HEADING_X, i], f[col.HEADING_Y, i]
    f[col.ORDER_X, i], f[col.ORDER_Y, i], f[col.ORDER_Z, i] = hx * ahead - hy * left, hy * ahead + hx * left, up
    k[col.CONTROLLED, i], k[col.ORDER, i] = col.TOLD, behavior


@inlined
def _committed(f: F32, k: I32, c: Conditions, i: int, behavior: int):
    """Return the behaviour that is carried out: a strike once begun is gone through with.

    Otherwise whoever begins anew ten times a second would strike that often.
    """
    striking = k[col.BEHAVIOR, i] == b.STRIKE and f[col.CLOCK, i] + c.dt < STRIKE_EVERY_S
    return b.STRIKE if striking else behavior


@inlined
def _choose_meal(f: F32, k: I32, t: F32, g: Ground, c: Conditions, i: int):
    """Let an animal that picks take what grows where it is."""
    for meal in _PATCH_FOODS:
        if int(t[k[col.SPECIES, i], trait.FOOD]) & meal:
            k[col.MEAL, i] = meal
            if is_at_patch(f, k, t, g, c, i):
                return


@inlined
def tell(f: F32, k: I32, t: F32, g: Ground, c: Conditions, i: int, menu: I32, action: F32, discrete: bool):
    """Tell one animal what to do: (move, entry of the menu), or velocity and a score for every entry."""
    s = k[col.SPECIES, i]
    if discrete:
        move, entry = int(action[0]), int(action[1])
        level, side = move // 3, 1 - move % 3
        speed = _ALMOST_MPS if level == 0 else (t[s, trait.WALK] if level == 1 else t[s, trait.TOP])
        ahead, left, up = speed * math.cos(side * _TURN_RAD), speed * math.sin(side * _TURN_RAD), 0.0
    else:
        entry = 0
        for n in range(1, menu.shape[0]):
            if action[VELOCITY + n] > action[VELOCITY + entry]:
                entry = n
        top = t[s, trait.TOP]
        ahead, left, up = action[0] * top, action[1] * top, action[2] * t[s, trait.CLIMB]
    behavior = _committed(f, k, c, i, menu[entry])
    if behavior == b.PICK:
        _choose_meal(f, k, t, g, c, i)
    _order(f, k, t, i, behavior, ahead, left, up)


def most_told(menu_size: int, discrete: bool) -> int:
    """Return how many numbers an action has."""
    return 2 if discrete else VELOCITY + menu_size
