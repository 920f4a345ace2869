"""Who leads the animals of a recording: nobody, detours, or a model.

Torch is only needed, and loaded, where something leads them.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from eco1.core.extras import require
from eco1.core.records import Action, Observation
from eco1.sim.ecosystem import Ecosystem, EcosystemState

if TYPE_CHECKING:
    from eco1.brains.drive import Moment

_TURN_S = 4.0  # mean length of the stretches in which a model leads an animal, and lets it go: our own choice

#: A state, what is seen in it, and what the animals are told to do until the next; None: nothing.
Step = tuple[EcosystemState, Observation, Action | None]
#: Runs a world on from a state, for ever, by the dice of a seed.
Leader = Callable[[Ecosystem, EcosystemState, int], Iterator[Step]]


def leader(checkpoint: Path | None, detours_per_minute: float) -> Leader:
    """Return who leads: the model of a checkpoint, chance that leads astray so often, or nobody.

    Raises:
        CheckpointError: when the checkpoint is missing, damaged or of another version.
        MissingExtraError: when something leads and torch is not installed.
    """
    if checkpoint is not None:
        return model(checkpoint)
    return detours(detours_per_minute) if detours_per_minute > 0 else nobody


def nobody(world: Ecosystem, state: EcosystemState, seed: int) -> Iterator[Step]:
    """Let all animals do what they want."""
    while True:
        yield state, world.observe(state), None
        state = world.step(state)


def detours(per_minute: float) -> Leader:
    """Lead every animal astray so many times a minute.

    Raises:
        MissingExtraError: when torch is not installed.
    """
    require("torch", "Leading animals")
    from eco1.brains.detours import DetourBrain
    from eco1.brains.drive import drive

    def lead(world: Ecosystem, state: EcosystemState, seed: int) -> Iterator[Step]:
        return _steps(drive(world, state, DetourBrain(per_minute=per_minute, dt_s=world.dt_s), seed=seed))

    return lead


def model(checkpoint: Path) -> Leader:
    """Let a model lead every animal half of the time, in stretches; when it is let go it shows what it would do.

    Raises:
        CheckpointError: when the checkpoint is missing, damaged or of another version.
        MissingExtraError: when torch is not installed.
    """
    require("torch", "Leading animals")
    from eco1.brains.drive import by_turns, drive
    from eco1.recipes.live import brain_of, load_brain

    able = load_brain(checkpoint).model

    def lead(world: Ecosystem, state: EcosystemState, seed: int) -> Iterator[Step]:
        brain = brain_of(able, world.biome)
        return _steps(drive(world, state, brain, driven=by_turns(_TURN_S / world.dt_s, seed), seed=seed))

    return lead


def _steps(moments: "Iterator[Moment[EcosystemState]]") -> Iterator[Step]:
    return ((moment.state, moment.observation, moment.action) for moment in moments)
