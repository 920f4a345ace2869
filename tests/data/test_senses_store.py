"""What instruments recorded comes back exactly, in any piece, and never damaged unnoticed."""

import json

import numpy as np
import pytest
from small_episodes import assert_same, episode_of, info_of
from small_senses import WORDS, record_senses, senses_of

from eco1.core.errors import EpisodeError, UnknownNameError
from eco1.core.senses import UNLABELLED, Description, Senses
from eco1.data.array_writer import CHUNK_BYTES, CHUNK_FRAMES, chunk_frames
from eco1.data.schema import _manifest_crc32
from eco1.data.store import (
    EpisodeRecorder,
    list_episodes,
    open_senses,
    read_episode,
    read_manifest,
    read_text,
    write_episode,
)

FRAMES = CHUNK_FRAMES + 40


def stacked(frames) -> Senses:
    moments = [senses_of(frame) for frame in frames]
    return Senses(
        **{
            modality: {name: type(one).stack([vars(m)[modality][name] for m in moments]) for name, one in kept.items()}
            for modality, kept in vars(moments[0]).items()
        }
    )


def assert_same_senses(one: Senses, other: Senses) -> None:
    for modality, kept in vars(one).items():
        assert kept.keys() == vars(other)[modality].keys()
        for name in kept:
            assert_same(kept[name], vars(other)[modality][name])


@pytest.fixture(scope="module", name="path")
def _path(tmp_path_factory):
    return record_senses(tmp_path_factory.mktemp("senses") / "e.zarr", FRAMES)


@pytest.mark.parametrize(
    "frames", [slice(None), slice(0, 1), slice(250, 262), slice(3, 290, 7), slice(CHUNK_FRAMES, None), slice(-5, None)]
)
def test_any_stretch_of_every_modality_comes_back_bit_for_bit(path, frames):
    assert_same_senses(stacked(range(FRAMES)[frames]), open_senses(path).read(frames))


def test_a_stretch_of_time_is_the_frames_in_it(path):
    senses = open_senses(path)
    assert_same_senses(stacked(range(5, 12)), senses.between(0.5, 1.2))
    assert_same_senses(stacked(range(5, 12)), senses.between(0.41, 1.11))
    for start_s, end_s in ((-1.0, 1.0), (1.0, 1.0), (0.0, 99.0)):
        with pytest.raises(EpisodeError, match=r"lasts from 0 s to 29.6 s"):
            senses.between(start_s, end_s)


def test_words_come_back_as_they_were(path):
    assert read_text(path) == WORDS


def test_the_manifest_names_instruments_and_their_units(path):
    manifest = read_manifest(path)
    assert manifest.instruments == {"video": ("herd", "tower"), "audio": ("ears",), "points": ("lidar",)}
    assert manifest.texts == ("events", "captions", "questions")
    units = json.loads((path / "zarr.json").read_text())["attributes"]["units"]
    assert units["video/herd/depth_m"] == "m"
    assert units["points/lidar/position_m"] == "m"
    assert units["text/captions"] == "UTF-8 JSON"


def test_animals_are_read_beside_them(path):
    assert_same(episode_of(FRAMES).observation, read_episode(path).observation)


def test_an_episode_without_instruments_has_none(tmp_path):
    path = write_episode(tmp_path / "e.zarr", episode_of(5))
    assert not open_senses(path).arrays
    assert_same_senses(open_senses(path).read(slice(None)), Senses())
    assert read_text(path) == Description()


def test_only_what_is_wanted_is_read(path):
    senses = open_senses(path)
    assert set(senses.only(["audio"]).arrays) == {"audio/ears/samples", "audio/ears/ear_m"}
    only = senses.only(["video/herd/rgb"]).read(slice(0, 3))
    assert np.array_equal(only.video["herd"].rgb, stacked(range(3)).video["herd"].rgb)
    assert not only.audio
    with pytest.raises(UnknownNameError, match=r"Unknown recorded sense 'video/hird'.*Did you mean 'video/herd'"):
        senses.only(["video/hird"])


def test_what_was_left_out_reads_as_unknown(tmp_path):
    path = record_senses(tmp_path / "e.zarr", 3, sense_fields=("rgb",))
    senses = open_senses(path)
    assert set(senses.arrays) == {"video/herd/rgb", "video/tower/rgb"}
    herd = senses.read(slice(None)).video["herd"]
    assert np.array_equal(herd.rgb, stacked(range(3)).video["herd"].rgb)
    assert herd.depth_m.shape == herd.instance.shape == (3, 8, 12)
    assert herd.flow_px.shape == (3, 8, 12, 2)
    assert np.isnan(herd.depth_m).all()
    assert (herd.instance == UNLABELLED).all()
    assert herd.axes.shape == (3, 3, 3)
    assert herd.field_of_view_rad.shape == (3,)


@pytest.mark.parametrize("harm", ["missing", "flipped", "swapped"])
def test_damage_is_noticed_in_the_stretch_it_is_in_and_nowhere_else(tmp_path, harm):
    path = record_senses(tmp_path / "e.zarr", FRAMES)
    first, last = (path / "video" / "herd" / "rgb" / "c" / str(k) / "0" / "0" / "0" for k in (0, 1))
    bad = bytearray(last.read_bytes())
    bad[len(bad) // 2] ^= 0x10
    if harm == "missing":
        last.unlink()
    else:
        last.write_bytes(bytes(bad) if harm == "flipped" else first.read_bytes())
    rgb = open_senses(path).arrays["video/herd/rgb"]
    assert np.array_equal(rgb[0:CHUNK_FRAMES], stacked(range(CHUNK_FRAMES)).video["herd"].rgb)
    with pytest.raises(EpisodeError, match=r"damaged: .*video/herd/rgb"):
        rgb[CHUNK_FRAMES - 1 : CHUNK_FRAMES + 1]


def test_an_array_that_is_not_there_at_all_is_noticed(tmp_path):
    path = record_senses(tmp_path / "e.zarr", 3)
    metadata = path / "audio" / "ears" / "samples" / "zarr.json"
    stored = json.loads(metadata.read_text())
    stored["shape"][0] = 2
    metadata.write_text(json.dumps(stored))
    with pytest.raises(EpisodeError, match=r"damaged: audio/ears/samples has 2 frames"):
        open_senses(path)
    metadata.unlink()
    with pytest.raises(EpisodeError, match=r"damaged: audio/ears/samples cannot be opened"):
        open_senses(path)


def test_episodes_of_the_first_version_are_still_read(tmp_path):
    path = write_episode(tmp_path / "e.zarr", episode_of(5))
    manifest = json.loads((path / "zarr.json").read_text())
    body = manifest["attributes"]
    for key in ("manifest_crc32", "chunk_crc32"):
        del body[key]
    body["version"] = 1
    body["manifest_crc32"] = _manifest_crc32(body)
    (path / "zarr.json").write_text(json.dumps(manifest))
    assert_same(episode_of(5).observation, read_episode(path).observation)
    assert not open_senses(path).arrays
    assert list_episodes(tmp_path) == [path]


def with_video(**changes):
    senses = senses_of(0)
    return Senses(video={"herd": type(senses.video["herd"])(**vars(senses.video["herd"]) | changes)})


@pytest.mark.parametrize(
    ("senses", "says"),
    [
        (Senses(video={"../up": senses_of(0).video["herd"]}), "called '../up'"),
        (with_video(depth_m=np.zeros((8, 12))), r"depth_m came with type float64.*wanted float32 of shape \(h w\)"),
        (with_video(rgb=np.zeros((0, 12, 3), np.uint8)), "not empty"),
        (with_video(rgb=np.zeros((8, 12), np.uint8)), r"shape \(h w 3\)"),
    ],
)
def test_what_no_instrument_brings_back_is_refused_and_nothing_is_left(tmp_path, senses, says):
    with pytest.raises(EpisodeError, match=says), EpisodeRecorder(tmp_path / "e.zarr", info_of()) as recorder:
        recorder.append(episode_of(1).observation[0], None, None, senses)
    assert list(tmp_path.iterdir()) == []


def test_an_instrument_that_fails_between_two_steps_is_named(tmp_path):
    def record():
        seen = episode_of(2).observation
        with EpisodeRecorder(tmp_path / "e", info_of()) as recorder:
            recorder.append(seen[0], None, None, senses_of(0))
            recorder.append(seen[1])

    with pytest.raises(EpisodeError, match=r"Step 1.*audio/ears"):
        record()


def test_a_scene_without_a_row_is_refused(tmp_path):
    seen = episode_of(2).observation[0].map(lambda array: array[:0])
    with pytest.raises(EpisodeError, match="no animals to record"), EpisodeRecorder(tmp_path / "e", info_of()) as it:
        it.append(seen)
    assert list(tmp_path.iterdir()) == []


def test_a_scene_in_which_nobody_lives_is_an_episode(tmp_path):
    seen = episode_of(4).observation
    seen.alive[:] = False
    with EpisodeRecorder(tmp_path / "e.zarr", info_of()) as recorder:
        for frame in range(4):
            recorder.append(seen[frame])
    assert not read_episode(tmp_path / "e.zarr").observation.alive.any()


@pytest.mark.parametrize("frame_bytes", [1, 3328, 12288, 32768, 1 << 20, 1 << 30])
def test_buffers_are_bounded_however_large_a_picture_is(frame_bytes):
    frames = chunk_frames(frame_bytes)
    assert 1 <= frames <= CHUNK_FRAMES
    assert frames * frame_bytes <= max(CHUNK_BYTES, frame_bytes)
    assert frames == CHUNK_FRAMES or 2 * frames * frame_bytes > CHUNK_BYTES
