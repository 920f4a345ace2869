"""What cameras bring back is what is there: depth, instance and flow against slow ways of finding them."""

from dataclasses import replace

import numpy as np
import pytest
from tests.sensors.posed_scenes import SIZE_M, bilinear, cast, landscape, moments, nobody, scenery, shapes

from eco1.catalog.loader import load_biome
from eco1.core.errors import ConfigError
from eco1.core.senses import BUILDING, GROUND, ICE, SKY, WATER
from eco1.sensors.camera.render import render
from eco1.sensors.camera.views import look_at
from eco1.sensors.scenery.scenery import build_scenery

SIDE = 32


def view(eye, target, **options):
    return look_at(np.array([eye], np.float32), np.array([target], np.float32), **options)


def rays_of(views, side=SIDE):
    """Unit rays (H, W, 3) of the first camera, from its definition."""
    half = np.tan(views.field_of_view_rad[0] / 2)
    at = (np.arange(side) + 0.5) / side * 2 - 1
    right, up, ahead = views.axes[0]
    rays = ahead + half * (at[None, :, None] * right - at[:, None, None] * up)
    return rays / np.linalg.norm(rays, axis=-1, keepdims=True)


def shot(scene, bodies, views, **options):
    return render(scene, shapes(), bodies, views, width_px=SIDE, height_px=SIDE, threads=1, **options)


@pytest.mark.parametrize(
    ("eye", "target"), [((8, 12, 5), (22, 21, 1.5)), ((24, 30, 7), (13, 25, 0)), ((20, 20, 14), (20.5, 21, 0))]
)
def test_depth_and_instance_are_those_of_a_slow_ray_caster(eye, target):
    land, bodies = landscape(houses=True), moments()
    views = view(eye, target, field_of_view_rad=0.8)
    frames = shot(scenery("savanna", houses=True), bodies, views)
    depth, instance = cast(land, bodies, shapes(), np.array(eye), rays_of(views).reshape(-1, 3))
    depth, instance = depth.reshape(SIDE, SIDE), instance.reshape(SIDE, SIDE)
    known = np.isfinite(depth)
    same = (frames.instance[0] == instance) | (frames.depth_m[0] > 23.9) & ~known
    border = np.zeros_like(same)
    border[1:-1, 1:-1] = sum(
        instance[1:-1, 1:-1] != instance[1 + a : SIDE - 1 + a, 1 + b : SIDE - 1 + b]
        for a, b in ((0, 1), (1, 0), (0, -1), (-1, 0))
    )
    assert len(np.unique(instance)) >= 4
    assert (same | border).all()
    assert same.mean() > 0.97
    sure = same & known & ~border
    assert np.abs(frames.depth_m[0][sure] - depth[sure]).max() < 0.02


def test_rays_between_followed_ones_meet_in_big_pictures_what_a_slow_caster_meets():
    side, eye = 256, (8, 12, 5)
    views = view(eye, (22, 21, 1.5), field_of_view_rad=0.8)
    frames = render(scenery(), shapes(), moments(), views, width_px=side, height_px=side, threads=1)
    at = np.random.default_rng(0).integers(0, side, (2, 1500))
    depth, instance = cast(landscape(), moments(), shapes(), np.array(eye), rays_of(views, side)[tuple(at)])
    known = np.isfinite(depth)  # the slow caster does not look far
    same = known & (frames.instance[0][tuple(at)] == instance)
    assert known.mean() > 0.5
    assert same.sum() > 0.99 * known.sum()
    assert np.abs(frames.depth_m[0][tuple(at)][same] - depth[same]).max() < 0.02


def test_flow_is_how_far_points_of_surfaces_have_moved_in_the_picture():
    before, now = moments(moved_m=0.0), moments(moved_m=0.3)
    views_before, views = view((8, 12, 5), (22, 21, 1.5)), view((8.4, 12.1, 5.2), (22, 20, 1.7))
    frames = shot(scenery(), now, views, moments_before=before, views_before=views_before)
    points = views.eye_m[0] + rays_of(views) * np.where(frames.depth_m[0] < 1e9, frames.depth_m[0], 0)[..., None]
    seen = frames.instance[0]
    animal = seen >= 0
    owner, where = seen[animal], points[animal]
    # Which part was hit is not in the frames: both of an animal's parts turned and moved alike, about other origins.
    turn = now.rotation[0, owner, 0] @ before.rotation[0, owner, 0].transpose(0, 2, 1)
    once = []
    for part in (0, 1):
        own = where - now.position_m[0, owner, part]
        once.append(np.einsum("kji,kj->ki", turn, own) + before.position_m[0, owner, part])
    pixel = np.stack(np.meshgrid(np.arange(SIDE) + 0.5, np.arange(SIDE) + 0.5), -1)
    still = (seen == GROUND) | (seen == WATER)
    assert np.abs(pixel[still] - project(points[still], views_before) - frames.flow_px[0][still]).max() < 0.02
    error = [np.abs(pixel[animal] - project(p, views_before) - frames.flow_px[0][animal]).max(1) for p in once]
    assert animal.sum() > 40
    assert np.minimum(*error).max() < 0.02
    assert np.abs(frames.flow_px[0][animal]).max() > 1


def project(points, views, side=SIDE):
    """Column and row of points for the first camera, from its definition."""
    right, up, ahead = (views.axes[0] @ (points - views.eye_m[0]).T).astype(float)
    focal = side / 2 / np.tan(views.field_of_view_rad[0] / 2)
    return np.stack([side / 2 + focal * right / ahead, side / 2 - focal * up / ahead], -1)


def test_the_sky_flows_only_when_the_camera_turns():
    level, turned = view((20, 20, 6), (30, 20, 9)), view((20, 20, 6), (30, 20.5, 9))
    moved = view((18, 21, 6), (28, 21, 9))
    still = shot(scenery(), nobody(), level, views_before=moved)
    sky = still.instance[0] == SKY
    assert sky.any()
    assert np.abs(still.flow_px[0][sky]).max() < 1e-3
    flow = shot(scenery(), nobody(), level, views_before=turned).flow_px[0][sky]
    assert np.abs(flow[:, 0]).min() > 1


def test_newcomers_and_strangers_in_a_row_count_as_still():
    before, now = moments(moved_m=0.0), moments(moved_m=0.3)
    stranger = replace(before, identity=before.identity + 100)
    views = view((8, 12, 5), (22, 21, 1.5))
    frames = shot(scenery(), now, views, moments_before=stranger)
    assert (frames.instance >= 0).any()
    assert np.abs(frames.flow_px).max() < 1e-2


def test_who_is_hidden_behind_or_not_shown_is_not_seen():
    views = view((8, 12, 5), (22, 21, 1.5))
    bodies = moments()
    seen = np.unique(shot(scenery(), bodies, views).instance)
    row = int(seen[seen >= 0][0])
    hidden = replace(views, hidden=np.array([row], np.int32))
    assert row not in shot(scenery(), bodies, hidden).instance
    gone = replace(bodies, shown=np.arange(6)[None] != row)
    assert row not in shot(scenery(), gone, views).instance
    away = view((8, 12, 5), (-6, 3, 5))
    assert (shot(scenery(), bodies, away).instance < 0).all()


def test_from_within_water_one_sees_its_surface_above_and_fog_ahead():
    scene = scenery("reef", sea_m=12.0)
    up = shot(scene, nobody(), view((20, 20, 4), (20.2, 20, 12)))
    assert (up.instance == WATER).all()
    assert np.allclose(up.depth_m[0, SIDE // 2, SIDE // 2], 8.0, atol=0.1)
    down = shot(scene, nobody(), view((20, 20, 4), (22, 20, 0)))
    assert (down.instance == GROUND).any()
    assert (down.instance != SKY).all() or np.isinf(down.depth_m[down.instance == SKY]).all()
    middle = up.rgb[0, SIDE // 2, SIDE // 2].astype(int)
    level = shot(scene, nobody(), view((20, 20, 4), (39, 20, 4))).rgb[0, SIDE // 2, SIDE // 2].astype(int)
    assert level[2] > 1.5 * level[0]  # blue
    assert middle.sum() > level.sum()  # the window to the sky is brighter


def test_water_seen_from_the_air_lets_what_lies_in_it_shine_through():
    scene, bodies = scenery(), moments(2)
    at = np.array([9.0, 30.0, -0.8], np.float32)
    sunk = replace(bodies, position_m=np.broadcast_to(at, (1, 2, 2, 3)).copy(), shown=np.array([[False, True]]))
    views = view((9, 24, 6), (9, 30, 0), field_of_view_rad=0.4)
    clear, with_ball = shot(scene, nobody(), views), shot(scene, sunk, views)
    assert (with_ball.instance == WATER).mean() > 0.5
    assert np.array_equal(with_ball.instance, clear.instance)
    changed = np.abs(with_ball.rgb.astype(int) - clear.rgb).sum(-1)[0] > 10
    assert changed[SIDE // 2, SIDE // 2]
    assert 0.01 < changed.mean() < 0.9


def test_ice_closes_the_water_that_freezes():
    land = replace(landscape(), freezing=np.full((20, 20), 0.5, np.float32))
    scene, views = build_scenery(load_biome("tundra"), land), view((9, 24, 6), (9, 30, 0))
    open_ = shot(scene, nobody(), views)
    frozen = shot(scene, replace(nobody(), ice=np.array([0.6], np.float32)), views)
    assert np.array_equal(open_.instance == WATER, frozen.instance == ICE)
    assert (frozen.instance == ICE).any()
    ice = frozen.instance == ICE
    assert frozen.rgb[ice].mean() > open_.rgb[ice].mean() + 40


def test_animals_throw_shadows_away_from_the_sun():
    scene, bodies = scenery(), moments(2)
    spot = np.array([20.0, 12.0, 2.5], np.float32)
    spot[2] += bilinear(landscape().height_m, spot[:1], spot[1:2])[0]
    ball = replace(bodies, position_m=np.broadcast_to(spot, (1, 2, 2, 3)).copy(), shown=np.array([[False, True]]))
    views = view((20, 12, 18), (20, 12.01, 0), field_of_view_rad=0.5)
    bright, shaded = shot(scene, nobody(), views), shot(scene, ball, views)
    dark = (bright.rgb.astype(int) - shaded.rgb).sum(-1)[0] > 40
    dark &= shaded.instance[0] == GROUND
    assert dark.any()
    points = views.eye_m[0] + rays_of(views)[dark] * shaded.depth_m[0][dark][:, None]
    fall = (spot[2] - points[:, 2].mean()) / scene.sun[2]
    assert np.linalg.norm(points.mean(0)[:2] - (spot[:2] - scene.sun[:2] * fall)) < 0.4


def test_night_is_darker_and_bluer_and_still_readable():
    views = view((8, 12, 5), (22, 21, 1.5))
    day = shot(scenery(), moments(), views).rgb.astype(float)
    night = shot(scenery(), replace(moments(), daylight=np.zeros(1, np.float32)), views).rgb.astype(float)
    assert 0.1 * day.mean() < night.mean() < 0.6 * day.mean()
    assert night[..., 2].mean() / night[..., 0].mean() > 1.3 * day[..., 2].mean() / day[..., 0].mean()
    assert night.std() > 5


def test_pictures_do_not_depend_on_threads_or_on_what_else_is_taken():
    both = np.array([[8, 12, 5], [24, 30, 7], [20, 8, 4]], np.float32), np.array([[22, 21, 1]] * 3, np.float32)
    views = look_at(*both, moment=np.zeros(3, np.int32))
    three = render(scenery(), shapes(), moments(), views, width_px=48, height_px=32, threads=3)
    for c in range(3):
        one = render(scenery(), shapes(), moments(), views[c : c + 1], width_px=48, height_px=32, threads=1)
        assert all(
            np.array_equal(getattr(three[c : c + 1], f), getattr(one, f)) for f in ("rgb", "depth_m", "instance")
        )
    tall = [
        render(scenery(), shapes(), moments(), views[:1], width_px=40, height_px=150, threads=threads)
        for threads in (1, 3)
    ]
    assert np.array_equal(tall[0].rgb, tall[1].rgb)
    assert np.array_equal(tall[0].flow_px, tall[1].flow_px)


def test_an_empty_batch_and_an_empty_world_are_fine():
    none = render(scenery(), shapes(), moments(), view((8, 12, 5), (22, 21, 1))[:0], threads=2)
    assert none.rgb.shape == (0, 64, 64, 3)
    assert (shot(scenery(), nobody(), view((8, 12, 5), (22, 21, 1))).instance < 0).all()


@pytest.mark.parametrize(
    ("views", "match"),
    [
        (view((20, 20, -3), (22, 21, 1)), "in the ground.*above_ground"),
        (view((20, 20, np.nan), (22, 21, 1)), "in the ground"),
        (view((20, 20, 5), (22, 21, 1), field_of_view_rad=3.2), "field_of_view_rad"),
        (view((20, 20, 5), (22, 21, 1), moment=np.array([4], np.int32)), "there are 1"),
    ],
)
def test_cameras_that_cannot_see_are_refused(views, match):
    with pytest.raises(ConfigError, match=match):
        shot(scenery(), nobody(), views)


def test_moments_before_must_match():
    with pytest.raises(ConfigError, match="moments_before"):
        shot(scenery(), moments(4), view((20, 20, 5), (22, 21, 1)), moments_before=moments(3))


def test_a_house_stands_where_the_map_has_it():
    frames = shot(scenery("urban", houses=True), nobody(), view((30, 12, 5), (31, 31, 4)))
    points = frames.eye_m[0] + rays_of(view((30, 12, 5), (31, 31, 4))) * frames.depth_m[0][..., None]
    wall = points[frames.instance[0] == BUILDING]
    assert len(wall) > 200
    cell = SIZE_M / 20
    assert (wall[:, 0] > 13 * cell - 0.5).all()
    assert (wall[:, 0] < 18 * cell + 0.5).all()
    assert wall[:, 1].min() == pytest.approx(14 * cell, abs=0.5)
