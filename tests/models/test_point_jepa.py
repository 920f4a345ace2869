"""Point-JEPA and 3D-JEPA."""

import json
from dataclasses import asdict, replace

import numpy as np
import pytest
import torch
from tests.models.sensed_clips import scanned

from eco1.core.errors import ConfigError, UnknownNameError
from eco1.core.records import Clip
from eco1.models.jepa.points import PointJepaConfig, PointJepaModel
from eco1.models.nn.vit import FedPredictor, Predictor, Tokens, ViTConfig
from eco1.models.registry import build_model

torch.set_num_threads(1)
CONFIG = PointJepaConfig(
    instrument="mast", centres=32, neighbours=8, range_m=20.0,
    width=36, layers=2, heads=2, predictor_width=24, predictor_layers=1, predictor_heads=2,
)  # fmt: skip


@pytest.mark.parametrize("form", ["point", "3d"])
@pytest.mark.parametrize(("targets", "left"), [("slow", 0.2), ("sigreg", 0.4)])
def test_one_batch_can_be_learned_by_heart_without_collapse(form, targets, left):
    torch.manual_seed(0)
    model, clip = PointJepaModel(replace(CONFIG, form=form, targets=targets)), scanned()
    optimizer = torch.optim.AdamW(model.parameters(), 2e-3)
    losses = []
    for step in range(80):
        found = model.loss(clip, torch.Generator().manual_seed(step % 4))
        optimizer.zero_grad()
        sum(weight * found.terms[name] for name, weight in model.term_weights.items()).backward()
        optimizer.step()
        model.update_target(0.999)
        losses.append(found.terms["latent"].item())
    assert found.terms.keys() == model.term_weights.keys()
    assert np.mean(losses[-8:]) < left * np.mean(losses[:4])
    assert found.monitors["feature_std"] > 0.2
    assert found.monitors["effective_rank"] > 8


def test_a_fed_predictor_shows_every_layer_the_same_context():
    def answers(kind, layers):
        torch.manual_seed(0)
        config = ViTConfig(width=24, layers=layers, heads=2, hidden=48, positions="learned")
        predictor, dice = kind(config, 36), torch.Generator().manual_seed(1)
        context = Tokens(value=torch.randn(2, 5, 36, generator=dice), position=torch.randn(2, 5, 3, generator=dice))
        return predictor(context, torch.randn(2, 3, 3, generator=dice))

    torch.testing.assert_close(answers(FedPredictor, 1), answers(Predictor, 1))
    assert not torch.allclose(answers(FedPredictor, 2), answers(Predictor, 2))


def test_a_model_is_built_again_from_its_config_and_embeds_every_centre():
    torch.manual_seed(0)
    model = build_model(json.loads(json.dumps(asdict(CONFIG)))).eval()
    assert model.config == CONFIG
    embedded, alone = model.embed_clip(scanned()), model.embed_clip(scanned())[1:2]
    assert embedded.shape == (4, 32, 36)
    assert torch.allclose(embedded[1:2], alone, atol=1e-5)
    assert not embedded.requires_grad


def test_targets_get_no_gradient_and_follow_slowly():
    torch.manual_seed(0)
    model = PointJepaModel(CONFIG)
    model.loss(scanned(), torch.Generator().manual_seed(0)).terms["latent"].backward()
    assert all(p.grad is None for p in model.target.parameters())
    assert all(p.grad is not None for p in [*model.tokens.parameters(), *model.encoder.places.parameters()])
    before = model.target.norm.weight.clone()
    with torch.no_grad():
        model.encoder.norm.weight += 1.0
    model.update_target(0.9)
    assert torch.allclose(model.target.norm.weight, before + 0.1)


def test_clouds_are_seen_from_their_middle_wherever_they_lie():
    clip = scanned()
    clouds = PointJepaModel(CONFIG).clouds(clip)
    assert clouds.there.float().mean() == pytest.approx(0.9)
    assert (clouds.position.sum(1) / clouds.there.sum(1)[:, None]).abs().max() < 1e-4
    assert 0.9 < clouds.position.abs().max() < 2.0
    points = clip.senses.points["mast"]
    moved = replace(points, position_m=points.position_m + np.float32([1000, -50, 2]))
    moved = replace(clip, senses=replace(clip.senses, points={"mast": moved}))
    torch.testing.assert_close(PointJepaModel(CONFIG).clouds(moved).position, clouds.position, atol=1e-4, rtol=0)


def test_a_cloud_of_few_points_has_them_again_and_again():
    model, clip = PointJepaModel(CONFIG).eval(), scanned()
    before = model.clouds(clip)
    clip.senses.points["mast"].position_m[0, 0, 7:] = np.nan
    clip.senses.points["mast"].position_m[1] = np.nan
    clouds = model.clouds(clip)
    assert clouds.there.sum(1)[:2].tolist() == [32, 32]
    few = clouds.position[0, clouds.there[0]]
    assert len(few.unique(dim=0)) == before.there[0, :7].sum()
    assert torch.equal(few[:5], few[len(few.unique(dim=0)) :][:5])
    assert (clouds.position[1] == 0).all()
    assert torch.equal(clouds.position[2:], before.position[2:])
    assert torch.equal(clouds.there[2:], before.there[2:])
    assert model.embed_clip(clip).isfinite().all()
    assert model.loss(clip, torch.Generator().manual_seed(0)).terms["latent"].isfinite()


def test_what_does_not_fit_is_said():
    model, clip = PointJepaModel(CONFIG), scanned()
    with pytest.raises(ConfigError, match="sounds or points"):
        model.loss(Clip(observation=clip.observation, dt_s=clip.dt_s), None)
    with pytest.raises(UnknownNameError, match="mast"):
        PointJepaModel(replace(CONFIG, instrument="masts")).loss(clip, None)
    with pytest.raises(ConfigError, match="has 30 beams; the model needs 32"):
        model.embed_clip(scanned(points=30))
    with pytest.raises(ConfigError, match="make no task"):
        replace(CONFIG, centres=1)
    with pytest.raises(ConfigError, match="range_m is 0"):
        replace(CONFIG, range_m=0.0)
