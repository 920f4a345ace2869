"""Where clips come from, as training sees it."""

from typing import Any, Protocol, cast, runtime_checkable

from torch import Generator, nn

from eco1.core.errors import ConfigError
from eco1.core.protocols import Losses
from eco1.core.records import Clip


@runtime_checkable
class BatchSource(Protocol):
    """Batches by number. The same number always gives the same batch, so a stopped run can go on exactly."""

    def batch_at(self, step: int, /) -> Clip:
        """Return batch number ``step``, (B, T) first."""
        ...


def clips_of(clip: Clip, first: int, last: int) -> Clip:
    """Return clips ``first`` to ``last`` (not included) of a batch."""
    parts: dict[str, Any] = {name: None if part is None else part[first:last] for name, part in vars(clip).items()}
    return type(clip)(**parts)


def split(clip: Clip, parts: int, batch: int) -> list[Clip]:
    """Return a batch of ``batch`` clips cut into equal parts.

    Raises:
        ConfigError: when the batch has another size.
    """
    size = clip.dt_s.shape[0]
    if size != batch:
        raise ConfigError(f"The batch source gives {size} clips a batch; the training settings say batch={batch}.")
    share = batch // parts
    return [clip] if parts == 1 else [clips_of(clip, k * share, (k + 1) * share) for k in range(parts)]


@runtime_checkable
class Learner(Protocol):
    """What training needs of a model: its settings and what it learns from. World models have both, and more."""

    config: Any

    def loss(self, clip: Clip, generator: Generator | None) -> Losses:
        """Return the named loss terms on a batch of clips."""
        ...


def as_learner(module: nn.Module) -> Learner:
    """Return the module seen as something that learns.

    Raises:
        ConfigError: naming what it lacks.
    """
    missing = [name for name in ("loss", "config") if not hasattr(module, name)]
    if missing:
        raise ConfigError(f"{type(module).__name__} cannot be trained: it lacks {', '.join(missing)}.")
    return cast(Learner, module)
