"""How fast a run is: clips and tokens a second, time spent waiting for clips, and how much of the device is used.

Written to a file of its own: what is learned is the same for a seed, how fast is not.
"""

import time
from typing import Any, Protocol, runtime_checkable

import torch
from torch import nn

from eco1.core.records import Clip
from eco1.training.peaks import peak_flops
from eco1.training.sources import BatchSource, Parts, PartSource, parts_at


@runtime_checkable
class CanCountTokens(Protocol):
    """A model that can say how many tokens a batch of clips is to it."""

    def tokens_of(self, clip: Clip) -> int:
        """Return the number of tokens."""
        ...


@runtime_checkable
class CanCountFlops(Protocol):
    """A model that can say what learning from a batch of clips takes."""

    def flops_of(self, clip: Clip) -> float:
        """Return the floating-point operations of one loss and its gradient, nothing counted that is computed twice."""
        ...


class Stopwatch:
    """Counts what a rank does between two reports. A step's numbers are read from the device, so it has ended by then.

    Model FLOPs utilisation as in PaLM (Chowdhery et al. 2022, arXiv 2204.02311, appendix B).
    """

    def __init__(self, model: nn.Module, device: torch.device, precision: str, ranks: int, data_ranks: int) -> None:
        self._model, self._data_ranks, self._ranks = model, data_ranks, ranks
        self._peak = peak_flops(device, precision) if isinstance(model, CanCountFlops) else None
        self._begin()

    def parts_at(self, source: BatchSource | PartSource, step: int, parts: int, batch: int) -> Parts:
        """Return ``sources.parts_at``, timed and counted."""
        started = time.perf_counter()
        ask = parts_at(source, step, parts, batch)
        self._waited_s += time.perf_counter() - started

        def part(number: int) -> Clip:
            started = time.perf_counter()
            clip = ask(number)
            self._waited_s += time.perf_counter() - started
            self._count(clip)
            return clip

        return part

    def add(self, seconds: float) -> None:
        """Count the time of a step, waiting included."""
        self._seconds += seconds

    def report(self) -> dict[str, Any]:
        """Return what was counted since the last report, over all ranks as if each did as much as this one.

        ``clips_per_s``; ``tokens_per_s`` and ``mfu`` where the model can count them; ``waiting``, a share of the time.
        """
        seconds = max(self._seconds, 1e-9)
        report = {"clips_per_s": self._data_ranks * self._clips / seconds, "waiting": self._waited_s / seconds}
        if isinstance(self._model, CanCountTokens):
            report["tokens_per_s"] = self._data_ranks * self._tokens / seconds
        if self._peak is not None:
            report["mfu"] = self._flops * self._data_ranks / self._ranks / seconds / self._peak
        self._begin()
        return report

    def _begin(self) -> None:
        self._clips, self._tokens, self._flops = 0, 0, 0.0
        self._seconds, self._waited_s = 0.0, 0.0

    def _count(self, clip: Clip) -> None:
        self._clips += clip.dt_s.shape[0]
        if isinstance(self._model, CanCountTokens):
            self._tokens += self._model.tokens_of(clip)
        if self._peak is not None and isinstance(self._model, CanCountFlops):
            self._flops += self._model.flops_of(clip)
