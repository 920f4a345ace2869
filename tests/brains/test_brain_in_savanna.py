"""The learned brain in the real ecosystem, untrained: what matters here is that the two fit together."""

from itertools import islice, pairwise

import numpy as np
import pytest
import torch

from eco1.brains.bounds import catalog_speed_limits
from eco1.brains.drive import drive, only_species
from eco1.brains.model_brain import ModelBrain
from eco1.models.eco import EcoConfig, EcoModel
from eco1.sim.ecosystem import Ecosystem

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", name="savanna")
def _savanna() -> Ecosystem:
    return Ecosystem("savanna", worlds=2, animals=32, threads=1)


def nano(savanna: Ecosystem) -> ModelBrain:
    torch.manual_seed(0)
    config = EcoConfig.nano(
        species_names=savanna.species_names, behavior_names=savanna.behavior_names, dt_s=savanna.dt_s
    )
    return ModelBrain(EcoModel(config))


def test_zebras_are_driven_and_the_rest_decide_for_themselves(savanna):
    driven = only_species(["plains_zebra"], savanna.species_names)
    loop = drive(savanna, savanna.reset(1), nano(savanna), driven=driven, seed=5)
    moments = list(islice(loop, 30))
    zebra = savanna.species_names.index("plains_zebra")
    limits = catalog_speed_limits(savanna.species_names)
    for moment, following in pairwise(moments):
        seen, action = following.observation, moment.action
        same = seen.alive & action.controlled & (seen.identity == moment.observation.identity)
        assert same.any()
        assert (moment.observation.species[action.controlled] == zebra).all()
        assert np.array_equal(seen.behavior[same], action.behavior[same])
        speed = np.linalg.norm(seen.velocity_mps[..., :2], axis=-1)
        assert np.isfinite(seen.position_m[seen.alive]).all()
        assert (speed[seen.alive] <= 1.1 * limits[seen.species[seen.alive]]).all()


def test_a_driven_world_can_be_repeated(savanna):
    first, again = (
        list(islice(drive(savanna, savanna.reset(2), nano(savanna), seed=5), 15))[-1].observation for _ in range(2)
    )
    assert np.array_equal(first.position_m, again.position_m)
    assert np.array_equal(first.behavior, again.behavior)
