"""What animals do next, asked of Eco-1 by its senses on recordings of its own."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from eco1.data.reader import read_episode
from eco1.data.store import list_episodes
from eco1.models.multimodal import MultimodalModel
from eco1.models.multimodal.behavior import Expected, NextAction
from eco1.recipes.anticipating import anticipation_by_senses
from eco1.recipes.multimodal_settings import multimodal_config
from eco1.recipes.record import RecordConfig, record
from eco1.recipes.watching import SimulatedSenses

_SMALL = {
    "senses": ("video", "motion", "text"), "patch": 8, "encoders": ((32, 1, 2),) * 5, "width": 32,
    "predictor_width": 32, "predictor_layers": 1, "predictor_heads": 2, "embedding": 16, "vocabulary": 400,
    "language_width": 32, "language_layers": 1, "language_heads": 2, "language_kv_heads": 1, "language_head_dim": 16,
    "language_hidden": 32, "expert_hidden": 16, "species_rows": 60, "environment_rows": 10,
}  # fmt: skip
SENSES = {"all": ("video", "motion"), "video": ("video",), "none": ()}


@pytest.fixture(scope="module", name="paths")
def _paths(tmp_path_factory):
    out = tmp_path_factory.mktemp("ahead") / "savanna"
    config = RecordConfig(out=out, episodes=2, seconds=15, animals=24, burn_in_s=1, threads=1)
    record(config, SimulatedSenses(senses=("video", "text"), size_px=16), quiet=True)
    return list_episodes(out)


@pytest.fixture(name="model")
def _model(paths):
    torch.manual_seed(0)
    return MultimodalModel(multimodal_config(paths, (), "nano", _SMALL)).eval()


def test_everyone_is_asked_the_same(model, paths):
    found = anticipation_by_senses(model, paths[:1], paths[1:], SENSES)
    (everyone,) = found.everyone.values()
    assert everyone.keys() == {"markov", "zoo-nano", "all"}
    assert len({part.questions for part in everyone.values()}) == 1
    assert everyone["zoo-nano"].questions > 5
    assert everyone["zoo-nano"].top1 > everyone["all"].top1  # which has learned nothing
    assert found.followed.keys() <= {"markov", "zoo-nano", *SENSES}


def test_answers_are_those_about_the_animals_and_moments_that_were_asked_for(model, paths, monkeypatch):
    """Whoever foresees what the recording shows a second later is always right."""
    recorded = {}

    def oracle(seen):
        scene, behaviors = seen.inputs.scene, len(model.config.behavior_names)
        known = [recorded[tuple(place)] for place in scene.position_m[:, -1].flatten(1).tolist()]
        return Expected(
            itself=NextAction(behavior=torch.zeros(len(known), behaviors), velocity=torch.zeros(len(known), 3)),
            animals=NextAction(
                behavior=functional.one_hot(torch.tensor(np.array(known)), behaviors).float(),
                velocity=torch.zeros(*scene.alive[:, -1].shape, 3),
            ),
        )

    for path in paths[1:]:
        observation = read_episode(path).observation
        for step in range(len(observation.alive) - 10):
            place = torch.as_tensor(observation.position_m[step]).nan_to_num()
            recorded[tuple(place.flatten().tolist())] = observation.behavior[step + 10].clip(0).astype(np.int64)
    monkeypatch.setattr(model, "expected", oracle)
    found = anticipation_by_senses(model, paths[:1], paths[1:], {"all": ("motion",)})
    (everyone,) = found.everyone.values()
    assert everyone["all"].top1 == 1.0
