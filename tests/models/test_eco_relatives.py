"""Species that training did not show take after their like, until they are met."""

from dataclasses import replace

import numpy as np
import torch
from small_worlds import untrained, wanderers

from eco1.core.records import Clip
from eco1.models.eco import EcoModel
from eco1.models.eco.relatives import nearest_known

NAMES = ("ant", "walker", "bug", "stroller")
TRAITS = ((-2.0, 1.0), (1.0, 0.0), (-1.9, 0.9), (1.1, 0.1))  # bugs are like ants, strollers like walkers


def shown(seed: int, *species: str) -> Clip:
    """Wanderers of these species, one row after the other; of the first one ten times as fast as the others."""
    clip = wanderers(seed, animals=6)
    index = np.array([NAMES.index(name) for name in species], np.int16)[np.arange(6) % len(species)]
    speed = np.where(index == NAMES.index("ant"), 10.0, 1.0).astype(np.float32)
    seen = clip.observation
    position = seen.position_m[:, :1] + (seen.position_m - seen.position_m[:, :1]) * speed[:, None]
    fast = replace(
        seen, species=np.broadcast_to(index, seen.species.shape).copy(), position_m=position.astype(np.float32),
        velocity_mps=seen.velocity_mps * speed[:, None],
    )  # fmt: skip
    return replace(clip, observation=fast)


def learned_from(*species: str) -> EcoModel:
    model = EcoModel(replace(untrained().config, species_names=NAMES, species_traits=TRAITS, species_dropout=0.3))
    model.calibrate(shown(seed, *species) for seed in range(3))
    return model.eval()


def tables(model: EcoModel, name: str) -> list[torch.Tensor]:
    row, network = NAMES.index(name) + 1, model.network
    path, prior = network.path_base, network.prior
    return [
        path.weight[row], path.scale[row], network.speed_limit[row], network.codebook.edges[row], prior.following[row],
        prior.momentum[:, row],
    ]  # fmt: skip


def alike(model: EcoModel, one: str, other: str) -> bool:
    return all(torch.equal(a, b) for a, b in zip(tables(model, one), tables(model, other), strict=True))


def test_the_nearest_is_sought_among_those_that_are_known():
    traits = torch.tensor([[0.0, 0.0], [5.0, 0.0], [0.2, 0.1], [4.0, 1.0]])
    assert nearest_known(traits, torch.tensor([True, True, False, False])).tolist() == [0, 1, 0, 1]


def test_strangers_take_after_the_species_most_like_them():
    model = learned_from("ant", "walker")
    assert model.network.encoder.traits.known.tolist() == [False, True, True, False, False]
    assert alike(model, "bug", "ant")
    assert alike(model, "stroller", "walker")
    assert model.network.speed_limit[NAMES.index("bug") + 1] > 5 * model.network.speed_limit[NAMES.index("walker") + 1]


def test_newcomers_are_measured_and_nothing_else_changes():
    model = learned_from("ant", "walker")
    before = {name: value.clone() for name, value in model.state_dict().items()}
    model.meet(shown(seed, "stroller", "ant") for seed in range(5, 8))
    traits = model.network.encoder.traits
    assert traits.known.tolist() == [False, True, True, False, True]
    assert not alike(model, "stroller", "walker")
    assert alike(model, "bug", "ant")
    after = model.state_dict()
    row = NAMES.index("stroller") + 1
    names = model.network.encoder.species.weight
    assert torch.equal(names[row], names[0])
    others = [k for k in range(len(NAMES) + 1) if k != row]
    for name in ("network.path_base.weight", "network.codebook.edges", "network.encoder.species.weight"):
        assert torch.equal(before[name][others], after[name][others]), name
    assert torch.equal(before["network.encoder.own_scale.mean"], after["network.encoder.own_scale.mean"])


def test_when_all_are_known_nobody_is_measured_anew():
    model = learned_from(*NAMES)
    model.meet(iter(()))
    assert bool(model.network.encoder.traits.known[1:].all())
