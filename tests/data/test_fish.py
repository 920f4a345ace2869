"""The real recordings: fetched when they can be, with a clear word when they cannot."""

import json
import shutil
import subprocess
import sys
import zipfile

import numpy as np
import pytest

from eco1.core.errors import TrackError
from eco1.core.files import cache_folder
from eco1.data import fish as fish_module
from eco1.data.fish import fetch_fish, fetch_fish_film
from eco1.data.store import open_senses, read_episode


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cache")
    try:
        fetch_fish(folder)
    except TrackError as error:
        if "could not be downloaded" in str(error):
            pytest.skip(str(error))
        raise
    return folder


def no_pip(monkeypatch, error="ERROR: No matching distribution found"):
    def run(command, **_kwargs):
        return subprocess.CompletedProcess(command, 1, "", f"notice\n{error}\n")

    monkeypatch.setattr(subprocess, "run", run)


@pytest.mark.slow
def test_both_recordings_become_episodes(cache):
    episodes = {name: read_episode(path) for name, path in fetch_fish(cache).items()}
    assert {name: episode.observation.alive.shape for name, episode in episodes.items()} == {
        "fish_8": (507, 8),
        "fish_15": (999, 15),
    }
    for name, rate, length, missing in (("fish_8", 28, 58, 46), ("fish_15", 32, 57, 8)):
        info, seen = episodes[name].info, episodes[name].observation
        pixels = float(info.provenance["units_per_m"])
        assert 1 / info.dt_s == pytest.approx(rate)
        assert seen.body_length_m[0, 0] * pixels == pytest.approx(length)
        assert (~seen.alive).sum() == missing
        corners = np.array(json.loads(info.provenance["arena_outline_m"]))
        body = seen.position_m[seen.alive][:, :2]
        assert (corners.min(0) < body.min(0)).all()
        assert (corners.max(0) > body.max(0)).all()


@pytest.mark.slow
def test_the_film_shows_the_fish_where_the_tracks_have_them(cache, monkeypatch):
    (path,) = fetch_fish_film(cache).values()
    episode, tracked = read_episode(path), read_episode(fetch_fish(cache)["fish_8"])
    assert np.array_equal(episode.observation.position_m, tracked.observation.position_m)
    facts = episode.info.provenance
    rgb = open_senses(path).read(slice(None)).video["film"].rgb
    assert rgb.shape == (507, 128, 158, 3)
    seen = episode.observation
    place = seen.position_m[..., :2] * float(facts["units_per_m"]) + json.loads(facts["origin_units"])[:2]
    column, row = (place / float(facts["video_units_per_px"])).astype(int).transpose(2, 0, 1)
    frame = np.broadcast_to(np.arange(507)[:, None], row.shape)
    light = rgb.mean(-1)
    behind = np.median(light, axis=0)  # fish are darker than the tank they swim in
    darker = (behind - light)[frame, row, column][seen.alive]
    elsewhere = (behind - light)[frame[::-1], row, column][seen.alive]
    assert np.median(darker) > 20
    assert np.median(darker) > 10 * abs(np.median(elsewhere))
    no_pip(monkeypatch)
    assert fetch_fish_film(cache) == {"fish_8_film": path}


@pytest.mark.slow
def test_what_is_in_the_cache_is_not_fetched_again(cache, monkeypatch):
    no_pip(monkeypatch)
    assert fetch_fish(cache) == {name: cache / "fish" / f"{name}.zarr" for name in ("fish_8", "fish_15")}


@pytest.mark.slow
def test_a_damaged_cache_is_mended(cache, tmp_path):
    shutil.copytree(cache, tmp_path / "copy")
    manifest = tmp_path / "copy" / "fish" / "fish_8.zarr" / "zarr.json"
    manifest.write_text("{")
    paths = fetch_fish(tmp_path / "copy")
    assert len(read_episode(paths["fish_8"]).observation.alive) == 507
    kept = {entry.name for entry in (tmp_path / "copy" / "fish").iterdir()} - {"fish_8_film.zarr"}
    assert kept == {"fish_15.zarr", "fish_8.zarr"}


def test_without_network_there_is_one_clear_error(tmp_path, monkeypatch):
    no_pip(monkeypatch)
    with pytest.raises(TrackError, match=r"could not be downloaded: ERROR: No matching.*eco1 fetch fish"):
        fetch_fish(tmp_path)


def test_a_hanging_download_ends(tmp_path, monkeypatch):
    monkeypatch.setattr(fish_module, "_TIMEOUT_S", 0.3)
    monkeypatch.setattr(
        fish_module, "_command", lambda folder, package: [sys.executable, "-c", "import time; time.sleep(60)"]
    )
    with pytest.raises(TrackError, match=r"no answer within 0\.3 s"):
        fetch_fish(tmp_path)


def test_a_wheel_with_other_content_is_refused(tmp_path, monkeypatch):
    def run(command, **_kwargs):
        folder = command[command.index("--dest") + 1]
        with zipfile.ZipFile(f"{folder}/trajectorytools-other.whl", "w") as wheel:
            for fish in fish_module.SETS:
                wheel.writestr(fish.member, b"something else")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(TrackError, match=r"SHA-256 [0-9a-f]{64}; wanted 96a8.*not imported"):
        fetch_fish(tmp_path)


def test_the_cache_follows_the_desktop_convention(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "eco1"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert cache_folder() == tmp_path / "home" / ".cache" / "eco1"
