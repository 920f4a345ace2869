"""It learns: every term falls, every parameter moves, and neighbours teach it what its own past cannot."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from small_worlds import NAMES, cut, ready, school, train_step, untrained, wanderers

from eco1.core.records import Action
from eco1.evaluation.social import AloneForecaster
from eco1.models.eco import EcoConfig, EcoModel
from eco1.models.eco.losses import TERM_WEIGHTS


def optimizer_for(model: EcoModel, lr: float) -> torch.optim.Optimizer:
    return torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=lr, weight_decay=0.01)


def test_terms_have_weights_and_monitors_are_finite():
    losses = untrained().loss(wanderers(), torch.Generator().manual_seed(0))
    assert losses.terms.keys() == TERM_WEIGHTS.keys()
    assert all(term.ndim == 0 and term.isfinite() for term in losses.terms.values())
    watched = {"rankme_latent", "rankme_target", "target_std", "dropped_share", "expert_entropy",
               "behavior_accuracy", "motion_accuracy", "anticipation_accuracy"}  # fmt: skip
    assert losses.monitors.keys() == watched
    assert all(value.isfinite() and not value.requires_grad for value in losses.monitors.values())


def test_what_animals_were_told_is_seen_but_not_learned_from():
    clip, generator = wanderers(), torch.Generator()
    nobody = np.zeros_like(clip.observation.alive)
    told = Action(
        velocity_mps=clip.observation.velocity_mps, behavior=clip.observation.behavior, controlled=nobody.copy()
    )
    model = untrained().eval()
    free = model.loss(clip, generator.manual_seed(0)).terms
    same = model.loss(replace(clip, action=told), generator.manual_seed(0)).terms
    assert {name: term.item() for name, term in free.items()} == {name: term.item() for name, term in same.items()}
    wild = clip.observation.velocity_mps.copy()
    wild[:, 20:, 2] = 30.0
    told.controlled[:, 19:, 2] = True
    observation = replace(clip.observation, velocity_mps=wild)
    hidden = model.loss(replace(clip, observation=observation, action=told), generator.manual_seed(0)).terms
    shown = model.loss(replace(clip, observation=observation), generator.manual_seed(0)).terms
    assert hidden["motion"].item() < 0.95 * shown["motion"].item()


@torch.no_grad()
def test_a_blank_model_decides_within_reason():
    torch.manual_seed(0)
    model, clip = EcoModel(EcoConfig.nano(**NAMES, dt_s=0.1)).eval(), wanderers(worlds=8, animals=20)
    action = model.act(model.remember(clip), torch.Generator().manual_seed(0))
    assert np.isfinite(action.velocity_mps).all()


def test_before_training_the_heads_say_what_chance_and_then_counting_gives():
    clip = wanderers()
    blank = EcoModel(EcoConfig.nano(**NAMES, dt_s=0.1)).eval()
    chance = blank.loss(clip, None).terms
    assert chance["behavior"].item() == pytest.approx(math.log(3), abs=1e-4)
    assert chance["anticipation"].item() == pytest.approx(math.log(2), abs=1e-4)
    assert chance["motion"].item() == pytest.approx(3 * math.log(blank.config.motion_tokens), abs=1e-3)
    counted = untrained().eval().loss(clip, None).terms
    hazard = 1 / 12
    persistence = -hazard * math.log(hazard) - (1 - hazard) * math.log(1 - hazard)
    assert counted["behavior"].item() == pytest.approx(persistence, abs=0.1)
    assert counted["anticipation"].item() < 0.3
    assert counted["motion"].item() < 0.6 * chance["motion"].item()


def test_gradient_reaches_every_parameter():
    model = untrained()
    train_step(model, optimizer_for(model, 1e-3), wanderers(), 0)
    moved = {name: torch.zeros(()) for name, p in model.named_parameters() if p.requires_grad}
    for seed in range(3):
        model.zero_grad()
        torch.stack(
            list(model.loss(wanderers(seed), torch.Generator().manual_seed(seed)).terms.values())
        ).sum().backward()
        for name, p in model.named_parameters():
            if p.requires_grad and p.grad is not None:
                moved[name] = torch.maximum(moved[name], p.grad.abs().max())
    assert [name for name, size in moved.items() if size == 0] == []
    assert all(p.grad is None for p in model.network.target.parameters())


def test_target_follows_slowly():
    model = untrained()
    encoder, target = model.network.encoder, model.network.target
    before = [p.clone() for p in target.parameters()]
    with torch.no_grad():
        for p in encoder.parameters():
            p.add_(1.0)
    model.update_target(0.9)
    for old, new in zip(before, target.parameters(), strict=True):
        torch.testing.assert_close(new, old + 0.1)


@pytest.mark.slow
def test_one_batch_can_be_learned_by_heart():
    model, clip = untrained(mirror=False), wanderers()
    optimizer = optimizer_for(model, 4e-3)
    first = train_step(model, optimizer, clip, 0)
    for _ in range(320):
        last = train_step(model, optimizer, clip, 0)
    assert last["doing"] < 0.3 * first["doing"]
    assert last["behavior"] < 0.3 * first["behavior"]
    assert last["anticipation"] < 0.3 * first["anticipation"]
    assert last["motion"] < 0.5 * first["motion"]
    assert last["latent"] < 0.8 * first["latent"]
    assert last["forecast"] < 0.5 * first["forecast"]
    assert last["load_balance"] < 3.0


def test_same_seed_same_losses():
    runs = []
    for _ in range(2):
        model = untrained()
        optimizer = optimizer_for(model, 1e-3)
        runs.append([train_step(model, optimizer, wanderers(s), s) for s in range(3)])
    assert runs[0] == runs[1]


def test_bfloat16_stays_close():
    model, clip = ready(), wanderers()
    exact = model.loss(clip, None).terms
    with torch.autocast("cpu", dtype=torch.bfloat16):
        rough = model.loss(clip, None).terms
    for name, term in exact.items():
        assert rough[name].item() == pytest.approx(term.item(), rel=0.05, abs=0.05), name


def test_short_clips_give_finite_losses():
    model = untrained()
    for frames in (1, 2, 6):
        terms = model.loss(wanderers(frames=frames), torch.Generator().manual_seed(0)).terms
        assert all(term.isfinite() for term in terms.values())


@pytest.mark.slow
def test_a_school_is_forecast_better_than_by_going_straight_and_neighbours_matter():
    torch.manual_seed(0)
    config = EcoConfig.nano(
        species_names=("fish",), behavior_names=(), dt_s=0.1, climbs=False, width=64, heads=2, kv_heads=1,
        neighbour_width=32, expert_hidden=32, window_frames=10, motion_hidden=64, future_hidden=96, anchor_stride=3,
    )  # fmt: skip
    model = EcoModel(config)
    model.calibrate(school(s) for s in range(8))
    optimizer = optimizer_for(model, 3e-3)
    test = school(1000, batch=16)
    history = cut(test, (slice(None), slice(0, 14)))
    truth = test.observation.position_m[:, 14:]

    def error(path: np.ndarray) -> float:
        return float(np.linalg.norm(path - truth, axis=-1).mean())

    ridge = error(model.eval().forecast(history, 30))
    for step in range(250):
        for group in optimizer.param_groups:
            group["lr"] = 3e-3 * min(1, (step + 1) / 20) * (1 - step / 250)
        train_step(model, optimizer, school(10 + step % 60), step)
    model.eval()
    now, velocity = history.observation.position_m[:, -1:], history.observation.velocity_mps[:, -1:]
    straight = error(now + velocity * np.arange(1, 31, dtype=np.float32)[:, None, None] * 0.1)
    learned, alone = error(model.forecast(history, 30)), error(AloneForecaster(inner=model).forecast(history, 30))
    futures = model.sample_futures(history, 30, 6, torch.Generator().manual_seed(0))
    best = np.linalg.norm(futures - truth[:, None], axis=-1).mean(2).min(1).mean()
    print(f"straight {straight:.3f} ridge {ridge:.3f} learned {learned:.3f} alone {alone:.3f} best of 6 {best:.3f}")
    assert learned < 0.8 * straight
    assert learned < 0.85 * ridge
    assert learned < 0.9 * alone
    assert best < learned
