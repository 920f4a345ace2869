"""Eco-1 at its smallest, and scenes with all its senses, made up."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch

from eco1.core.fakes import FakeSimulator
from eco1.core.records import Observation
from eco1.core.senses import Frames, PointCloud, SensedClip, SensedObservation, Senses, Sound
from eco1.models.multimodal import MultimodalConfig, MultimodalModel
from eco1.models.multimodal.words import learn_tokenizer

PIXELS, BEAMS, STEP_SAMPLES = 16, 80, 1600
SENSES = ("video", "audio", "points", "motion")


def tiny(seed: int = 0, **changes) -> MultimodalModel:
    """Return a model of 3 moments of 2 frames that acts behind 4 frames."""
    settings = {
        "species_names": FakeSimulator.species_names, "behavior_names": FakeSimulator.behavior_names,
        "environment_names": ("plain",), "tokenizer": learn_tokenizer((), 261), "vocabulary": 261, "species_rows": 8,
        "environment_rows": 4, "frames": 6, "moments": 3, "pixels": PIXELS, "groups": 4, "group_points": 8,
        "encoders": ((24, 1, 2),) * 5, "width": 24, "summaries": 2, "predictor_width": 16, "predictor_layers": 1,
        "predictor_heads": 2, "embedding": 8, "language_width": 32, "language_layers": 2, "language_heads": 2,
        "language_kv_heads": 1, "language_head_dim": 16, "language_hidden": 32, "experts": 8, "expert_hidden": 16,
    }  # fmt: skip
    torch.manual_seed(seed)
    return MultimodalModel(MultimodalConfig(**{**settings, **changes})).eval()


def that_goes(way: Sequence[float], model: MultimodalModel | None = None, log_odds: float = -9.0) -> MultimodalModel:
    """Return a model in which all animals go one way (within a hundredth), or stand as the log-odds have it."""
    model = model or tiny()
    head = model.action.moves
    with torch.no_grad():
        head.out.weight.zero_()
        logits, kept, mean, scale, stands = head.out.bias.split(head.parts)
        logits.zero_(), kept.fill_(-30.0), scale.fill_(-30.0), stands.fill_(log_odds)
        mean.copy_(torch.tensor(way).repeat(len(mean) // 3))
    return model


def looking_at(row: int, scene: Observation) -> SensedObservation:
    """Return the scene with senses that differ in every world, of a camera 3 m west of one animal that looks at it."""
    worlds = len(scene.alive)
    dice = np.random.default_rng(int(abs(scene.position_m).sum() * 1000) % 2**32)
    eye = scene.position_m[:, row] - np.array([3, 0, 0], np.float32)
    size = (worlds, PIXELS, PIXELS)
    camera = Frames(
        rgb=dice.integers(0, 256, (*size, 3), np.uint8),
        depth_m=np.ones(size, np.float32),
        instance=np.zeros(size, np.int16),
        flow_px=np.zeros((*size, 2), np.float32),
        eye_m=eye,
        axes=np.tile(np.array([[0, -1, 0], [0, 0, 1], [1, 0, 0]], np.float32), (worlds, 1, 1)),
        field_of_view_rad=np.ones(worlds, np.float32),
    )
    unknown = np.full((worlds, BEAMS), -1, np.int16)
    cloud = eye[:, None] + dice.normal(0, 9, (worlds, BEAMS, 3)).astype(np.float32)
    senses = Senses(
        video={"follow": camera},
        audio={"camera": Sound(samples=dice.integers(-999, 999, (worlds, 2, STEP_SAMPLES), np.int16), ear_m=eye)},
        points={"camera": PointCloud(position_m=cloud, instance=unknown, species=unknown)},
    )
    return SensedObservation(**vars(scene), senses=senses)


def sensed_scenes(steps: int, worlds: int = 2, row: int = 1) -> list[SensedObservation]:
    """Return what happens to five fake animals far from each other, all senses on one of them."""
    simulator = FakeSimulator(worlds=worlds, animals=5, dt_s=0.2)
    state, seen = simulator.reset(3), []
    for _ in range(steps):
        scene = simulator.observe(state)
        apart = scene.position_m + np.arange(5, dtype=np.float32)[:, None] * np.array([0, 200, 0], np.float32)
        seen.append(looking_at(row, replace(scene, position_m=apart)))
        state = simulator.step(state, None)
    return seen


def clip_of(steps: int, worlds: int = 2) -> SensedClip:
    """Return these scenes as a clip."""
    seen = SensedObservation.stack(sensed_scenes(steps, worlds), axis=1)
    dt_s = np.full(worlds, 0.2, np.float32)
    return SensedClip(observation=seen.scene, dt_s=dt_s, senses=seen.senses, biome=("plain",) * worlds)
