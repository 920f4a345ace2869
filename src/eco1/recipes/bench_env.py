"""How many steps of an environment a second, beside Gymnasium's CartPole, and what an episode of each task is worth."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gymnasium
import numpy as np

from eco1.core.errors import ConfigError
from eco1.environments.tasks import TASKS
from eco1.environments.vector_env import EcoVectorEnv
from eco1.recipes.env_references import References, reference_returns

_WARM_UP = 20
_PEER = "CartPole-v1"
_PEER_WORLDS = 64


@dataclass(frozen=True, kw_only=True)
class Speed:
    """Steps a second, one step being one controlled animal's in one world: median over the runs, lowest and best.

    ``cpu_us_per_step`` is the processor time of all threads together, whoever else uses the machine.
    """

    what: str
    worlds: int
    median: float
    lowest: float
    best: float
    cpu_us_per_step: float


@dataclass(frozen=True, kw_only=True)
class EnvBench:
    """State observations, random continuous actions held for one simulated step of 0.1 s, the whole rule set.

    ``animals_per_world`` counts the controlled one. The peers are Gymnasium's CartPole: its own vectorised one (numpy,
    four numbers, no animals) and ``SyncVectorEnv``.
    """

    task: str
    animals_per_world: int
    threads: int
    steps: int
    repeats: int
    ours: Speed
    peers: list[Speed]
    references: list[References]


def bench_env(
    task: str = "forage", worlds: int = 2048, threads: int = 2, steps: int = 50, repeats: int = 7, episodes: int = 128
) -> EnvBench:  # fmt: skip
    """Measure ``repeats`` runs of ``steps`` steps after a warm-up, then the reference returns of all tasks.

    Raises:
        UnknownNameError: no such task.
        ConfigError: when there is nothing to measure.
    """
    if steps < 1 or repeats < 1:
        raise ConfigError(f"An environment bench needs at least 1 step and 1 run; got {steps} and {repeats}.")
    envs = EcoVectorEnv(worlds, task=task, threads=threads, autoreset_mode="SameStep")
    ours = _speed(f"eco1 {task}", envs, steps, repeats)
    return EnvBench(
        task=task,
        animals_per_world=int(envs.worlds.cast.counts.sum()),
        threads=threads,
        steps=steps,
        repeats=repeats,
        ours=ours,
        peers=[
            _speed(f"{_PEER} {mode}", gymnasium.make_vec(_PEER, count, mode), steps, repeats)
            for mode, count in (("vector_entry_point", worlds), ("sync", _PEER_WORLDS))
        ],
        references=[reference_returns(name, episodes=episodes) for name in TASKS],
    )


def speed_rows(bench: EnvBench) -> list[dict[str, str]]:
    """Return the speeds as words of a table."""
    return [
        {
            "environment": one.what,
            "worlds": f"{one.worlds:,}",
            "median": f"{one.median:,.0f}",
            "lowest": f"{one.lowest:,.0f}",
            "best": f"{one.best:,.0f}",
        }
        for one in (bench.ours, *bench.peers)
    ]


def _speed(what: str, envs: Any, steps: int, repeats: int) -> Speed:
    envs.reset(seed=0)
    envs.action_space.seed(0)
    batches = [envs.action_space.sample() for _ in range(8)]
    for n in range(_WARM_UP):
        envs.step(batches[n % len(batches)])
    cpu = time.process_time()
    seconds = [_timed(lambda: [envs.step(batches[n % len(batches)]) for n in range(steps)]) for _ in range(repeats)]
    cpu = (time.process_time() - cpu) / (envs.num_envs * steps * repeats)
    rates = envs.num_envs * steps / np.array(seconds)
    return Speed(
        what=what,
        worlds=envs.num_envs,
        median=round(float(np.median(rates))),
        lowest=round(float(rates.min())),
        best=round(float(rates.max())),
        cpu_us_per_step=round(1e6 * cpu, 2),
    )


def _timed(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
