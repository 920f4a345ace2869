"""Where clips come from, as training sees it.

Shape letters: B clips, T frames.
"""

from collections.abc import Callable
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


@runtime_checkable
class PartSource(Protocol):
    """Batches part by part, so that nobody ever holds a whole one."""

    def part_at(self, step: int, part: int, parts: int, /) -> Clip:
        """Return part ``part`` of ``parts`` of batch number ``step``: its share of the clips, (B, T) first."""
        ...


class InParts:
    """A source of small batches seen as one of large ones: part k of batch s is small batch s * parts + k."""

    def __init__(self, small: BatchSource) -> None:
        self._small = small

    def part_at(self, step: int, part: int, parts: int, /) -> Clip:
        """Return one small batch."""
        return self._small.batch_at(step * parts + part)


#: Part k of a batch.
Parts = Callable[[int], Clip]


def parts_at(source: BatchSource | PartSource, step: int, parts: int, batch: int) -> Parts:
    """Return what gives the parts of batch number ``step``: asked for one by one where the source can do that.

    Raises:
        ConfigError: when a batch has not ``batch`` clips.
    """
    if isinstance(source, PartSource):
        return lambda part: _of_size(source.part_at(step, part, parts), batch // parts)
    return split(source.batch_at(step), parts, batch).__getitem__


def _of_size(clip: Clip, size: int) -> Clip:
    found = clip.dt_s.shape[0]
    if found != size:
        raise ConfigError(
            f"The batch source gives {found} clips a part; the training settings make it {size} (batch / accumulation)."
        )
    return clip


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
    """What training asks of a model besides its ``config``."""

    def loss(self, clip: Clip, generator: Generator | None) -> Losses:
        """Return the named loss terms on a batch of clips."""
        ...


def as_learner(module: nn.Module) -> Learner:
    """Return the module as something that can be trained.

    Raises:
        ConfigError: naming what it lacks.
    """
    missing = [name for name in ("loss", "config") if not hasattr(module, name)]
    if missing:
        raise ConfigError(f"{type(module).__name__} cannot be trained: it lacks {', '.join(missing)}.")
    return cast(Learner, module)
