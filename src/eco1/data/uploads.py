"""Record to a URL: an episode becomes whole on this machine, is copied, and exists once its manifest has arrived."""

import shutil
import tempfile
from collections.abc import Collection
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from eco1.core.errors import EpisodeError
from eco1.core.records import Action, EpisodeInfo, Hidden, Landscape, Observation
from eco1.core.senses import Description, Senses
from eco1.data.finding import MANIFEST_FILE, is_complete
from eco1.data.places import Place, leaf, store, store_errors
from eco1.data.recorder import EpisodeRecorder


def recorder_at(
    place: Place,
    info: EpisodeInfo,
    landscape: Landscape | None = None,
    *,
    sense_fields: Collection[str] | None = None,
) -> "EpisodeRecorder | UploadingRecorder":
    """Return what records to a path or a URL."""
    if isinstance(place, Path):
        return EpisodeRecorder(place, info, landscape, sense_fields=sense_fields)
    return UploadingRecorder(place, info, landscape, sense_fields=sense_fields)


class UploadingRecorder:
    """Records on this machine; leaving the context without an error uploads the episode, its manifest last.

    Whoever lists the store meanwhile sees nothing. When the upload fails the whole episode stays on this machine,
    and the error says where.
    """

    def __init__(
        self,
        url: str,
        info: EpisodeInfo,
        landscape: Landscape | None = None,
        *,
        sense_fields: Collection[str] | None = None,
    ) -> None:
        self._url = url
        self._scratch = Path(tempfile.gettempdir())
        self._prepare = partial(EpisodeRecorder, info=info, landscape=landscape, sense_fields=sense_fields)
        self._recorder: EpisodeRecorder | None = None

    def __enter__(self) -> Self:
        _refuse_existing(self._url)
        self._scratch = Path(tempfile.mkdtemp(prefix="eco1-recording-"))
        try:
            self._recorder = self._prepare(self._local).__enter__()
        except BaseException:
            shutil.rmtree(self._scratch, ignore_errors=True)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._recording.__exit__(kind, error, trace)
            whole = kind is None
        except BaseException:
            shutil.rmtree(self._scratch, ignore_errors=True)
            raise
        if whole:
            try:
                upload_episode(self._local, self._url)
            except EpisodeError as failure:
                raise EpisodeError(f"{failure} The episode itself is whole and kept at {self._local}.") from failure
        shutil.rmtree(self._scratch, ignore_errors=True)

    def append(
        self,
        observation: Observation,
        hidden: Hidden | None = None,
        action: Action | None = None,
        senses: Senses | None = None,
    ) -> None:
        """Add one step, as ``EpisodeRecorder`` does."""
        self._recording.append(observation, hidden, action, senses)

    def describe(self, description: Description) -> None:
        """Say what happened, as ``EpisodeRecorder`` does."""
        self._recording.describe(description)

    @property
    def _local(self) -> Path:
        return self._scratch / leaf(self._url)

    @property
    def _recording(self) -> EpisodeRecorder:
        assert self._recorder is not None, "a recorder is a context manager: with UploadingRecorder(...) as recorder"
        return self._recorder


def upload_episode(path: Path, url: str) -> None:
    """Copy a complete episode to a URL; it exists there once its manifest, the last file, has arrived.

    What an interrupted upload left under that name is replaced.

    Raises:
        EpisodeError: when an episode of that name is there already, or the store cannot be reached.
    """
    files, top = store(url)
    with store_errors(url):
        _refuse_existing(url)
        if files.exists(top):
            files.rm(top, recursive=True)
        for file in sorted(path.rglob("*")):
            if file.is_file() and file != path / MANIFEST_FILE:
                target = f"{top}/{file.relative_to(path).as_posix()}"
                files.makedirs(target.rpartition("/")[0], exist_ok=True)
                files.put_file(str(file), target)
        files.put_file(str(path / MANIFEST_FILE), f"{top}/{MANIFEST_FILE}")


def _refuse_existing(url: str) -> None:
    if is_complete(url):
        raise EpisodeError(f"{url} exists already and is never overwritten. Delete it, or name another place: --out")
