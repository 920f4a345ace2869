import json
import logging
import math
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import torch
from rich.console import Console
from tiny_world import WEIGHTS, Wanderers, build_tiny, tiny
from torch import nn

from eco1.core.errors import ConfigError, UnknownNameError
from eco1.core.protocols import Losses
from eco1.core.records import DRIVES, PERSONALITY, Action, Clip, Hidden
from eco1.training.budget import steps_within
from eco1.training.checkpoint import load_checkpoint
from eco1.training.config import TrainConfig
from eco1.training.loop import train
from eco1.training.losses import TrainingError
from eco1.training.metrics import read_metrics
from eco1.training.sources import split
from eco1.training.step import Trainer

BRIEF = {"loss_weights": WEIGHTS, "steps": 12, "batch": 4, "log_every": 1, "eval_every": 4, "checkpoint_every": 4}


def settings(**changes) -> TrainConfig:
    return TrainConfig(**{**BRIEF, **changes})


class Stopped(BaseException):
    """Stands for a kill: nothing catches it."""


class StoppingAt(Wanderers):
    def batch_at(self, step):
        if step == 10:
            raise Stopped
        return super().batch_at(step)


def lines(folder, **without_time):
    return [{k: v for k, v in line.items() if k != "seconds"} for line in read_metrics(folder / "metrics.jsonl")]


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_a_resumed_run_is_bit_for_bit_an_uninterrupted_one(tmp_path, precision):
    config = settings(precision=precision, accumulation=2)
    held_out = Wanderers(seed=9)
    whole = train(tiny(), Wanderers(), config, tmp_path / "whole", held_out=held_out)
    with pytest.raises(Stopped):
        train(tiny(), StoppingAt(), config, tmp_path / "cut", held_out=held_out)
    assert [line["step"] for line in lines(tmp_path / "cut")][-1] == 10
    torch.manual_seed(77)
    cut = train(tiny(seed=5), Wanderers(), config, tmp_path / "cut", held_out=held_out, resume=True)
    assert lines(tmp_path / "cut") == lines(tmp_path / "whole")
    assert cut.progress.step == whole.progress.step == 12
    weights = [load_checkpoint(result.last, build_tiny).model.state_dict() for result in (whole, cut)]
    assert all(torch.equal(weights[0][name], weights[1][name]) for name in weights[0])


def test_learning_lowers_held_out_loss_and_keeps_the_best(tmp_path):
    config = settings(steps=60, batch=8, lr=1e-2, eval_every=20)
    result = train(tiny(), Wanderers(batch=8), config, tmp_path, held_out=Wanderers(seed=9))
    held_out = [line["total"] for line in lines(tmp_path) if line["split"] == "held_out"]
    assert len(held_out) == 4
    assert held_out[-1] < 0.7 * held_out[0]
    best = load_checkpoint(result.best, build_tiny)
    assert best.progress.best == min(held_out[1:])
    assert best.train_config == config
    assert not best.model.training


def test_targets_follow_and_are_not_trained(tmp_path):
    model, still = tiny(), tiny()
    trainer = Trainer(model, settings(ema_start=0.9), torch.device("cpu"))
    before = still.target[0].weight
    trainer.step(Wanderers().batch_at(0), 0)
    expected = 0.9 * before + (1 - 0.9) * model.encoder[0].weight
    assert torch.allclose(model.target[0].weight, expected, atol=1e-7)
    assert model.target[0].weight.grad is None
    in_optimizer = {id(p) for group in trainer.optimizer.param_groups for p in group["params"]}
    assert id(model.target[0].weight) not in in_optimizer
    assert id(model.encoder[0].weight) in in_optimizer


def test_accumulated_parts_equal_one_large_batch():
    weights = []
    for parts in (1, 4):
        model = tiny(dropout=0.0)
        model.loss = partial(quiet, model)
        trainer = Trainer(model, settings(accumulation=parts, weight_decay=0.0), torch.device("cpu"))
        for step in range(3):
            numbers = trainer.step(Wanderers().batch_at(step), step)
        weights.append((numbers["total"], torch.cat([p.detach().flatten() for p in model.parameters()])))
    assert weights[0][0] == pytest.approx(weights[1][0], rel=1e-5)
    assert torch.allclose(weights[0][1], weights[1][1], atol=2e-5)


def test_accumulated_parts_of_led_clips_equal_one_large_batch():
    totals = []
    for parts in (1, 2, 4):
        model = tiny(dropout=0.0)
        model.loss = partial(obedient, model)
        trainer = Trainer(model, settings(accumulation=parts), torch.device("cpu"))
        totals.append([trainer.step(led(Wanderers().batch_at(step)), step)["total"] for step in range(3)])
    assert totals[1] == pytest.approx(totals[0], rel=1e-5)
    assert totals[2] == pytest.approx(totals[0], rel=1e-5)


def test_the_parts_of_a_batch_are_cut_in_all_that_a_clip_holds():
    clip = replace(led(Wanderers().batch_at(0)), hidden=hidden_of(4, 6, 3))
    parts = split(clip, 2, 4)
    for record in ("observation", "action", "hidden"):
        for name, whole in vars(getattr(clip, record)).items():
            again = np.concatenate([getattr(getattr(part, record), name) for part in parts])
            assert np.array_equal(again, whole, equal_nan=whole.dtype.kind == "f"), (record, name)
    assert np.concatenate([part.dt_s for part in parts]).tolist() == clip.dt_s.tolist()
    bare = split(Wanderers().batch_at(0), 2, 4)[1]
    assert (bare.hidden, bare.action) == (None, None)


def led(clip: Clip) -> Clip:
    """Tell every other clip of a batch, so that parts differ in what was told."""
    seen = clip.observation
    told = np.zeros_like(seen.alive)
    told[::2] = True
    action = Action(velocity_mps=-seen.velocity_mps, behavior=seen.behavior, controlled=told)
    return replace(clip, action=action)


def hidden_of(*shape: int) -> Hidden:
    rng = np.random.default_rng(0)
    return Hidden(
        drives=rng.random((*shape, len(DRIVES)), np.float32),
        intent=rng.integers(0, len(DRIVES), shape).astype(np.int16),
        personality=rng.random((*shape, len(PERSONALITY)), np.float32),
        target=np.full(shape, -1, np.int16),
    )


def obedient(model, clip, generator):
    """Follow what was told where it was told, and what was seen elsewhere."""
    controlled = torch.from_numpy(clip.action.controlled)[..., None]
    told, seen = torch.from_numpy(clip.action.velocity_mps), torch.from_numpy(clip.observation.velocity_mps)
    latent = model.encoder(model._input(clip.observation))
    wrong = (model.head(latent) - torch.where(controlled, told, seen)).square().mean()
    return Losses(terms={"latent": latent.square().mean(), "motion": wrong})


def quiet(model, clip, generator):
    latent = model.encoder(model._input(clip.observation))
    future = model.target(model._input(clip.observation)).detach()
    terms = {"latent": (latent[:, :-1] - future[:, 1:]).abs().mean(), "motion": model.head(latent).square().mean()}
    return Losses(terms=terms)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"latent": 1.0}, "Loss term 'motion' has no weight"),
        ({**WEIGHTS, "latnt": 1.0}, r"Weight 'latnt' has no loss term \(did you mean 'latent'\?\)"),
    ],
)
def test_terms_and_weights_must_match(tmp_path, weights, message):
    with pytest.raises(ConfigError, match=message):
        train(tiny(), Wanderers(), settings(loss_weights=weights), tmp_path)


def test_a_loss_that_is_not_finite_names_term_and_batch(tmp_path):
    class Broken(Wanderers):
        def batch_at(self, step):
            clip = super().batch_at(step)
            if step == 3:
                clip.observation.velocity_mps[0, -1] = math.nan
            return clip

    model = tiny()
    with pytest.raises(TrainingError, match=r"not finite in batch 3: .*motion = nan"):
        train(model, Broken(), settings(), tmp_path)


def test_held_out_monitors_are_means_over_the_batches_that_have_them():
    class Asked(nn.Linear):
        config = None

        def loss(self, clip, generator):
            batch = int(clip.dt_s[0])
            term = self.weight.sum() * 0 + batch
            return Losses(terms={"latent": term}, monitors={"answered": term} if batch % 2 else {})

    class Numbered(Wanderers):
        def batch_at(self, step):
            clip = super().batch_at(step)
            return replace(clip, dt_s=np.full_like(clip.dt_s, step))

    config = settings(loss_weights={"latent": 1.0}, eval_batches=4)
    found = Trainer(Asked(1, 1), config, torch.device("cpu")).held_out(Numbered())
    assert (found["latent"], found["answered"]) == (1.5, 2.0)


def test_a_batch_of_another_size_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="gives 3 clips a batch; the training settings say batch=4"):
        train(tiny(), Wanderers(batch=3), settings(), tmp_path)


def test_early_stopping_watches_a_named_number(tmp_path):
    values = iter([9.0, 3.0, 2.0, 2.5, math.nan, 1.0])
    result = train(
        tiny(),
        Wanderers(),
        settings(steps=40, eval_every=2, watch="ade_m", patience=2, checkpoint_every=100),
        tmp_path,
        held_out=Wanderers(seed=9),
        evaluate=lambda model: {"ade_m": next(values)},
    )
    assert result.stopped_early
    assert result.progress.step == 8
    assert (result.progress.best, result.progress.best_step) == (2.0, 4)
    assert load_checkpoint(result.best, build_tiny).progress.step == 4
    assert load_checkpoint(result.last, build_tiny).progress.step == 8
    assert read_metrics(result.metrics)[-1]["ade_m"] is None


def test_an_unknown_number_to_watch_is_refused_before_training(tmp_path):
    with pytest.raises(UnknownNameError, match=r"'motoin'. Did you mean 'motion'"):
        train(tiny(), Wanderers(), settings(watch="motoin"), tmp_path, held_out=Wanderers(seed=9))
    assert [line["step"] for line in read_metrics(tmp_path / "metrics.jsonl")] == [0]


def test_patience_without_held_out_batches_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="patience needs held-out batches"):
        train(tiny(), Wanderers(), settings(patience=2), tmp_path)


def test_a_run_is_neither_overwritten_nor_resumed_as_another(tmp_path):
    train(tiny(), Wanderers(), settings(), tmp_path)
    with pytest.raises(ConfigError, match="already holds a run, at step 12"):
        train(tiny(), Wanderers(), settings(), tmp_path)
    with pytest.raises(ConfigError, match=r"training settings: lr was 0\.001, is 0\.01"):
        train(tiny(), Wanderers(), settings(lr=1e-2), tmp_path, resume=True)
    with pytest.raises(ConfigError, match="another model: width was 8, is 6"):
        train(tiny(width=6), Wanderers(), settings(), tmp_path, resume=True)


def test_a_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "run").write_text("")
    with pytest.raises(ConfigError, match=r"Cannot train into .*run: File exists"):
        train(tiny(), Wanderers(), settings(), tmp_path / "run")


def test_collapse_is_reported(tmp_path, caplog):
    model = tiny()
    nn.init.zeros_(model.encoder[1].weight)
    nn.init.ones_(model.encoder[1].bias)
    with caplog.at_level(logging.WARNING):
        train(model, Wanderers(), settings(steps=1), tmp_path, held_out=Wanderers(seed=9))
    assert "latents are collapsing" in caplog.text
    first = read_metrics(tmp_path / "metrics.jsonl")[0]
    assert first["effective_rank"] == pytest.approx(1.0, abs=0.01)
    assert first["feature_spread"] == pytest.approx(0.0, abs=1e-6)


def test_metrics_are_one_json_object_a_line(tmp_path):
    train(tiny(), Wanderers(), settings(log_every=5), tmp_path)
    rows = [json.loads(line) for line in (tmp_path / "metrics.jsonl").read_text().splitlines()]
    assert [row["step"] for row in rows] == [5, 10, 12]
    assert {"split", "step", "total", "latent", "motion", "size", "lr", "grad_norm", "ema_momentum"} <= rows[0].keys()
    assert rows[0]["total"] == pytest.approx(rows[0]["latent"] + 0.5 * rows[0]["motion"], rel=1e-6)


def test_a_line_tells_of_all_steps_since_the_one_before(tmp_path):
    each, some = (
        read_metrics(train(tiny(), Wanderers(), settings(log_every=every), tmp_path / str(every)).metrics)
        for every in (1, 5)
    )
    for line, steps in zip(some, (each[:5], each[5:10], each[10:]), strict=True):
        for name in ("total", "latent", "lr", "grad_norm"):
            assert line[name] == pytest.approx(np.mean([step[name] for step in steps]), rel=1e-6)


def test_a_console_gets_a_bar(tmp_path):
    console = Console(record=True, force_terminal=True, width=100)
    train(tiny(), Wanderers(), settings(), tmp_path, console=console)
    assert "12/12" in console.export_text()


def test_seconds_become_steps():
    model, weights = tiny(), tiny().state_dict()
    config = steps_within(1.0, model, Wanderers(), settings(), held_out=Wanderers(seed=9))
    assert config.steps > 10
    assert all(torch.equal(weights[name], value) for name, value in model.state_dict().items())
    with pytest.raises(ConfigError, match="too short"):
        steps_within(1e-4, model, Wanderers(), settings())


def test_a_device_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"No device 'cudda' here; found: cpu"):
        train(tiny(), Wanderers(), settings(), tmp_path, device="cudda")
