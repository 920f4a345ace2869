"""Solids fitted to triangles lie close to them and keep their colours."""

import numpy as np
import pytest

from eco1.sensors.camera.shapes import Piece, Solid, assemble, fit, pieces_of, two_colors
from eco1.sensors.scenery import col


def ball_mesh(radii, middle=(0, 0, 0), turns=16):
    theta, phi = np.meshgrid(
        np.linspace(0.05, np.pi - 0.05, turns), np.arange(turns) * 2 * np.pi / turns, indexing="ij"
    )
    unit = np.stack([np.cos(theta), np.sin(theta) * np.cos(phi), np.sin(theta) * np.sin(phi)], -1).reshape(-1, 3)
    corner = np.arange(turns * (turns - 1)).reshape(turns - 1, turns)
    right = np.roll(corner, -1, 1)
    faces = np.stack([corner, right, corner + turns], -1), np.stack([right, right + turns, corner + turns], -1)
    return unit * radii + middle, np.concatenate([f.reshape(-1, 3) for f in faces])


def piece(vertices):
    return Piece(vertices_m=vertices, colors=np.full((4, 3), 0.5), area_m2=np.ones(4))


def test_an_ellipsoid_is_found_again_however_it_is_turned():
    turn = np.linalg.qr(np.random.Generator(np.random.Philox(0)).normal(size=(3, 3)))[0]
    vertices = ball_mesh([1.0, 0.6, 0.35])[0] @ turn.T + [3, 1, 2]
    (solid,) = fit(piece(vertices))
    assert solid.kind == col.ELLIPSOID
    assert np.sort(solid.half_m)[::-1] == pytest.approx([1.0, 0.6, 0.35], rel=0.03)
    assert solid.middle_m == pytest.approx([3, 1, 2], abs=0.03)
    assert solid.misses(vertices).max() < 0.04


def test_a_tapered_tube_becomes_a_capsule_of_its_length_and_widths():
    along, around = np.meshgrid(np.linspace(0, 1, 12), np.arange(10) * 0.628, indexing="ij")
    radius = 0.12 - 0.06 * along
    vertices = np.stack([along * 2.0, radius * np.cos(around), radius * np.sin(around)], -1).reshape(-1, 3)
    (solid,) = fit(piece(vertices))
    assert solid.kind == col.CAPSULE
    length, first, second = solid.half_m
    assert length + first + second == pytest.approx(2.0, rel=0.02)
    assert sorted([first, second]) == pytest.approx([0.06, 0.12], rel=0.2)


def test_a_bent_tube_becomes_several_solids_that_follow_it():
    bend, around = np.meshgrid(np.linspace(0, 2.4, 30), np.arange(10) * 0.628, indexing="ij")
    out = 1.0 + 0.1 * np.cos(around)
    vertices = np.stack([out * np.cos(bend), out * np.sin(bend), 0.1 * np.sin(around)], -1).reshape(-1, 3)
    solids = fit(piece(vertices))
    assert 2 <= len(solids) <= 4
    assert np.min([solid.misses(vertices) for solid in solids], axis=0).mean() < 0.06


def test_a_mesh_falls_into_its_connected_pieces():
    one, faces = ball_mesh([0.5, 0.5, 0.5])
    other = ball_mesh([0.2, 0.2, 0.4], (2, 0, 0))[0]
    colors = np.concatenate([np.zeros((len(faces), 3)), np.ones((len(faces), 3))])
    pieces = pieces_of(np.concatenate([one, other]), np.concatenate([faces, faces + len(one)]), colors)
    assert len(pieces) == 2
    assert [p.colors.mean() for p in pieces] == [0.0, 1.0]
    assert pieces[0].area_m2.sum() == pytest.approx(np.pi, rel=0.06)


def test_two_colours_are_found_with_their_shares():
    colors = np.concatenate([np.tile([0.8, 0.7, 0.6], (30, 1)), np.tile([0.1, 0.1, 0.1], (10, 1))])
    painted = Piece(vertices_m=np.zeros((3, 3)), colors=colors, area_m2=np.ones(40))
    coat, accent, share = two_colors(painted, np.array([0.9, 0.8, 0.7]), np.array([0.05, 0.0, 0.0]))
    assert coat == pytest.approx([0.8, 0.7, 0.6])
    assert accent == pytest.approx([0.1, 0.1, 0.1])
    assert share == pytest.approx(0.25)


def test_shapes_put_the_largest_solid_first_and_drop_specks():
    colors = np.zeros(col.COLOR_FLOATS)

    def ball(radius):
        return Solid(kind=col.ELLIPSOID, middle_m=np.zeros(3), axes=np.eye(3), half_m=np.full(3, radius))

    shapes = assemble([[(2, ball(0.1), colors), (0, ball(1.0), colors), (5, ball(0.001), colors)], []])
    assert shapes.first.tolist() == [0, 2, 2]
    assert shapes.part.tolist() == [0, 2]
