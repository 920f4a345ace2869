"""From positions alone to an episode: nothing invented, nothing read from the future."""

import json

import numpy as np
import pytest

from eco1.core.errors import TrackError
from eco1.core.records import SURROUNDINGS, Episode
from eco1.data.motion import HEADING_MEMORY_S
from eco1.data.raw_tracks import RawTracks
from eco1.data.store import read_episode
from eco1.data.tracks import TrackSettings, import_tracks, read_tracks, tracks_episode

BARRIER = SURROUNDINGS.index("barrier_x_m")
RATE = 10.0


def raw(position: np.ndarray, **more) -> RawTracks:
    position = np.asarray(position, np.float64)
    if position.shape[-1] == 2:
        position = np.concatenate([position, np.where(np.isnan(position[..., :1]), np.nan, 0)], -1)
    labels = tuple(str(k) for k in range(position.shape[1]))
    known = {"frame_rate_hz": RATE, "body_length": 2.0} | more
    return RawTracks(source="test", position=position, labels=labels, **known)


def settings(**more) -> TrackSettings:
    return TrackSettings(**{"species": "fish", "units_per_m": 100.0} | more)


def walk(frames: int = 50, animals: int = 3, seed: int = 0) -> np.ndarray:
    steps = np.random.default_rng(seed).normal(1, 2, (frames, animals, 2))
    return 500 + np.cumsum(steps, axis=0)


def imported(position: np.ndarray, **more) -> Episode:
    return tracks_episode(raw(position), settings(**more))


def test_positions_and_velocities_are_in_metres_and_can_be_led_back():
    position = walk()
    episode = imported(position)
    seen, info = episode.observation, episode.info
    assert seen.alive.all()
    assert seen.alive.shape == (49, 3)
    back = seen.position_m[..., :2] * float(info.provenance["units_per_m"])
    back = back + np.array(json.loads(info.provenance["origin_units"]))[:2]
    assert np.allclose(back, position[1:], atol=1e-3)
    assert info.provenance["first_frame"] == "1"
    assert np.allclose(seen.velocity_mps[..., :2], np.diff(position, axis=0) * RATE / 100, atol=1e-4)
    assert (seen.position_m[..., 2] == 0).all()
    assert np.allclose(seen.body_length_m, 0.02)
    assert (info.species_names, info.behavior_names, info.dt_s) == (("fish",), (), 0.1)
    assert (seen.behavior == -1).all()


def test_gaps_are_not_alive_and_never_turn_into_speed():
    position = walk()
    position[20:30, 1] = np.nan
    seen = imported(position).observation
    gap = np.zeros((49, 3), bool)
    gap[19:30, 1] = True  # the frame after a gap has no velocity of its own
    assert np.array_equal(~seen.alive, gap)
    assert (seen.velocity_mps[gap] == 0).all()
    assert np.allclose(seen.position_m[19:29, 1], seen.position_m[18, 1])  # the last known place
    honest = np.linalg.norm(np.diff(position, axis=0), axis=-1) * RATE / 100
    assert np.linalg.norm(seen.velocity_mps, axis=-1).max() <= np.nanmax(honest) + 1e-5
    assert np.isfinite(seen.position_m).all()
    assert np.isfinite(seen.heading_rad).all()


def test_an_animal_that_comes_late_is_nowhere_before():
    position = walk()
    position[:10, 2] = np.nan
    seen = imported(position).observation
    assert not seen.alive[:10, 2].any()
    assert seen.alive[10:, 2].all()


@pytest.mark.parametrize("arena", ["none", "hull"])
def test_the_future_does_not_change_the_past(arena):
    position = walk(100)
    other = position.copy()
    other[80:] = 5000 + walk(20, seed=9)
    one, two = imported(position, arena=arena).observation, imported(other, arena=arena).observation
    for name, array in vars(one).items():
        assert np.array_equal(array[:79], getattr(two, name)[:79], equal_nan=array.dtype.kind == "f"), name


def test_one_animal_is_allowed():
    assert imported(walk(animals=1)).observation.alive.shape == (49, 1)


def test_heading_follows_the_way_and_stays_when_standing():
    angle = np.linspace(0, 2, 60)
    circle = np.stack([100 * np.cos(angle), 100 * np.sin(angle)], -1)[:, None]
    still = np.repeat(circle[-1:], 20, axis=0)
    heading = imported(np.concatenate([circle, still])).observation.heading_rad[:, 0]
    direction = angle[1:] - np.diff(angle) / 2 + np.pi / 2
    lag = np.angle(np.exp(1j * (direction - heading[:59])))
    turn = np.diff(angle)[0] * RATE  # a running mean lags by about its memory
    assert (lag[5:] > 0).all()
    assert lag.max() < turn * HEADING_MEMORY_S
    assert np.allclose(heading[70:], heading[58], atol=1e-3)


def test_pixel_noise_does_not_spin_a_slow_animal():
    noise = np.random.default_rng(1).normal(0, 0.3, (500, 1, 2))
    straight = np.stack([np.arange(500) * 0.5, np.zeros(500)], -1)[:, None] + noise
    tracks = raw(straight, frame_rate_hz=60.0)
    seen = tracks_episode(tracks, settings()).observation
    stepwise = np.arctan2(seen.velocity_mps[..., 1], seen.velocity_mps[..., 0])
    assert np.abs(seen.heading_rad).mean() < 0.5 * np.abs(stepwise).mean()


def test_map_coordinates_keep_their_precision():
    position = walk() * 0.01 + np.array([500_000.0, 5_400_000.0])
    seen = tracks_episode(raw(position), settings(units_per_m=1.0)).observation
    assert np.allclose(np.diff(seen.position_m[..., :2], axis=0), np.diff(position[1:], axis=0), atol=1e-5)


def test_walls_come_from_the_border_in_the_file():
    square = np.array([[400.0, 400.0], [700.0, 400.0], [700.0, 700.0], [400.0, 700.0]])
    tracks = raw(walk(), border=square)
    episode = tracks_episode(tracks, settings())
    origin = np.array(json.loads(episode.info.provenance["origin_units"]))[:2]
    wall = (
        episode.observation.surroundings[..., BARRIER : BARRIER + 2] + episode.observation.position_m[..., :2]
    ) * 100
    inside = np.abs(wall + origin - 550)
    assert np.allclose(inside.max(-1), 150, atol=1e-2)  # the nearest wall point lies on the square
    assert episode.info.provenance["arena"] == "border"
    unknown = tracks_episode(tracks, settings(arena="none")).observation.surroundings
    assert np.isnan(unknown[..., BARRIER : BARRIER + 2]).all()
    assert np.isnan(imported(walk()).observation.surroundings[..., BARRIER]).all()


def test_a_box_may_be_given():
    episode = imported(walk(), arena_box=(0.0, 0.0, 2000.0, 2000.0))
    corners = np.array(json.loads(episode.info.provenance["arena_outline_m"]))
    assert np.allclose(np.ptp(corners, axis=0), 20)
    assert episode.info.provenance["arena"] == "box"


def test_a_hull_of_an_animal_that_hardly_moves_is_still_a_wall():
    line = np.stack([np.arange(20.0), np.zeros(20)], -1)[:, None]
    offset = imported(line, arena="hull").observation.surroundings[..., BARRIER : BARRIER + 2]
    assert np.isfinite(offset).all()


def test_import_writes_an_episode_that_reads_back(tmp_path):
    file = tmp_path / "school.npy"
    np.save(file, {"trajectories": walk(), "frames_per_second": 25, "body_length": np.float64(12.5)})
    path = import_tracks(file, tmp_path / "school.zarr", settings(provenance=(("licence", "CC0"),)))
    episode = read_episode(path)
    assert episode.info.dt_s == pytest.approx(1 / 25)
    assert episode.info.provenance["licence"] == "CC0"
    assert episode.info.provenance["source"] == str(file)
    assert np.allclose(episode.observation.body_length_m, 0.125)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"units_per_m": 0.0}, "--units-per-m is 0.0"),
        ({"units_per_m": float("nan")}, "--units-per-m"),
        ({"units_per_m": -1000.0}, "--units-per-m is -1000.0; it has to be positive, such as --units-per-m 1000"),
        ({"body_length": 0.0}, "--body-length is 0.0"),
        ({"body_length": float("inf")}, "--body-length is inf"),
        ({"frame_rate_hz": float("nan")}, "--fps is nan"),
        ({"frame_rate_hz": -25.0}, "--fps is -25.0"),
        ({"arena_share": 0.0}, "arena_share is 0.0"),
        ({"arena_box": (0.0, 5.0, 9.0, 5.0)}, r"--arena-box is \(0.0, 5.0, 9.0, 5.0\).*x0 < x1"),
        ({"arena_box": (0.0, 0.0, float("inf"), 5.0)}, "--arena-box"),
    ],
)
def test_impossible_settings_are_refused(wrong, message):
    with pytest.raises(TrackError, match=message):
        settings(**wrong)


@pytest.mark.parametrize("length", [None, float("nan"), -1.0])
def test_body_length_has_to_be_known(length):
    with pytest.raises(TrackError, match=r"body length.*--body-length 57"):
        tracks_episode(raw(walk(), body_length=length), settings())
    assert tracks_episode(raw(walk(), body_length=length), settings(body_length=3.0)).observation.alive.all()


def test_nan_everywhere_is_refused():
    with pytest.raises(TrackError, match=r"0 known of 150"):
        raw(np.full((50, 3, 2), np.nan))


@pytest.mark.parametrize("rate", [0.0, -5.0, float("nan"), float("inf")])
def test_impossible_frame_rates_are_refused(rate):
    with pytest.raises(TrackError, match="frame rate"):
        raw(walk(), frame_rate_hz=rate)


def test_other_kinds_of_files_are_refused(tmp_path):
    with pytest.raises(TrackError, match=r"\.txt.*\.npy and \.csv"):
        read_tracks(tmp_path / "tracks.txt")
