"""An episode that holds nothing but positions is seen as imported tracks are."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import zarr
from small_episodes import assert_same, info_of

from eco1.core.errors import EpisodeError
from eco1.core.records import EpisodeInfo
from eco1.data.clips import ClipSampler
from eco1.data.raw_tracks import RawTracks
from eco1.data.schema import Manifest, crc32
from eco1.data.store import list_episodes, read_episode, read_manifest
from eco1.data.tracks import TrackSettings, tracks_episode

FISH = replace(info_of(species_names=("fish",)), behavior_names=())


def school(frames: int = 30, animals: int = 3) -> np.ndarray:
    steps = np.random.default_rng(0).normal(0.01, 0.02, (frames, animals, 3))
    position = np.cumsum(steps, axis=0)
    position[10:14, 1] = np.nan
    return position.astype(np.float32)


def written(folder: Path, position: np.ndarray, info: EpisodeInfo = FISH, **said) -> Path:
    """Write as anyone could who has only Zarr and the manifest."""
    path = folder / "school.zarr"
    group = zarr.open_group(path, mode="w", zarr_format=3)
    group.create_array("animals/position_m", data=position)
    checksums = {"animals/position_m": f"{crc32(position):08x}"}
    known = {"info": info, "frames": len(position), "animals": 3, "crc32": checksums, "body_length_m": 0.04} | said
    group.attrs.update(Manifest(**known).attributes())
    return path


def test_the_rest_is_worked_out_as_the_importer_does(tmp_path):
    position = school()
    path = written(tmp_path, position)
    seen = read_episode(path).observation
    tracks = RawTracks(source="", position=position.astype(float), frame_rate_hz=10.0, labels=("a", "b", "c"))
    imported = tracks_episode(tracks, TrackSettings(species="fish", units_per_m=1.0, body_length=0.04))
    origin = np.floor(np.nanmin(position, axis=(0, 1)))
    at_origin = replace(imported.observation, position_m=seen.position_m[1:])
    assert np.allclose(imported.observation.position_m + origin, seen.position_m[1:], atol=1e-5)
    assert np.allclose(imported.observation.velocity_mps, seen.velocity_mps[1:], atol=1e-5)
    assert np.allclose(imported.observation.heading_rad, seen.heading_rad[1:], atol=1e-4)
    exact = replace(at_origin, velocity_mps=seen.velocity_mps[1:], heading_rad=seen.heading_rad[1:])
    assert_same(exact, seen[1:])


def test_frames_keep_their_numbers_and_nobody_is_alive_in_the_first(tmp_path):
    path = written(tmp_path, school())
    seen = read_episode(path).observation
    assert read_manifest(path).frames == len(seen.alive) == 30
    assert not seen.alive[0].any()
    assert seen.alive[1:, 0].all()
    assert np.flatnonzero(~seen.alive[:, 1]).tolist() == [0, 10, 11, 12, 13, 14]
    assert np.allclose(seen.body_length_m, 0.04)


def test_it_is_found_and_cut_into_clips(tmp_path):
    path = written(tmp_path, school())
    assert list_episodes(tmp_path) == [path]
    clip = ClipSampler([path], frames=29, batch=2, seed=0).batch_at(0)
    assert clip.observation.alive.shape == (2, 29, 3)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"body_length_m": None}, r"has to say body_length_m.*it says None"),
        ({"body_length_m": -1.0}, r"it says -1.0"),
        ({"info": info_of()}, r"one species; it says 0.04 and \['walker', 'stroller'\]"),
        ({"animals": 4}, r"position_m has shape \(30, 3, 3\), its manifest says \(30, 4, 3\)"),
        ({"crc32": {"animals/position_m": "00000000"}}, "does not match its checksum"),
    ],
)
def test_what_the_manifest_has_to_say(tmp_path, said, message):
    path = written(tmp_path, school(), **said)
    with pytest.raises(EpisodeError, match=message):
        read_episode(path)


def test_an_episode_that_lost_its_other_arrays_is_damaged(tmp_path):
    some = dict.fromkeys(("animals/position_m", "animals/alive"), "00000000")
    with pytest.raises(EpisodeError, match=r"is damaged"):
        read_episode(written(tmp_path, school(), crc32=some))
