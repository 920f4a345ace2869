"""The loop with the real model and the real sampler: small, but nothing is a stand-in except the animals."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from eco1.core.fakes import FakeSimulator
from eco1.core.records import Action, Episode, EpisodeInfo, Observation
from eco1.data.clips import ClipSampler
from eco1.models.eco import EcoConfig, EcoModel
from eco1.models.registry import build_model
from eco1.training.checkpoint import load_checkpoint
from eco1.training.config import TrainConfig
from eco1.training.loop import train
from eco1.training.metrics import read_metrics
from eco1.training.sources import split
from eco1.training.step import Trainer


def fake_episode(seed: int) -> Episode:
    simulator = FakeSimulator(animals=4)
    state, seen = simulator.reset(seed), []
    for _ in range(90):
        seen.append(simulator.observe(state)[0])
        state = simulator.step(state, None)
    info = EpisodeInfo(
        biome="plain", seed=seed, world=0, dt_s=0.1, species_names=simulator.species_names,
        behavior_names=simulator.behavior_names, provenance={},
    )  # fmt: skip
    return Episode(info=info, observation=Observation.stack(seen))


def clips(seed: int) -> ClipSampler:
    return ClipSampler([fake_episode(seed)], frames=42, batch=2, seed=seed)


def new_model() -> EcoModel:
    torch.manual_seed(0)
    names = FakeSimulator.species_names, FakeSimulator.behavior_names
    model = EcoModel(EcoConfig.nano(species_names=names[0], behavior_names=names[1], dt_s=0.1))
    model.calibrate(clips(0).batch_at(k) for k in range(3))
    return model


class Stopped(BaseException):
    """Stands for a kill: nothing catches it."""


class StoppingAt:
    def __init__(self, step: int) -> None:
        self.step, self.clips = step, clips(0)

    def batch_at(self, step: int):
        if step == self.step:
            raise Stopped
        return self.clips.batch_at(step)


def lines(folder):
    return [{k: v for k, v in line.items() if k != "seconds"} for line in read_metrics(folder / "metrics.jsonl")]


@pytest.mark.slow
def test_nano_learns_and_resumes_exactly(tmp_path):
    config = TrainConfig(
        loss_weights=new_model().term_weights, steps=8, batch=2, log_every=1, eval_every=4, eval_batches=2,
        checkpoint_every=3, lr=3e-3,
    )  # fmt: skip
    whole = train(new_model(), clips(0), config, tmp_path / "whole", held_out=clips(1))
    with pytest.raises(Stopped):
        train(new_model(), StoppingAt(5), config, tmp_path / "cut", held_out=clips(1))
    fresh = build_model(load_checkpoint(tmp_path / "cut" / "last", build_model).model_config)
    train(fresh, clips(0), config, tmp_path / "cut", held_out=clips(1), resume=True)
    assert lines(tmp_path / "cut") == lines(tmp_path / "whole")
    held_out = [line["total"] for line in lines(tmp_path / "whole") if line["split"] == "held_out"]
    assert held_out[-1] < held_out[0]
    assert {"effective_rank", "feature_spread"} <= lines(tmp_path / "whole")[0].keys()
    weights = [load_checkpoint(tmp_path / name / "last", build_model).model.state_dict() for name in ("whole", "cut")]
    assert all(torch.equal(weights[0][key], weights[1][key]) for key in weights[0])
    assert whole.progress.step == 8


@pytest.mark.slow
def test_nano_learns_from_led_clips_in_parts():
    episode = fake_episode(0)
    seen = episode.observation
    told = np.zeros_like(seen.alive)
    told[30:60, :2] = True
    action = Action(velocity_mps=-seen.velocity_mps, behavior=seen.behavior, controlled=told)
    led = ClipSampler([replace(episode, action=action)], frames=42, batch=4, seed=0).batch_at(0)
    model = new_model()
    config = TrainConfig(loss_weights=model.term_weights, batch=4, accumulation=2, steps=1)
    trainer = Trainer(model, config, torch.device("cpu"))
    expected = [trainer._losses(half, 0, 0, part)[1].item() for part, half in enumerate(split(led, 2, 4))]
    assert trainer.step(led, 0)["total"] == pytest.approx(sum(expected) / 2, rel=1e-4)


@pytest.mark.slow
def test_nano_trains_in_bf16(tmp_path):
    config = TrainConfig(loss_weights=new_model().term_weights, steps=2, batch=2, precision="bf16", log_every=1)
    train(new_model(), clips(0), config, tmp_path)
    assert all(line["total"] < 100 for line in lines(tmp_path))
