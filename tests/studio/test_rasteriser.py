import numpy as np
import pytest

from eco1.studio.camera import Camera
from eco1.studio.triangle_kernels import PACK_SCALE, fill_lit, fill_mask, fill_plane


def _corners(*points):
    x, y, inverse = np.array(points, np.float32).T
    return np.ascontiguousarray(x), np.ascontiguousarray(y), np.ascontiguousarray(inverse)


def _buffers(side=8):
    return np.zeros((side, side), np.float32), np.zeros((side, side), np.uint8)


def test_a_triangle_covers_exactly_the_pixels_whose_centres_lie_in_it():
    depth, material = _buffers()
    fill_plane(*_corners((0, 0, 1), (4, 0, 1), (0, 4, 1)), 1, depth, material)
    expected = np.zeros((8, 8), np.uint8)
    for row in range(8):
        for column in range(8):
            expected[row, column] = (column + 0.5) + (row + 0.5) < 4
    np.testing.assert_array_equal(material, expected)


def test_two_triangles_of_a_square_leave_no_gap_and_do_not_overlap():
    first, second = _buffers(), _buffers()
    fill_plane(*_corners((1.3, 1.2, 1), (6.7, 1.9, 1), (1.6, 6.8, 1)), 1, *first)
    fill_plane(*_corners((6.7, 1.9, 1), (6.9, 6.6, 1), (1.6, 6.8, 1)), 1, *second)
    assert not (first[1] & second[1]).any()
    assert (first[1] | second[1])[2:6, 2:6].all()


def test_inverse_depth_is_interpolated_and_the_nearer_surface_wins():
    depth, material = _buffers()
    fill_plane(*_corners((0, 0, 0.0), (8, 0, 0.8), (0, 8, 0.0)), 1, depth, material)
    assert depth[0, 3] == pytest.approx(0.35, abs=1e-5)  # 0.1 per pixel at centre 3.5
    fill_plane(*_corners((0, 0, 0.3), (8, 0, 0.3), (0, 8, 0.3)), 2, depth, material)
    assert material[0].tolist() == [2, 2, 2, 1, 1, 1, 1, 0]


def test_light_is_interpolated_between_corners():
    depth, colors = np.zeros((8, 8), np.float32), np.zeros((8, 8), np.uint32)
    light = np.array([[0, 0, 0], [1, 1, 1], [0, 0, 0]], np.float32)
    white, nothing = np.ones(3, np.float32), np.zeros(3, np.float32)
    fill_lit(*_corners((0, 0, 1), (8, 0, 1), (0, 8, 1)), light, white, nothing, depth, colors)
    red = ((colors[0, 3] >> 20) & 1023) / PACK_SCALE
    assert red**2 == pytest.approx(3.5 / 8, abs=0.01)
    assert colors[7, 7] == 0


def test_shadows_fall_only_on_the_surface_itself():
    depth, mask = _buffers()
    depth[:, :4] = 1.0
    depth[:, 4:] = 2.0  # something nearer stands in front
    fill_mask(*_corners((0, 0, 1), (8, 0, 1), (0, 8, 1)), 1.05, depth, mask, 200)
    assert mask[0, :4].tolist() == [200] * 4
    assert not mask[:, 4:].any()


def test_a_camera_puts_known_points_on_known_pixels():
    camera = Camera(
        eye_m=np.array([0, 0, 1], np.float32), target_m=np.array([10, 0, 1], np.float32), field_of_view_rad=np.pi / 2
    )
    points = np.array([[10, 0, 1], [10, 5, 1], [10, 0, 6], [-1, 0, 1]], np.float32)
    seen = camera.project(points, 200, 100)
    np.testing.assert_allclose(seen[0], [100, 50, 10], atol=1e-3)
    np.testing.assert_allclose(seen[1], [75, 50, 10], atol=1e-3)  # to the left: north of a camera looking east
    np.testing.assert_allclose(seen[2], [100, 25, 10], atol=1e-3)
    assert seen[3, 2] < 0
