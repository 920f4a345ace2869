"""V-JEPA 2-AC: a world model of what a camera sees, told how the camera moves.

Assran et al. (2025), arXiv 2506.09985, section 3. There it is a robot's hand that acts; here it is the camera itself:
its motion between frames is the action, its speed, height and pitch are the state.

Shape letters: b clips, t frames, c channels, y rows, x columns, n patches, d width.
"""

import copy

import numpy as np
import torch
from jaxtyping import Bool, Float
from torch import Generator, Tensor, nn
from torch.nn import functional

from eco1.core.errors import ConfigError, unknown_name
from eco1.core.protocols import Losses
from eco1.core.records import Action, Clip, Observation
from eco1.core.senses import CameraMotion, Frames, SensedObservation
from eco1.models.jepa.acting.camera import MOTION, STATE, Pose, motion_of, pose_of, told
from eco1.models.jepa.acting.config import VJepaAcConfig
from eco1.models.jepa.acting.memory import CameraMemory, empty_memory
from eco1.models.jepa.model import JepaModel
from eco1.models.nn.rank import collapse_monitors
from eco1.models.nn.views import normalised, pictures_of, sensed
from eco1.models.nn.vit.action_predictor import ActionPredictor
from eco1.models.nn.vit.patches import grid_positions

TERM_WEIGHTS = {"teacher": 1.0, "rollout": 1.0}  # equation 4
_DT_TOLERANCE = 0.02


class VJepaAcModel(nn.Module):
    """A world model of one camera per world. Its memory holds latents of patches, which never become pictures."""

    def __init__(self, config: VJepaAcConfig, encoder: JepaModel | None = None) -> None:
        """Build the predictor on a copy of a trained ``encoder``, or on a new one that weights are loaded into.

        Raises:
            ConfigError: when the encoder is not the config's.
        """
        super().__init__()
        if encoder is not None and encoder.config != config.encoder:
            raise ConfigError(
                "The encoder was made from another config than the one named: pass encoder=its own config."
            )
        self.config = config
        self.encoder = (JepaModel(config.encoder) if encoder is None else copy.deepcopy(encoder)).requires_grad_(False)
        self.predictor = ActionPredictor(config.predictor, config.encoder.width, MOTION, STATE)
        for parameter in self.predictor.leave.parameters():
            nn.init.zeros_(parameter)  # at first nothing changes
        self.term_weights = dict(TERM_WEIGHTS)

    # -- training

    def loss(self, clip: Clip, generator: Generator | None) -> Losses:
        """Return the L1 error of each next frame, and of the frame two steps after the first. Nothing is drawn."""
        latents, motion, state = self._clip(clip)
        foretold = self._next(latents[:, :-1], motion, state[:, :-1])
        errors = {"teacher": functional.l1_loss(foretold, latents[:, 1:])}
        so_far = torch.cat([latents[:, :1], foretold[:, :1]], dim=1)
        rolled = self._next(so_far, motion[:, :2], state[:, :2])[:, -1]
        errors["rollout"] = functional.l1_loss(rolled, latents[:, 2])
        return Losses(terms=errors, monitors=collapse_monitors(foretold.detach().flatten(0, 2)))

    @torch.no_grad()
    def embed_clip(self, clip: Clip) -> Float[Tensor, "b n d"]:
        """Return what is expected of every frame after the first, patch by patch, from those before it."""
        latents, motion, state = self._clip(clip)
        return self._next(latents[:, :-1], motion, state[:, :-1]).flatten(1, 2)

    # -- a memory that lives through a film

    def initial(self, batch: int) -> CameraMemory:
        """Return the memory of ``batch`` cameras before anything was seen."""
        return empty_memory(batch, len(self._place), self.config.encoder.width, self.device)

    def observe(
        self, z: CameraMemory, action: Action | None, observation: Observation, is_first: Bool[Tensor, " b"]
    ) -> CameraMemory:
        """Take in the frame of the model's camera. Actions add nothing: how the camera moved is seen.

        Raises:
            ConfigError: when the observation is no ``SensedObservation``, or its pictures do not fit.
            UnknownNameError: when it lacks the camera.
        """
        if not isinstance(observation, SensedObservation):
            raise ConfigError("The model looks at pictures: give it a SensedObservation, such as SensedClip.moment(0).")
        video, name = observation.senses.video, self.config.encoder.instrument
        if name not in video:
            raise unknown_name("camera", name, video)
        return self.observe_frames(z, video[name], is_first)

    @torch.no_grad()
    def observe_frames(self, z: CameraMemory, frames: Frames, is_first: Bool[Tensor, " b"]) -> CameraMemory:
        """Take in one frame of each camera (b); where ``is_first`` all before is forgotten.

        Raises:
            ConfigError: when the pictures have another size, or there are more or fewer than the memory has cameras.
        """
        expected = (z.latents.shape[0], *self.config.encoder.size[1:], 3)
        if frames.rgb.shape != expected:
            raise ConfigError(
                f"Frames have shape {frames.rgb.shape}; expected {expected}. Begin with "
                f"initial({frames.rgb.shape[0]}), and record with --camera-px {expected[1]}."
            )
        pose = pose_of(frames, self.device)
        anew = is_first.to(self.device)
        made = torch.zeros(len(anew), MOTION, device=self.device)
        if not z.empty:
            made = z.pose.motion_to(pose) * (~anew)[:, None]
        pictures = torch.as_tensor(frames.rgb, device=self.device).movedim(-1, -3)[:, None].float() / 255.0
        latents = self._latents(pictures)[:, 0]
        state = pose.state(made, self.config.dt_s)
        return z.moved(made).forgotten(anew).with_frame(latents, state, pose, self._most)

    @torch.no_grad()
    def predict(
        self, z: CameraMemory, action: CameraMotion | Action | None, generator: Generator | None
    ) -> CameraMemory:
        """Imagine one step of a camera that moves as told; None lets it go on as it came. Nothing is drawn.

        Raises:
            ConfigError: when nothing was seen yet, or animals are to be told what to do.
        """
        if z.empty:
            raise ConfigError("Nothing was seen yet, so nothing can be imagined. Call observe first.")
        if isinstance(action, Action):
            raise ConfigError("The model is told how its camera moves (CameraMotion), not what animals do (Action).")
        motion = z.last_motion() if action is None else motion_of(action, self.device)
        z = z.moved(motion)
        latents = self._next(z.latents, z.motion, z.state, z.seen)[:, -1]
        pose = z.pose.after(motion)
        return z.with_frame(latents, pose.state(motion, self.config.dt_s), pose, self._most)

    def expected(self, z: CameraMemory) -> Float[Tensor, "b n d"]:
        """Return the latents of the last frame, seen or imagined: compare them with those of a goal."""
        return z.latents[:, -1]

    # -- parts

    def _next(
        self,
        latents: Float[Tensor, "b t n d"],
        motion: Float[Tensor, "b t 6"],
        state: Float[Tensor, "b t 3"],
        seen: Bool[Tensor, "b t"] | None = None,
    ) -> Float[Tensor, "b t n d"]:
        """Return the normalised latents expected one frame later.

        What is told apart is the change: in a fifth of a second little of a picture becomes another.
        """
        seen = torch.ones(latents.shape[:2], dtype=torch.bool, device=self.device) if seen is None else seen
        x = latents + self.predictor(latents, self._place, told(motion), told(state), seen)
        return functional.layer_norm(x, x.shape[-1:])

    @torch.no_grad()
    def _latents(self, pictures: Float[Tensor, "b t c y x"]) -> Float[Tensor, "b t n d"]:
        """Return each frame as the frozen encoder sees it alone: a tubelet of as many equal frames as it is deep."""
        alone = normalised(pictures).flatten(0, 1)[:, None]
        latents = self.encoder.latents(alone.repeat(1, self.config.encoder.patch[0], 1, 1, 1))
        return functional.layer_norm(latents, latents.shape[-1:]).unflatten(0, pictures.shape[:2])

    def _clip(self, clip: Clip) -> tuple[Tensor, Tensor, Tensor]:
        """Return latents (b t n d), motions between frames (b t-1 6) and states (b t 3) of a sensed clip."""
        name, count = self.config.encoder.instrument, self.config.frames
        pictures = pictures_of(clip, name, self.config.size, self.device)
        if np.abs(clip.dt_s / self.config.dt_s - 1.0).max() > _DT_TOLERANCE:
            raise ConfigError(
                f"The clip has {clip.dt_s.max():.4g} s between frames, the model was made for {self.config.dt_s:.4g} s."
            )
        pose = pose_of(sensed(clip).senses.video[name][:, :count], self.device)
        before, later = (Pose(eye_m=pose.eye_m[:, s], axes=pose.axes[:, s]) for s in (slice(-1), slice(1, None)))
        motion = before.motion_to(later)
        state = pose.state(functional.pad(motion, (0, 0, 1, 0)), self.config.dt_s)
        return self._latents(pictures), motion, state

    @property
    def _most(self) -> int:
        """Return how many frames are kept in mind: as many as are ever told apart in training."""
        return self.config.frames - 1

    @property
    def _place(self) -> Float[Tensor, "n 3"]:
        _, rows, columns = self.config.encoder.grid
        return grid_positions((1, rows, columns), self.device)

    @property
    def device(self) -> torch.device:
        """Return where the model lives."""
        return self.predictor.enter.weight.device
