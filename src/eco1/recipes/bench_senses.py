"""How long Eco-1 takes to decide for an animal by its senses, beside what arithmetic and reading alone would take."""

import time
from dataclasses import dataclass

import numpy as np
import torch

from eco1.brains.sense_brain import SenseBrain, SenseMemory
from eco1.catalog.loader import biome_names, load_biome, load_ethogram
from eco1.core.errors import ConfigError
from eco1.core.fakes import FakeSimulator
from eco1.core.records import Observation
from eco1.core.senses import SAMPLE_RATE_HZ, Frames, PointCloud, SensedObservation, Senses, Sound
from eco1.models.multimodal import MultimodalConfig, MultimodalModel, Sense
from eco1.models.multimodal.words import learn_tokenizer
from eco1.recipes.bench_brain import gflop_of, peak_gflops
from eco1.recipes.memory_speed import memory_bytes_per_s
from eco1.training.random import torch_generator

_FRAME_S, _STEP_S = 0.2, 0.1
_BEAMS = 2048
_WARM_UP = 8  # decisions


@dataclass(frozen=True, kw_only=True)
class SenseBench:
    """One decision after a new moment: pictures, sound and animals in, the action of the animal followed out, sampled.

    ``busy_*`` is the time that the processor gave it: without waiting for whoever else runs. ``bound_ms`` is the time
    of its ``gflop`` at the speed of a 512 x 512 matrix product in the same numbers and run (``peak_gflops``);
    ``reading_ms`` that of reading every matrix once from memory.
    """

    size: str
    senses: tuple[Sense, ...]
    precision: str
    parameters: int
    animals: int
    threads: int
    decisions: int
    min_ms: float
    p50_ms: float
    p99_ms: float
    max_ms: float
    busy_p50_ms: float
    busy_p99_ms: float
    gflop: float
    peak_gflops: float
    bound_ms: float
    matrices_mb: float
    reading_ms: float


def bench_senses(
    size: str = "small",
    senses: tuple[Sense, ...] = ("video", "audio", "motion"),
    animals: int = 64,
    threads: int = 1,
    decisions: int = 200,
) -> SenseBench:
    """Measure a size of the ladder with fresh weights: its speed does not depend on what it has learned.

    Raises:
        UnknownNameError: when there is no such size or sense.
        ConfigError: when there is nothing to measure.
    """
    if animals < 1 or threads < 1 or decisions < 1:
        raise ConfigError(
            f"A brain bench needs at least 1 animal, 1 thread and 1 decision; got {animals}, {threads} and {decisions}."
        )
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        return _measure(SenseBrain(_fresh(size), senses), size, animals, threads, decisions)
    finally:
        torch.set_num_threads(before)


def _fresh(size: str) -> MultimodalModel:
    torch.manual_seed(0)
    species = tuple(sorted(resident.species for resident in load_biome("savanna").residents))
    tokenizer = learn_tokenizer((), 300)
    names = {"species_names": species, "behavior_names": load_ethogram().names, "environment_names": biome_names()}
    return MultimodalModel(MultimodalConfig.of_size(size, tokenizer=tokenizer, **names))


def _measure(brain: SenseBrain, size: str, animals: int, threads: int, decisions: int) -> SenseBench:
    wall_ms, busy_ms, memory, scene = _live(brain, animals, _WARM_UP + decisions)
    gflop = gflop_of(lambda: brain.act(memory, scene, torch_generator("cpu", 0)))
    peak = peak_gflops(torch.bfloat16 if brain.rounded else torch.float32)
    met = [brain.model.encoders[sense] for sense in brain.senses]
    parts = [*met, brain.model.summaries, brain.model.prefix, brain.model.language.blocks]
    matrices = [weight for part in parts for weight in part.parameters() if weight.ndim > 1]
    stored = sum(weight.numel() * weight.element_size() for weight in matrices)
    wall, busy = np.array(wall_ms[_WARM_UP:]), np.array(busy_ms[_WARM_UP:])
    learned = (weight for weight in brain.model.parameters() if weight.requires_grad)
    return SenseBench(
        size=size,
        senses=brain.senses,
        precision="bf16" if brain.rounded else "fp32",
        parameters=sum(weight.numel() for weight in learned),
        animals=animals,
        threads=threads,
        decisions=decisions,
        min_ms=round(float(wall.min()), 2),
        p50_ms=round(float(np.percentile(wall, 50)), 2),
        p99_ms=round(float(np.percentile(wall, 99)), 2),
        max_ms=round(float(wall.max()), 2),
        busy_p50_ms=round(float(np.percentile(busy, 50)), 2),
        busy_p99_ms=round(float(np.percentile(busy, 99)), 2),
        gflop=round(gflop, 3),
        peak_gflops=round(peak, 1),
        bound_ms=round(1e3 * gflop / peak, 2),
        matrices_mb=round(stored / 1e6, 1),
        reading_ms=round(1e3 * stored / memory_bytes_per_s(), 2),
    )


def _live(
    brain: SenseBrain, animals: int, decisions: int
) -> tuple[list[float], list[float], SenseMemory, SensedObservation]:
    """Return wall and processor time of each decision, then the memory before the last, and its scene."""
    world, pixels = FakeSimulator(animals=animals, dt_s=_FRAME_S), brain.model.config.pixels
    dice = np.random.default_rng(0)
    state, memory, step = world.reset(0), brain.initial(1), 0
    wall_ms, busy_ms = list[float](), list[float]()
    while True:
        scene = _sensed(world.observe(state), brain.model.config, pixels, dice)
        decides = step + 1 >= brain.frames and (step + 1 - brain.frames) % brain.model.config.frames_of_moment == 0
        before, dice_of_brain = memory, torch_generator("cpu", 0, step)
        began, began_busy = time.perf_counter(), time.thread_time()
        memory, action = brain.act(before, scene, dice_of_brain)
        if decides:
            wall_ms.append(1e3 * (time.perf_counter() - began))
            busy_ms.append(1e3 * (time.thread_time() - began_busy))
        if len(wall_ms) == decisions:
            return wall_ms, busy_ms, before, scene
        state, step = world.step(state, action), step + 1


def _sensed(seen: Observation, config: MultimodalConfig, pixels: int, dice: np.random.Generator) -> SensedObservation:
    """Return the scene with noise from every instrument; the camera looks at the first animal from behind."""
    shape = (1, pixels, pixels)
    eye = seen.position_m[:, 0] - np.array([3, 0, 0], np.float32)
    camera = Frames(
        rgb=dice.integers(0, 256, (*shape, 3), np.uint8),
        depth_m=np.ones(shape, np.float32),
        instance=np.zeros(shape, np.int16),
        flow_px=np.zeros((*shape, 2), np.float32),
        eye_m=eye,
        axes=np.array([[[0, -1, 0], [0, 0, 1], [1, 0, 0]]], np.float32),
        field_of_view_rad=np.ones(1, np.float32),
    )
    sound = dice.normal(0, 3000, (1, 2, round(_STEP_S * SAMPLE_RATE_HZ))).astype(np.int16)
    unknown = np.full((1, _BEAMS), -1, np.int16)
    cloud = eye[:, None] + dice.normal(0, 20, (1, _BEAMS, 3)).astype(np.float32)
    senses = Senses(
        video={config.camera: camera},
        audio={config.microphone: Sound(samples=sound, ear_m=eye)},
        points={config.lidar: PointCloud(position_m=cloud, instance=unknown, species=unknown)},
    )
    return SensedObservation(**vars(seen), senses=senses)
