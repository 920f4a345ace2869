"""Recording goes on where it was interrupted, and never takes another recording for its own."""

from dataclasses import replace

import numpy as np
import pytest
from interruptions import interrupted_at

from eco1.core.errors import ConfigError, EpisodeError
from eco1.data.store import list_episodes, read_episode, read_manifest
from eco1.recipes import record as record_module
from eco1.recipes.record import RecordConfig, episode_name, record


@pytest.fixture(name="config")
def _config(tmp_path):
    return RecordConfig(out=tmp_path / "savanna", episodes=2, seconds=0.5, worlds=2, animals=16, burn_in_s=0)


def test_an_interrupted_recording_goes_on_and_ends_the_same(config, tmp_path, capsys, monkeypatch):
    whole = record(replace(config, out=tmp_path / "whole"), quiet=True)
    assert [path.name for path in whole] == [episode_name("savanna", s, w) for s in (0, 1) for w in (0, 1)]

    interrupted, _ = interrupted_at(3, record_module.EpisodeRecorder)
    monkeypatch.setattr(record_module, "EpisodeRecorder", interrupted)
    with pytest.raises(KeyboardInterrupt):
        record(config, quiet=True)
    monkeypatch.undo()
    first = list_episodes(config.out)
    assert len(first) == 2
    first[1].rename(tmp_path / "gone")  # one of two worlds of a seed is missing
    kept = {path: path.stat().st_mtime_ns for path in [first[0], first[0] / "zarr.json"]}

    capsys.readouterr()
    paths = record(config)
    assert "1 of 4 episodes were there already" in capsys.readouterr().out
    assert kept == {path: path.stat().st_mtime_ns for path in kept}
    for path, other in zip(paths, whole, strict=True):
        one, two = read_episode(path).observation, read_episode(other).observation
        assert np.array_equal(one.position_m, two.position_m)


def test_animals_are_led_by_a_model_or_astray_not_both(config):
    with pytest.raises(ConfigError, match="not both"):
        replace(config, led_by=config.out, detours_per_minute=5.0)


def test_a_complete_recording_is_not_made_again(config, monkeypatch):
    paths = record(config, quiet=True)
    monkeypatch.setattr(record_module, "_record_seed", None)
    assert record(config, quiet=True) == paths


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"seconds": 1.0}, "frames is 5, wanted 10"),
        ({"animals": 17}, "animals is 16, wanted 17"),
        ({"burn_in_s": 1.0}, "burn_in_s is '0', wanted '1'"),
        ({"detours_per_minute": 5.0}, "detours_per_minute is '0', wanted '5'"),
    ],
)
def test_another_recording_of_the_same_name_is_refused(config, change, says):
    (path, *_) = record(config, quiet=True)
    before = read_manifest(path)
    with pytest.raises(EpisodeError, match=f"exists already and is another recording: .*{says}.*--out OTHER"):
        record(replace(config, episodes=5, **change), quiet=True)
    assert read_manifest(path) == before
    assert len(list_episodes(config.out)) == 4


@pytest.mark.parametrize("wrong", [{"first_seed": -1}, {"first_seed": 2**63}, {"seconds": float("nan")}])
def test_impossible_recordings_are_refused(config, wrong):
    with pytest.raises(ConfigError, match="allowed"):
        replace(config, **wrong)
