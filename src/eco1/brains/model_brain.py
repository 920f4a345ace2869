"""A world model that decides for animals, ten times a second, for all worlds and animals at once."""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import torch
from jaxtyping import Float32, Int64
from torch import nn

from eco1.brains.bounds import bounded, catalog_speed_limits
from eco1.core.errors import ConfigError
from eco1.core.protocols import CanAct, WorldModel
from eco1.core.records import Action, Observation


@dataclass(frozen=True, kw_only=True)
class BrainMemory:
    """What a brain carries from one decision to the next.

    ``latent`` is the model's own memory, batch first. ``identity`` says who sat in which row when last seen; None
    before the first scene.
    """

    latent: Any
    identity: Int64[np.ndarray, "w n"] | None


class ModelBrain:
    """A loaded model in bodies. It keeps nothing between calls: all there is to remember is in ``BrainMemory``.

    The model tells newborns from those whose rows they took over by ``Observation.identity``; a world whose animals
    are all strangers is forgotten as a whole.

    Args:
        model: a module that is a `WorldModel` and `CanAct`; it is put into evaluation mode.
        speed_limits_mps: the most a species may wish for, by the model's species index; None asks the catalog.

    Raises:
        ConfigError: when the model cannot act.
    """

    def __init__(self, model: nn.Module, speed_limits_mps: Float32[np.ndarray, " k"] | None = None) -> None:
        missing = [name for name in ("initial", "observe", "act", "config") if not hasattr(model, name)]
        if missing:
            raise ConfigError(f"{type(model).__name__} cannot be a brain: it lacks {', '.join(missing)}.")
        self.model = model.eval()
        config: Any = model.config
        self.species_names: tuple[str, ...] = tuple(config.species_names)
        self.behavior_names: tuple[str, ...] = tuple(config.behavior_names)
        self.decision_s = float(config.dt_s)
        self.device = next((p.device for p in model.parameters()), torch.device("cpu"))
        self._limits = catalog_speed_limits(self.species_names) if speed_limits_mps is None else speed_limits_mps
        self._world, self._actor = cast(WorldModel[Any], model), cast(CanAct[Any], model)

    @torch.inference_mode()
    def initial(self, batch: int) -> BrainMemory:
        """Return the memory of ``batch`` worlds before anything was seen."""
        return BrainMemory(latent=self._world.initial(batch), identity=None)

    @torch.inference_mode()
    def act(
        self, memory: BrainMemory, observation: Observation, generator: torch.Generator | None
    ) -> tuple[BrainMemory, Action]:
        """Take in one scene (W, N) and return what the living do next: sampled, or the mode without a generator.

        Raises:
            ConfigError: when the model wishes for a velocity that is not finite.
        """
        is_first = torch.from_numpy(_new_worlds(memory.identity, observation)).to(self.device)
        latent = self._world.observe(memory.latent, None, observation, is_first)
        action = self._actor.act(latent, _on_device(generator, self.device))
        memory = BrainMemory(latent=latent, identity=np.where(observation.alive, observation.identity, -1))
        return memory, bounded(action, observation, self._limits)


def _new_worlds(identity: Int64[np.ndarray, "w n"] | None, observation: Observation) -> np.ndarray:
    """Return (W,) where nobody alive sits where it was last seen."""
    if identity is None:
        return np.ones(len(observation.alive), bool)
    return ~(observation.alive & (observation.identity == identity)).any(axis=1)


def _on_device(generator: torch.Generator | None, device: torch.device) -> torch.Generator | None:
    """Return a generator that the model can use; one of another device seeds it."""
    if generator is None or generator.device.type == device.type:
        return generator
    seed = int(torch.randint(2**62, (), generator=generator, device=generator.device))
    return torch.Generator(device=device).manual_seed(seed)
