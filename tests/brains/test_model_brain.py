from dataclasses import dataclass, replace

import numpy as np
import pytest
import torch
from torch import nn

from eco1.brains.bounds import catalog_speed_limits
from eco1.brains.model_brain import ModelBrain
from eco1.core.errors import ConfigError
from eco1.core.fakes import FakeSimulator
from eco1.core.records import Action, Clip, Observation
from eco1.models.eco import EcoConfig, EcoModel

NAMES = {"species_names": FakeSimulator.species_names, "behavior_names": FakeSimulator.behavior_names}


@pytest.fixture(scope="module", name="brain")
def _brain() -> ModelBrain:
    torch.manual_seed(0)
    return ModelBrain(EcoModel(EcoConfig.nano(**NAMES, dt_s=0.1)))


def scenes(worlds: int = 2, animals: int = 5, steps: int = 6, seed: int = 0) -> list[Observation]:
    simulator = FakeSimulator(worlds=worlds, animals=animals)
    state, seen = simulator.reset(seed), []
    for _ in range(steps):
        seen.append(simulator.observe(state))
        state = simulator.step(state, None)
    return seen


def live(brain: ModelBrain, seen: list[Observation], seed: int | None = None) -> list[Action]:
    memory, actions = brain.initial(len(seen[0].alive)), []
    for step, scene in enumerate(seen):
        generator = None if seed is None else torch.Generator().manual_seed(1000 * seed + step)
        memory, action = brain.act(memory, scene, generator)
        actions.append(action)
    return actions


def test_worlds_side_by_side_decide_as_if_alone(brain):
    together = live(brain, scenes(worlds=3))
    for world in range(3):
        alone = live(brain, [scene[world : world + 1] for scene in scenes(worlds=3)])
        for whole, single in zip(together, alone, strict=True):
            assert np.allclose(whole.velocity_mps[world], single.velocity_mps[0], atol=1e-5)
            assert np.array_equal(whole.behavior[world], single.behavior[0])


def test_the_same_dice_give_the_same_life_and_other_dice_another(brain):
    first, again, other = (live(brain, scenes(), seed) for seed in (1, 1, 2))
    assert all(np.array_equal(a.velocity_mps, b.velocity_mps) for a, b in zip(first, again, strict=True))
    assert any(not np.array_equal(a.velocity_mps, b.velocity_mps) for a, b in zip(first, other, strict=True))


def latent_after(brain: ModelBrain, seen: list[Observation]) -> torch.Tensor:
    memory = brain.initial(len(seen[0].alive))
    for scene in seen:
        memory, _ = brain.act(memory, scene, None)
    return brain.model.embed(memory.latent)


def test_step_by_step_equals_one_pass_over_the_history(brain):
    """The cache forgets nothing within the window."""
    seen = scenes(steps=8)
    clip = Clip(observation=Observation.stack(seen, axis=1), dt_s=np.full(2, 0.1, np.float32))
    whole = brain.model.embed(brain.model.remember(clip))
    assert torch.allclose(latent_after(brain, seen), whole, atol=1e-4)


def test_a_newborn_inherits_no_memory_from_the_row_it_takes(brain):
    """Two worlds differ only in what the animal of row 2 did before: it remembers, a newborn in its row does not."""
    seen = scenes(worlds=1, animals=4)
    past, now = seen[:-1], seen[-1]
    otherwise = [replace(scene, behavior=scene.behavior ^ np.int16([0, 0, 1, 0])) for scene in past]
    grown_up, changed = (latent_after(brain, [*before, now])[0, 2] for before in (past, otherwise))
    assert not torch.allclose(grown_up, changed, atol=1e-4)
    identity = now.identity.copy()
    identity[0, 2] = 50
    newborn = replace(now, identity=identity)
    born, also_born = (latent_after(brain, [*before, newborn])[0, 2] for before in (past, otherwise))
    assert torch.allclose(born, also_born, atol=1e-5)
    assert not torch.allclose(born, grown_up, atol=1e-4)


def test_the_dead_are_not_controlled_and_change_nothing(brain):
    seen = scenes(worlds=1)
    alive = seen[0].alive.copy()
    alive[0, 3] = False
    with_gap = [replace(scene, alive=alive) for scene in seen]
    moved = [replace(scene, position_m=scene.position_m + np.float32(7) * ~alive[..., None]) for scene in with_gap]
    first, second = live(brain, with_gap), live(brain, moved)
    for a, b in zip(first, second, strict=True):
        assert not a.controlled[0, 3]
        assert (a.velocity_mps[0, 3] == 0).all()
        assert np.array_equal(a.velocity_mps, b.velocity_mps)


@dataclass(frozen=True, kw_only=True)
class WishConfig:
    species_names: tuple[str, ...] = ("lion", "guppy")
    behavior_names: tuple[str, ...] = ("stand",)
    dt_s: float = 0.1


class Wishful(nn.Module):
    """Wants to go north at a given speed. Its memory is the last scene and how often a world began."""

    def __init__(self, speed_mps: float) -> None:
        super().__init__()
        self.config, self.speed_mps = WishConfig(), speed_mps

    def initial(self, batch):
        return None, torch.zeros(batch)

    def observe(self, z, action, observation, is_first):
        return observation, z[1] + is_first

    def act(self, z, generator):
        velocity = np.zeros_like(z[0].velocity_mps)
        velocity[..., 1] = self.speed_mps
        return Action(velocity_mps=velocity, behavior=np.zeros_like(z[0].behavior), controlled=z[0].alive)


def test_wishes_are_shortened_to_what_the_species_can_run():
    limits = catalog_speed_limits(("lion", "guppy"))
    assert 10 < limits[0] < 30
    assert np.isinf(limits[1])
    (action,) = live(ModelBrain(Wishful(99.0)), scenes(steps=1))
    speed = np.linalg.norm(action.velocity_mps, axis=-1)
    assert np.allclose(speed[:, ::2], limits[0])
    assert np.allclose(speed[:, 1::2], 99.0)


def test_a_wish_that_is_no_number_is_refused():
    with pytest.raises(ConfigError, match="10 of 10 animals a velocity that is not finite"):
        live(ModelBrain(Wishful(float("nan"))), scenes(steps=1))


def test_a_world_of_strangers_begins_anew():
    brain, seen = ModelBrain(Wishful(1.0)), scenes(steps=3)
    identity = seen[2].identity.copy()
    identity[1] += 100
    seen[2] = replace(seen[2], identity=identity)
    memory = brain.initial(2)
    for scene in seen:
        memory, _ = brain.act(memory, scene, None)
    assert memory.latent[1].tolist() == [1, 2]


def test_a_module_that_cannot_act_is_no_brain():
    with pytest.raises(ConfigError, match="Linear cannot be a brain: it lacks initial, observe, act, config"):
        ModelBrain(nn.Linear(2, 2))
