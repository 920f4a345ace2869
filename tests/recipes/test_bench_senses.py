import pytest
import torch

from eco1.core.errors import ConfigError, UnknownNameError
from eco1.recipes.bench_brain import gflop_of
from eco1.recipes.bench_senses import bench_senses


def test_a_bench_reports_times_in_order_above_its_bound():
    before = torch.get_num_threads()
    result = bench_senses("nano", ("video", "motion"), animals=6, decisions=3)
    assert 0 < result.bound_ms < result.min_ms <= result.p50_ms <= result.p99_ms <= result.max_ms
    assert 0 < result.busy_p50_ms <= result.p99_ms
    assert (result.size, result.senses, result.threads) == ("nano", ("video", "motion"), 1)
    assert result.matrices_mb > 1
    assert torch.get_num_threads() == before


def test_the_work_of_experts_is_counted():
    line, matrices, ends = torch.randn(6, 8), torch.randn(2, 8, 4), torch.tensor([2, 6], dtype=torch.int32)
    flop = gflop_of(lambda: torch.nn.functional.grouped_mm(line, matrices, offs=ends)) * 1e9
    assert flop == pytest.approx(2 * 6 * 8 * 4)


def test_a_bench_of_nothing_is_refused():
    with pytest.raises(ConfigError, match="got 0, 1 and 5"):
        bench_senses(animals=0, decisions=5)
    with pytest.raises(UnknownNameError, match="'smal'"):
        bench_senses("smal")
