"""The files of idtracker.ai and trajectorytools, and those that only look like them."""

import os
import pickle

import numpy as np
import pytest

from eco1.core.errors import TrackError
from eco1.data.track_npy import read_npy
from eco1.data.unpickle import load_npy

TRAJECTORIES = np.random.default_rng(0).normal(size=(20, 3, 2)) * 100
DOCUMENT = {"trajectories": TRAJECTORIES, "frames_per_second": 30, "body_length": np.float64(57.0), "version": "6.0.14"}


def saved(folder, content, name="tracks.npy"):
    np.save(folder / name, content, allow_pickle=True)
    return folder / name


def with_protocol(folder, content, protocol):
    """Write as ``np.save`` did with another pickle protocol."""
    array = np.empty((), object)
    array[()] = content
    header = {"descr": "|O", "fortran_order": False, "shape": ()}
    with (folder / "old.npy").open("wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
        pickle.dump(array, file, protocol=protocol)
    return folder / "old.npy"


def test_a_file_of_idtracker_is_read(tmp_path):
    border = np.array([[0, 0], [9, 0], [9, 9]])
    path = saved(tmp_path, DOCUMENT | {"setup_points": {"border": border}, "identities_labels": ["a", "b", "c"]})
    tracks = read_npy(path)
    assert np.array_equal(tracks.position[..., :2], TRAJECTORIES)
    assert (tracks.frame_rate_hz, tracks.body_length, tracks.labels) == (30.0, 57.0, ("a", "b", "c"))
    assert tracks.border is not None
    assert np.array_equal(tracks.border, border)


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_files_of_all_times_are_read(tmp_path, protocol):
    tracks = read_npy(with_protocol(tmp_path, DOCUMENT, protocol))
    assert np.array_equal(tracks.position[..., :2], TRAJECTORIES)
    assert tracks.body_length == 57.0


def test_a_bare_array_needs_its_rate(tmp_path):
    path = saved(tmp_path, TRAJECTORIES)
    tracks = read_npy(path, 25.0)
    assert (tracks.frame_rate_hz, tracks.body_length, tracks.border) == (25.0, None, None)
    assert tracks.labels == ("1", "2", "3")
    with pytest.raises(TrackError, match=r"no frame rate.*--fps"):
        read_npy(path)


def test_a_given_rate_wins(tmp_path):
    assert read_npy(saved(tmp_path, DOCUMENT), 60.0).frame_rate_hz == 60.0


def test_one_unknown_coordinate_makes_the_place_unknown(tmp_path):
    holes = TRAJECTORIES.copy()
    holes[3, 1, 0] = np.nan
    holes[4, 2, 1] = np.inf
    position = read_npy(saved(tmp_path, DOCUMENT | {"trajectories": holes})).position
    assert np.isnan(position[3, 1]).all()
    assert np.isnan(position[4, 2]).all()
    assert np.isnan(position).sum() == 6


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"trajectories": np.zeros((5, 3))}, r"shape \(5, 3\); wanted \(frames, animals, 2 or 3\)"),
        ({"trajectories": np.zeros((0, 3, 2))}, r"shape \(0, 3, 2\)"),
        ({"trajectories": "none"}, "not an array of numbers"),
        ({"frames_per_second": None}, r"no frame rate \('frames_per_second' is None\)"),
        ({"frames_per_second": 0}, "frame rate 0.0 Hz"),
        ({"frames_per_second": float("nan")}, "frame rate nan Hz"),
        ({"frames_per_second": float("inf")}, "frame rate inf Hz"),
        ({"trajectories": np.full((5, 3, 2), np.nan)}, "0 known of 15"),
        ({"identities_labels": ["a", "b", "a"]}, "several animals one label: 'a' in 'identities_labels'"),
    ],
)
def test_files_without_usable_tracks_are_refused(tmp_path, change, message):
    with pytest.raises(TrackError, match=message):
        read_npy(saved(tmp_path, DOCUMENT | change))


def test_a_misspelt_key_is_answered_with_the_nearest(tmp_path):
    document = {"trajectory": TRAJECTORIES, "frames_per_second": 30}
    with pytest.raises(TrackError, match=r"no 'trajectories'\. Is it 'trajectory'\?"):
        read_npy(saved(tmp_path, document))
    with pytest.raises(TrackError, match="holds a list"):
        read_npy(with_protocol(tmp_path, [1, 2], 4))


class Evil:
    def __reduce__(self):
        return os.mkdir, (os.environ["EVIL_FOLDER"],)


def test_no_code_runs_on_load(tmp_path, monkeypatch):
    monkeypatch.setenv("EVIL_FOLDER", str(tmp_path / "executed"))
    path = saved(tmp_path, DOCUMENT | {"extra": Evil()})
    with pytest.raises(TrackError, match=r"it wants to call (posix|nt)\.mkdir"):
        read_npy(path)
    assert not (tmp_path / "executed").exists()


def test_damaged_and_foreign_files_are_refused(tmp_path):
    path = saved(tmp_path, DOCUMENT)
    whole = path.read_bytes()
    for content in (b"", b"\x93NUMPY", b"PK\x03\x04 not numpy", whole[:100], whole[: len(whole) // 2]):
        path.write_bytes(content)
        with pytest.raises(TrackError, match="cannot be read as tracks"):
            load_npy(path)
    with pytest.raises(TrackError, match="No tracks at"):
        load_npy(tmp_path / "missing.npy")
    ragged = np.empty(2, object)
    ragged[:] = [1, "two"]
    with pytest.raises(TrackError, match=r"array of objects of shape \(2,\)"):
        load_npy(saved(tmp_path, ragged))
