"""How many animals the simulator carries a step further per second, beside a peer's flock in the same run."""

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from eco1.core.errors import ConfigError
from eco1.core.records import Observation
from eco1.sim import behaviors as b
from eco1.sim.ecosystem import Ecosystem

_BURN_IN_STEPS = 200  # 20 s: groups have formed, some hunt, some flee
_SEED = 0
_PEER_BOIDS = 1000
_PEER_STEPS = 5
_PEER_VISION = 10.0
_PEER_NEIGHBOURS = 20.0


@dataclass(frozen=True, kw_only=True)
class SimBench:
    """Built-in animals under the whole rule set. Only living animals count, not empty rows; compiling is left out.

    ``agent_steps_per_s`` is the median over the runs, ``agent_steps_per_s_best`` the best; ``median_s`` and ``min_s``
    are seconds per step of all worlds. ``threads`` are the CPU's, which do not count on another device.
    ``active_share`` is the share of animals that neither rest nor sleep.
    """

    agent_steps_per_s: float
    agent_steps_per_s_best: float
    biome: str
    worlds: int
    animals_per_world: int
    threads: int
    steps: int
    repeats: int
    min_s: float
    median_s: float
    living_animals: int
    active_share: float
    peer: str
    peer_agent_steps_per_s: float | None
    device: str


def bench_sim(
    biome: str = "savanna",
    worlds: int = 2048,
    animals: int = 64,
    threads: int = 2,
    steps: int = 20,
    repeats: int = 5,
    device: str = "cpu",
) -> SimBench:
    """Measure ``repeats`` runs of ``steps`` steps after a burn-in.

    Raises:
        ConfigError: when there is nothing to measure, or no GPU for ``device`` ``cuda``.
        UnknownNameError: when there is no such biome or device.
    """
    if steps < 1 or repeats < 1:
        raise ConfigError(f"A simulator bench needs at least 1 step and 1 run; got {steps} and {repeats}.")
    world = Ecosystem(biome, worlds=worlds, animals=animals, threads=threads, device=device)
    state = world.reset(_SEED)
    for _ in range(_BURN_IN_STEPS):
        state = world.step(state)
    world.living(state)  # waits until all is done
    seconds, living = list[float](), list[int]()
    for _ in range(repeats):
        started = time.perf_counter()
        for _ in range(steps):
            state = world.step(state)
        alive = world.living(state)
        seconds.append((time.perf_counter() - started) / steps)
        living.append(alive)
    rates = np.array(living) / np.array(seconds)
    peer, peer_rate = _peer()
    return SimBench(
        agent_steps_per_s=round(float(np.median(rates))),
        agent_steps_per_s_best=round(float(rates.max())),
        biome=biome,
        worlds=worlds,
        animals_per_world=animals,
        threads=threads,
        steps=steps,
        repeats=repeats,
        min_s=round(min(seconds), 6),
        median_s=round(float(np.median(seconds)), 6),
        living_animals=living[-1],
        active_share=round(_active_share(world.observe(state)), 3),
        peer=peer,
        peer_agent_steps_per_s=peer_rate,
        device=device,
    )


def _active_share(seen: Observation) -> float:
    behavior = seen.behavior[seen.alive]
    return float(((behavior != b.REST) & (behavior != b.SLEEP)).mean())


def _peer() -> tuple[str, float | None]:
    """Return the name of the peer and its living animals per second: Mesa's own example of boids, one thread."""
    try:
        import mesa  # pyright: ignore[reportMissingImports]
        from mesa.examples import BoidFlockers  # pyright: ignore[reportMissingImports]
    except ImportError:
        return "none: Mesa is not installed (pip install mesa)", None
    density = _PEER_NEIGHBOURS / (np.pi * _PEER_VISION**2)
    side = float(np.sqrt(_PEER_BOIDS / density))
    flock: Any = BoidFlockers(population_size=_PEER_BOIDS, width=side, height=side, vision=_PEER_VISION, seed=_SEED)
    flock.step()
    started = time.perf_counter()
    for _ in range(_PEER_STEPS):
        flock.step()
    rate = _PEER_BOIDS * _PEER_STEPS / (time.perf_counter() - started)
    return f"Mesa {mesa.__version__} BoidFlockers, {_PEER_BOIDS} boids, 1 thread", round(rate)
