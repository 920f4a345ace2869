"""Worlds recorded through every sense."""

import numpy as np
import pytest

from eco1.core.errors import ConfigError, UnknownNameError
from eco1.data.store import open_senses, read_episode, read_text
from eco1.recipes.record import RecordConfig, record
from eco1.recipes.watching import SimulatedSenses


def recorded(out, biome, senses):
    config = RecordConfig(out=out, biome=biome, episodes=1, seconds=3, animals=24, burn_in_s=1)
    (path,) = record(config, senses, quiet=True)
    return path


@pytest.mark.parametrize("biome", ["savanna", "reef"])
def test_a_world_is_seen_heard_scanned_and_told(tmp_path, biome):
    path = recorded(tmp_path, biome, SimulatedSenses(size_px=32))
    found, seen = open_senses(path), read_episode(path).observation
    instance = found.arrays["video/follow/instance"][:]
    assert instance.shape == (30, 32, 32)
    rows = np.unique(instance[instance >= 0])
    assert len(rows) > 0
    assert (seen.alive | seen.carcass)[:, rows].any(0).all()
    assert found.arrays["audio/camera/samples"][:].any()
    points = found.arrays["points/camera/position_m"][:]
    assert np.isfinite(points).all(-1).mean() > 0.2
    told = read_text(path)
    assert told.events
    assert [caption.kind for caption in told.captions].count("summary") == 1


def test_only_what_was_asked_for_is_recorded(tmp_path):
    path = recorded(tmp_path, "savanna", SimulatedSenses(senses=("text",)))
    assert not open_senses(path).arrays
    assert read_text(path).captions


def test_unknown_senses_and_sizes_are_refused():
    with pytest.raises(UnknownNameError, match="Did you mean 'video'"):
        SimulatedSenses(senses=("vidio",))
    with pytest.raises(ConfigError, match="8 to 2048"):
        SimulatedSenses(size_px=4)
