"""Masks of rectangular blocks on a grid of patches: for pictures, video and spectrograms.

Shape letters: b clips, n tokens (time first, then rows).
"""

import math
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import torch
from jaxtyping import Bool
from torch import Generator, Tensor

from eco1.models.nn.masking.split import Split, never_empty, numbers_of, uniform, whole

Grid = tuple[int, int, int]


@runtime_checkable
class BlockMasks(Protocol):
    """Draws what a batch of clips is shown and asked for; the random numbers come from the CPU."""

    def draw(self, batch: int, grid: Grid, generator: Generator | None, progress: float = 1.0) -> tuple[Split, ...]:
        """Return one or more tasks on clips of this grid of patches; ``progress`` runs from 0 to 1 over a training."""
        ...


@dataclass(frozen=True, kw_only=True)
class PictureMasks:
    """I-JEPA's: one context block without four target blocks, each asked for on its own (arXiv 2301.08243, section 3).

    Scales are shares of the picture's area, ``aspect`` the range of height to width of targets. Sizes are drawn once a
    batch, places for each clip. On clips of several frames blocks go through all of them.
    """

    targets: int = 4
    target_scale: tuple[float, float] = (0.15, 0.2)
    aspect: tuple[float, float] = (0.75, 1.5)
    context_scale: tuple[float, float] = (0.85, 1.0)

    def draw(self, batch: int, grid: Grid, generator: Generator | None, progress: float = 1.0) -> tuple[Split, ...]:
        """Return one task."""
        size = block_size(grid, uniform(*self.target_scale, generator), uniform(*self.aspect, generator))
        return self.around([blocks(batch, grid, size, generator) for _ in range(self.targets)], grid, generator)

    def around(self, targets: list[Bool[Tensor, "b n"]], grid: Grid, generator: Generator | None) -> tuple[Split, ...]:
        """Return the task that asks for each target, with a context block of what is outside of them."""
        batch = targets[0].shape[0]
        context = blocks(batch, grid, block_size(grid, uniform(*self.context_scale, generator), 1.0), generator)
        shown = never_empty(context & ~torch.stack(targets).any(0))
        hidden = tuple(numbers_of(target, generator) for target in targets)
        return (Split(shown=numbers_of(shown, generator), hidden=hidden),)


@dataclass(frozen=True, kw_only=True)
class TubeMasks:
    """V-JEPA's: blocks through all frames, in one task many small ones, in another a few large ones.

    Everything outside is shown, their union is asked for: arXiv 2404.08471, section 3.2 (8 blocks of 0.15 and 2 of 0.7
    of a frame's area, aspect 0.75 to 1.5).
    """

    tasks: tuple[tuple[int, float], ...] = ((8, 0.15), (2, 0.7))
    aspect: tuple[float, float] = (0.75, 1.5)

    def draw(self, batch: int, grid: Grid, generator: Generator | None, progress: float = 1.0) -> tuple[Split, ...]:
        """Return one task for each number and scale of blocks."""
        return tuple(self._task(batch, grid, kind, generator) for kind in range(len(self.tasks)))

    def _task(self, batch: int, grid: Grid, kind: int, generator: Generator | None) -> Split:
        count, scale = self.tasks[kind]
        size = block_size(grid, scale, uniform(*self.aspect, generator))
        covered = torch.stack([blocks(batch, grid, size, generator) for _ in range(count)]).any(0)
        shown = never_empty(~covered)
        return Split(shown=numbers_of(shown, generator), hidden=(numbers_of(~shown, generator),), kind=kind)


@dataclass(frozen=True, kw_only=True)
class CurriculumMasks:
    """A-JEPA's: at first blocks as in pictures, later ever more often whole moments or whole bands.

    Neighbours in time and frequency are so alike that a block is soon filled in; a stripe is not (arXiv 2311.15830,
    section 3.2). On spectrograms rows are moments and columns bands.
    """

    pictures: PictureMasks = PictureMasks()

    def draw(self, batch: int, grid: Grid, generator: Generator | None, progress: float = 1.0) -> tuple[Split, ...]:
        """Return one task."""
        if uniform(0.0, 1.0, generator) >= progress:
            return self.pictures.draw(batch, grid, generator)
        share = uniform(*self.pictures.target_scale, generator)
        _, rows, columns = grid
        sizes = [(max(round(share * rows), 1), columns), (rows, max(round(share * columns), 1))]
        targets = [blocks(batch, grid, sizes[number % 2], generator) for number in range(self.pictures.targets)]
        return self.pictures.around(targets, grid, generator)


def block_size(grid: Grid, scale: float, aspect: float) -> tuple[int, int]:
    """Return rows and columns of a block that covers a share of a frame, near to the aspect."""
    _, rows, columns = grid
    area = scale * rows * columns
    high, wide = round(math.sqrt(area * aspect)), round(math.sqrt(area / aspect))
    return min(max(high, 1), rows), min(max(wide, 1), columns)


def blocks(batch: int, grid: Grid, size: tuple[int, int], generator: Generator | None) -> Bool[Tensor, "b n"]:
    """Return one block per clip, at a place of its own, through all frames."""
    frames, rows, columns = grid
    high, wide = size
    covered = torch.zeros(batch, frames, rows, columns, dtype=torch.bool)
    tops, lefts = whole(rows - high, generator, batch), whole(columns - wide, generator, batch)
    for clip, top, left in zip(covered, tops, lefts, strict=True):
        clip[:, top : top + high, left : left + wide] = True
    return covered.flatten(1)
