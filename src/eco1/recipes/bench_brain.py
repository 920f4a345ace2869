"""How long a brain takes to decide for everyone in a world, beside what its arithmetic alone would take."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.utils.flop_counter import FlopCounterMode

from eco1.brains.model_brain import BrainMemory, ModelBrain
from eco1.catalog.loader import load_biome, load_ethogram
from eco1.core.errors import ConfigError
from eco1.core.fakes import FakeSimulator
from eco1.core.records import Observation
from eco1.models.eco import EcoConfig, EcoModel
from eco1.training.random import torch_generator

_DT_S = 0.1
_SPECIES = tuple(sorted(resident.species for resident in load_biome("savanna").residents))
_MATRIX = 512
_MATRIX_RUNS = 15


@dataclass(frozen=True, kw_only=True)
class BrainBench:
    """One decision: scene in, actions of all animals out, sampled, with a full memory.

    ``bound_ms`` is the time that the decision's multiplications and additions (``gflop``) take at the speed of a
    512 x 512 matrix product on as many threads (``peak_gflops``), measured in the same run: nothing can be faster.
    """

    model: str
    parameters: int
    animals: int
    threads: int
    decisions: int
    min_ms: float
    p50_ms: float
    p99_ms: float
    max_ms: float
    gflop: float
    peak_gflops: float
    bound_ms: float


def bench_brain(animals: int = 64, threads: int = 1, decisions: int = 200) -> BrainBench:
    """Measure `nano` with fresh weights: its speed does not depend on what it has learned.

    Raises:
        ConfigError: when there is nothing to measure.
    """
    if animals < 1 or threads < 1 or decisions < 1:
        raise ConfigError(
            f"A brain bench needs at least 1 animal, 1 thread and 1 decision; got {animals}, {threads} and {decisions}."
        )
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        return _measure(animals, threads, decisions)
    finally:
        torch.set_num_threads(before)


def _measure(animals: int, threads: int, decisions: int) -> BrainBench:
    torch.manual_seed(0)
    config = EcoConfig.nano(species_names=_SPECIES, behavior_names=load_ethogram().names, dt_s=_DT_S)
    brain = ModelBrain(EcoModel(config))
    warm_up = config.window_frames + 8  # until the memory is full and every path has been taken
    times_ms, memory, scene = _live(brain, animals, warm_up + decisions)
    gflop = gflop_of(lambda: brain.act(memory, scene, torch_generator("cpu", 0)))
    peak = peak_gflops()
    measured = np.array(times_ms[warm_up:])
    return BrainBench(
        model="nano",
        parameters=sum(p.numel() for p in brain.model.parameters()),
        animals=animals,
        threads=threads,
        decisions=decisions,
        min_ms=round(float(measured.min()), 3),
        p50_ms=round(float(np.percentile(measured, 50)), 3),
        p99_ms=round(float(np.percentile(measured, 99)), 3),
        max_ms=round(float(measured.max()), 3),
        gflop=round(gflop, 5),
        peak_gflops=round(peak, 2),
        bound_ms=round(1e3 * gflop / peak, 3),
    )


def _live(brain: ModelBrain, animals: int, decisions: int) -> tuple[list[float], BrainMemory, Observation]:
    """Return the time of each decision, then the last memory and scene."""
    world = FakeSimulator(animals=animals, dt_s=_DT_S)
    state, memory, times_ms = world.reset(0), brain.initial(1), list[float]()
    scene = world.observe(state)
    for step in range(decisions):
        scene = world.observe(state)

        def decide(memory: BrainMemory = memory, scene: Observation = scene, step: int = step) -> Any:
            return brain.act(memory, scene, torch_generator("cpu", 0, step))

        seconds, (memory, action) = timed(decide)
        times_ms.append(1e3 * seconds)
        state = world.step(state, action)
    return times_ms, memory, scene


def gflop_of(work: Callable[[], Any]) -> float:
    """Return the floating-point operations of some work in thousand millions, those of experts included."""
    with FlopCounterMode(display=False, custom_mapping=_FURTHER) as counter:
        work()
    return counter.get_total_flops() / 1e9


def peak_gflops(dtype: torch.dtype = torch.float32) -> float:
    """Return how many a second this machine does in a product of matrices, the best of several."""
    matrix = torch.randn(_MATRIX, _MATRIX).to(dtype)
    best = min(timed(lambda: matrix @ matrix)[0] for _ in range(_MATRIX_RUNS))
    return 2 * _MATRIX**3 / best / 1e9


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return how many seconds some work took, and what came of it."""
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def _grouped_flop(line: Sequence[int], matrices: Sequence[int], *_: Any, **__: Any) -> int:
    """Each row of a line meets one matrix."""
    return 2 * line[0] * line[1] * matrices[-1]


def _linear_flop(x: torch.Size, weight: torch.Size, *_: Any, **__: Any) -> int:
    return 2 * x.numel() * weight[0]


#: Products that the counter of torch (2.13) does not know, as far as this build has them.
_FURTHER = {
    getattr(module, name): flop
    for module, name, flop in (
        (torch.ops.aten, "_grouped_mm", _grouped_flop),
        (torch.ops.mkldnn, "_linear_pointwise", _linear_flop),
    )
    if hasattr(module, name)
}
