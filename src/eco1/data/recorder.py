"""Write one episode, so that it either exists completely or not at all."""

import logging
import shutil
from collections.abc import Collection, Generator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import zarr

from eco1.core.errors import EpisodeError
from eco1.core.files import flush
from eco1.core.records import Action, Episode, EpisodeInfo, Hidden, Landscape, Observation
from eco1.core.senses import Description, Senses
from eco1.data.array_writer import ArrayWriter
from eco1.data.durable import storage_error, sync_tree
from eco1.data.schema import (
    ACTION_FIELDS,
    ANIMALS,
    HIDDEN_UNITS,
    LANDSCAPE,
    LANDSCAPE_UNITS,
    OBSERVATION_UNITS,
    PARTIAL_SUFFIX,
    Manifest,
    crc32,
)
from eco1.data.sense_schema import RECORDS, TEXT, compressor_of, sense_arrays
from eco1.data.text import pack_text

_log = logging.getLogger(__name__)


class EpisodeRecorder:
    """Writes ``<path>.partial/`` chunk by chunk; leaving the context without an error renames it to ``path``.

    An error inside the context removes the unfinished recording. A killed process leaves it behind: nothing reads
    it, and the next recording of the same name overwrites it. A complete episode is never overwritten.
    """

    def __init__(
        self,
        path: Path,
        info: EpisodeInfo,
        landscape: Landscape | None = None,
        *,
        sense_fields: Collection[str] | None = None,
    ) -> None:
        """Prepare a recording.

        Args:
            path: the episode's folder to be.
            info: where it comes from.
            landscape: the ground, where there is one.
            sense_fields: what is kept of that which instruments bring back, such as rgb alone; all by default.
        """
        self._path = path
        self._partial = path.with_name(path.name + PARTIAL_SUFFIX)
        self._info = info
        self._landscape = landscape
        self._sense_fields = sense_fields
        self._group: Any = None
        self._frames = 0
        self._writers: dict[str, ArrayWriter] = {}
        self._checksums: dict[str, int] = {}

    def __enter__(self) -> Self:
        _refuse_existing(self._path)
        self._manifest(animals=0).attributes()  # what cannot be written is found now, not after an hour of recording
        with self._storage_errors():
            if self._partial.exists():
                _log.warning("Overwriting the interrupted recording %s", self._partial)
                shutil.rmtree(self._partial)
            self._partial.mkdir(parents=True)
            self._group = zarr.open_group(self._partial, mode="w", zarr_format=3)
            if self._landscape is not None:
                self._write_landscape(self._landscape)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            shutil.rmtree(self._partial, ignore_errors=True)
            return
        with self._storage_errors():
            self._finish()

    def append(
        self,
        observation: Observation,
        hidden: Hidden | None = None,
        action: Action | None = None,
        senses: Senses | None = None,
    ) -> None:
        """Add one step (N rows, no leading axis). The arrays are copied.

        Raises:
            EpisodeError: when there is no row, the arrays differ from the first step's, or the disk is full.
        """
        step = _animal_arrays(observation, hidden, action) | self._kept(senses)
        with self._storage_errors():
            if self._frames == 0:
                self._start(step, len(observation.alive))
            self._check_shapes(step)
            for path, array in step.items():
                self._writers[path].append(array)
        self._frames += 1

    def describe(self, description: Description) -> None:
        """Say what happened, in words; once, before the context is left.

        Raises:
            EpisodeError: when the disk is full.
        """
        with self._storage_errors():
            for kind, array in pack_text(description).items():
                self._write_whole(f"{TEXT}/{kind}", array)

    def _kept(self, senses: Senses | None) -> dict[str, np.ndarray]:
        arrays = {} if senses is None else sense_arrays(senses)
        if self._sense_fields is None:
            return arrays
        return {path: array for path, array in arrays.items() if path.rpartition("/")[2] in self._sense_fields}

    def _start(self, step: dict[str, np.ndarray], animals: int) -> None:
        if animals == 0:
            raise EpisodeError(
                f"There are no animals to record to {self._path}: a scene has at least one row, empty or not. "
                "Give it some: eco1 record --animals 64"
            )
        for path, array in step.items():
            packed = compressor_of(path) if path.split("/")[0] in RECORDS else "auto"
            self._writers[path] = ArrayWriter(self._group, path, array, packed)

    def _check_shapes(self, step: dict[str, np.ndarray]) -> None:
        came = {path: array.shape for path, array in step.items()}
        wanted = {path: writer.frame_shape for path, writer in self._writers.items()}
        if came != wanted:
            raise EpisodeError(
                f"Step {self._frames} of {self._path} has arrays {came}; all steps of an episode are alike: {wanted}."
            )

    def _finish(self) -> None:
        if self._frames == 0:
            raise EpisodeError(f"Nothing was recorded to {self._path}; an episode has at least one step.")
        for writer in self._writers.values():
            writer.flush()
        sync_tree(self._partial)
        (animals,) = self._writers[f"{ANIMALS}/alive"].frame_shape
        self._group.attrs.update(self._manifest(animals).attributes())
        flush(self._partial / "zarr.json")
        flush(self._partial)
        _refuse_existing(self._path)
        self._partial.rename(self._path)
        flush(self._path.parent)

    def _manifest(self, animals: int) -> Manifest:
        sensed = {path: writer for path, writer in self._writers.items() if path.split("/")[0] in RECORDS}
        whole = self._checksums | {path: w.crc32 for path, w in self._writers.items() if path not in sensed}
        return Manifest(
            info=self._info,
            frames=self._frames,
            animals=animals,
            crc32={path: f"{value:08x}" for path, value in whole.items()},
            chunk_crc32={path: [f"{value:08x}" for value in writer.chunk_crc32] for path, writer in sensed.items()},
            landscape_size_m=None if self._landscape is None else self._landscape.size_m,
        )

    def _write_landscape(self, landscape: Landscape) -> None:
        for name in LANDSCAPE_UNITS:
            part = getattr(landscape, name)
            if part is not None:
                self._write_whole(f"{LANDSCAPE}/{name}", np.ascontiguousarray(part))

    def _write_whole(self, path: str, array: np.ndarray) -> None:
        self._group.create_array(path, data=array)
        self._checksums[path] = crc32(array)

    @contextmanager
    def _storage_errors(self) -> Generator[None]:
        try:
            yield
        except (EpisodeError, OSError) as error:
            shutil.rmtree(self._partial, ignore_errors=True)
            if isinstance(error, EpisodeError):
                raise
            raise storage_error(self._path, error) from error


def write_episode(path: Path, episode: Episode) -> Path:
    """Write a whole episode that is already in memory and return ``path``.

    Raises:
        EpisodeError: when an episode of that name exists, or the disk is full.
    """
    with EpisodeRecorder(path, episode.info, episode.landscape) as recorder:
        for frame in range(len(episode.observation.alive)):
            hidden = None if episode.hidden is None else episode.hidden[frame]
            action = None if episode.action is None else episode.action[frame]
            recorder.append(episode.observation[frame], hidden, action)
    return path


def _animal_arrays(observation: Observation, hidden: Hidden | None, action: Action | None) -> dict[str, np.ndarray]:
    arrays = {name: getattr(observation, name) for name in OBSERVATION_UNITS}
    if hidden is not None:
        arrays |= {name: getattr(hidden, name) for name in HIDDEN_UNITS}
    if action is not None:
        arrays |= {name: getattr(action, field) for name, field in ACTION_FIELDS.items()}
    return {f"{ANIMALS}/{name}": array for name, array in arrays.items()}


def _refuse_existing(path: Path) -> None:
    if path.exists():
        raise EpisodeError(
            f"{path} exists already and is never overwritten. Delete it, or name another place with --out."
        )
