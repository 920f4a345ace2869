import pytest
import torch

from eco1.core.errors import ConfigError, UnknownNameError
from eco1.models.multimodal.ladder import rung
from eco1.models.multimodal.storage import inference_memory
from eco1.recipes import memory_speed
from eco1.recipes.bench_experts import bench_experts, expert_rows


def test_a_small_bench_adds_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(memory_speed, "_READ_BYTES", 2**20)
    before = torch.get_num_threads()
    result = bench_experts("nano", threads=1, repeats=6)
    assert torch.get_num_threads() == before
    assert [(one.bits, one.place) for one in result.layers] == [
        (bits, place) for bits in (16, 8, 4, 3) for place in ("memory", "file")
    ]
    for one in result.layers:
        memory = inference_memory(rung("nano"), bits=one.bits, length=result.context)
        whole = memory.total if one.place == "memory" else memory.total - memory.experts // 2
        assert one.model_bytes == whole
        assert (one.loads == 0) == (one.place == "memory")
        assert one.loads <= 2
        assert 0 < one.min_ms <= one.median_ms
        assert one.bound_ms == pytest.approx(one.moved_bytes / result.read_gb_per_s / 1e6, abs=0.02)
        assert one.model_ms == pytest.approx(4 * one.mean_ms + result.head_ms[one.bits], abs=0.15)
    sizes = [one.layer_bytes for one in result.layers if one.place == "memory"]
    assert sizes == sorted(sizes, reverse=True)
    assert expert_rows(result)[0]["experts in"] == "memory"


def test_nothing_to_measure_is_refused():
    with pytest.raises(ConfigError, match="got 2 and 0"):
        bench_experts(repeats=0)
    with pytest.raises(UnknownNameError, match="Did you mean '32b'"):
        bench_experts("32")
