"""What every `WorldModel` promises, and what it promises when it can also decode, act or embed."""

import numpy as np
import pytest
import torch
from tests.contracts.scenes import DT_S, history, scenes
from tests.models.small_worlds import ready

from eco1.core.fakes import FakeWorldModel
from eco1.core.protocols import CanAct, CanDecode, CanEmbed, WorldModel
from eco1.core.records import Action

MODELS = {"fake": FakeWorldModel, "eco": ready}


@pytest.fixture(params=MODELS, name="model")
def _model(request):
    return MODELS[request.param]()


def lived(model, seen, is_first=None):
    """Return the memory after the scenes; ``is_first`` says which worlds begin anew at the last one."""
    z = model.initial(len(seen[0].alive))
    for step, scene in enumerate(seen):
        new = torch.full((len(scene.alive),), step == 0)
        if is_first is not None and step == len(seen) - 1:
            new = torch.tensor(is_first)
        z = model.observe(z, None, scene, new)
    return z


def test_it_keeps_all_its_protocols(model):
    for protocol in (WorldModel, CanDecode, CanAct, CanEmbed):
        assert isinstance(model, protocol)


def test_a_memory_stands_for_the_scene_last_seen(model):
    seen = scenes(2, 4)
    decoded = model.decode(lived(model, seen))
    assert np.allclose(decoded.position_m, seen[-1].position_m, atol=1e-4)
    assert np.array_equal(decoded.alive, seen[-1].alive)


def test_imagining_goes_on_from_there_and_leaves_the_memory_as_it_was(model):
    z = lived(model, scenes(2, 4))
    before = model.decode(z).position_m.copy()
    first, again = (model.decode(model.predict(z, None, None)) for _ in range(2))
    assert np.array_equal(model.decode(z).position_m, before)
    assert np.array_equal(first.position_m, again.position_m), "without a generator there is no chance"
    assert np.isfinite(first.position_m).all()
    assert not np.array_equal(first.position_m, before)


def test_told_animals_do_as_told_in_imagination(model):
    seen = scenes(2, 4)
    velocity = np.zeros((2, 5, 3), np.float32)
    velocity[:, 1, 0] = 1.0
    told = np.zeros((2, 5), bool)
    told[:, 1] = True
    action = Action(velocity_mps=velocity, behavior=seen[-1].behavior, controlled=told)
    then = model.decode(model.predict(lived(model, seen), action, None))
    moved = then.position_m[:, 1] - seen[-1].position_m[:, 1]
    assert np.allclose(moved, [DT_S, 0.0, 0.0], atol=1e-3)


def test_a_world_that_begins_anew_has_forgotten(model):
    seen = scenes(2, 6)
    anew, fresh = lived(model, seen, is_first=[True, False]), lived(model, seen[-1:])
    assert torch.allclose(model.embed(anew)[0], model.embed(fresh)[0], atol=1e-5)
    assert torch.allclose(model.embed(anew)[1], model.embed(lived(model, seen))[1], atol=1e-5)


def test_latents_and_actions_have_one_row_per_animal(model):
    z = lived(model, scenes(2, 4))
    latent = model.embed(z)
    assert latent.shape[:2] == (2, 5)
    assert latent.isfinite().all()
    first, again = (model.act(z, torch.Generator().manual_seed(3)) for _ in range(2))
    assert first.velocity_mps.shape == (2, 5, 3)
    assert np.isfinite(first.velocity_mps).all()
    assert np.array_equal(first.velocity_mps, again.velocity_mps)


def test_losses_are_named_finite_scalars(model):
    losses = model.loss(history(), torch.Generator().manual_seed(0))
    assert losses.terms
    assert all(term.ndim == 0 and term.isfinite() for term in losses.terms.values())
