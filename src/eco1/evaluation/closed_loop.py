"""Let a brain live: roll a world on with a brain in every animal, from where the built-in animals left it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eco1.core.protocols import Brain, Simulator
from eco1.core.records import Action, Observation

if TYPE_CHECKING:
    from torch import Generator


@dataclass(frozen=True, kw_only=True)
class Rollout:
    """What happened, (T, W, N), in the worlds of one seed."""

    seed: int
    observation: Observation


def roll_out(
    simulator: Simulator[Any],
    brain: Brain[Any] | None,
    seed: int,
    *,
    burn_in_s: float,
    duration_s: float,
    warm_up_s: float = 1.0,
    generator: "Generator | None" = None,
) -> Rollout:
    """Run the worlds of a seed: the built-in animals first, then the brain (None: the built-in animals go on).

    The first frame is the one at which the brain takes over: the same for every brain, as the built-in animals of a
    seed always do the same. During the last ``warm_up_s`` of the burn-in the brain watches, so that it has a memory.
    """
    burn_in, steps = round(burn_in_s / simulator.dt_s), round(duration_s / simulator.dt_s)
    watch_from = max(0, burn_in - round(warm_up_s / simulator.dt_s))
    state = simulator.reset(seed)
    memory: Any = None if brain is None else brain.initial(len(simulator.observe(state).alive))
    for step in range(burn_in):
        if brain is not None and step >= watch_from:
            memory, _ = brain.act(memory, simulator.observe(state), generator)
        state = simulator.step(state, None)
    seen = [simulator.observe(state)]
    for _ in range(steps):
        action: Action | None = None
        if brain is not None:
            memory, action = brain.act(memory, seen[-1], generator)
        state = simulator.step(state, action)
        seen.append(simulator.observe(state))
    return Rollout(seed=seed, observation=Observation.stack(seen))


def roll_out_seeds(
    simulator: Simulator[Any],
    brain: Brain[Any] | None,
    seeds: Sequence[int],
    *,
    burn_in_s: float,
    duration_s: float,
    warm_up_s: float = 1.0,
    generator: "Generator | None" = None,
) -> list[Rollout]:
    """Run ``roll_out`` for each seed."""
    return [
        roll_out(
            simulator,
            brain,
            seed,
            burn_in_s=burn_in_s,
            duration_s=duration_s,
            warm_up_s=warm_up_s,
            generator=generator,
        )
        for seed in seeds
    ]
