"""Recording goes on where it was interrupted, and never takes another recording for its own."""

from dataclasses import dataclass, replace
from pathlib import Path

import fsspec
import numpy as np
import pytest
from interruptions import interrupted_at

from eco1.core.errors import ConfigError, EpisodeError
from eco1.core.senses import Caption, Description, Senses, Sound
from eco1.data.clips import ClipSampler
from eco1.data.store import list_episodes, open_senses, read_episode, read_manifest, read_text
from eco1.data.writers import only_writer
from eco1.recipes import record as record_module
from eco1.recipes import record_seed as seed_module
from eco1.recipes.record import RecordConfig, record
from eco1.recipes.record_seed import episode_name


@pytest.fixture(name="config")
def _config(tmp_path):
    return RecordConfig(out=tmp_path / "savanna", episodes=2, seconds=0.5, worlds=2, animals=16, burn_in_s=0)


def test_an_interrupted_recording_goes_on_and_ends_the_same(config, tmp_path, capsys, monkeypatch):
    whole = record(replace(config, out=tmp_path / "whole"), quiet=True)
    assert [path.name for path in whole] == [episode_name("savanna", s, w) for s in (0, 1) for w in (0, 1)]

    interrupted, _ = interrupted_at(3, seed_module.recorder_at)
    monkeypatch.setattr(seed_module, "recorder_at", interrupted)
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
    monkeypatch.setattr(record_module, "record_seed", None)
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


@pytest.mark.parametrize("wrong", [{"workers": 0}, {"threads": 0}])
def test_nobody_cannot_record(config, wrong):
    with pytest.raises(ConfigError, match="--workers"):
        replace(config, **wrong)


def test_without_animals_nothing_begins(config, tmp_path):
    with pytest.raises(ConfigError, match="at least 1 episode, 1 world and 2 animals; got 2, 2 and 0"):
        replace(config, animals=0)
    assert not list(tmp_path.iterdir())


@dataclass(frozen=True)
class CountingInstruments:
    """One ear per world that hears how many animals live, and counts the steps in words."""

    facts: dict[str, str]

    def __call__(self, world, landscape, info):
        return CountingWatch(world=info.world)


@dataclass
class CountingWatch:
    world: int
    steps: int = 0

    def sense(self, observation, hidden, sky):
        self.steps += 1
        samples = np.full((2, 16), observation.alive.sum() + 100 * self.world, np.int16)
        return Senses(audio={"ears": Sound(samples=samples, ear_m=np.zeros(3, np.float32))})

    def describe(self):
        text = f"{self.steps} steps"
        return Description(captions=(Caption(kind="summary", start_s=0.0, end_s=0.5, rows=(), text=text),))


EARS = CountingInstruments({"instruments": "ears"})


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_instruments_are_asked_every_step_in_every_world(config):
    paths = record(replace(config, episodes=1), EARS, quiet=True)
    for world, path in enumerate(paths):
        seen = read_episode(path).observation
        heard = open_senses(path).read(slice(None)).audio["ears"].samples
        assert np.array_equal(heard[:, 0, 0], seen.alive.sum(-1) + 100 * world)
        assert read_text(path).captions[0].text == "5 steps"
    with pytest.raises(EpisodeError, match="instruments is 'ears', wanted None"):
        record(replace(config, episodes=1), quiet=True)


@pytest.fixture(scope="module", name="alone")
def _alone(tmp_path_factory):
    out = tmp_path_factory.mktemp("same") / "savanna"
    config = RecordConfig(out=out, episodes=2, seconds=0.3, worlds=2, animals=1024, burn_in_s=0, threads=1)
    record(config, EARS, quiet=True)
    return config


@pytest.mark.parametrize(
    "change",
    [{"threads": 2}, {"workers": 2}, pytest.param({"workers": 2, "engine": "ray"}, marks=pytest.mark.slow)],
    ids=["threads", "workers", "ray"],
)
def test_the_bytes_are_the_same_whoever_records(alone, change, tmp_path):
    record(replace(alone, out=tmp_path / "savanna", **change), EARS, quiet=True)
    one, other = tree(alone.out), tree(tmp_path / "savanna")
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []
    assert {"card.json", "CARD.md"} < one.keys()


def test_a_dataset_behind_a_url_is_recorded_resumed_and_cut(config, tmp_path):
    url = f"memory://{tmp_path.name}/savanna"
    here = record(config, EARS, quiet=True)
    there = record(replace(config, out=url), EARS, quiet=True)
    assert list_episodes(url) == there == [f"{url}/{path.name}" for path in here]
    files = fsspec.filesystem("memory")
    for name, content in tree(config.out).items():
        assert files.cat_file(f"/{tmp_path.name}/savanna/{name}") == content, name
    files.rm(f"/{tmp_path.name}/savanna/{here[0].name}/zarr.json")  # an upload that never ended
    assert list_episodes(url) == there[1:]
    assert record(replace(config, out=url), EARS, quiet=True) == there == list_episodes(url)
    one, other = (next(ClipSampler(places, 3, 4, seed=0, senses=["audio"])) for places in (here, there))
    assert np.array_equal(one.observation.position_m, other.observation.position_m)
    assert np.array_equal(one.senses.audio["ears"].samples, other.senses.audio["ears"].samples)


def test_two_writers_are_told_apart_before_anything_is_written(config):
    with only_writer(config.out), pytest.raises(EpisodeError, match="is being recorded by process"):
        record(config, quiet=True)
    assert not list_episodes(config.out)
    assert len(record(config, quiet=True)) == 4
