"""From the command line to an episode."""

import math
from pathlib import Path

import numpy as np
import pytest

from eco1.cli import main
from eco1.core.records import SURROUNDINGS
from eco1.data.store import list_episodes, read_episode

BARRIER = SURROUNDINGS.index("barrier_x_m")


@pytest.fixture(name="tracks")
def _tracks(tmp_path) -> Path:
    path = tmp_path / "tracks.csv"
    rows = [f"{k / 10},a,{50 + 30 * math.cos(k / 5)},{50 + 30 * math.sin(k / 5)}" for k in range(60)]
    path.write_text("\n".join(["time,id,x,y", *rows]))
    return path


def import_(*words: object) -> None:
    main(["import", *map(str, words), "--body-length", "4"])


def test_an_episode_always_ends_in_zarr_and_its_path_is_said(tracks, tmp_path, capsys):
    import_(tracks, "--out", tmp_path / "plain")
    said = capsys.readouterr().out.splitlines()
    assert list_episodes(tmp_path) == [tmp_path / "plain.zarr"]
    assert said[-2:] == [f"Wrote: {tmp_path}/plain.zarr", f"Next:  eco1 train --episodes {tmp_path}/plain.zarr"]
    import_(tracks, "--out", tmp_path / "other.zarr")
    import_(tracks)
    assert {path.name for path in list_episodes(tmp_path)} == {"plain.zarr", "other.zarr", "tracks.zarr"}


@pytest.mark.parametrize(
    ("words", "kind", "nearest_m"),
    [
        ((), "none", math.nan),
        (("--arena", "none"), "none", math.nan),
        (("--arena", "hull"), "hull", 0.0),
        (("--arena-box", "0", "0", "100", "100"), "box", 20.0),
    ],
)
def test_walls_are_what_was_asked_for(tracks, tmp_path, words, kind, nearest_m):
    import_(tracks, *words)
    episode = read_episode(tmp_path / "tracks.zarr")
    offset = episode.observation.surroundings[..., BARRIER : BARRIER + 2]
    assert episode.info.provenance["arena"] == kind
    assert np.linalg.norm(offset, axis=-1).min() == pytest.approx(nearest_m, abs=0.2, nan_ok=True)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--units-per-m", "0"), "--units-per-m is 0.0"),
        (("--units-per-m", "-1000"), "--units-per-m is -1000.0"),
        (("--fps", "nan"), "--fps is nan"),
        (("--fps", "0"), "--fps is 0.0"),
        (("--arena-box", "9", "0", "0", "9"), "--arena-box is"),
    ],
)
def test_impossible_numbers_are_refused_and_nothing_is_written(tracks, tmp_path, words, says, capsys):
    with pytest.raises(SystemExit, match="2"):
        import_(tracks, *words)
    assert says in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [tracks]
