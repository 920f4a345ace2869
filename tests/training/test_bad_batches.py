"""Batches that would spoil a model are left out, and a run in which too many are ends."""

import logging
import math
from dataclasses import dataclass

import pytest
import torch
from tiny_world import WEIGHTS, Wanderers, build_tiny, tiny

from eco1.core.errors import ConfigError
from eco1.training.checkpoint import load_checkpoint
from eco1.training.config import TrainConfig
from eco1.training.guard import Guard, robust_bound
from eco1.training.loop import train
from eco1.training.losses import TrainingError
from eco1.training.manifest import read_manifest
from eco1.training.metrics import read_metrics
from eco1.training.step import Trainer

BRIEF = {"loss_weights": WEIGHTS, "steps": 60, "batch": 4, "log_every": 1, "checkpoint_every": 5}


def settings(**changes) -> TrainConfig:
    return TrainConfig(**{**BRIEF, **changes})


@dataclass(frozen=True)
class Faulty(Wanderers):
    """Some batches hold impossible or enormous values; ``stop`` ends the process before one."""

    broken: tuple[int, ...] = ()
    enormous: tuple[int, ...] = ()
    stop: int = -1

    def batch_at(self, step: int):
        if step == self.stop:
            raise KeyboardInterrupt
        clip = super().batch_at(step)
        if step in self.broken:
            clip.observation.velocity_mps[0, -1] = math.nan
        if step in self.enormous:
            clip.observation.velocity_mps[:] *= 1000
        return clip


def lines(folder):
    return [{k: v for k, v in line.items() if k != "seconds"} for line in read_metrics(folder / "metrics.jsonl")]


def test_a_bad_batch_leaves_no_trace_in_the_model():
    model = tiny()
    model.register_buffer("seen", torch.zeros(()))
    loss = model.loss

    def counting(clip, generator):
        model.seen += float(clip.observation.velocity_mps.sum())
        return loss(clip, generator)

    model.loss = counting
    trainer = Trainer(model, settings(skips_in_a_row=1), torch.device("cpu"))
    trainer.step(Wanderers().batch_at(0), 0)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    moments = trainer.optimizer.state[model.head.weight]["step"].clone()
    trainer.step(Faulty(broken=(1,)).batch_at(1), 1)
    assert "motion = nan" in trainer.guard.skipped
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())
    assert trainer.optimizer.state[model.head.weight]["step"] == moments
    trainer.step(Wanderers().batch_at(2), 2)
    assert trainer.guard.skipped is None
    assert not torch.equal(before["head.weight"], model.head.weight)


def test_skipped_batches_are_logged_with_their_number_and_the_run_goes_on(tmp_path, caplog):
    with caplog.at_level(logging.WARNING):
        result = train(tiny(), Faulty(broken=(3, 4, 30)), settings(skips_in_a_row=2), tmp_path)
    assert result.progress.step == 60
    skipped = [line for line in lines(tmp_path) if line["split"] == "skipped"]
    assert [line["batch"] for line in skipped] == [3, 4, 30]
    assert [line["step"] for line in skipped] == [4, 5, 31]
    assert "not finite in batch 30: latent = nan" in skipped[-1]["reason"]
    assert [line["step"] for line in lines(tmp_path) if line["split"] == "train"][3] == 6
    assert caplog.text.count("Skipped: Loss is not finite") == 3
    assert all(torch.isfinite(p).all() for p in load_checkpoint(result.last, build_tiny).model.parameters())


def test_too_many_in_a_row_end_the_run_and_leave_the_last_checkpoint(tmp_path):
    with pytest.raises(
        TrainingError,
        match=r"3 batches in a row were bad \(7, 8, 9; allowed: 2 in a row.*batch 9: latent = nan.*--start-from LAST",
    ):
        train(tiny(), Faulty(broken=(7, 8, 9)), settings(skips_in_a_row=2), tmp_path)
    assert read_manifest(tmp_path / "last").progress.step == 5


def test_too_large_a_share_ends_the_run():
    guard = Guard(settings(skips_in_a_row=1, spike_window=20))
    good = {"total": 1.0, "latent": 1.0, "motion": 0.0, "grad_norm": 1.0}
    bad = {**good, "grad_norm": math.inf}
    for batch in range(16):
        assert guard.accepts(bad if batch % 3 == 1 else good, batch) == (batch % 3 != 1)
    with pytest.raises(TrainingError, match=r"Too many batches were bad \(1, 4, 7, 10, 13, 16; allowed: 1 in a row"):
        guard.accepts(bad, 16)


def test_by_default_the_first_bad_batch_ends_the_run(tmp_path):
    with pytest.raises(TrainingError, match=r"not finite in batch 3: .*motion = nan\. Lower the learning rate"):
        train(tiny(), Faulty(broken=(3,)), settings(), tmp_path)


def test_a_gradient_alone_may_be_bad():
    with pytest.raises(TrainingError, match="gradient is not finite in batch 4, though the loss is"):
        Guard(settings()).accepts({"total": 1.0, "latent": 1.0, "motion": 0.0, "grad_norm": math.nan}, 4)


def test_spikes_are_skipped_once_the_bound_means_something(tmp_path):
    source = Faulty(enormous=(3, 40))
    train(tiny(), source, settings(skips_in_a_row=2, spike=10.0), tmp_path)
    skipped = [line for line in lines(tmp_path) if line["split"] == "skipped"]
    assert [line["batch"] for line in skipped] == [40], "batch 3 came before there was a bound"
    assert "above the bound of" in skipped[0]["reason"]


def test_the_bound_survives_a_stop(tmp_path):
    config = settings(skips_in_a_row=2, spike=10.0, spike_window=30)
    train(tiny(), Faulty(enormous=(28, 40)), config, tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        train(tiny(), Faulty(enormous=(28, 40), stop=38), config, tmp_path / "cut")
    train(tiny(seed=5), Faulty(enormous=(28, 40)), config, tmp_path / "cut", resume=True)
    assert lines(tmp_path / "cut") == lines(tmp_path / "whole")
    assert [line["batch"] for line in lines(tmp_path / "cut") if line["split"] == "skipped"] == [28, 40]


def test_a_few_outliers_hardly_move_the_bound():
    values = [1.0 + 0.01 * (k % 5) for k in range(50)]
    assert robust_bound([*values[:45], *[1e6] * 5], 6.0) < 1.3
    assert robust_bound([2.0] * 30, 6.0) == pytest.approx(2.12), "numbers that never move leave a little room"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"spike": 6.0}, "skips_in_a_row is 0; allowed: 1 or more where spikes are looked for"),
        ({"spike": -1.0, "skips_in_a_row": 1}, "spike is -1.0; allowed: None, or above 0"),
        ({"spike_window": 3}, "spike_window is 3; allowed: 20 or more"),
        ({"skips_in_a_row": -1}, "skips_in_a_row is -1; allowed: 0 or more"),
    ],
)
def test_settings_out_of_range(changes, message):
    with pytest.raises(ConfigError, match=message):
        settings(**changes)


def test_a_checkpoint_from_before_these_settings_can_be_resumed(tmp_path, monkeypatch):
    """Its stored settings lack them, so they are at their defaults."""
    newer = ("skips_in_a_row", "spike", "spike_window", "recompute")
    with monkeypatch.context() as patch:
        patch.setattr(TrainConfig, "to_json", lambda self: {k: v for k, v in vars(self).items() if k not in newer})
        train(tiny(), Wanderers(), settings(steps=5), tmp_path)
    assert '"spike' not in next((tmp_path / "last").glob("config-*.json")).read_text()
    assert train(tiny(), Wanderers(), settings(steps=5), tmp_path, resume=True).progress.step == 5
