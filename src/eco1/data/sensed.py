"""Read what instruments recorded piece by piece: only the chunks that a stretch of time touches, each one checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from eco1.core.errors import EpisodeError
from eco1.core.records import EpisodeInfo
from eco1.core.senses import Description, Senses
from eco1.data.kept import Kept
from eco1.data.opening import open_episode, read_checked
from eco1.data.places import Place
from eco1.data.schema import Manifest, crc32, damaged
from eco1.data.sense_schema import TEXT, assemble, wanted_paths
from eco1.data.text import unpack_text


@dataclass(frozen=True, kw_only=True)
class SensedArray:
    """An array on disk, time first. Slicing it reads the chunks it needs and no more."""

    path: str
    where: str
    stored: Any
    chunk_crc32: tuple[str, ...]
    kept: Kept[np.ndarray] | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape, frames first."""
        return tuple(self.stored.shape)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of its numbers."""
        return np.dtype(self.stored.dtype)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, frames: slice) -> np.ndarray:
        """Return some frames.

        Raises:
            EpisodeError: when a chunk is missing or damaged.
        """
        start, stop, step = frames.indices(len(self))
        if step < 1:
            raise IndexError("frames run forward: give a step of 1 or more")
        if start >= stop:
            return np.zeros((0, *self.shape[1:]), self.dtype)
        size: int = self.stored.chunks[0]
        first = start // size
        chunks = [self._remembered(number, size) for number in range(first, (stop - 1) // size + 1)]
        whole = chunks[0] if len(chunks) == 1 else np.concatenate(chunks)
        return whole[start - first * size : stop - first * size : step]

    def _remembered(self, number: int, size: int) -> np.ndarray:
        if self.kept is None:
            return self._chunk(number, size)
        return self.kept.get((self.where, self.path, number), lambda: self._chunk(number, size))

    def _chunk(self, number: int, size: int) -> np.ndarray:
        try:
            chunk = np.ascontiguousarray(self.stored[number * size : (number + 1) * size])
        except Exception as error:  # Zarr and its codecs raise errors of many kinds on damaged bytes
            raise damaged(self.where, f"{self.path} cannot be read ({type(error).__name__}: {error})") from error
        if f"{crc32(chunk):08x}" != self.chunk_crc32[number]:
            raise damaged(self.where, f"chunk {number} of {self.path} does not match its checksum")
        chunk.flags.writeable = False  # others may be shown the same bytes
        return chunk


@dataclass(frozen=True, kw_only=True)
class RecordedSenses:
    """What the instruments of an episode brought back, by array path such as ``video/herd/rgb``; nothing read yet."""

    info: EpisodeInfo
    frames: int
    arrays: Mapping[str, SensedArray]

    def only(self, wanted: Sequence[str]) -> "RecordedSenses":
        """Return the arrays of some modalities (``audio``), instruments (``video/herd``) or single ones of them.

        Raises:
            UnknownNameError: when something was not recorded.
        """
        paths = wanted_paths(self.arrays, tuple(wanted), f"{self.info.biome} of seed {self.info.seed}")
        return RecordedSenses(info=self.info, frames=self.frames, arrays={path: self.arrays[path] for path in paths})

    def read(self, frames: slice) -> Senses:
        """Return some frames, T first. Fields that were not recorded hold what stands for unknown.

        Raises:
            EpisodeError: when a chunk is missing or damaged.
        """
        return assemble({path: array[frames] for path, array in self.arrays.items()})

    def between(self, start_s: float, end_s: float) -> Senses:
        """Return the frames from ``start_s`` on and before ``end_s``, T first, counted from the first frame.

        Raises:
            EpisodeError: when no frame lies between them, or a chunk is missing or damaged.
        """
        first, last = (int(np.ceil(round(time / self.info.dt_s, 6))) for time in (start_s, end_s))
        if not 0 <= first < last <= self.frames:
            raise EpisodeError(
                f"No whole stretch from {start_s:g} s to {end_s:g} s: the episode lasts from 0 s to "
                f"{self.frames * self.info.dt_s:g} s."
            )
        return self.read(slice(first, last))


def open_senses(place: Place, kept: Kept[np.ndarray] | None = None) -> RecordedSenses:
    """Return what instruments recorded, to be read piece by piece; without instruments there are no arrays.

    Args:
        place: the episode.
        kept: where chunks that were read stay in memory, perhaps those of other episodes too; None keeps none.

    Raises:
        EpisodeError: when the episode is missing, unfinished, damaged or of a newer version.
    """
    group, manifest = open_episode(place)
    arrays = {path: _array(group, manifest, path, str(place), kept) for path in manifest.chunk_crc32}
    return RecordedSenses(info=manifest.info, frames=manifest.frames, arrays=arrays)


def read_text(place: Place) -> Description:
    """Return events, captions and questions of an episode.

    Raises:
        EpisodeError: when the episode is missing, unfinished, damaged or of a newer version.
    """
    group, manifest = open_episode(place)
    return unpack_text({kind: read_checked(group, manifest, f"{TEXT}/{kind}", place) for kind in manifest.texts})


def _array(group: Any, manifest: Manifest, path: str, where: str, kept: Kept[np.ndarray] | None) -> SensedArray:
    try:
        stored = group[path]
        frames, chunks = stored.shape[0], -(-stored.shape[0] // stored.chunks[0])
    except Exception as error:  # lost or damaged metadata fails in many ways inside JSON and Zarr
        raise damaged(where, f"{path} cannot be opened ({type(error).__name__}: {error})") from error
    checksums = manifest.chunk_crc32[path]
    if frames != manifest.frames or chunks != len(checksums):
        raise damaged(where, f"{path} has {frames} frames in {chunks} chunks, its manifest says {manifest.frames}")
    return SensedArray(path=path, where=where, stored=stored, chunk_crc32=tuple(checksums), kept=kept)
