"""Open a living world in the browser."""

from pathlib import Path
from typing import cast

import numpy as np

from eco1.brains.model_brain import BrainMemory, ModelBrain
from eco1.models.eco import EcoModel
from eco1.recipes.limits import require_seed
from eco1.recipes.live import brain_for
from eco1.sim.ecosystem import Ecosystem
from eco1.studio.living import Insight
from eco1.studio.play import play as show


def play(model: Path | None, biome: str, *, seed: int, animals: int, port: int) -> None:
    """Serve a world until interrupted; with a checkpoint, its brain drives all species until the panel says otherwise.

    Raises:
        Eco1Error: when biome or checkpoint do not exist, the seed is out of range, or the port is in use.
    """
    require_seed(seed)
    world = Ecosystem(biome, worlds=1, animals=animals)
    brain = brain_for(world, model)
    show(world, brain, insight(brain) if isinstance(brain, ModelBrain) else None, seed=seed, port=port)


def insight(brain: ModelBrain) -> Insight:
    """Return what the viewer may ask the brain's model: who of its experts speaks, and what it expects to happen."""
    model = cast(EcoModel, brain.model)

    def routing(memory: BrainMemory) -> np.ndarray:
        return model.routing(memory.latent)[0].cpu().numpy()

    def imagine(memory: BrainMemory, steps: int) -> np.ndarray:
        return model.imagined_paths(memory.latent, steps)[0].transpose(1, 0, 2)

    return Insight(expert_names=model.config.expert_names, routing=routing, imagine=imagine)
