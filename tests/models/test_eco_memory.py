"""Time flows one way, a memory equals a whole pass, and nobody is told what rows without animals hold."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from small_worlds import cut, ready, wanderers

from eco1.core.errors import ConfigError
from eco1.core.records import Action, Clip
from eco1.models.eco.memory import EcoMemory

NEW = torch.zeros(2, dtype=torch.bool)
CLOSE = {"atol": 2e-5, "rtol": 1e-4}


def lived(clip: Clip, is_first: torch.Tensor | None = None, at: int = -1) -> list[EcoMemory]:
    model, memories = ready(), []
    z = model.initial(clip.dt_s.shape[0])
    for t in range(clip.observation.alive.shape[1]):
        first = is_first if is_first is not None and t == at else torch.zeros(z.batch, dtype=torch.bool)
        z = model.observe(z, None, clip.observation[:, t], first)
        memories.append(z)
    return memories


def with_breaks(seed: int = 0) -> Clip:
    """A clip with a death, a newborn in its row, a gap and an empty row."""
    clip = wanderers(seed)
    clip.observation.alive[0, 20:24, 1] = False
    clip.observation.identity[0, 24:, 1] = 99
    clip.observation.alive[1, 10:13, 2] = False
    clip.observation.alive[1, :, 4] = False
    clip.observation.carcass[0, 20:22, 1] = True
    return clip


def test_living_frame_by_frame_equals_one_pass():
    clip = with_breaks()
    model, memories = ready(), lived(clip)
    whole = model.embed_clip(clip)
    alive = torch.from_numpy(clip.observation.alive)
    for t, z in enumerate(memories):
        torch.testing.assert_close(model.embed(z)[alive[:, t]], whole[:, t][alive[:, t]], **CLOSE)


def test_a_memory_made_in_one_pass_goes_on_like_one_that_lived():
    clip = with_breaks()
    history, model = cut(clip, (slice(None), slice(0, 30))), ready()
    a, b = model.remember(history), lived(history)[-1]
    for name in ("velocity_history", "frame", "routing"):
        torch.testing.assert_close(getattr(a, name), getattr(b, name), **CLOSE)
    for name in ("age", "behavior_age", "identity"):
        assert torch.equal(getattr(a.past, name), getattr(b.past, name))
    assert torch.equal(a.recent, b.recent)
    for t in range(30, 36):
        a, b = (model.observe(z, None, clip.observation[:, t], NEW) for z in (a, b))
        torch.testing.assert_close(a.latent, b.latent, **CLOSE)


def test_the_future_does_not_reach_back():
    clip, other = wanderers(0), wanderers(7)
    changed = clip.observation.map(np.copy)
    for name in ("position_m", "velocity_mps", "heading_rad", "behavior"):
        getattr(changed, name)[:, 30:] = getattr(other.observation, name)[:, 30:]
    before, after = ready().embed_clip(clip), ready().embed_clip(replace(clip, observation=changed))
    torch.testing.assert_close(after[:, :30], before[:, :30], **CLOSE)
    assert (after[:, 30:] - before[:, 30:]).abs().max() > 1e-2


def test_a_newborn_knows_nothing_of_the_dead():
    clip = with_breaks()
    changed = clip.observation.map(np.copy)
    changed.behavior[0, :20, 1] = 2
    changed.velocity_mps[0, :20, 1] *= 3
    alone = [cut(c, (slice(None), slice(None), slice(1, 2))) for c in (clip, replace(clip, observation=changed))]
    before, after = (ready().embed_clip(c) for c in alone)
    torch.testing.assert_close(after[0, 24:], before[0, 24:], **CLOSE)
    assert (after[0, :20] - before[0, :20]).abs().max() > 1e-2


def test_a_batch_equals_its_singles():
    clip = with_breaks()
    whole = ready().embed_clip(clip)
    alive = torch.from_numpy(clip.observation.alive)
    paths = ready().forecast(clip, 25)
    for world in range(2):
        single = cut(clip, slice(world, world + 1))
        torch.testing.assert_close(ready().embed_clip(single)[0][alive[world]], whole[world][alive[world]], **CLOSE)
        np.testing.assert_allclose(ready().forecast(single, 25)[0], paths[world], atol=1e-4)


def test_rows_without_animals_are_not_heard():
    clip = with_breaks()
    noise = clip.observation.map(np.copy)
    empty = ~(noise.alive | noise.carcass)
    for name in ("position_m", "velocity_mps", "heading_rad", "body_length_m", "surroundings"):
        getattr(noise, name)[empty] = np.nan
    noise.identity[empty] = 5
    alive = torch.from_numpy(clip.observation.alive)
    before, after = ready().embed_clip(clip), ready().embed_clip(replace(clip, observation=noise))
    torch.testing.assert_close(after[alive], before[alive], **CLOSE)
    assert after.isfinite().all()
    assert np.isfinite(ready().forecast(replace(clip, observation=noise), 10)).all()


def test_a_world_that_starts_anew_has_forgotten():
    clip = wanderers()
    first = torch.tensor([True, False])
    reset = lived(clip, first, at=20)
    fresh = lived(cut(clip, (slice(None), slice(20, None))))
    kept = lived(clip)
    torch.testing.assert_close(reset[-1].latent[0], fresh[-1].latent[0], **CLOSE)
    torch.testing.assert_close(reset[-1].latent[1], kept[-1].latent[1], **CLOSE)
    torch.testing.assert_close(reset[20].latent[0], fresh[0].latent[0], **CLOSE)


def test_observing_leaves_the_old_memory_as_it_was():
    clip, model = wanderers(), ready()
    z = model.remember(clip)
    before = z.latent.clone(), z.cache[0].key.clone(), z.past.age.clone()
    model.predict(z, None, torch.Generator().manual_seed(0))
    assert torch.equal(before[0], z.latent)
    assert torch.equal(before[1], z.cache[0].key)
    assert torch.equal(before[2], z.past.age)


def test_another_number_of_animals_is_refused():
    model = ready()
    z = model.remember(wanderers(animals=5))
    with pytest.raises(ConfigError, match="2 worlds of 5 animals"):
        model.observe(z, None, wanderers(animals=4).observation[:, 0], NEW)


def test_another_frame_rate_is_refused():
    clip = wanderers()
    with pytest.raises(ConfigError, match=r"0\.05 s between frames, the model was made for 0\.1 s"):
        ready().forecast(replace(clip, dt_s=clip.dt_s / 2), 5)


def test_told_animals_do_as_told():
    model, clip = ready(), wanderers()
    z = model.remember(clip)
    controlled = np.zeros((2, 5), bool)
    controlled[0, 3] = True
    velocity = np.full((2, 5, 3), [0.0, 2.0, 0.0], np.float32)
    action = Action(velocity_mps=velocity, behavior=np.full((2, 5), 2, np.int16), controlled=controlled)
    after = model.decode(model.predict(z, action, None))
    free = model.decode(model.predict(z, None, None))
    step = after.position_m - clip.observation.position_m[:, -1]
    np.testing.assert_allclose(step[0, 3], [0, 0.2, 0], atol=1e-5)
    assert after.behavior[0, 3] == 2
    assert after.heading_rad[0, 3] == pytest.approx(np.pi / 2)
    np.testing.assert_allclose(after.position_m[1], free.position_m[1], atol=1e-6)


def test_actions_are_the_first_step_of_imagination():
    model, clip = ready(), with_breaks()
    z = model.remember(clip)
    action = model.act(z, torch.Generator().manual_seed(3))
    after = model.decode(model.predict(z, None, torch.Generator().manual_seed(3)))
    np.testing.assert_array_equal(action.controlled, clip.observation.alive[:, -1])
    np.testing.assert_allclose(after.velocity_mps, action.velocity_mps * action.controlled[..., None], atol=1e-6)
    np.testing.assert_array_equal(after.behavior[action.controlled], action.behavior[action.controlled])
    again = model.act(z, torch.Generator().manual_seed(3))
    np.testing.assert_array_equal(again.velocity_mps, action.velocity_mps)


def test_routing_names_two_experts_per_layer_and_sums_to_one():
    model = ready()
    weights = model.routing(model.remember(wanderers()))
    torch.testing.assert_close(weights.sum(-1), torch.ones(2, 5))
    assert weights.shape[-1] == len(model.config.expert_names) == 8
    assert (weights > 0).sum(-1).max() <= 2 * model.config.layers
