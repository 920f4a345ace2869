"""MC-JEPA: motion and content."""

import json
from dataclasses import asdict, replace

import numpy as np
import pytest
import torch
from tests.models.sensed_clips import filmed

from eco1.core.errors import ConfigError, UnknownNameError
from eco1.core.records import Clip
from eco1.models.jepa.motion import McJepaConfig, McJepaModel
from eco1.models.jepa.motion.augmenting import random_view
from eco1.models.registry import build_model

torch.set_num_threads(1)
CONFIG = McJepaConfig(
    instrument="glider", pixels=(32, 32), frames=2, widths=(12, 16, 24), hidden=16, radius=2, expander=32
)


def end_point_error(model: McJepaModel, clip) -> float:
    true = clip.senses.video["glider"].flow_px[:, 1:2]
    return float(np.linalg.norm(model.flow(clip).numpy() - true, axis=-1).mean())


def test_motion_of_one_batch_is_learned_without_labels_and_content_does_not_collapse():
    torch.manual_seed(0)
    model, clip = McJepaModel(CONFIG), filmed(batch=3)
    before = end_point_error(model, clip)
    optimizer = torch.optim.AdamW(model.parameters(), 4e-3)
    totals = []
    for step in range(70):
        found = model.loss(clip, torch.Generator().manual_seed(step % 4))
        total = torch.stack([model.term_weights[name] * term for name, term in found.terms.items()]).sum()
        optimizer.zero_grad()
        total.backward()
        optimizer.step()
        totals.append(total.item())
    assert found.terms.keys() == model.term_weights.keys()
    assert np.mean(totals[-8:]) < 0.7 * np.mean(totals[:4])
    assert end_point_error(model, clip) < 0.4 * before
    assert found.monitors["feature_std"] > 0.3
    assert found.monitors["effective_rank"] > 6


def test_a_model_is_built_again_from_its_config():
    model = build_model(json.loads(json.dumps(asdict(CONFIG))))
    assert model.config == CONFIG
    clip = filmed()
    assert model.flow(clip).shape == (4, 1, 32, 32, 2)
    assert model.embed_clip(clip).shape == (4, 2 * 4 * 4, 24)
    assert torch.allclose(model.embed_clip(filmed())[1], model.embed_clip(clip)[1])
    assert not hasattr(model, "update_target"), "there is no slow copy"


def test_views_differ_and_can_be_drawn_again():
    picture = torch.rand(3, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    first, again = (random_view(picture, torch.Generator().manual_seed(1)) for _ in range(2))
    other = random_view(picture, torch.Generator().manual_seed(2))
    assert torch.equal(first, again)
    assert (first - other).abs().mean() > 0.02
    assert first.shape == picture.shape
    assert first.min() >= 0.0
    assert first.max() <= 1.0


def test_what_does_not_fit_is_said():
    model, clip = McJepaModel(CONFIG), filmed()
    with pytest.raises(ConfigError, match="2 frames of 32 x 32 pixels; the clip has 1"):
        model.loss(filmed(frames=1), None)
    with pytest.raises(ConfigError, match="batch; it has 1 clip"):
        model.loss(filmed(batch=1), None)
    with pytest.raises(ConfigError, match="no pictures"):
        model.flow(Clip(observation=clip.observation, dt_s=clip.dt_s))
    with pytest.raises(UnknownNameError, match="glider"):
        McJepaModel(replace(CONFIG, instrument="glidr")).embed_clip(clip)
    with pytest.raises(ConfigError, match="2 frames or more"):
        replace(CONFIG, frames=1)
    with pytest.raises(ConfigError, match="multiples of 8"):
        replace(CONFIG, pixels=(36, 32))
    with pytest.raises(ConfigError, match="1 or more"):
        replace(CONFIG, radius=0)
