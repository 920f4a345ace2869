import pytest

from eco1.core.errors import ConfigError
from eco1.recipes.bench_sim import bench_sim


def test_a_small_bench_adds_up():
    result = bench_sim(worlds=2, animals=64, threads=1, steps=5, repeats=3)
    assert result.min_s <= result.median_s
    assert result.agent_steps_per_s <= result.agent_steps_per_s_best
    assert result.agent_steps_per_s_best == pytest.approx(result.living_animals / result.min_s, rel=0.05)
    assert result.living_animals <= 128
    assert 0 < result.active_share <= 1
    assert (result.peer_agent_steps_per_s is None) == result.peer.startswith("none")


def test_nothing_to_measure_is_refused():
    with pytest.raises(ConfigError, match="at least 1 step"):
        bench_sim(worlds=1, animals=64, threads=1, steps=0, repeats=1)
