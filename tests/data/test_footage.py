"""A film and its tracks become one episode, and a pair that does not belong together is refused."""

import math
import re

import av
import numpy as np
import pytest

from eco1.cli import main
from eco1.core.senses import UNLABELLED
from eco1.data.store import open_senses, read_episode

FRAMES = 30


@pytest.fixture(name="tracks")
def _tracks(tmp_path):
    path = tmp_path / "tracks.csv"
    rows = [f"{k / 10},a,{50 + 30 * math.cos(k / 5)},{50 + 30 * math.sin(k / 5)}" for k in range(FRAMES)]
    path.write_text("\n".join(["time,id,x,y", *rows]))
    return path


@pytest.fixture(name="film")
def _film(tmp_path):
    return film_of(tmp_path / "film.avi")


def film_of(path, frames=FRAMES, rate=10):
    """Every frame is a grey of its own, and its left half is darker."""
    with av.open(str(path), "w") as film:
        stream = film.add_stream("mpeg4", rate=rate)
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = 64, 32, "yuv420p", 4_000_000
        for k in range(frames):
            picture = np.full((32, 64, 3), 60 + 5 * k, np.uint8)
            picture[:, :32] -= 40
            film.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        film.mux(stream.encode(None))
    return path


def import_(*words: object) -> None:
    main(["import", *map(str, words), "--body-length", "4", "--video-height", "16"])


def test_pictures_are_of_the_moments_of_the_tracks(tracks, film, tmp_path, capsys):
    import_(tracks, "--video", film)
    assert f"Wrote: {tmp_path}/tracks.zarr" in capsys.readouterr().out
    episode, senses = read_episode(tmp_path / "tracks.zarr"), open_senses(tmp_path / "tracks.zarr")
    assert list(senses.arrays) == ["video/film/rgb"]
    pictures = senses.read(slice(None)).video["film"]
    assert pictures.rgb.shape == (FRAMES - 1, 16, 32, 3)
    assert len(episode.observation.alive) == FRAMES - 1
    light = pictures.rgb.astype(float).mean(-1)
    assert np.allclose(light[:, :, 20:].mean((1, 2)), 60 + 5 * np.arange(1, FRAMES), atol=4)
    assert np.allclose(light[:, :, 20:].mean((1, 2)) - light[:, :, :12].mean((1, 2)), 40, atol=4)
    assert (pictures.instance == UNLABELLED).all()
    facts = episode.info.provenance
    assert (facts["video"], facts["video_size_px"], facts["video_units_per_px"]) == ("film.avi", "64 x 32", "2")


def test_the_rate_of_a_film_may_be_rounded(tracks, tmp_path):
    tracks.write_text("\n".join(["frame,id,x,y", *(f"{k},a,{50 + k},50" for k in range(FRAMES))]))
    import_(tracks, "--video", film_of(tmp_path / "film.avi"), "--fps", "10.05")
    assert len(open_senses(tmp_path / "tracks.zarr").arrays["video/film/rgb"]) == FRAMES - 1


def broken(path):
    whole = film_of(path).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return path


@pytest.mark.parametrize(
    ("make", "words", "says"),
    [
        (lambda path: film_of(path, frames=29), (), "has 29 frames and .*tracks.csv 30"),
        (lambda path: film_of(path, rate=25), (), "runs at 25 frames per second and .* at 10; .*--fps 25"),
        (lambda path: path, (), "cannot be read as a film"),
        (lambda path: path.parent / "tracks.csv", (), "cannot be read as a film"),
        (broken, (), r"has \d+ frames and|damaged|cannot be read"),
        (film_of, ("--video-height", "33"), "--video-height is 33; allowed: 1 to 32"),
    ],
    ids=["length", "rate", "missing", "no film", "cut short", "height"],
)
def test_a_bad_pair_is_refused_and_nothing_is_written(tracks, tmp_path, capsys, make, words, says):
    film = make(tmp_path / "film.avi")
    with pytest.raises(SystemExit, match="2"):
        main(["import", str(tracks), "--body-length", "4", "--video", str(film), *words])
    assert re.search(says, capsys.readouterr().err)
    assert not [entry for entry in tmp_path.iterdir() if "zarr" in entry.name]
