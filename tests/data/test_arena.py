"""Walls: round tanks, polygons, hulls, and the way to the nearest one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from eco1.data.arena import border_outline, box_outline, hull_outline, nearest_wall


def test_points_on_a_circle_make_a_round_tank():
    angle = np.linspace(0, 6, 12)
    points = np.array([300.0, -20.0]) + 100 * np.column_stack([np.cos(angle), np.sin(angle)])
    outline = border_outline(points + np.random.default_rng(0).normal(0, 0.3, points.shape))
    assert len(outline) == 128
    assert np.allclose(np.linalg.norm(outline - [300, -20], axis=1), 100, atol=1)


OBLONG = np.array([[0.0, 0.0], [4.0, 0.0], [8.0, 0.0], [8.0, 4.0], [4.0, 4.0], [0.0, 4.0]])


@pytest.mark.parametrize("points", [box_outline(0.0, 0.0, 4.0, 4.0), OBLONG])
def test_other_points_stay_a_polygon(points):
    assert border_outline(points) is points


def test_the_nearest_wall_of_a_box():
    position = np.array([[1.0, 5.0], [9.0, 5.0], [5.0, 9.5], [5.0, -3.0], [10.0, 4.0]])
    offset = nearest_wall(position, box_outline(0.0, 0.0, 10.0, 10.0))
    assert offset.tolist() == [[-1, 0], [1, 0], [0, 0.5], [0, 3], [0, 0]]


def test_points_in_a_row_have_a_hull():
    assert len(hull_outline(np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]]))) == 2
    assert hull_outline(np.array([[3.0, 4.0], [3.0, 4.0]])).tolist() == [[3, 4]]
    assert nearest_wall(np.array([[3.0, 5.0]]), np.array([[3.0, 4.0]])).tolist() == [[0, -1]]


coordinates = st.integers(-1000, 1000).map(float)


@given(hnp.arrays(np.float64, st.tuples(st.integers(3, 30), st.just(2)), elements=coordinates))
def test_a_hull_holds_all_points_and_consists_of_some(points):
    hull = hull_outline(points)
    assert {tuple(corner) for corner in hull} <= {tuple(point) for point in points}
    for start, end in zip(hull, np.roll(hull, -1, axis=0), strict=True):
        side = end - start
        assert (side[0] * (points - start)[:, 1] - side[1] * (points - start)[:, 0] >= 0).all()
