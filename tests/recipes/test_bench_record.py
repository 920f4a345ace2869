import pytest

from eco1.core.errors import ConfigError
from eco1.recipes.bench_record import bench_record


def test_a_small_bench_adds_up():
    result = bench_record(seconds=2.0, animals=16, picture_px=16)
    assert result.times_real_time == pytest.approx(100 / result.write_ms, rel=0.05)
    assert sum(result.mb_per_minute_of.values()) == pytest.approx(result.mb_per_minute, abs=0.1)
    assert {"animals", "video/camera/rgb", "audio/ears/samples", "points/lidar/position_m"} < set(
        result.mb_per_minute_of
    )
    assert result.peak_mb_quarter <= result.peak_mb


def test_nothing_to_measure_is_refused():
    with pytest.raises(ConfigError, match="4 steps"):
        bench_record(seconds=0.1)
