from itertools import product

import pytest
import torch

from eco1.core.errors import ConfigError
from eco1.recipes import bench_contests
from eco1.recipes import bench_eco as module
from eco1.recipes.bench_eco import bench_eco, pass_rows


@pytest.mark.filterwarnings("default")  # the peer's own
def test_a_small_bench_adds_up(monkeypatch: pytest.MonkeyPatch):
    tiny = {"width": 32, "layers": 1, "heads": 2, "kv_heads": 1, "expert_hidden": 16}
    monkeypatch.setattr(bench_contests, "_LANGUAGE", {"tiny": tiny})
    video = {"width": 24, "layers": 1, "heads": 2, "pixels": 32, "batch": 1}
    monkeypatch.setattr(bench_contests, "_VIDEO", {"tiny": video})
    monkeypatch.setattr(module, "quickest_precision", lambda _: "bf16")
    before = torch.get_num_threads()
    result = bench_eco(repeats=2)
    assert torch.get_num_threads() == before
    formats, models = ("float32", "bfloat16"), ("Qwen3-MoE", "V-JEPA 2 encoder")
    assert [(one.size, one.dtype, one.model) for one in result.passes] == list(product(("tiny",), formats, models))
    for one in result.passes:
        assert 0 < one.min_ms <= one.median_ms
        assert (one.ratio is None) == (one.peer_median_ms is None) == result.peer.startswith("none")
        if one.peer_median_ms is not None:
            assert one.ratio == pytest.approx(one.peer_median_ms / one.median_ms, abs=0.01)
    assert pass_rows(result)[0]["median ms"] == f"{result.passes[0].median_ms:.1f}"


def test_nothing_to_measure_is_refused():
    with pytest.raises(ConfigError, match="got 0 and 3"):
        bench_eco(threads=0, repeats=3)
