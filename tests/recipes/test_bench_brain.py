import pytest
import torch

from eco1.core.errors import ConfigError
from eco1.recipes.bench_brain import bench_brain


def test_a_bench_reports_times_in_order_above_its_bound():
    before = torch.get_num_threads()
    result = bench_brain(animals=8, decisions=12)
    assert 0 < result.bound_ms < result.min_ms <= result.p50_ms <= result.p99_ms <= result.max_ms
    assert 1_000_000 < result.parameters < 3_000_000
    assert (result.animals, result.threads, result.decisions) == (8, 1, 12)
    assert torch.get_num_threads() == before


def test_a_bench_of_nothing_is_refused():
    with pytest.raises(ConfigError, match="got 0, 1 and 5"):
        bench_brain(animals=0, decisions=5)
