"""Let a world run, with a learned brain in its animals or without, and keep what happens in memory."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from torch import nn

from eco1 import __version__
from eco1.brains.drive import drive
from eco1.brains.model_brain import ModelBrain
from eco1.brains.sense_brain import SenseBrain
from eco1.core.protocols import Brain
from eco1.core.records import Episode, EpisodeInfo, Observation
from eco1.models.multimodal import MultimodalModel
from eco1.models.registry import build_model
from eco1.recipes.leading import nobody
from eco1.recipes.shipped import BEST, checkpoint_folder
from eco1.sim.ecosystem import Ecosystem, EcosystemState
from eco1.training.checkpoint import load_checkpoint


def load_brain(checkpoint: Path, biome: str = "") -> ModelBrain | SenseBrain:
    """Return the brain of a checkpoint folder, or of shipped weights by name (``zoo-nano``).

    Raises:
        CheckpointError: when it is missing, damaged or of another version.
        Eco1Error: when the model cannot act.
    """
    return brain_of(load_checkpoint(checkpoint_folder(checkpoint), build_model).model, biome)


def brain_of(model: nn.Module, biome: str = "") -> ModelBrain | SenseBrain:
    """Return a brain for all animals of a biome. With several senses it lives by motion: no other tells of everyone.

    Raises:
        Eco1Error: when the model cannot act, or not by motion.
    """
    if not isinstance(model, MultimodalModel):
        return ModelBrain(model)
    known = biome if biome in model.config.environment_names else ""
    return SenseBrain(model, ("motion",), biome=known, everyone=True)


def brain_for(world: Ecosystem, model: Path | None) -> ModelBrain | SenseBrain | None:
    """Return the brain of a checkpoint, or None, with a word of why, where the shipped one knows none of the animals.

    Raises:
        CheckpointError: when the checkpoint is missing, damaged or of another version.
    """
    brain = None if model is None else load_brain(model, world.biome)
    if brain is None or model != BEST or set(brain.species_names) & set(world.species_names):
        return brain
    Console().print(
        f"The shipped weights {BEST} were not made for the animals of {world.biome}: they follow their built-in drives."
    )
    return None


def live(
    world: Ecosystem, state: EcosystemState, brain: Brain[Any] | None, seconds: float, *, quiet: bool = False
) -> Episode:
    """Return the next ``seconds`` of the first world of ``state`` as an episode in memory."""
    steps = round(seconds / world.dt_s)
    landscape = world.landscape(state)
    scenes = driven_scenes(world, state, brain)
    bar = track(range(steps + 1), description="living", disable=quiet, transient=True)
    seen = [next(scenes)[0] for _ in bar]
    return Episode(
        info=EpisodeInfo(
            biome=world.biome,
            seed=state.seed,
            world=0,
            dt_s=world.dt_s,
            species_names=world.species_names,
            behavior_names=world.behavior_names,
            provenance={
                "source": "simulation",
                "generator": f"eco1 {__version__}",
                "brain": "built-in" if brain is None else "model",
                "burn_in_s": f"{state.step * world.dt_s:g}",
            },
        ),
        observation=Observation.stack(seen),
        landscape=landscape,
    )


def driven_scenes(world: Ecosystem, state: EcosystemState, brain: Brain[Any] | None) -> Iterator[Observation]:
    """Return what is seen before every step, for ever, starting now."""
    if brain is None:
        return (observation for _, observation, _ in nobody(world, state, state.seed))
    return (moment.observation for moment in drive(world, state, brain))
