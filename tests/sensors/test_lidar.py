"""Range scans against the slow ray caster, and points that lie evenly on bodies."""

import math
from dataclasses import replace

import numpy as np
import pytest
from tests.sensors.posed_scenes import cast, landscape, moments, nobody, scenery, shapes

from eco1.core.errors import ConfigError
from eco1.core.senses import GROUND, SKY, WATER
from eco1.sensors.lidar.patterns import facing, spinning
from eco1.sensors.lidar.scan import scan
from eco1.sensors.lidar.surfaces import area_of, sample_surfaces
from eco1.sensors.scenery import col

EYE = np.array([[15.0, 17.0, 4.5]], np.float32)


def beams(count=1, **options):
    return facing(spinning(12, 90, lowest_rad=-1.2, highest_rad=0.3, **options), np.full(count, 0.4))


def look(bodies, directions=None, **options):
    directions = beams() if directions is None else directions
    return scan(scenery("savanna", houses=True), shapes(), bodies, EYE, directions, threads=1, **options)


def test_a_scan_finds_what_the_slow_ray_caster_finds():
    bodies, land = moments(8), landscape(houses=True)
    cloud = look(bodies, reach_m=12.0)
    distance, instance = cast(land, bodies, shapes(), EYE[0], beams()[0], reach_m=12.0)
    same = cloud.instance[0] == instance
    assert same.mean() > 0.985  # edges and the end of the reach apart
    assert len(np.unique(instance)) >= 6
    found = np.linalg.norm(cloud.position_m[0] - EYE[0], axis=1)
    met = same & (instance != SKY)
    assert np.abs(found[met] - distance[met]).max() < 0.05
    assert np.isnan(cloud.position_m[0][cloud.instance[0] == SKY]).all()
    animal = cloud.instance[0] >= 0
    assert animal.sum() > 12
    assert np.array_equal(cloud.species[0][animal], bodies.species[0][cloud.instance[0][animal]])
    assert (cloud.species[0][~animal] == -1).all()


def test_reach_hides_what_is_farther_and_the_carrier_does_not_see_itself():
    near = look(moments(8), reach_m=8.0)
    apart = np.linalg.norm(near.position_m[0] - EYE[0], axis=1)
    assert 6.0 < np.nanmax(apart) <= 8.0 + 1e-5
    row = int(near.instance[0][near.instance[0] >= 0][0])
    assert row not in look(moments(8), reach_m=8.0, hidden=np.array([row], np.int32)).instance


def test_noise_moves_points_along_their_beams_and_repeats():
    still, noisy = look(moments(8)), look(moments(8), noise_m=0.05, seed=3)
    met = still.instance[0] != SKY
    gap = noisy.position_m[0][met] - still.position_m[0][met]
    assert np.linalg.norm(np.cross(gap, beams()[0][met]), axis=1).max() < 1e-4
    along = (gap * beams()[0][met]).sum(1)
    assert along.std() == pytest.approx(0.05, rel=0.15)
    assert abs(along.mean()) < 0.01
    again, other = look(moments(8), noise_m=0.05, seed=3), look(moments(8), noise_m=0.05, seed=3, step=1)
    assert np.array_equal(again.position_m, noisy.position_m, equal_nan=True)
    assert not np.array_equal(other.position_m, noisy.position_m, equal_nan=True)


def test_many_scanners_give_the_same_on_any_number_of_threads():
    eyes = EYE + np.array([[0, 0, 0], [6, 2, 1], [3, 9, 2]], np.float32)
    args = (scenery(), shapes(), moments(8), eyes, beams(3))
    one = scan(*args, moment=np.zeros(3, np.int32), threads=1, noise_m=0.02)
    two = scan(*args, moment=np.zeros(3, np.int32), threads=2, noise_m=0.02)
    assert np.array_equal(one.position_m, two.position_m, equal_nan=True)
    assert np.array_equal(one.instance, two.instance)


def test_under_water_beams_end_at_the_bed_or_the_surface():
    eye = np.array([[20.0, 20.0, 6.0]], np.float32)
    ends = np.array([[[0, 0, 1], [0, 0, -1]]], np.float32)
    cloud = scan(scenery("reef", sea_m=12.0), shapes(), nobody(), eye, ends, threads=1)
    assert cloud.instance[0].tolist() == [WATER, GROUND]
    assert cloud.position_m[0, 0, 2] == pytest.approx(12.0, abs=1e-3)


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"reach_m": 0.0}, "reach_m > 0"),
        ({"noise_m": -1.0}, "noise_m >= 0"),
        ({"moment": np.array([2], np.int32)}, "there are 1"),
        ({"directions": np.zeros((1, 2, 3), np.float32)}, "spinning"),
    ],
)
def test_scans_that_cannot_be_made_are_refused(changes, match):
    with pytest.raises(ConfigError, match=match):
        look(moments(2), **changes)


def test_a_scanner_in_the_ground_is_refused():
    with pytest.raises(ConfigError, match="in the ground"):
        scan(scenery(), shapes(), nobody(), EYE - np.array([0, 0, 9], np.float32), beams(), threads=1)


def test_areas_are_those_of_known_solids():
    ball, sausage, cigar = np.zeros(col.FLOATS, np.float32), np.zeros(col.FLOATS, np.float32), np.zeros(16, np.float32)
    ball[col.HALF : col.HALF + 3] = 0.5
    assert area_of(ball, col.ELLIPSOID) == pytest.approx(math.pi, rel=1e-5)
    sausage[col.HALF : col.HALF + 3] = 2.0, 0.5, 0.5
    assert area_of(sausage, col.CAPSULE) == pytest.approx(math.pi + 2 * math.pi * 0.5 * 2.0, rel=1e-5)
    cigar[col.HALF : col.HALF + 3] = 3.0, 1.0, 1.0
    eccentric = math.sqrt(1 - 1 / 9)
    exact = 2 * math.pi * (1 + 3 / eccentric * math.asin(eccentric))  # prolate spheroid
    assert area_of(cigar, col.ELLIPSOID) == pytest.approx(exact, rel=0.012)


def test_points_lie_on_the_solids_evenly_by_area():
    bodies, solids = moments(2), shapes()
    cloud, shown = sample_surfaces(solids, replace(bodies, shown=np.array([[True, False]])), 6000, seed=1)
    assert shown.tolist() == [[True, False]]
    assert np.isnan(cloud.position_m[0, 6000:]).all()
    assert (cloud.instance[0, 6000:] == SKY).all()
    points = cloud.position_m[0, :6000]
    assert (cloud.instance[0, :6000] == 0).all()
    on_body, on_leg = own_frame(points, bodies, solids, 0), own_frame(points, bodies, solids, 1)
    unit = on_body / solids.half[0]
    body = np.abs(np.linalg.norm(unit, axis=1) - 1) < 1e-3
    length, first, _ = solids.half[1]
    along = np.clip(on_leg[:, 0], 0, length)
    leg = np.linalg.norm(on_leg - along[:, None] * [1, 0, 0], axis=1) < first + 0.05
    assert (body | leg).all()
    rows = [np.zeros(16, np.float32), np.zeros(16, np.float32)]
    for k in (0, 1):
        rows[k][col.HALF : col.HALF + 3] = solids.half[k]
    areas = area_of(rows[0], col.ELLIPSOID), area_of(rows[1], col.CAPSULE)
    assert body.mean() == pytest.approx(areas[0] / sum(areas), abs=0.02)
    # A flat spot and a tip of the ellipsoid hold points by their area: numbers per solid angle follow the stretch.
    stretch = np.linalg.norm(unit[body] / solids.half[0], axis=1)
    tip = np.abs(unit[body][:, 0]) > 0.8
    assert tip.mean() == pytest.approx(expected_share(solids.half[0]), abs=0.025)
    assert stretch.min() > 0
    thick = on_leg[~body][:, 0] < 0.3 * length
    assert thick.mean() > 0.45  # the thick end of a capsule has more surface


def own_frame(points, bodies, solids, k):
    part = solids.part[k]
    own = (points - bodies.position_m[0, 0, part]) @ bodies.rotation[0, 0, part] / bodies.scale[0, 0, part]
    return (own - solids.middle[k]) @ solids.axes[k].T


def expected_share(half):
    """The share of an ellipsoid's surface beyond 0.8 of its first half-length, by adding up small patches."""
    theta, phi = np.meshgrid(np.linspace(0, np.pi, 400), np.linspace(0, 2 * np.pi, 400), indexing="ij")
    unit = np.stack([np.cos(theta), np.sin(theta) * np.cos(phi), np.sin(theta) * np.sin(phi)], -1)
    weight = np.sin(theta) * np.linalg.norm(unit / half, axis=-1)
    return weight[np.abs(unit[..., 0]) > 0.8].sum() / weight.sum()
