"""Joint-embedding models of pictures, video and sound."""

import json
import math
from dataclasses import asdict, replace

import numpy as np
import pytest
import torch

from eco1.core.errors import ConfigError, UnknownNameError
from eco1.core.fakes import FakeSimulator
from eco1.core.records import Clip, Observation
from eco1.core.senses import Frames, SensedClip, Senses, Sound
from eco1.models.jepa import JepaConfig, JepaModel
from eco1.models.nn.spectrogram import log_mel
from eco1.models.nn.vit import Encoder, Patches, Predictor, Tokens, ViTConfig
from eco1.models.registry import build_model

torch.set_num_threads(1)
SMALL = {"width": 32, "layers": 2, "heads": 2, "predictor_width": 16, "predictor_layers": 1, "predictor_heads": 2}
CONFIGS = {
    "picture": JepaConfig.i_jepa(instrument="fixed", pixels=32, **SMALL),
    "video": JepaConfig.v_jepa(instrument="fixed", pixels=32, frames=8, patch=8, **SMALL),
    "sound": JepaConfig.a_jepa(instrument="fixed", moments=64, bands=32, patch=8, **SMALL),
}


def sensed(seed: int, batch: int = 4, frames: int = 8) -> SensedClip:
    """A square that drifts over a gradient, and a tone whose pitch is its speed."""
    rng = np.random.default_rng(seed)
    simulator = FakeSimulator(worlds=batch, animals=2)
    observation = Observation.stack([simulator.observe(simulator.reset(seed))] * frames, axis=1)
    rgb = np.zeros((batch, frames, 32, 32, 3), np.uint8)
    rgb[..., 2] = np.linspace(0, 120, 32)[:, None]
    speed, place = rng.uniform(-2, 2, (batch, 2)), rng.uniform(8, 20, (batch, 2))
    for clip in range(batch):
        for frame in range(frames):
            y, x = (np.round(place[clip] + frame * speed[clip]).astype(int)).clip(0, 24)
            rgb[clip, frame, y : y + 8, x : x + 8] = (
                rng.integers(120, 255, 3) if frame == 0 else rgb[clip, 0].max((0, 1))
            )
    moments = np.arange(frames * 1600) / 16_000
    tone = 8000 * np.sin(2 * np.pi * (400 + 300 * np.linalg.norm(speed, axis=1))[:, None] * moments)
    samples = np.repeat(tone.reshape(batch, frames, 1, 1600), 2, axis=2).astype(np.int16)
    lead = (batch, frames)
    video = Frames(
        rgb=rgb, depth_m=np.ones((*lead, 32, 32), np.float32), instance=np.zeros((*lead, 32, 32), np.int16),
        flow_px=np.zeros((*lead, 32, 32, 2), np.float32), eye_m=np.zeros((*lead, 3), np.float32),
        axes=np.zeros((*lead, 3, 3), np.float32), field_of_view_rad=np.ones(lead, np.float32),
    )  # fmt: skip
    sound = Sound(samples=samples, ear_m=np.zeros((*lead, 3), np.float32))
    return SensedClip(
        observation=observation,
        dt_s=np.full(batch, 0.1, np.float32),
        senses=Senses(video={"fixed": video}, audio={"fixed": sound}),
    )


@pytest.mark.parametrize("sense", CONFIGS)
def test_one_batch_can_be_learned_by_heart_without_collapse(sense):
    torch.manual_seed(0)
    model, clip = JepaModel(CONFIGS[sense]), sensed(0)
    optimizer = torch.optim.AdamW(model.parameters(), 2e-3)
    losses = []
    for step in range(60):
        found = model.loss(clip, torch.Generator().manual_seed(step % 4))
        optimizer.zero_grad()
        found.terms["latent"].backward()
        optimizer.step()
        model.update_target(0.99)
        losses.append(found.terms["latent"].item())
    assert np.mean(losses[-8:]) < 0.75 * np.mean(losses[:4])
    assert found.monitors["feature_std"] > 0.05


@pytest.mark.parametrize("sense", CONFIGS)
def test_without_a_slow_copy_latents_stay_apart(sense):
    torch.manual_seed(0)
    config = replace(CONFIGS[sense], targets="sigreg")
    model, clip = build_model(json.loads(json.dumps(asdict(config)))), sensed(0)
    assert model.config == config
    assert not any("target" in name for name, _ in model.named_parameters())
    optimizer = torch.optim.AdamW(model.parameters(), 2e-3)
    losses = []
    for step in range(40):
        found = model.loss(clip, torch.Generator().manual_seed(step % 4))
        total = torch.stack([model.term_weights[name] * term for name, term in found.terms.items()]).sum()
        optimizer.zero_grad()
        total.backward()
        optimizer.step()
        model.update_target(0.99)
        losses.append({name: term.item() for name, term in found.terms.items()})
    assert losses[0].keys() == model.term_weights.keys()
    for name in losses[0]:
        assert np.mean([step[name] for step in losses[-4:]]) < 0.9 * np.mean([step[name] for step in losses[:4]]), name
    assert found.monitors["feature_std"] > 0.5
    assert found.monitors["effective_rank"] > 8
    assert model.embed_clip(clip).shape == (4, math.prod(config.grid), config.width)


def test_without_a_slow_copy_the_targets_learn_too():
    torch.manual_seed(0)
    model = JepaModel(replace(CONFIGS["picture"], targets="sigreg"))
    found = model.loss(sensed(0), torch.Generator().manual_seed(0))
    (through_both,) = torch.autograd.grad(found.terms["latent"], model.encoder.norm.weight)
    model.encoder.norm.register_forward_hook(lambda *args: args[-1].detach() if args[-1].shape[1] == 16 else args[-1])
    found = model.loss(sensed(0), torch.Generator().manual_seed(0))
    (through_one,) = torch.autograd.grad(found.terms["latent"], model.encoder.norm.weight)
    assert not torch.allclose(through_both, through_one, atol=1e-6)


@pytest.mark.parametrize("sense", CONFIGS)
def test_targets_get_no_gradient_and_follow_slowly(sense):
    torch.manual_seed(0)
    model = JepaModel(CONFIGS[sense])
    model.loss(sensed(0), torch.Generator().manual_seed(0)).terms["latent"].backward()
    assert all(p.grad is None for p in [*model.target.parameters(), *model.target_patches.parameters()])
    before = model.target.norm.weight.clone()
    with torch.no_grad():
        model.encoder.norm.weight += 1.0
    model.update_target(0.9)
    assert torch.allclose(model.target.norm.weight, before + 0.1)


@pytest.mark.parametrize("sense", CONFIGS)
def test_a_model_is_built_again_from_its_config(sense):
    stored = json.loads(json.dumps(asdict(CONFIGS[sense])))
    assert build_model(stored).config == CONFIGS[sense]


def test_an_encoder_knows_only_what_it_is_shown():
    torch.manual_seed(0)
    model = JepaModel(CONFIGS["video"])
    tokens = model.patches(torch.randn(2, 8, 3, 32, 32))
    kept = torch.arange(0, 64, 3).expand(2, -1)
    other = Tokens(value=tokens.value.clone(), position=tokens.position)
    other.value[:, 1] += 5.0
    assert torch.equal(model.encoder(tokens.only(kept)), model.encoder(other.only(kept)))


@pytest.mark.parametrize("positions", ["turned", "added", "learned"])
def test_tokens_in_another_order_give_the_same_latents_and_places_matter(positions):
    torch.manual_seed(0)
    config = ViTConfig(width=32, layers=2, heads=2, hidden=64, positions=positions)
    patches, encoder, predictor = Patches(3, (2, 8, 8), 32), Encoder(config), Predictor(config, 32)
    tokens = patches(torch.randn(1, 4, 3, 16, 16))
    order = torch.randperm(8)[None]
    turned = encoder(tokens.only(order))
    assert torch.allclose(turned, encoder(tokens)[:, order[0]], atol=1e-5)
    moved = Tokens(value=tokens.value, position=tokens.position * 3.0)
    assert not torch.allclose(encoder(moved), encoder(tokens), atol=1e-3)
    context = Tokens(value=encoder(tokens), position=tokens.position)
    here, there = predictor(context, tokens.position[:, :1]), predictor(context, tokens.position[:, 5:6])
    assert not torch.allclose(here, there, atol=1e-4)


def test_patches_are_a_convolution():
    torch.manual_seed(0)
    patches, clip = Patches(3, (2, 4, 4), 8), torch.randn(2, 4, 3, 8, 12)
    convolved = torch.nn.functional.conv3d(clip.transpose(1, 2), patches.weight, patches.bias, stride=(2, 4, 4))
    tokens = patches(clip)
    assert torch.allclose(tokens.value, convolved.flatten(2).transpose(1, 2), atol=1e-5)
    assert tokens.position[0, -1].tolist() == [1.0, 1.0, 2.0]


def test_a_spectrogram_has_its_loudest_band_where_the_tone_is():
    moments = torch.arange(16_000) / 16_000
    bands = [
        int(log_mel(torch.sin(2 * torch.pi * hertz * moments)[None], 64).mean(1).argmax()) for hertz in (300, 3000)
    ]
    assert bands[0] < 20
    assert bands[1] > 40
    assert log_mel(torch.zeros(1, 16_000), 64).isfinite().all()


def test_what_does_not_fit_is_said():
    model, clip = JepaModel(CONFIGS["video"]), sensed(0, frames=4)
    with pytest.raises(ConfigError, match="8 frames"):
        model.loss(clip, None)
    with pytest.raises(ConfigError, match="no pictures"):
        model.loss(Clip(observation=clip.observation, dt_s=clip.dt_s), None)
    with pytest.raises(UnknownNameError, match="herd"):
        JepaModel(JepaConfig.i_jepa(instrument="herd", pixels=32, **SMALL)).loss(clip, None)
    with pytest.raises(ConfigError, match="longer clips"):
        JepaModel(CONFIGS["sound"]).loss(clip, None)
    with pytest.raises(ConfigError, match="patches of 16"):
        JepaConfig.v_jepa(instrument="fixed", pixels=40)
    with pytest.raises(ConfigError, match="heads"):
        ViTConfig(width=30, layers=1, heads=4, hidden=8)
    with pytest.raises(ConfigError, match="frames"):
        model.patches(torch.zeros(1, 3, 3, 32, 32))


def test_the_curriculum_goes_on_with_every_step_in_however_many_parts_it_is_learned():
    model = JepaModel(replace(CONFIGS["sound"], curriculum_steps=4))
    for _ in range(3):
        model.loss(sensed(0), torch.Generator().manual_seed(0))
    assert model.steps == 0
    model.update_target(0.99)
    assert model.steps == 1


def test_crops_are_seen_only_while_it_learns():
    torch.manual_seed(0)
    whole = JepaModel(CONFIGS["picture"])
    cropped = JepaModel(replace(CONFIGS["picture"], least_area=0.2))
    cropped.load_state_dict(whole.state_dict())
    learned, judged = (
        [
            one.train(learning).loss(sensed(0), torch.Generator().manual_seed(0)).terms["latent"].item()
            for one in (whole, cropped)
        ]
        for learning in (True, False)
    )
    assert learned[0] != learned[1]
    assert judged[0] == judged[1]
    assert torch.equal(whole.embed_clip(sensed(0)), cropped.embed_clip(sensed(0)))
