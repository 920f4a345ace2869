"""Eco-1 behind the contracts of ``core.protocols``: numpy records in, numpy records out, tensors only inside."""

from collections.abc import Iterable

import numpy as np
import torch
from jaxtyping import Bool, Float, Float32
from torch import Generator, Tensor, nn
from torch.nn import functional

from eco1.core.errors import ConfigError
from eco1.core.protocols import Losses
from eco1.core.records import Action, Clip, Observation
from eco1.models.eco import forecasting
from eco1.models.eco.calibrate import calibrate
from eco1.models.eco.config import EcoConfig
from eco1.models.eco.living import Decision, decide, imagine_step, sized_for, take_in, take_in_clip
from eco1.models.eco.losses import TERM_WEIGHTS, losses
from eco1.models.eco.memory import EcoMemory, empty_memory
from eco1.models.eco.network import EcoNetwork
from eco1.models.eco.relatives import lend_to_strangers, meet_newcomers
from eco1.sensors.scene import Scene, mirrored, observation_of, scene_of
from eco1.sensors.trace import no_trace

_DT_TOLERANCE = 0.02


class EcoModel(nn.Module):
    """A world model of animals, and with it a CanDecode, CanAct, CanEmbed, Forecaster, FutureSampler and Anticipator.

    Call ``calibrate`` on training clips once before training, and ``update_target`` after every optimiser step.
    """

    def __init__(self, config: EcoConfig) -> None:
        super().__init__()
        self.config = config
        self.network = EcoNetwork(config)
        self.term_weights = dict(TERM_WEIGHTS)

    # -- training

    def calibrate(self, clips: Iterable[Clip]) -> None:
        """Measure what is not learned by gradient on training clips: codebook, feature scales, limits, base path."""
        calibrate(self.network, (self._scene(clip) for clip in clips))
        lend_to_strangers(self.network)

    def meet(self, clips: Iterable[Clip]) -> None:
        """Measure on training clips what species are like that earlier training did not show."""
        meet_newcomers(self.network, (self._scene(clip) for clip in clips))

    def loss(self, clip: Clip, generator: Generator | None) -> Losses:
        """Return the named terms on a batch of clips. The generator places anchors and mirrors clips (in training).

        What animals were told to do is seen but not learned from: only what they then do of themselves is.
        """
        scene = self._scene(clip)
        phase = 0
        if generator is not None:
            phase = int(torch.randint(self.config.anchor_stride, (), generator=generator, device=generator.device))
            if self.training and self.config.mirror:
                coin = torch.rand(scene.alive.shape[0], generator=generator, device=generator.device) < 0.5
                scene = mirrored(scene, coin.to(self.network.device))
        told = None if clip.action is None else torch.as_tensor(clip.action.controlled, device=self.network.device)
        return losses(self.network, scene, told, phase=phase, drop=self.training)

    def update_target(self, momentum: float) -> None:
        """Move the z-JEPA target towards the encoder; momentum runs from 0.996 to 1 over a training."""
        self.network.update_target(momentum)

    def hot_parts(self) -> tuple[tuple[nn.Module, str], ...]:
        """Return the methods that take most of a training step and are called alike in each, for a compiler."""
        network = self.network
        blocks = tuple((block, "forward") for block in network.decoder.blocks)
        return (network, "view"), (network.encoder, "forward"), *blocks, (network.motion, "forward")

    def tokens_of(self, clip: Clip) -> int:
        """Return how many tokens a batch of clips is: one for each animal alive in each frame."""
        return int(clip.observation.alive.sum())

    # -- a memory that lives through a world

    def initial(self, batch: int) -> EcoMemory:
        """Return the memory of ``batch`` worlds before anything was seen."""
        return empty_memory(self.config, batch, 0, self.network.device)

    @torch.no_grad()
    def observe(
        self, z: EcoMemory, action: Action | None, observation: Observation, is_first: Bool[Tensor, " b"]
    ) -> EcoMemory:
        """Take in one scene (b, n). Actions add nothing: their effect is seen.

        Raises:
            ConfigError: when the number of worlds or rows is not the memory's.
        """
        scene = scene_of(observation, self.network.device)
        z = sized_for(self.network, z, scene.alive.shape[-1])
        if scene.alive.shape != (z.batch, z.animals):
            raise ConfigError(
                f"The memory holds {z.batch} worlds of {z.animals} animals, "
                f"the observation has shape {tuple(scene.alive.shape)}. Begin with initial({scene.alive.shape[0]})."
            )
        return take_in(self.network, z, scene, is_first.to(self.network.device))

    @torch.no_grad()
    def predict(self, z: EcoMemory, action: Action | None, generator: Generator | None) -> EcoMemory:
        """Imagine one step: controlled animals do as told, the others what the model expects of them."""
        decision = decide(self.network, z, generator)
        return imagine_step(self.network, z, decision if action is None else self._told(z, decision, action))

    @torch.no_grad()
    def act(self, z: EcoMemory, generator: Generator | None) -> Action:
        """Return what every animal does next."""
        decision = decide(self.network, z, generator)
        return Action(
            velocity_mps=decision.velocity_mps.cpu().numpy(),
            behavior=decision.behavior.cpu().numpy().astype(np.int16),
            controlled=z.scene.alive.cpu().numpy().copy(),
        )

    def decode(self, z: EcoMemory) -> Observation:
        """Return the scene (b, n) as last seen or imagined."""
        return observation_of(z.scene)

    def embed(self, z: EcoMemory) -> Float[Tensor, "b n d2"]:
        """Return one vector per animal: what it sees now beside what it makes of the past.

        The last layer speaks of what comes next and has let go of some of the present, so a model is read at more than
        one depth; linear probes of DINO are as well, Caron et al. (2021), arXiv 2104.14294.
        """
        return _both_depths(z.token, z.latent)

    def routing(self, z: EcoMemory) -> Float[Tensor, "b n e"]:
        """Return how much each expert (``config.expert_names``) had to say about each animal, mean over layers."""
        return z.routing

    # -- whole clips

    @torch.no_grad()
    def remember(self, history: Clip) -> EcoMemory:
        """Return the memory after a clip, in one pass."""
        return take_in_clip(self.network, self._scene(history))

    @torch.no_grad()
    def embed_clip(self, clip: Clip) -> Float[Tensor, "b t n d2"]:
        """Return one vector per frame and animal, as ``embed``; each knows only its own past."""
        scene = self._scene(clip)
        batch, _, animals = scene.alive.shape
        start = torch.zeros(batch, dtype=torch.long, device=self.network.device)
        reading = self.network.read(scene, no_trace(batch, animals, self.network.device), frame=start)
        return _both_depths(reading.token, reading.latent)

    @torch.no_grad()
    def forecast(self, history: Clip, steps: int) -> Float32[np.ndarray, "b steps n 3"]:
        """Return the expected positions after the history (metres, world axes)."""
        return forecasting.forecast(self.network, self.remember(history), steps).cpu().numpy()

    @torch.no_grad()
    def imagined_paths(self, z: EcoMemory, steps: int) -> Float32[np.ndarray, "b steps n 3"]:
        """Return the expected positions after what the memory has seen."""
        return forecasting.forecast(self.network, z, steps).cpu().numpy()

    @torch.no_grad()
    def sample_futures(
        self, history: Clip, steps: int, samples: int, generator: Generator | None
    ) -> Float32[np.ndarray, "b samples steps n 3"]:
        """Return joint futures of whole scenes, each animal reacting to what the others do in that future."""
        return forecasting.sample_futures(self.network, self.remember(history), steps, samples, generator).cpu().numpy()

    @torch.no_grad()
    def anticipate(self, history: Clip) -> Float32[np.ndarray, "b n c"]:
        """Return the probability of each behaviour to be the next new one, about a second after the last frame."""
        return forecasting.anticipate(self.network, self.remember(history)).cpu().numpy()

    def _scene(self, clip: Clip) -> Scene:
        """Return the clip as tensors.

        Raises:
            ConfigError: when the clip's frame rate is not the model's.
        """
        off = np.abs(clip.dt_s / self.config.dt_s - 1.0).max()
        if off > _DT_TOLERANCE:
            raise ConfigError(
                f"The clip has {clip.dt_s.max():.4g} s between frames, the model was made for {self.config.dt_s:.4g} s."
                " Resample the recording or train a model for it."
            )
        return scene_of(clip.observation, self.network.device)

    def _told(self, z: EcoMemory, decision: Decision, action: Action) -> Decision:
        device = self.network.device
        told = torch.as_tensor(action.controlled, device=device)
        velocity = torch.as_tensor(action.velocity_mps, device=device)
        moving = velocity[..., :2].square().sum(-1) > 0
        heading = torch.where(moving, torch.atan2(velocity[..., 1], velocity[..., 0]), z.scene.heading_rad)
        behavior = torch.as_tensor(action.behavior, device=device).long()
        return Decision(
            velocity_mps=torch.where(told[..., None], velocity, decision.velocity_mps),
            heading_rad=torch.where(told, heading, decision.heading_rad),
            behavior=torch.where(told, behavior, decision.behavior),
        )


def _both_depths(token: Float[Tensor, "*b d"], latent: Float[Tensor, "*b d"]) -> Float[Tensor, "*b d2"]:
    return torch.cat([functional.layer_norm(token, token.shape[-1:]), latent], dim=-1)
