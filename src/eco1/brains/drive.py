"""The loop of life: a world in which a brain drives some animals and the rest decide for themselves."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

import numpy as np
from jaxtyping import Bool

from eco1.brains.translation import translated
from eco1.core.errors import ConfigError, unknown_name
from eco1.core.protocols import Brain, Simulator
from eco1.core.records import Action, Observation
from eco1.training.random import torch_generator

S = TypeVar("S")

_USUAL_DECISION_S = 0.1
_TURNS_STREAM = 1  # of random numbers that belong to the seed of a world

#: Says which rows (W, N) the brain drives. Asked at every decision, so it may change while the world runs.
Driven = Callable[[Observation], Bool[np.ndarray, "w n"]]


@runtime_checkable
class KnowsItsWorld(Protocol):
    """A brain that was made for certain species and behaviours and decides every ``decision_s``."""

    species_names: tuple[str, ...]
    behavior_names: tuple[str, ...]
    decision_s: float


@dataclass(frozen=True, kw_only=True)
class Moment(Generic[S]):
    """A world at one step. ``state`` belongs to the simulator and is consumed when the loop goes on.

    ``action`` (W, N) is what the driven animals are about to do; ``memory`` what the brain remembers of the scene.
    """

    step: int
    state: S
    observation: Observation
    action: Action
    memory: Any


def everyone(observation: Observation) -> Bool[np.ndarray, "w n"]:
    """Let the brain drive every living animal."""
    return observation.alive


def only_species(chosen: Sequence[str], names: Sequence[str]) -> Driven:
    """Let the brain drive some species. ``names`` are those of the simulator.

    Raises:
        UnknownNameError: when a species does not live there.
    """
    for name in chosen:
        if name not in names:
            raise unknown_name("species", name, names, see="eco1 list species")
    wanted = np.array([name in chosen for name in names])
    return lambda observation: observation.alive & wanted[np.clip(observation.species, 0, len(names) - 1)]


def by_turns(steps: float, seed: int) -> Driven:
    """Let the brain drive every animal for about so many steps, then the animal itself for as many, and so on.

    So a recording shows, wherever the brain gets to, what the animals themselves would do there: the mixed policy of
    DAgger, Ross et al. (2011), arXiv 1011.0686, section 3, in stretches whose length is geometric.
    """
    dice, led = np.random.default_rng([seed, _TURNS_STREAM]), None

    def driven(observation: Observation) -> Bool[np.ndarray, "w n"]:
        nonlocal led
        chance = dice.random(observation.alive.shape)
        led = chance < 0.5 if led is None else led ^ (chance < 1 / steps)
        return observation.alive & led

    return driven


def drive(
    simulator: Simulator[S],
    state: S,
    brain: Brain[Any],
    *,
    driven: Driven = everyone,
    seed: int = 0,
    memory: Any = None,
) -> Iterator[Moment[S]]:
    """Run a world for ever, one `Moment` a simulated step, starting with ``state`` as it is.

    The brain decides every 0.1 s, or as often as it was made for; in between its last wishes hold. Decision number k
    draws from stream (seed, k), so a life can be repeated.

    Args:
        simulator: the world.
        state: where to start.
        brain: sees all animals, also those it does not drive.
        driven: which animals the brain drives.
        seed: of the brain's dice.
        memory: of the brain, when it has watched before.

    Raises:
        ConfigError: when the brain knows nobody here, wishes for what nobody does here, or was made for another pace.
    """
    hold = _steps_per_decision(simulator, brain)
    if isinstance(brain, KnowsItsWorld):
        made_for, there = ((one.species_names, one.behavior_names) for one in (brain, simulator))
        brain = translated(brain, made_for=made_for, there=there)
    return _moments(simulator, state, brain, driven, seed, memory, hold)


def _moments(
    simulator: Simulator[S], state: S, brain: Brain[Any], driven: Driven, seed: int, memory: Any, hold: int
) -> Iterator[Moment[S]]:
    step, action = 0, None
    while True:
        observation = simulator.observe(state)
        if memory is None:
            memory = brain.initial(len(observation.alive))
        if action is None or step % hold == 0:
            memory, action = brain.act(memory, observation, torch_generator("cpu", seed, step // hold))
        told = replace(action, controlled=action.controlled & observation.alive & driven(observation))
        yield Moment(step=step, state=state, observation=observation, action=told, memory=memory)
        state = simulator.step(state, told)
        step += 1


def _steps_per_decision(simulator: Simulator[Any], brain: Brain[Any]) -> int:
    decision_s = brain.decision_s if isinstance(brain, KnowsItsWorld) else _USUAL_DECISION_S
    hold = round(decision_s / simulator.dt_s)
    if hold < 1 or abs(hold * simulator.dt_s - decision_s) > 1e-6:
        raise ConfigError(
            f"The brain decides every {decision_s:g} s; the world's step of {simulator.dt_s:g} s does not divide that."
        )
    return hold
