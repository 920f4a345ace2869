"""A very small model of five senses, and clips that have something for each."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import torch

from eco1.core.fakes import FakeSimulator
from eco1.core.records import Observation
from eco1.core.senses import Caption, Description, Frames, PointCloud, Question, SensedClip, Senses, Sound
from eco1.models.multimodal import MultimodalConfig, MultimodalModel
from eco1.models.multimodal.words import learn_tokenizer

torch.set_num_threads(1)
TEXTS = ("A walker stands still.", "Two strollers walk to the north.", "How many strollers walk?", "One", "Two")
VOCABULARY = 300
FOLLOWED = 2
_SIZES: dict[str, Any] = {
    "frames": 8, "moments": 4, "pixels": 16, "patch": 8, "bands": 16, "groups": 4, "group_points": 4, "words": 16,
    "encoders": ((32, 1, 2),) * 5, "width": 32, "summaries": 2, "predictor_width": 32, "predictor_layers": 1,
    "predictor_heads": 2, "embedding": 16, "language_width": 32, "language_layers": 2, "language_heads": 2,
    "language_kv_heads": 1, "language_head_dim": 16, "language_hidden": 32, "expert_hidden": 16, "species_rows": 8,
    "environment_rows": 5,
}  # fmt: skip


@cache
def tokenizer() -> str:
    """One that has read a few sentences."""
    return learn_tokenizer(TEXTS, VOCABULARY)


def config(**changes: Any) -> MultimodalConfig:
    """Two species, of which the first is a hunter; two behaviours, of which the second is grazing."""
    names = {"species_names": FakeSimulator.species_names, "behavior_names": FakeSimulator.behavior_names}
    prior = {
        "species_traits": ((1.0, -1.0, 0.5), (-1.0, 1.0, 0.0)),
        "species_expert_bias": ((2.0, *[0.0] * 7), (0.0, 1.0, *[0.0] * 6)),
        "behavior_expert": (7, 1),
    }
    known = {"environment_names": ("plain", "reef"), "tokenizer": tokenizer(), "vocabulary": VOCABULARY}
    return MultimodalConfig(**{**names, **prior, **known, **_SIZES, **changes})


def model(seed: int = 0, **changes: Any) -> MultimodalModel:
    """A new one, in evaluation mode."""
    torch.manual_seed(seed)
    return MultimodalModel(config(**changes)).eval()


def perceived_clip(seed: int = 0, batch: int = 4, frames: int = 8, *, asked: bool = False) -> SensedClip:
    """Animals that walk, and a camera, ears and a lidar that bring back something else of each clip."""
    rng = np.random.default_rng(seed)
    observation = _walking(seed, batch, frames)
    return SensedClip(
        observation=observation,
        dt_s=np.full(batch, 0.1, np.float32),
        senses=Senses(
            video={"follow": _camera(rng, observation)},
            audio={"camera": _ears(rng, batch, frames)},
            points={"camera": _lidar(rng, batch, frames)},
        ),
        said=tuple(said(clip, asked=asked) for clip in range(batch)),
        biome=("plain", "reef", "moon", "plain", "reef", "plain")[:batch],
    )


def said(clip: int, *, asked: bool = False) -> Description:
    """Something of two animals, or a question."""
    caption = Caption(kind="event", start_s=0.0, end_s=0.8, rows=(clip % 5, 4), text=TEXTS[clip % 2])
    question = Question(kind="count", start_s=0, end_s=0.8, question=TEXTS[2], answer="Two", choices=("One", "Two"))
    return Description(questions=(question,)) if asked else Description(captions=(caption,))


def only(clip: SensedClip, *senses: str) -> SensedClip:
    """The same clip with some senses; animals are always there."""
    kept = {name: getattr(clip.senses, name) for name in ("video", "audio", "points") if name in senses}
    return replace(clip, senses=Senses(**kept), said=clip.said if "text" in senses else ())


def _walking(seed: int, batch: int, frames: int) -> Observation:
    simulator = FakeSimulator(worlds=batch, animals=5)
    state, seen = simulator.reset(seed), []
    for _ in range(frames):
        seen.append(simulator.observe(state))
        state = simulator.step(state, None)
    return Observation.stack(seen, axis=1)


def _camera(rng: np.random.Generator, observation: Observation) -> Frames:
    """It stands 10 m to the west of the animal it follows and looks east."""
    lead = observation.alive.shape[:2]
    colour = rng.integers(0, 255, (lead[0], 1, 1, 1, 3))
    stripes = np.cumsum(rng.integers(0, 30, (*lead, 16, 16, 1)), axis=2)
    return Frames(
        rgb=((colour + stripes) % 255).astype(np.uint8),
        depth_m=np.ones((*lead, 16, 16), np.float32),
        instance=np.full((*lead, 16, 16), -2, np.int16),
        flow_px=np.zeros((*lead, 16, 16, 2), np.float32),
        eye_m=observation.position_m[:, :, FOLLOWED] - np.float32([10, 0, 0]),
        axes=np.broadcast_to(np.float32([[0, -1, 0], [0, 0, 1], [1, 0, 0]]), (*lead, 3, 3)).copy(),
        field_of_view_rad=np.ones(lead, np.float32),
    )


def _ears(rng: np.random.Generator, batch: int, frames: int) -> Sound:
    moment = np.arange(frames * 1600) / 16_000
    pitch = rng.uniform(300, 3000, (batch, 1))
    tone = 8000 * np.sin(2 * np.pi * pitch * moment) * rng.uniform(0.2, 1, (batch, frames)).repeat(1600, axis=1)
    samples = np.repeat(tone.reshape(batch, frames, 1, 1600), 2, axis=2).astype(np.int16)
    return Sound(samples=samples, ear_m=np.zeros((batch, frames, 3), np.float32))


def _lidar(rng: np.random.Generator, batch: int, frames: int) -> PointCloud:
    position = rng.normal(0, rng.uniform(1, 9, (batch, 1, 1, 1)), (batch, frames, 40, 3)) + np.float64([200, 50, 3])
    position[:, :, ::8] = np.nan
    shape = (batch, frames, 40)
    none = np.full(shape, -2, np.int16)
    return PointCloud(position_m=position.astype(np.float32), instance=none, species=none)
