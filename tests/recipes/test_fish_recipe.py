"""Members of a fish model are trained once, and go on where they stopped."""

import io

import numpy as np
import pytest
from interruptions import interrupted_at
from rich.console import Console

from eco1.core.errors import ConfigError
from eco1.data.raw_tracks import RawTracks
from eco1.data.store import write_episode
from eco1.data.tracks import TrackSettings, tracks_episode
from eco1.models.registry import build_model
from eco1.recipes import fish
from eco1.recipes.fish import FishConfig, fit_fish
from eco1.training.checkpoint import load_checkpoint
from eco1.training.step import Trainer


@pytest.fixture(autouse=True)
def _made_up_fish(tmp_path, monkeypatch):
    steps = np.random.default_rng(0).normal(1, 2, (140, 3, 3)) * [1, 1, 0]
    tracks = RawTracks(
        source="made up",
        position=500 + np.cumsum(steps, axis=0),
        frame_rate_hz=28.0,
        labels=("a", "b", "c"),
        body_length=20.0,
    )
    path = write_episode(
        tmp_path / "fish.zarr", tracks_episode(tracks, TrackSettings(species="fish", units_per_m=1000.0))
    )
    monkeypatch.setattr(fish, "fetch_fish", lambda: {"fish": path})
    monkeypatch.setattr(fish, "evaluate_model", lambda model, *_args, **_kwargs: model)
    monkeypatch.setattr(fish, "_CHECKPOINT_EVERY", 1)


def weights(folder):
    return load_checkpoint(folder / "last", build_model).model.state_dict()


def test_members_go_on_where_they_stopped_and_are_never_trained_twice(tmp_path, monkeypatch):
    whole = FishConfig(out=tmp_path / "whole", members=2, steps=2, batch=1)
    fit_fish("fish", whole)

    interrupted, calls = interrupted_at(4, Trainer.step)
    cut = FishConfig(out=tmp_path / "cut", members=2, steps=2, batch=1)
    monkeypatch.setattr(Trainer, "step", interrupted)
    with pytest.raises(KeyboardInterrupt):
        fit_fish("fish", cut)
    said = io.StringIO()
    fit_fish("fish", cut, console=Console(file=said))
    assert [step for _, _, step in calls] == [0, 1, 0, 1, 1], (
        "the first member was finished, the second had made one step"
    )
    assert "fish: model 2 of 2" in said.getvalue()
    for number in ("0", "1"):
        once, resumed = weights(whole.out / "fish" / number), weights(cut.out / "fish" / number)
        assert all(bool((value == resumed[name]).all()) for name, value in once.items())

    fit_fish("fish", cut)
    assert len(calls) == 5
    with pytest.raises(ConfigError, match="steps was 2, is 3"):
        fit_fish("fish", FishConfig(out=cut.out, members=2, steps=3, batch=1))
