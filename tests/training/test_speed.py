"""What is said of a run's speed, and the mirror of its numbers."""

import time

import pytest
import torch
from tests.training.team_models import Words, model_of, settings
from tests.training.tiny_world import Wanderers, tiny
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from eco1.core import extras
from eco1.core.errors import MissingExtraError
from eco1.models.nn.qwen3 import training_flops
from eco1.training.loop import train
from eco1.training.metrics import read_metrics
from eco1.training.peaks import GPU_PEAKS, peak_flops
from eco1.training.speed import Stopwatch

CPU = torch.device("cpu")


class Slow(Words):
    def batch_at(self, step: int):
        time.sleep(0.05)
        return super().batch_at(step)


def counting_reader():
    model = model_of("words")
    model.tokens_of = lambda clip: clip.observation.identity.size
    model.flops_of = lambda clip: training_flops(model.words.config, clip.dt_s.shape[0], 5)
    return model


def test_speed_is_told_in_a_file_of_its_own(tmp_path):
    train(counting_reader(), Slow(), settings("words", log_every=2), tmp_path)
    lines = read_metrics(tmp_path / "speed.jsonl")
    assert [line["step"] for line in lines] == [2, 4]
    for line in lines:
        assert line["tokens_per_s"] == pytest.approx(6 * line["clips_per_s"])
        assert 0.05 * line["clips_per_s"] / 4 <= line["waiting"] < 1.0
        assert 0.0 < line["mfu"] < 1.0
    assert "clips_per_s" not in read_metrics(tmp_path / "metrics.jsonl")[0]


def test_a_model_that_cannot_count_is_told_in_clips(tmp_path):
    train(tiny(), Wanderers(), settings("tiny"), tmp_path)
    assert read_metrics(tmp_path / "speed.jsonl")[0].keys() == {"split", "step", "clips_per_s", "waiting"}


def test_utilisation_is_work_over_time_and_peak():
    model = counting_reader()
    watch = Stopwatch(model, CPU, "fp32", 4, 2)
    watch.parts_at(Words(), 0, 2, 4)(0)
    watch.add(2.0)
    report = watch.report()
    assert report["clips_per_s"] == 2 * 2 / 2.0, "two crews read two clips each in two seconds"
    work = training_flops(model.words.config, 2, 5)
    assert report["mfu"] == pytest.approx(work * 2 / 4 / 2.0 / peak_flops(CPU, "fp32"))
    assert watch.report()["clips_per_s"] == 0


def test_flops_of_a_decoder_are_those_that_torch_counts():
    words = model_of("words").words
    words.blocks[0], config = words.blocks[1], words.config  # both dense: torch counts no grouped products
    tokens = Words().batch_at(0).observation.identity[..., 0]
    with sdpa_kernel(SDPBackend.MATH), FlopCounterMode(display=False) as counter:  # the fused kernel is not counted
        read = words.read(torch.from_numpy(tokens))
        words.logits(read.latent).sum().backward()
    dense = type(config)(**{**vars(config), "experts": 0, "chosen": 0, "dense_layers": ()})
    assert training_flops(dense, *tokens.shape) == counter.get_total_flops()


def test_a_known_gpu_has_its_peak_and_a_stranger_none(monkeypatch):
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: "NVIDIA A100-SXM4-80GB")
    assert peak_flops(torch.device("cuda"), "bf16") == 312e12
    assert peak_flops(torch.device("cuda"), "fp32") == 19.5e12
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: "Voodoo 2")
    assert peak_flops(torch.device("cuda"), "bf16") is None
    assert all(bf16 > fp32 for bf16, fp32 in GPU_PEAKS.values())


def test_without_tensorboard_the_way_to_it_is_told(tmp_path, monkeypatch):
    def missing(name):
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(extras, "import_module", missing)
    with pytest.raises(MissingExtraError, match=r"TensorBoard needs .*pip install 'eco1\[tensorboard\]'"):
        train(tiny(), Wanderers(), settings("tiny"), tmp_path, tensorboard=True)


def test_tensorboard_shows_what_the_metrics_say(tmp_path):
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    train(tiny(), Wanderers(), settings("tiny"), tmp_path, held_out=Wanderers(seed=9), tensorboard=True)
    shown = EventAccumulator(str(tmp_path / "tensorboard")).Reload()
    said = [line["total"] for line in read_metrics(tmp_path / "metrics.jsonl") if line["split"] == "train"]
    assert [event.value for event in shown.Scalars("train/total")] == pytest.approx(said)
    assert {"held_out/total", "speed/clips_per_s"} <= set(shown.Tags()["scalars"])
