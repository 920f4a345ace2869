"""Kills, full disks, damage: an episode is there completely or not at all, and never lies."""

import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import zarr
from small_episodes import episode_of, info_of

import eco1
from eco1.core.errors import EpisodeError
from eco1.data.schema import parse_manifest
from eco1.data.store import EpisodeRecorder, list_episodes, read_episode, read_manifest, write_episode

ENDLESS_RECORDING = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from small_episodes import episode_of, info_of
from eco1.data.store import EpisodeRecorder
steps = episode_of(64).observation
with EpisodeRecorder(Path(sys.argv[1]), info_of()) as recorder:
    for count in range(10**9):
        recorder.append(steps[count % 64])
        if count == 600:
            print("going", flush=True)
"""


def test_a_killed_recorder_leaves_nothing_that_can_be_read(tmp_path):
    path = tmp_path / "e.zarr"
    kept = write_episode(tmp_path / "earlier.zarr", episode_of(5))
    source = str(Path(eco1.__file__).parents[1])
    process = subprocess.Popen(
        [sys.executable, "-c", ENDLESS_RECORDING, str(path), str(Path(__file__).parent)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": source},
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"going\n"
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL

    assert (tmp_path / "e.zarr.partial" / "animals").is_dir()
    assert list_episodes(tmp_path) == [kept]
    for unfinished in (path, tmp_path / "e.zarr.partial"):
        with pytest.raises(EpisodeError, match=r"interrupted.*will be overwritten"):
            read_episode(unfinished)


def test_the_next_recording_overwrites_an_interrupted_one(tmp_path, caplog):
    stale = tmp_path / "e.zarr.partial"
    stale.mkdir()
    (stale / "rest").write_text("of a killed run")
    path = write_episode(tmp_path / "e.zarr", episode_of(5))
    assert "interrupted" in caplog.text
    assert not stale.exists()
    assert not (path / "rest").exists()
    assert read_manifest(path).frames == 5


def test_an_error_while_recording_leaves_no_episode(tmp_path):
    def breaking_off():
        with EpisodeRecorder(tmp_path / "e.zarr", info_of()) as recorder:
            recorder.append(episode_of(1).observation[0])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        breaking_off()
    assert list(tmp_path.iterdir()) == []


def test_a_complete_episode_is_never_overwritten(tmp_path):
    path = write_episode(tmp_path / "e.zarr", episode_of(5))
    with pytest.raises(EpisodeError, match="never overwritten"):
        write_episode(path, episode_of(9))
    assert read_manifest(path).frames == 5


def test_of_two_recorders_of_one_name_the_first_to_finish_stays(tmp_path):
    path = tmp_path / "e.zarr"
    recorder = EpisodeRecorder(path, info_of())
    recorder.__enter__()
    recorder.append(episode_of(1).observation[0])
    (tmp_path / "elsewhere").mkdir()
    write_episode(tmp_path / "elsewhere" / "e.zarr", episode_of(5)).rename(path)
    with pytest.raises(EpisodeError, match="never overwritten"):
        recorder.__exit__(None, None, None)
    assert read_manifest(path).frames == 5


def test_nothing_recorded_is_an_error(tmp_path):
    with pytest.raises(EpisodeError, match="Nothing was recorded"), EpisodeRecorder(tmp_path / "e.zarr", info_of()):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("when", ["starting", "a chunk", "finishing"])
def test_a_full_disk_is_one_clear_error_and_leaves_nothing(tmp_path, monkeypatch, when):
    def full(*_args, **_kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    target = {"starting": (zarr.Group, "create_array"), "a chunk": (zarr.Array, "append"), "finishing": (os, "fsync")}
    kept = write_episode(tmp_path / "earlier.zarr", episode_of(5))
    monkeypatch.setattr(*target[when], full)
    with pytest.raises(EpisodeError, match=r"disk is full.*Free space"):
        write_episode(tmp_path / "e.zarr", episode_of(300))
    monkeypatch.undo()
    assert list(tmp_path.iterdir()) == [kept]
    assert read_episode(kept).info.biome == "plain"


def test_a_folder_that_cannot_be_written_is_one_clear_error(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(EpisodeError, match=r"could not be written.*--out"):
        write_episode(tmp_path / "file" / "e.zarr", episode_of(2))


def chunks(path: Path) -> list[Path]:
    return sorted(file for file in path.rglob("*") if file.is_file() and file.name != "zarr.json")


def test_every_flipped_byte_of_a_chunk_is_noticed(tmp_path):
    path = write_episode(tmp_path / "e.zarr", episode_of(20))
    files = chunks(path)
    assert len(files) >= 14
    for file in files:
        good = file.read_bytes()
        for place in {0, len(good) // 2, len(good) - 1}:
            bad = bytearray(good)
            bad[place] ^= 0x10
            file.write_bytes(bytes(bad))
            with pytest.raises(EpisodeError, match="damaged"):
                read_episode(path)
        file.write_bytes(good)
    read_episode(path)


def test_a_missing_or_truncated_chunk_is_noticed(tmp_path):
    path = write_episode(tmp_path / "e.zarr", episode_of(20))
    file = next(file for file in chunks(path) if "position_m" in str(file))
    good = file.read_bytes()
    file.write_bytes(good[: len(good) // 2])
    with pytest.raises(EpisodeError, match=r"damaged.*position_m"):
        read_episode(path)
    file.unlink()
    with pytest.raises(EpisodeError, match=r"damaged.*position_m"):
        read_episode(path)


def test_a_changed_shape_or_manifest_is_noticed(tmp_path):
    path = write_episode(tmp_path / "e.zarr", episode_of(20))
    metadata = path / "animals" / "alive" / "zarr.json"
    good = metadata.read_text()
    metadata.write_text(good.replace("20", "1000000000"))
    with pytest.raises(EpisodeError, match=r"alive has shape \(1000000000, 6\)"):
        read_episode(path)
    metadata.write_text(good)
    manifest = path / "zarr.json"
    whole = manifest.read_text()
    for broken in (whole.replace('"seed": 0', '"seed": 1'), whole[:-9], ""):
        manifest.write_text(broken)
        with pytest.raises(EpisodeError, match="damaged"):
            read_episode(path)


def test_a_newer_version_asks_for_an_update(tmp_path):
    path = write_episode(tmp_path / "e.zarr", episode_of(2))
    manifest = json.loads((path / "zarr.json").read_text())
    manifest["attributes"]["version"] = 4
    (path / "zarr.json").write_text(json.dumps(manifest))
    with pytest.raises(EpisodeError, match=r"version 4; this eco1 reads versions up to 3.*--upgrade"):
        read_episode(path)


def test_other_zarr_groups_are_not_episodes(tmp_path):
    zarr.open_group(tmp_path / "other.zarr", mode="w")
    assert list_episodes(tmp_path) == []
    with pytest.raises(EpisodeError, match="not a complete episode"):
        read_episode(tmp_path / "other.zarr")
    with pytest.raises(EpisodeError, match="format None"):
        parse_manifest({}, "nowhere")


@pytest.mark.parametrize("manifest", [None, b"", b"{", b"\xff\x00"])
def test_an_episode_that_lost_its_manifest_is_named_and_never_left_out(tmp_path, manifest):
    write_episode(tmp_path / "kept.zarr", episode_of(2))
    path = write_episode(tmp_path / "sub" / "lost.zarr", episode_of(2))
    (path / "zarr.json").unlink()
    if manifest is not None:
        (path / "zarr.json").write_bytes(manifest)
    with pytest.raises(EpisodeError, match=r"lost\.zarr is damaged: its manifest .*record or import it again"):
        list_episodes(tmp_path)


def test_unfinished_recordings_and_old_zarr_groups_are_left_out_silently(tmp_path):
    kept = write_episode(tmp_path / "kept.zarr", episode_of(2))
    (tmp_path / "e.zarr.partial" / "animals").mkdir(parents=True)
    (tmp_path / "version2.zarr").mkdir()
    (tmp_path / "version2.zarr" / ".zgroup").write_text('{"zarr_format": 2}')
    assert list_episodes(tmp_path) == [kept]


def test_a_folder_that_cannot_be_looked_into_is_named(tmp_path, monkeypatch):
    kept = write_episode(tmp_path / "kept.zarr", episode_of(2))
    scandir = os.scandir

    def closed(folder):
        if str(folder) == str(kept):
            raise PermissionError(errno.EACCES, "Permission denied", str(folder))
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", closed)
    with pytest.raises(EpisodeError, match=r"kept\.zarr cannot be searched for episodes: Permission denied"):
        list_episodes(tmp_path)


def test_a_misspelt_path_is_answered_with_the_nearest(tmp_path):
    write_episode(tmp_path / "savanna-s00001.zarr", episode_of(2))
    with pytest.raises(EpisodeError, match=r"Did you mean .*savanna-s00001.zarr\?"):
        read_episode(tmp_path / "savana-s0001.zarr")
    with pytest.raises(EpisodeError, match="No folder of episodes"):
        list_episodes(tmp_path / "nothing")
    with pytest.raises(EpisodeError, match="No episode at"):
        read_episode(tmp_path / "no" / "such" / "folder")


def test_episodes_are_found_in_subfolders_in_order(tmp_path):
    paths = [tmp_path / "b" / "2.zarr", tmp_path / "a" / "9.zarr"]
    for path in paths:
        path.parent.mkdir()
        write_episode(path, episode_of(2))
    assert list_episodes(tmp_path) == sorted(paths)
    assert list_episodes(paths[0]) == [paths[0]]
