"""What animals may be told."""

import numpy as np

from eco1.core.errors import ConfigError
from eco1.core.records import Action
from eco1.sim.kernels.orders import Orders


def orders_of(actions: Action, shape: tuple[int, int], behaviors: int) -> Orders:
    """Return actions as orders, if they suit ``shape`` (worlds, rows) and an ethogram of so many behaviours.

    Raises:
        ConfigError: another shape, or a controlled row with a velocity that is no number or an unknown behaviour.
    """
    came = (actions.velocity_mps.shape, actions.behavior.shape, actions.controlled.shape)
    if came != ((*shape, 3), shape, shape):
        raise ConfigError(
            f"Actions have shapes {came[0]} (velocity_mps), {came[1]} (behavior) and {came[2]} (controlled); "
            f"{shape[0]} worlds of {shape[1]} rows take {(*shape, 3)}, {shape} and {shape}."
        )
    velocity, told = actions.velocity_mps[actions.controlled], actions.behavior[actions.controlled]
    if not np.isfinite(velocity).all():
        world, row = np.argwhere(actions.controlled & ~np.isfinite(actions.velocity_mps).all(-1))[0]
        raise ConfigError(
            f"The velocity of controlled row {row} in world {world} is {actions.velocity_mps[world, row].tolist()}; "
            "it must be three finite numbers in m/s. Rows that are not controlled may hold anything."
        )
    if told.size and (told.min() < 0 or told.max() >= behaviors):
        raise ConfigError(
            f"Controlled animals need behaviours from 0 to {behaviors - 1}, got {told.min()} to {told.max()}. "
            "See: eco1 list behaviors"
        )
    return Orders(
        velocity=np.ascontiguousarray(actions.velocity_mps, np.float32),
        behavior=np.ascontiguousarray(actions.behavior, np.int16),
        controlled=np.ascontiguousarray(actions.controlled, np.bool_),
    )
