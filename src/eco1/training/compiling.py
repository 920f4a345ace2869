"""Parts of a model compiled by ``torch.compile``, for runs that are long enough to win back the time it takes.

A training step on a CPU is bound by elementwise work and memory traffic; compiled, much of both falls away.
"""

import logging
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import torch
from torch import Tensor, nn

from eco1.training.config import TrainConfig

LOG = logging.getLogger(__name__)

#: Compiling takes one to two minutes on two cores, a quarter of a minute once cached, and saves 0.3 to 0.5 s of a step
#: of Eco-1 nano (4 clips of 62 frames and 64 animals, bf16): 1.5 times the speed.
FEWEST_STEPS = 1000


@runtime_checkable
class HasHotParts(Protocol):
    """A model that knows where its time goes."""

    def hot_parts(self) -> Sequence[tuple[nn.Module, str]]:
        """Return modules and the names of methods whose arguments have the same shapes in every training step."""
        ...


@dataclass(frozen=True)
class CompiledPart:
    """A method that stands in for a module's own while it learns: compiled, or computed once more to save memory."""

    owner: nn.Module
    name: str
    method: Callable[..., Any]


def compiled_parts(model: nn.Module, config: TrainConfig, device: torch.device) -> tuple[CompiledPart, ...]:
    """Return the compiled hot parts of a model.

    None for a short run, off the CPU, for one that computes its blocks twice, or where no compiler works.
    """
    if (
        config.recompute
        or config.steps < FEWEST_STEPS
        or device.type != "cpu"
        or not isinstance(model, HasHotParts)
        or not _compiler_works()
    ):
        return ()
    return tuple(CompiledPart(owner, name, _compiled(getattr(owner, name))) for owner, name in model.hot_parts())


@contextmanager
def in_place(parts: Sequence[CompiledPart]) -> Generator[None, None, None]:
    """Put compiled methods in the place of their originals for a while.

    Outside, the model is what it always was: evaluation meets shapes of all kinds, and each would be compiled anew.
    """
    for part in parts:
        setattr(part.owner, part.name, part.method)
    try:
        yield
    finally:
        for part in parts:
            delattr(part.owner, part.name)


def _compiled(method: Callable[..., Any]) -> Callable[..., Any]:
    """Compile for fixed shapes; random numbers stay those of torch, so that a seed means the same either way."""
    return torch.compile(method, dynamic=False, options={"fallback_random": True})


def _trial(x: Tensor) -> Tensor:
    return x.sin() + 1.0


def _compiler_works() -> bool:
    """Try it on one line: without a C++ compiler or Python's headers nothing can be compiled."""
    try:
        _compiled(_trial)(torch.ones(64))
    except Exception as error:  # whatever a compiler lacks, training goes on without it
        LOG.warning("Training without compiled parts, at about two thirds of the speed: %s", error)
        return False
    return True
