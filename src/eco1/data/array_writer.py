"""One array of an episode, growing step by step within a bounded buffer."""

from typing import Any

import numpy as np

from eco1.data.schema import crc32

#: Most frames, and about the most bytes, held in memory for one array and written as one chunk.
CHUNK_FRAMES, CHUNK_BYTES = 256, 2**21


class ArrayWriter:
    """Collects frames and writes them chunk by chunk. ``chunk_crc32`` has a checksum for each chunk written."""

    def __init__(self, group: Any, path: str, first: np.ndarray, compressor: Any = "auto") -> None:
        """Prepare an array for frames like ``first``, which is not written yet."""
        frames = chunk_frames(first.nbytes)
        self._buffer = np.zeros((frames, *first.shape), first.dtype)
        self._array = group.create_array(
            path,
            shape=(0, *first.shape),
            chunks=self._buffer.shape,
            dtype=first.dtype,
            compressors=compressor,
        )
        self._waiting = 0
        self.crc32 = 0
        self.chunk_crc32: list[int] = []

    @property
    def frame_shape(self) -> tuple[int, ...]:
        """Shape of one frame."""
        return self._buffer.shape[1:]

    def append(self, frame: np.ndarray) -> None:
        """Add a copy of one frame."""
        self._buffer[self._waiting] = frame
        self._waiting += 1
        if self._waiting == len(self._buffer):
            self.flush()

    def flush(self) -> None:
        """Write what waits in memory. Only the last chunk of an array may be short."""
        if not self._waiting:
            return
        block = self._buffer[: self._waiting]
        self._array.append(block)
        self.crc32 = crc32(block, self.crc32)
        self.chunk_crc32.append(crc32(block))
        self._waiting = 0


def chunk_frames(frame_bytes: int) -> int:
    """Return how many frames make a chunk: a power of two."""
    return min(CHUNK_FRAMES, 2 ** max(0, (CHUNK_BYTES // max(1, frame_bytes)).bit_length() - 1))
