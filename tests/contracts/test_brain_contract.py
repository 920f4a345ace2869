"""What every `Brain` promises."""

import numpy as np
import pytest
import torch
from tests.contracts.scenes import scenes

from eco1.brains.model_brain import ModelBrain
from eco1.core.fakes import FakeBrain, FakeSimulator
from eco1.models.eco import EcoConfig, EcoModel


def nano_brain() -> ModelBrain:
    torch.manual_seed(0)
    names = FakeSimulator.species_names, FakeSimulator.behavior_names
    return ModelBrain(EcoModel(EcoConfig.nano(species_names=names[0], behavior_names=names[1], dt_s=0.1)).eval())


BRAINS = {"fake": FakeBrain, "nano": nano_brain}


@pytest.fixture(params=BRAINS, name="brain")
def _brain(request):
    return BRAINS[request.param]()


def acted(brain, worlds: int, seed: int):
    memory, actions = brain.initial(worlds), []
    for step, scene in enumerate(scenes(worlds, 4)):
        memory, action = brain.act(memory, scene, torch.Generator().manual_seed(seed * 100 + step))
        actions.append(action)
    return actions


def test_actions_fit_the_scene_and_only_the_living_are_controlled(brain):
    for action in acted(brain, 2, 0):
        assert action.velocity_mps.shape == (2, 5, 3)
        assert np.isfinite(action.velocity_mps).all()
        assert action.controlled.all()
        assert action.behavior.min() >= 0
        assert action.behavior.max() < len(FakeSimulator.behavior_names)


def test_the_same_generator_gives_the_same_life(brain):
    for first, second in zip(acted(brain, 2, 1), acted(brain, 2, 1), strict=True):
        assert np.array_equal(first.velocity_mps, second.velocity_mps)
        assert np.array_equal(first.behavior, second.behavior)


def test_a_brain_keeps_nothing_between_lives(brain):
    first = acted(brain, 2, 1)
    acted(brain, 2, 7)
    assert np.array_equal(first[-1].velocity_mps, acted(brain, 2, 1)[-1].velocity_mps)
