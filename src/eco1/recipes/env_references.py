"""What an episode of a task is worth: to the built-in animal that decides for itself, and to random actions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eco1.core.errors import ConfigError
from eco1.core.random import generator
from eco1.environments.vector_env import EcoVectorEnv

_RESAMPLES = 2000
_CONFIDENCE = 0.95
#: First seed of episodes that measure, far from those that anybody trains on.
TEST_SEED = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Returns:
    """Undiscounted returns of so many episodes: mean with its 95 % bootstrap interval, and the share of successes."""

    mean: float
    low: float
    high: float
    success: float
    episodes: int


@dataclass(frozen=True, kw_only=True)
class References:
    """What a learner is compared with."""

    task: str
    biome: str
    species: str
    scripted: Returns
    random: Returns


def reference_row(one: References) -> dict[str, str]:
    """Return the references of a task as words of a table."""
    return {
        "task": f"{one.task} ({one.biome})",
        "animal": one.species,
        **{name: f"{r.mean:.2f} [{r.low:.2f}, {r.high:.2f}], {r.success:.0%} succeed"
           for name, r in (("scripted", one.scripted), ("random", one.random))},
        "episodes": str(one.scripted.episodes),
    }  # fmt: skip


def reference_returns(task: str, *, episodes: int = 128, hold: int = 5, **settings: Any) -> References:
    """Measure one episode in each of ``episodes`` worlds, once scripted and once at random.

    Args:
        task: a task's name.
        episodes: worlds, each of a seed of its own.
        hold: simulated steps that an action lasts; for the built-in animal it changes nothing.
        settings: further arguments of ``EcoVectorEnv``.

    Raises:
        ConfigError: fewer than two episodes.
    """
    if episodes < 2:
        raise ConfigError(f"An interval needs at least 2 episodes; got {episodes}.")
    envs = EcoVectorEnv(episodes, task=task, hold=hold, actions="discrete", **settings)
    cast = envs.worlds.cast

    def at_random(_: Any) -> Any:
        return envs.action_space.sample()

    return References(
        task=task,
        biome=settings.get("biome", "savanna"),
        species=cast.names[cast.species],
        scripted=played(envs, _itself),
        random=played(envs, at_random),
    )


def _itself(seen: Any) -> None:
    """Leave it to the animal."""


def played(envs: EcoVectorEnv, policy: Callable[[Any], Any]) -> Returns:
    """Return what the first episode in every world was worth; a policy maps observations to actions (None: its own)."""
    seen, _ = envs.reset(seed=TEST_SEED)
    envs.action_space.seed(TEST_SEED)
    total, success, going = np.zeros(envs.num_envs), np.zeros(envs.num_envs, bool), np.ones(envs.num_envs, bool)
    while going.any():
        seen, reward, ended, time_up, infos = envs.step(policy(seen))
        total[going] += reward[going]
        last = going & (ended | time_up)
        success[last] = infos["success"][last]
        going &= ~last
    return summary(total, success)


def summary(returns: NDArray[np.float64], success: NDArray[np.bool_]) -> Returns:
    """Return mean and interval of returns: the percentile bootstrap, Efron (1979), DOI 10.1214/aos/1176344552."""
    rows = generator(0, 0).integers(len(returns), size=(_RESAMPLES, len(returns)))
    low, high = np.quantile(returns[rows].mean(1), [(1 - _CONFIDENCE) / 2, (1 + _CONFIDENCE) / 2])
    return Returns(
        mean=round(float(returns.mean()), 3),
        low=round(float(low), 3),
        high=round(float(high), 3),
        success=round(float(success.mean()), 3),
        episodes=len(returns),
    )
