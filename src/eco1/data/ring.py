"""The last minutes of living worlds, in memory of a fixed size.

Shape letters: w worlds, t frames, n animals.
"""

from dataclasses import fields

import numpy as np

from eco1.core.errors import ConfigError
from eco1.core.random import generator
from eco1.core.records import Clip, Observation


class Ring:
    """Keeps the last ``frames`` frames of worlds side by side, and cuts clips from them."""

    def __init__(self, frames: int) -> None:
        self._frames, self._taken = frames, 0
        self._kept: Observation | None = None
        self._dt_s = np.float32(0)

    def append(self, chunk: Clip) -> None:
        """Take in the next frames (w, t) of all worlds; the oldest go.

        Raises:
            ConfigError: when the chunk alone is longer than the ring.
        """
        length = chunk.observation.alive.shape[1]
        if length > self._frames:
            raise ConfigError(f"A ring of {self._frames} frames cannot take {length} at once. Keep more of the past.")
        if self._kept is None:
            self._dt_s = chunk.dt_s[0]
            self._kept = chunk.observation.map(lambda a: np.zeros((a.shape[0], self._frames, *a.shape[2:]), a.dtype))
        places = (self._taken + np.arange(length)) % self._frames
        for field in fields(Observation):
            getattr(self._kept, field.name)[:, places] = getattr(chunk.observation, field.name)
        self._taken += length

    def cut(self, clips: int, frames: int, *stream: int) -> Clip:
        """Return random cuts (clips, frames) of what is kept; the same stream of counters gives the same cuts.

        Raises:
            ConfigError: when less is kept than a clip is long.
        """
        held = min(self._taken, self._frames)
        if self._kept is None or held < frames:
            raise ConfigError(f"Clips of {frames} frames were asked for; the ring holds {held} so far.")
        rng = generator(*stream)
        world = rng.integers(self._kept.alive.shape[0], size=clips)
        start = self._taken - held + rng.integers(held - frames + 1, size=clips)
        places = (start[:, None] + np.arange(frames)) % self._frames
        return Clip(
            observation=self._kept.map(lambda array: array[world[:, None], places]),
            dt_s=np.full(clips, self._dt_s, np.float32),
        )

    @property
    def size_bytes(self) -> int:
        """Memory held; it does not grow after the first chunk."""
        return 0 if self._kept is None else sum(getattr(self._kept, f.name).nbytes for f in fields(Observation))
