"""Spaces of observations and actions, and what refuses an action that is in none of them."""

from typing import Any

import gymnasium
import numpy as np
from gymnasium.spaces import Box, Dict, MultiDiscrete
from numpy.typing import NDArray

from eco1.core.errors import ConfigError, unknown_name
from eco1.environments.orders import MOVES, most_told
from eco1.environments.view import BOUND
from eco1.sim.fields import F32

OBSERVATIONS = ("state", "image", "both")
ACTIONS = ("continuous", "discrete")


def check_modes(observations: str, actions: str) -> None:
    """Refuse kinds of observations and actions that do not exist.

    Raises:
        UnknownNameError: when one is not in the list.
    """
    if observations not in OBSERVATIONS:
        raise unknown_name("kind of observation", observations, OBSERVATIONS)
    if actions not in ACTIONS:
        raise unknown_name("kind of action", actions, ACTIONS)


def observation_space(observations: str, state_size: int, picture: int) -> gymnasium.Space[Any]:
    """Return the space of one observation: numbers of the state, a picture (rows, columns, RGB), or both by name."""
    state = Box(-BOUND, BOUND, (state_size,), np.float32)
    image = Box(0, 255, (picture, picture, 3), np.uint8)
    if observations == "both":
        return Dict({"image": image, "state": state})
    return state if observations == "state" else image


def action_space(actions: str, menu_size: int) -> gymnasium.Space[Any]:
    """Return the space of one action.

    Discrete: (move, behaviour); moves 0 to 2 turn on the spot to the left, not at all or to the right, 3 to 5 go at
    cruising speed and 6 to 8 as fast as can be, half left, ahead or half right. Continuous: velocity ahead, to the left
    and up as shares of what the body can, then a score for each behaviour, of which the highest is shown.
    """
    if actions == "discrete":
        return MultiDiscrete(np.array([MOVES, menu_size]))
    return Box(-1.0, 1.0, (most_told(menu_size, False),), np.float32)


def checked_actions(actions: Any, space: gymnasium.Space[Any], names: tuple[str, ...], worlds: int) -> F32:
    """Return actions (W, A) as the kernels take them; ``space`` is that of one action, ``names`` its behaviours.

    Raises:
        ConfigError: of another shape, not a number, or a choice that does not exist.
    """
    given: NDArray[Any] = np.asarray(actions)
    expected = (worlds, *(space.shape or ()))
    if given.shape != expected or given.dtype.kind not in "fiu":
        raise ConfigError(
            f"Actions must be numbers of shape {expected}, one row each; got {given.dtype} of shape {given.shape}. "
            "Next: action_space.sample()"
        )
    if not np.isfinite(given).all():
        row = int(np.flatnonzero(~np.isfinite(given).all(-1))[0])
        raise ConfigError(
            f"Actions must be finite; got {given[row].tolist()} in row {row}. Next: look at what the policy puts out."
        )
    if isinstance(space, MultiDiscrete):
        beyond = (given < 0) | (given >= space.nvec) | (given != np.floor(given))
        if beyond.any():
            row = int(np.flatnonzero(beyond.any(-1))[0])
            raise ConfigError(
                f"Actions must be a move from 0 to {MOVES - 1} and a behaviour from 0 to {len(names) - 1} "
                f"({', '.join(names)}); got {given[row].tolist()} in row {row}."
            )
        return np.ascontiguousarray(given, np.float32)
    return np.clip(given, -1.0, 1.0).astype(np.float32, order="C")
