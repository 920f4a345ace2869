"""Cameras stand where they can see: out of the ground and houses, behind the animal they follow or in its head."""

import math
from dataclasses import replace

import numpy as np
import pytest
from tests.sensors.posed_scenes import moments, scenery, shapes

from eco1.sensors.bodies.rigs import RIG
from eco1.sensors.bodies.skeleton import HEAD, PARTS, TORSO
from eco1.sensors.camera.render import render
from eco1.sensors.camera.viewpoints import WIDEST_RAD, above_ground, egocentric, fixed, follow, overview
from eco1.sensors.scenery.bodies import Moments
from eco1.sensors.scenery.ground_under import heights_under
from eco1.sensors.scenery.stage import Troupe


def troupe():
    rigs = np.zeros(2, RIG)
    rigs["adult_length_m"], rigs["height_m"] = 2.0, 1.2
    return Troupe(
        species_names=("body", "ball"), shapes=shapes(), rigs=rigs, field_of_view_rad=np.array([5.0, 1.1], np.float32)
    )


def facing_east(places, *, worlds=1):
    """Animals with all parts of a skeleton at one place, looking along +x; the head two metres ahead."""
    n = len(places)
    few = moments(n)
    position = np.tile(np.asarray(places, np.float32)[None, :, None], (worlds, 1, len(PARTS), 1))
    position[:, :, HEAD, 0] += 2.0
    return Moments(
        rotation=np.tile(np.eye(3, dtype=np.float32), (worlds, n, len(PARTS), 1, 1)), position_m=position,
        scale=np.ones((worlds, n, len(PARTS)), np.float32), species=np.tile(few.species, (worlds, 1)),
        identity=np.tile(few.identity, (worlds, 1)), shown=np.ones((worlds, n), bool),
        daylight=np.ones(worlds, np.float32), ice=np.zeros(worlds, np.float32), time_s=np.zeros(worlds, np.float32),
    )  # fmt: skip


def row(*rows):
    return np.array(rows)


def test_a_following_camera_stands_behind_and_above_and_has_its_animal_in_the_middle():
    scene, bodies = scenery(), facing_east([(20, 12, 2.5), (30, 30, 2.5)], worlds=2)
    views = follow(scene, troupe(), bodies, row(0, 1), None, dt_s=0.1)
    for w, (x, y, z) in enumerate([(20, 12, 2.5), (30, 30, 2.5)]):
        eye = views.eye_m[w]
        assert eye[0] < x - 3
        assert eye[1] == pytest.approx(y, abs=1e-3)
        assert eye[2] > z
        seen = render(scene, shapes(), bodies, views, width_px=33, height_px=33, threads=1).instance
        assert seen[w, 16, 16] == w


def test_it_comes_after_smoothly_and_waits_where_the_row_is_empty():
    scene = scenery()
    first = follow(scene, troupe(), facing_east([(20, 12, 2.5)]), row(0), None, dt_s=0.1)
    ahead = facing_east([(21, 12, 2.5)])
    second = follow(scene, troupe(), ahead, row(0), first, dt_s=0.1)
    there = follow(scene, troupe(), ahead, row(0), None, dt_s=0.1)
    assert first.eye_m[0, 0] < second.eye_m[0, 0] < there.eye_m[0, 0]
    share = (second.eye_m[0, 0] - first.eye_m[0, 0]) / (there.eye_m[0, 0] - first.eye_m[0, 0])
    assert share == pytest.approx(1 - math.exp(-0.1 / 0.6), abs=0.02)
    far = facing_east([(32, 12, 2.5)])  # gone faster than the camera can come after
    apart = np.linalg.norm(follow(scene, troupe(), far, row(0), first, dt_s=0.1).eye_m[0] - [32, 12, 2.5])
    assert apart < 1.5 * np.linalg.norm(first.eye_m[0] - [20, 12, 2.5])
    gone = replace(ahead, shown=np.zeros((1, 1), bool))
    waits = follow(scene, troupe(), gone, row(0), first, dt_s=0.1)
    assert np.array_equal(waits.eye_m, first.eye_m)
    assert np.array_equal(waits.axes, first.axes)


def test_it_does_not_stand_in_a_house():
    scene = scenery("urban", houses=True)
    bodies = facing_east([(37.2, 31, 2.0)])  # with its back to the wall at 36 m
    eye = follow(scene, troupe(), bodies, row(0), None, dt_s=0.1).eye_m[0]
    assert 36.0 <= eye[0] <= 37.2
    assert eye[2] < 5


def test_cameras_are_lifted_out_of_the_ground_and_kept_in_the_sea():
    scene = scenery()
    eye = np.array([[20, 20, -5], [9, 30, 8]], np.float32)
    lifted = above_ground(scene, eye)
    assert lifted[0, 2] > heights_under(scene, eye)[0][0]
    assert np.array_equal(lifted[1], eye[1])
    sea = scenery("reef", sea_m=10.0)
    wet = above_ground(sea, np.array([[20, 20, 30], [20, 20, -3]], np.float32))
    bed, surface = heights_under(sea, wet)
    assert (wet[:, 2] > bed).all()
    assert (wet[:, 2] < surface).all()


@pytest.mark.parametrize("options", [{}, {"biome": "reef", "sea_m": 10.0}, {"biome": "urban", "houses": True}])
def test_an_overview_sees_the_middle_of_the_world(options):
    scene = scenery(**options)
    views = overview(scene, 2)
    middle = np.array([[20, 20, 0]], np.float32)
    middle[:, 2] = heights_under(scene, middle)[0]
    toward = middle - views.eye_m
    assert np.allclose(views.axes[:, 2], toward / np.linalg.norm(toward, axis=1, keepdims=True), atol=1e-4)
    render(scene, shapes(), facing_east([(20, 20, 3)], worlds=2), views, threads=1)
    assert fixed(scene, np.array([5.0, 5.0, -9.0]), middle[0], 3).eye_m.shape == (3, 3)


def test_through_an_animals_eyes_one_sees_others_but_not_itself():
    bodies = facing_east([(14, 12, 3.0), (22, 12, 3.0)])
    views = egocentric(scenery(), troupe(), bodies, row(0))
    assert views.eye_m[0] == pytest.approx([16, 12, 3])
    assert views.axes[0, 2] == pytest.approx([1, 0, 0], abs=1e-6)
    assert views.field_of_view_rad[0] == pytest.approx(WIDEST_RAD)
    assert egocentric(scenery(), troupe(), bodies, row(1)).field_of_view_rad[0] == pytest.approx(1.1)
    buried = egocentric(scenery(), troupe(), facing_east([(14, 12, -1.0)]), row(0)).eye_m
    assert buried[0, 2] == pytest.approx(heights_under(scenery(), buried)[0][0] + 0.02, abs=1e-4)
    seen = render(scenery(), shapes(), bodies, views, threads=1).instance
    assert 0 not in seen
    assert (seen == 1).any()
    headless = replace(bodies, scale=np.where(np.arange(len(PARTS)) == HEAD, 0, bodies.scale).astype(np.float32))
    assert egocentric(scenery(), troupe(), headless, row(0)).eye_m[0] == pytest.approx(bodies.position_m[0, 0, TORSO])
