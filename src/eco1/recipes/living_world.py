"""A world that lives in a process of its own, and batches cut from what happened in it last."""

from dataclasses import dataclass
from math import ceil
from types import TracebackType
from typing import Self

import numpy as np

from eco1.core.records import Clip, Observation
from eco1.data.ring import Ring
from eco1.data.workers import WorkerPool
from eco1.sim.ecosystem import Ecosystem, EcosystemState

_CALIBRATION = 1  # purpose of a random stream; batches use 0


@dataclass(frozen=True, kw_only=True)
class Living:
    """All that a process needs to let the same worlds live."""

    biome: str
    worlds: int
    animals: int
    seed: int
    burn_in_s: float
    every: int

    def __call__(self) -> "Life":
        """Return the worlds, not yet begun."""
        return Life(self)


class Life:
    """Worlds that are asked for one stretch after the other. An earlier one cannot be had again."""

    def __init__(self, living: Living) -> None:
        self._living = living
        self._world = Ecosystem(living.biome, worlds=living.worlds, animals=living.animals, threads=1)
        self._state: EcosystemState | None = None
        self._stretch = 0

    def batch_at(self, number: int, /) -> Clip:
        """Return stretch ``number`` (worlds, every); those before it are lived through unseen."""
        if self._state is None:
            self._state = self._world.reset(self._living.seed)
            self._go(round(self._living.burn_in_s / self._world.dt_s))
        self._go((number - self._stretch) * self._living.every)
        seen: list[Observation] = []
        for _ in range(self._living.every):
            seen.append(self._world.observe(self._state))
            self._go(1)
        self._stretch = number + 1
        dt_s = np.full(self._living.worlds, self._world.dt_s, np.float32)
        return Clip(observation=Observation.stack(seen, axis=1), dt_s=dt_s)

    def _go(self, steps: int) -> None:
        assert self._state is not None
        for _ in range(steps):
            self._state = self._world.step(self._state)


class LivingSource:
    """Batches of a living world, for the training loop. Use it as a context manager: it has a process.

    Batch k is cut after stretch ``first + k``; asked for any other than the next one, the world begins anew and lives
    up to there, faster since nobody looks.
    """

    def __init__(self, living: Living, past_frames: int, frames: int, batch: int, *, lockstep: bool) -> None:
        self._living, self._past, self._frames, self._batch = living, past_frames, frames, batch
        self._lockstep = lockstep
        self._first = ceil(max(2 * frames, past_frames // 2) / living.every)  # stretches before the first batch
        self._pool: WorkerPool | None = None
        self._next = 0
        self.ring = Ring(past_frames)

    def batch_at(self, number: int) -> Clip:
        """Return batch ``number``, (B, T) first."""
        if self._pool is None or number != self._next:
            self._begin(number)
        assert self._pool is not None
        if self._lockstep:
            self.ring.append(self._pool.next())
        else:
            while self._pool.has_next():
                self.ring.append(self._pool.next())
        self._next = number + 1
        return self.ring.cut(self._batch, self._frames, self._living.seed, 0, number)

    def samples(self, count: int) -> list[Clip]:
        """Return batches of what happened before the first one, to measure a model's scales on."""
        self._begin(0)
        return [self.ring.cut(self._batch, self._frames, self._living.seed, _CALIBRATION, n) for n in range(count)]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop the process. The source can go on afterwards, with a new one."""
        if self._pool is not None:
            self._pool.close()
            self._pool = None

    def _begin(self, number: int) -> None:
        """Let the world live up to batch ``number`` and fill the ring with what came before."""
        self.close()
        last = self._first + number
        first = max(last - ceil(self._past / self._living.every), 0)
        self._pool, self.ring, self._next = WorkerPool(self._living, 1, first), Ring(self._past), number
        for _ in range(first, last):
            self.ring.append(self._pool.next())
