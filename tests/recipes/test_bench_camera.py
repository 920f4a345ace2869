import pytest

from eco1.core.errors import ConfigError
from eco1.recipes.bench_camera import bench_camera


def test_a_small_bench_adds_up():
    result = bench_camera(animals=24, threads=1, frames=4, repeats=2)
    assert 0 < result.frames_per_s <= result.frames_per_s_best
    assert 0 < result.big_frames_per_s <= result.big_frames_per_s_best
    assert result.big_frames_per_s < result.frames_per_s
    assert 10 < result.animals <= 24
    assert 0.001 < result.animal_share < 0.8  # each camera follows an animal
    assert result.peer_frames_per_s > 0


def test_nothing_to_measure_is_refused():
    with pytest.raises(ConfigError, match="at least 1 frame"):
        bench_camera(frames=0)
