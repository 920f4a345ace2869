"""What Eco-1 expects of animals, from a part of its senses and moments."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from tests.models.tiny_eco1 import SENSES, clip_of, tiny

from eco1.core.errors import ConfigError
from eco1.core.records import Action
from eco1.models.multimodal.following import following
from eco1.models.multimodal.steps import velocity_of
from eco1.models.nn.storing import stored_in_bfloat16


@pytest.mark.parametrize("senses", [*((sense,) for sense in SENSES), ("video", "motion"), SENSES])
@torch.no_grad()
def test_looking_at_less_is_the_same_as_perceiving_all_and_using_less(senses):
    model, clip = tiny(), clip_of(6)
    whole = model.perceive(model.inputs_of(clip), 2).only(senses)
    less = model.perceive(model.inputs_of(clip, senses=senses, moments=2), 2)
    assert tuple(less.summaries) == senses
    one, other = (model.expected(seen).itself for seen in (whole, less))
    assert torch.equal(one.behavior, other.behavior)
    assert torch.equal(one.velocity, other.velocity)


@torch.no_grad()
def test_clips_need_no_more_frames_than_the_moments_asked_for():
    model, clip = tiny(), clip_of(4)
    assert model.perceive(model.inputs_of(clip, moments=2), 2).summaries["video"].shape[1] == 2
    with pytest.raises(ConfigError, match="perceives clips of 6 frames; this one has 4"):
        model.inputs_of(clip)


@torch.no_grad()
def test_every_animal_is_told_of_when_motion_was_perceived():
    model, clip = tiny(), clip_of(6)
    seen = model.perceive(model.inputs_of(clip, moments=2), 2)
    told = model.expected(seen)
    assert told.animals is not None
    assert told.animals.velocity.shape == (2, 5, 3)
    assert told.itself.behavior.shape == (2, 2)
    assert model.expected(seen.only(("video", "audio"))).animals is None


@torch.no_grad()
def test_what_is_learned_of_steps_is_turned_back_into_the_velocities_that_follow():
    clip = clip_of(6)
    inputs = tiny().inputs_of(clip)
    truth = following(inputs, 4, 2)
    for frame in range(2):
        steps = truth.steps[:, :, frame]
        came = velocity_of(steps, inputs.scene.heading_rad[:, 3 + frame], inputs.scene.body_length_m[:, 4 + frame])
        assert torch.allclose(came, inputs.scene.velocity_mps[:, 4 + frame], atol=1e-5)
    ahead = truth.velocity.sinh() * 0.5
    assert torch.allclose(ahead.norm(dim=-1), inputs.scene.velocity_mps[:, 4:6].mean(1).norm(dim=-1), atol=1e-5)


@torch.no_grad()
def test_matrices_stored_in_bfloat16_give_what_autocast_gives():
    model, clip = tiny(), clip_of(6)
    stored = stored_in_bfloat16(model)
    matrices = [
        stored.language.blocks[0].feed.gate_up,
        stored.encoders["video"].patches.weight,
        stored.action.velocity.weight,
    ]
    assert {matrix.dtype for matrix in matrices} == {torch.bfloat16}
    with torch.autocast("cpu", dtype=torch.bfloat16):
        one, other = (m.expected(m.perceive(m.inputs_of(clip, moments=2), 2)).itself for m in (model, stored))
    assert torch.equal(one.behavior, other.behavior)
    assert torch.equal(one.velocity, other.velocity)


@torch.no_grad()
def test_of_the_self_alone_the_same_is_expected():
    model = tiny(experts=0, chosen=0)
    seen = model.perceive(model.inputs_of(clip_of(4), moments=2), 2)
    whole, alone = model.expected(seen), model.expected(seen, everyone=False)
    assert alone.animals is None
    torch.testing.assert_close(alone.itself.behavior, whole.itself.behavior, atol=1e-5, rtol=0)
    torch.testing.assert_close(alone.itself.velocity, whole.itself.velocity, atol=1e-5, rtol=0)


@torch.no_grad()
def test_what_animals_are_told_to_do_is_seen_but_not_learned_from():
    model, clip = tiny(), clip_of(6)
    seen = clip.observation
    controlled = np.zeros_like(seen.alive)
    controlled[0, 4, 1] = controlled[1, 0, 2] = True
    told = replace(clip, action=Action(velocity_mps=seen.velocity_mps, behavior=seen.behavior, controlled=controlled))
    free, led = (following(model.inputs_of(each), 4, 2).known for each in (clip, told))
    assert free[0, 1]
    assert not led[0, 1]
    assert (free ^ led).sum() == 1  # the other was let go before
