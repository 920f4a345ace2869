"""What a brain may wish for: no faster than the species can run. The simulator applies the finer limits of the body."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float32

from eco1.catalog.loader import inhabitant_names, load_species
from eco1.core.errors import ConfigError
from eco1.core.records import Action, Observation


def catalog_speed_limits(names: Sequence[str]) -> Float32[np.ndarray, " k"]:
    """Return the best sprint of each species in m/s; infinite where the catalog knows none (fish)."""
    known = set(inhabitant_names())
    limits = [float(load_species(name).locomotion.max_speed) if name in known else np.inf for name in names]
    return np.array(limits, np.float32)


def bounded(action: Action, observation: Observation, limits_mps: Float32[np.ndarray, " k"]) -> Action:
    """Return the action with every wish shortened to the species' limit, given to living animals only.

    Raises:
        ConfigError: when a wish for a living animal is not finite.
    """
    controlled = action.controlled & observation.alive
    wish = np.where(controlled[..., None], action.velocity_mps, np.float32(0))
    if not np.isfinite(wish).all():
        rows = int((~np.isfinite(wish)).any(-1).sum())
        raise ConfigError(
            f"The model wishes {rows} of {int(controlled.sum())} animals a velocity that is not finite. "
            "Its weights are damaged, or it was trained until it diverged: use an earlier checkpoint."
        )
    speed = np.linalg.norm(wish, axis=-1)
    limit = np.append(limits_mps, np.float32(np.inf))[observation.species]  # the last one for unknown species, -1
    share = np.minimum(1.0, limit / np.maximum(speed, 1e-6)).astype(np.float32)
    return Action(velocity_mps=wish * share[..., None], behavior=action.behavior, controlled=controlled)
