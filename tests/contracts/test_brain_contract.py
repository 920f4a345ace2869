"""What every `Brain` promises."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from tests.contracts.scenes import DT_S, episodes, scenes
from tests.models.tiny_eco1 import tiny

from eco1.brains.baselines import ForecasterBrain, fit_wandering
from eco1.brains.detours import DetourBrain
from eco1.brains.labels import fit_markov_behavior
from eco1.brains.model_brain import ModelBrain
from eco1.brains.sense_brain import SenseBrain
from eco1.core.fakes import FakeBrain, FakeForecaster, FakeSimulator
from eco1.core.records import Episode
from eco1.models.eco import EcoConfig, EcoModel


def nano_brain() -> ModelBrain:
    torch.manual_seed(0)
    names = FakeSimulator.species_names, FakeSimulator.behavior_names
    return ModelBrain(EcoModel(EcoConfig.nano(species_names=names[0], behavior_names=names[1], dt_s=0.1)).eval())


def forecaster_brain() -> ForecasterBrain:
    return ForecasterBrain(forecaster=FakeForecaster(), dt_s=DT_S, frames=3, labels=fit_markov_behavior(two_named()))


def sense_brain() -> SenseBrain:
    """Return one that decides from the second scene on."""
    return SenseBrain(tiny(frames=4, moments=2), ("motion",), frame_s=DT_S, everyone=True)


def two_named() -> list[Episode]:
    """Return episodes in which only the two behaviours that the fake world knows are seen."""
    info = replace(episodes()[0].info, behavior_names=FakeSimulator.behavior_names)
    seen = [replace(e.observation, behavior=e.observation.behavior % 2) for e in episodes()]
    return [Episode(info=info, observation=observation) for observation in seen]


BRAINS = {
    "fake": FakeBrain,
    "nano": nano_brain,
    "senses": sense_brain,
    "forecaster": forecaster_brain,
    "wandering": lambda: fit_wandering(two_named(), fit_markov_behavior(two_named())),
    "detours": lambda: DetourBrain(per_minute=60.0),
}


@pytest.fixture(params=BRAINS, name="brain")
def _brain(request):
    return BRAINS[request.param]()


def acted(brain, worlds: int, seed: int):
    memory, actions = brain.initial(worlds), []
    for step, scene in enumerate(scenes(worlds, 4)):
        memory, action = brain.act(memory, scene, torch.Generator().manual_seed(seed * 100 + step))
        actions.append(action)
    return actions


def test_actions_fit_the_scene(brain):
    for action in acted(brain, 2, 0):
        assert action.velocity_mps.shape == (2, 5, 3)
        assert np.isfinite(action.velocity_mps).all()
        assert action.controlled.dtype == bool
        assert action.behavior.min() >= 0
        assert action.behavior.max() < len(FakeSimulator.behavior_names)


def test_only_the_living_are_controlled(brain):
    scene = scenes(2, 1)[0]
    scene.alive[:, 0] = False
    _, action = brain.act(brain.initial(2), scene, torch.Generator().manual_seed(0))
    assert not action.controlled[:, 0].any()


def test_the_same_generator_gives_the_same_life(brain):
    for first, second in zip(acted(brain, 2, 1), acted(brain, 2, 1), strict=True):
        assert np.array_equal(first.velocity_mps, second.velocity_mps)
        assert np.array_equal(first.behavior, second.behavior)


def test_a_brain_keeps_nothing_between_lives(brain):
    first = acted(brain, 2, 1)
    acted(brain, 2, 7)
    assert np.array_equal(first[-1].velocity_mps, acted(brain, 2, 1)[-1].velocity_mps)
