import sys
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from studio_scenes import episode, landscape

from eco1.catalog.loader import load_species
from eco1.core.errors import Eco1Error, MissingExtraError
from eco1.core.records import Episode
from eco1.studio.captions import stamp, text_mask
from eco1.studio.director import CameraPath, plan_shots, subject_way
from eco1.studio.film import render_film, render_still
from eco1.studio.interest import interest
from eco1.studio.light import light_for
from eco1.studio.terrain import build_terrain

av = pytest.importorskip("av")


@pytest.fixture(scope="module")
def scene():
    return episode(steps=24)


def test_a_film_has_the_frames_and_the_size_asked_for_and_moves(scene, tmp_path):
    report = render_film(scene, tmp_path / "deep" / "film.mp4", frames_per_s=10, width_px=320, height_px=180)
    with av.open(str(report.path)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        frames = [frame.to_ndarray(format="rgb24").astype(int) for frame in container.decode(video=0)]
    assert len(frames) == report.frames == 23
    assert frames[0].shape == (180, 320, 3)
    changed = [np.abs(a - b).mean() for a, b in pairwise(frames)]
    assert min(changed) > 0.1
    assert frames[0].std() > 15  # a picture, not a flat colour
    assert report.shots == ("Lion · chase",)
    assert not list(tmp_path.rglob("*.partial"))


def test_the_index_comes_first_so_that_browsers_start_at_once(scene, tmp_path):
    path = render_film(scene, tmp_path / "film.mp4", seconds=1.0, frames_per_s=10, width_px=160, height_px=90).path
    data = path.read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")


def test_a_still_shows_the_same_world_by_day_and_is_repeatable(scene, tmp_path):
    from matplotlib.image import imread

    first = imread(render_still(scene, tmp_path / "a.png", at_s=1.0, width_px=320, height_px=180))
    again = imread(render_still(scene, tmp_path / "b.png", at_s=1.0, width_px=320, height_px=180))
    np.testing.assert_array_equal(first, again)
    assert first.shape[:2] == (180, 320)


def test_the_sky_is_above_and_bluer_than_the_ground(scene, tmp_path):
    from matplotlib.image import imread

    picture = imread(render_still(scene, tmp_path / "a.png", at_s=0.5, width_px=320, height_px=180))[..., :3]
    blueness = picture[..., 2] - picture[..., 0]
    assert blueness[:8].mean() > blueness[-40:].mean() + 0.1


def test_tracks_without_a_landscape_cannot_be_filmed(scene, tmp_path):
    bare = Episode(info=scene.info, observation=scene.observation)
    with pytest.raises(Eco1Error, match="no landscape"):
        render_film(bare, tmp_path / "film.mp4")


def test_one_step_and_odd_sizes_are_refused(scene, tmp_path):
    short = Episode(info=scene.info, observation=scene.observation[:1], landscape=scene.landscape)
    with pytest.raises(Eco1Error, match="at least two steps"):
        render_film(short, tmp_path / "film.mp4")
    with pytest.raises(Eco1Error, match="even width"):
        render_film(scene, tmp_path / "film.mp4", width_px=321)


def test_a_missing_library_is_named_with_its_pip_command(monkeypatch, scene, tmp_path):
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'eco1\[studio\]'"):
        render_film(scene, tmp_path / "film.mp4")


def test_a_stopped_film_leaves_nothing_behind(scene, tmp_path):
    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        render_film(scene, tmp_path / "film.mp4", width_px=160, height_px=90, progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_the_director_shows_the_chase_and_changes_its_subject():
    long = episode(steps=200)
    heights = np.array([float(load_species(name).body.height) for name in long.info.species_names])
    lengths = np.array([float(load_species(name).body.length) for name in long.info.species_names])
    worth = interest(long.observation, long.info.behavior_names, heights, lengths)
    terrain = build_terrain(landscape(), 1)
    shots = plan_shots(long.observation, worth, terrain, heights, landscape().tree_position_m, 0.1)
    assert [shot.start for shot in shots[1:]] == [shot.stop for shot in shots[:-1]]
    assert (shots[0].start, shots[-1].stop) == (0, 200)
    first = long.info.species_names[long.observation.species[0, shots[0].row]]
    assert first == "lion"
    assert len({shot.row for shot in shots}) >= 2
    path = CameraPath(long.observation, shots, terrain, heights, 0.1)
    for step in np.arange(0, 199, 3.5):
        camera = path.camera_at(step)
        assert camera.eye_m[2] > terrain.height_at(camera.eye_m[:2]) + 0.3
    eyes = np.array([path.camera_at(s).eye_m for s in np.arange(shots[1].start, shots[1].stop - 1, 0.4)])
    assert np.abs(np.diff(eyes, n=2, axis=0)).max() < 0.15  # glides


def test_a_partner_does_not_draw_the_camera_off_a_small_subject():
    seen = episode(steps=4).observation
    small = np.full_like(seen.body_length_m, 0.15)
    near = seen.position_m.copy()
    near[:, 1] = near[:, 0] + np.array([1.5, 0.0, 0.0], np.float32)
    moved = replace(seen, body_length_m=small, position_m=near, alive=np.ones_like(seen.alive))
    way = subject_way(moved, 0, 4, 0)
    off = np.linalg.norm(way - near[:, 0], axis=-1)
    assert (off > 0.05).all()
    assert (off <= 3 * 0.15 + 1e-6).all()


def test_newborns_hardly_matter_to_the_director():
    seen = episode(steps=4).observation
    bodies = [load_species(name).body for name in episode(steps=4).info.species_names]
    heights, lengths = (np.array([float(getattr(body, what)) for body in bodies]) for what in ("height", "length"))
    names = episode(steps=4).info.behavior_names
    grown = replace(seen, body_length_m=lengths[np.clip(seen.species, 0, None)].astype(np.float32))
    born = replace(grown, body_length_m=0.1 * grown.body_length_m)
    alive = seen.alive
    ratio = interest(born, names, heights, lengths)[alive] / interest(grown, names, heights, lengths)[alive]
    np.testing.assert_allclose(ratio, 0.2, rtol=1e-5)


def test_light_is_warm_when_low_and_dim_at_night():
    noon, evening, night = light_for(1.0), light_for(0.3), light_for(0.0)
    assert noon.sun[2] > evening.sun[2]
    assert evening.sun_rgb[0] / evening.sun_rgb[2] > 1.5 * noon.sun_rgb[0] / noon.sun_rgb[2]
    assert night.sun_rgb.max() < 0.2 * noon.sun_rgb.max()


def test_words_are_written_where_asked():
    image = np.full((60, 200, 3), 90, np.uint8)
    stamp(image, text_mask("Lion", 24, bold=True), 10, 10)
    assert image[:8].std() == 0
    assert image[10:45, 10:80].max() > 230
