"""Eco-1 deciding for an animal from what a camera, ears and a lidar around it bring back, or any of them.

Shape letters: W worlds, N animals, T frames.
"""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Literal

import numpy as np
import torch
from jaxtyping import Bool, Int64

from eco1.brains.bounds import bounded, catalog_speed_limits
from eco1.brains.company import nearest_to, only
from eco1.brains.sense_memory import Decision, SenseMemory, carried
from eco1.brains.wishing import Wisher
from eco1.core.errors import ConfigError, unknown_name
from eco1.core.records import Action, Observation
from eco1.core.senses import FollowedObservation, SensedClip, SensedObservation, Senses
from eco1.models.multimodal import MultimodalModel, Sense
from eco1.models.multimodal.perception import Perception
from eco1.models.nn.prepacked import can_prepack, prepacked
from eco1.models.nn.qwen3 import Sampling
from eco1.models.nn.storing import stored_in_bfloat16
from eco1.sensors.camera.subject import subject_of
from eco1.training.device import quickest_precision

_ABLE: tuple[Sense, ...] = ("video", "audio", "points", "motion")  # nobody tells an animal what it sees
#: Narrower models lose more by rounding what comes and goes than by slower products: nano (128) decides in 16 ms in
#: float32 and 19 in bfloat16, tiny (192) in 35 and 30, small (320) in 88 and 54, on a CPU that has AMX.
_WIDE = 192
#: Animals around it that one who is driven alone takes notice of.
_COMPANY = 24

Rows = Int64[np.ndarray, " w"]


class SenseBrain:
    """A loaded model in the body of whom the camera follows, in each world. It keeps nothing between calls.

    Whom it follows is told by where it looks, unless the world says so (``FollowedObservation``).

    It wants to be asked every ``decision_s``, remembers as many frames as the model has learned to act upon (all
    moments but one), and decides anew after every moment: a behaviour drawn from what the model expects, and a step for
    each frame until the next decision, drawn from those of animals that do so. As long as frames are missing, or the
    camera has nobody before it throughout, animals decide for themselves.

    Args:
        model: it is put into evaluation mode.
        senses: what it lives by; the rest is neither looked at nor needed, but for the pose of the camera.
        sampling: how a behaviour is drawn.
        biome: where it lives; "" is a place that it does not know.
        frame_s: time between the frames of the clips that the model was trained on.
        everyone: drive all animals, which takes ``motion``; not only whom the camera follows.
        precision: of products; None takes the one in which a decision is quicker. Of ``bf16`` a copy is made.

    Raises:
        UnknownNameError: when the model lacks a sense, or does not know the biome.
        ConfigError: when no sense is named, or everyone is to be driven without motion.
    """

    def __init__(
        self,
        model: MultimodalModel,
        senses: Sequence[Sense] = ("video",),
        *,
        sampling: Sampling | None = None,
        biome: str = "",
        frame_s: float = 0.2,
        everyone: bool = False,
        precision: Literal["fp32", "bf16"] | None = None,
    ) -> None:
        config = model.config
        _check(senses, tuple(sense for sense in _ABLE if sense in config.senses), everyone)
        if biome and biome not in config.environment_names:
            raise unknown_name("biome", biome, config.environment_names, see="eco1 list biomes")
        self.rounded = (precision or _quicker(model)) == "bf16"
        self.model = (_rounded(model) if self.rounded else model).eval()
        self.senses, self.biome, self.everyone = tuple(senses), biome, everyone
        self._wisher = Wisher(head=self.model.action, sampling=sampling or Sampling(temperature=1.0))
        self.species_names, self.behavior_names = config.species_names, config.behavior_names
        self.decision_s = frame_s
        self.moments = config.moments - 1
        self.frames = self.moments * config.frames_of_moment
        self._limits = catalog_speed_limits(self.species_names)
        wanted = {"video": config.camera, "audio": config.microphone, "points": config.lidar}
        self._instruments = {kind: name for kind, name in wanted.items() if kind in senses}
        if not everyone:
            self._instruments["video"] = config.camera

    @property
    def instruments(self) -> tuple[str, ...]:
        """Return the kinds of instruments that a frame has to come with."""
        return tuple(self._instruments)

    def initial(self, batch: int) -> SenseMemory:
        """Return the memory before anything was perceived."""
        return SenseMemory()

    def act(
        self, memory: SenseMemory, observation: Observation, generator: torch.Generator | None
    ) -> tuple[SenseMemory, Action]:
        """Take in a frame (W, N) and return what the driven do next; without a generator the likeliest.

        Raises:
            ConfigError: when the frame lacks a sense, or the model wishes for a velocity that is not finite.
        """
        frames = (*memory.frames, self._perceived(observation))[-self.frames :]
        count = memory.count + 1
        frame = (count - self.frames) % self.model.config.frames_of_moment
        kept = replace(memory, frames=frames, count=count)
        if count >= self.frames and frame == 0:
            body = observation.followed if isinstance(observation, FollowedObservation) else None
            kept = replace(kept, decision=self._decided(frames, body, generator))
        return kept, carried(bounded(kept.held(observation, frame), observation, self._limits), observation)

    def _perceived(self, observation: Observation) -> SensedObservation:
        """Return the frame with no more than what is needed of it."""
        senses = observation.senses if isinstance(observation, SensedObservation) else Senses()
        found = {kind: getattr(senses, kind) for kind in self._instruments}
        missing = [kind for kind, name in self._instruments.items() if name not in found[kind]]
        if missing:
            wanted = ", ".join(f"{kind} of {name!r}" for kind, name in self._instruments.items())
            raise ConfigError(
                f"A brain that lives by {', '.join(self.senses)} needs {wanted}; what came lacks {', '.join(missing)}. "
                f"Bring it instruments, SimulatedSenses(senses={self.instruments}), or another choice of senses."
            )
        kept = {kind: {name: found[kind][name]} for kind, name in self._instruments.items()}
        scene = {field.name: getattr(observation, field.name) for field in fields(Observation)}
        return SensedObservation(**scene, senses=Senses(**kept))

    @torch.inference_mode()
    def _decided(
        self, frames: Sequence[SensedObservation], body: Rows | None, generator: torch.Generator | None
    ) -> Decision:
        last = frames[-1]
        with torch.autocast(self.model.device.type, dtype=torch.bfloat16, enabled=self.rounded):
            seen, subject = self._looked_at(frames, body)
            guess = self.model.expected(seen, everyone=self.everyone)
            wishes = self._wisher.wishes(guess, last, subject, generator)
        there = np.stack([frame.alive & (frame.identity == last.identity) for frame in frames])
        same: Bool[np.ndarray, "w n"] = np.logical_and.reduce(there)
        followed = same & (np.arange(last.alive.shape[1]) == subject[:, None])
        return Decision(wishes=wishes, identity=last.identity, controlled=same if self.everyone else followed)

    def _looked_at(self, frames: Sequence[SensedObservation], body: Rows | None) -> tuple[Perception, Rows]:
        """Return what is perceived, and the row of whom each world's camera follows, -1 nobody's."""
        clip = SensedObservation.stack(list(frames), axis=1)
        scene, worlds = clip.scene, len(clip.alive)
        if body is None:
            camera = clip.senses.video.get(self.model.config.camera)
            body = np.full(worlds, -1) if camera is None else subject_of(camera, scene)
        row = body
        if not self.everyone:
            rows = nearest_to(scene, body.clip(0), _COMPANY)
            scene, row = only(scene, rows), np.where(body >= 0, 0, -1)
        dt_s = np.full(worlds, self.decision_s, np.float32)
        whole = SensedClip(observation=scene, dt_s=dt_s, senses=clip.senses, biome=(self.biome,) * worlds)
        inputs = self.model.inputs_of(whole, senses=self.senses, moments=self.moments, subject=row)
        return self.model.perceive(inputs, self.moments), body


def _rounded(model: MultimodalModel) -> MultimodalModel:
    stored = stored_in_bfloat16(model)
    return prepacked(stored) if can_prepack(model.device) else stored


def _quicker(model: MultimodalModel) -> Literal["fp32", "bf16"]:
    return quickest_precision(model.device) if model.config.language_width >= _WIDE else "fp32"


def _check(senses: Sequence[Sense], able: tuple[Sense, ...], everyone: bool) -> None:
    if not senses:
        raise ConfigError(f"A brain needs at least one sense to live by; this model has {', '.join(able)}.")
    for sense in senses:
        if sense not in able:
            raise unknown_name("sense to live by", sense, able)
    if everyone and "motion" not in senses:
        raise ConfigError(
            f"Only motion tells of every animal; the senses are {', '.join(senses)}. Add it, or leave out everyone."
        )
