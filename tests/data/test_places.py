"""Episodes behind a URL: there completely or not at all, and a half-copied dataset is found out."""

import shutil

import fsspec
import pytest
from small_episodes import assert_same, episode_of, info_of
from small_senses import record_senses

from eco1.core.errors import EpisodeError, UnknownNameError
from eco1.data.clips import ClipSampler
from eco1.data.places import as_place, child, leaf
from eco1.data.store import list_episodes, open_senses, read_episode, read_manifest, write_episode
from eco1.data.uploads import UploadingRecorder, upload_episode

FILES = fsspec.filesystem("memory")


@pytest.fixture(name="url")
def _url(tmp_path):
    return f"memory://{tmp_path.name}"


def recorded_to(url, frames=4):
    seen = episode_of(frames).observation
    with UploadingRecorder(url, info_of()) as recorder:
        for frame in range(frames):
            recorder.append(seen[frame])


def test_a_place_is_a_path_or_a_url(tmp_path):
    assert as_place("runs/savanna") == as_place(as_place("runs/savanna")) != "runs/savanna"
    assert as_place(f"file://{tmp_path}") == tmp_path
    assert as_place("s3://bucket/zoo/") == "s3://bucket/zoo"
    assert child("s3://bucket/zoo", "e.zarr") == "s3://bucket/zoo/e.zarr"
    assert leaf("s3://bucket/zoo") == leaf(tmp_path / "zoo") == "zoo"
    with pytest.raises(UnknownNameError, match="protocol 's4'"):
        as_place("s4://bucket")


def test_an_episode_exists_once_its_manifest_has_arrived(url, tmp_path, monkeypatch):
    path = record_senses(tmp_path / "e.zarr", 5)
    arrived = []
    put_file = FILES.put_file

    def watched(source, target, **options):
        assert list_episodes(f"{url}") == [] if arrived else True
        put_file(source, target, **options)
        arrived.append(target)

    monkeypatch.setattr(type(FILES), "put_file", lambda self, source, target, **o: watched(source, target, **o))
    upload_episode(path, f"{url}/e.zarr")
    assert arrived[-1].endswith("/e.zarr/zarr.json")
    assert len(arrived) > 50
    assert list_episodes(url) == list_episodes(f"{url}/e.zarr") == [f"{url}/e.zarr"]
    assert_same(read_episode(path).observation, read_episode(f"{url}/e.zarr").observation)


def test_nothing_is_overwritten_behind_a_url(url):
    recorded_to(f"{url}/e.zarr")
    with pytest.raises(EpisodeError, match="never overwritten"):
        recorded_to(f"{url}/e.zarr", frames=9)
    assert read_manifest(f"{url}/e.zarr").frames == 4


def test_an_interrupted_upload_is_unfinished_and_then_replaced(url):
    recorded_to(f"{url}/e.zarr")
    FILES.pipe_file(f"/{url.removeprefix('memory://')}/e.zarr/animals/rest/c/0", b"old")
    FILES.rm(f"/{url.removeprefix('memory://')}/e.zarr/zarr.json")
    assert list_episodes(url) == []
    with pytest.raises(EpisodeError, match=r"interrupted: .*e\.zarr has no zarr\.json yet"):
        read_episode(f"{url}/e.zarr")
    recorded_to(f"{url}/e.zarr", frames=6)
    assert read_manifest(f"{url}/e.zarr").frames == 6
    assert not FILES.exists(f"/{url.removeprefix('memory://')}/e.zarr/animals/rest/c/0")


def test_an_episode_that_cannot_be_uploaded_is_kept_here(url, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise ConnectionError("the line is dead")

    monkeypatch.setattr(type(FILES), "put_file", refuse)
    with pytest.raises(EpisodeError, match=r"the line is dead.*whole and kept at (\S+)\.$") as caught:
        recorded_to(f"{url}/e.zarr")
    kept = as_place(str(caught.value).rpartition(" ")[2].rstrip("."))
    assert_same(episode_of(4).observation, read_episode(kept).observation)
    shutil.rmtree(kept.parent)


def test_what_is_not_there_is_said(url):
    with pytest.raises(EpisodeError, match="No episodes at"):
        list_episodes(url)
    with pytest.raises(EpisodeError, match="No episode at"):
        read_episode(f"{url}/e.zarr")


@pytest.mark.parametrize("lost", ["zarr.json", "animals/position_m/c/0/0/0", "video/herd/rgb/c/0/0/0/0"])
def test_a_half_copied_dataset_is_found_out_before_anything_is_learned_from_it(tmp_path, lost):
    for seed in (0, 1):
        record_senses(tmp_path / "zoo" / f"e{seed}.zarr", 8, seed=seed)
    copy = tmp_path / "copy"
    shutil.copytree(tmp_path / "zoo", copy)
    (copy / "e1.zarr" / lost).unlink()

    def learn():
        sampler = ClipSampler(list_episodes(copy), 4, 16, seed=0, senses=["video"])
        for _ in range(4):
            next(sampler)

    with pytest.raises(EpisodeError, match=r"e1\.zarr is damaged.*Delete it and record or import it again"):
        learn()
    assert_same(episode_of(8).observation, read_episode(copy / "e0.zarr").observation)


def test_a_half_copied_folder_whose_copy_goes_on_is_not_read_as_whole(tmp_path):
    write_episode(tmp_path / "e.zarr", episode_of(4))
    shutil.copytree(tmp_path / "e.zarr", tmp_path / "copy" / "e.zarr.partial")
    assert list_episodes(tmp_path / "copy") == []
    with pytest.raises(EpisodeError, match="interrupted"):
        open_senses(tmp_path / "copy" / "e.zarr")
