"""Scenes that every contract is tried on."""

from tests.models.small_worlds import wanderers

from eco1.core.fakes import FakeSimulator
from eco1.core.records import Clip, Episode, EpisodeInfo, Observation

DT_S = 0.1


def scenes(worlds: int, steps: int, animals: int = 5) -> list[Observation]:
    """Return what fake animals do, scene by scene."""
    simulator = FakeSimulator(worlds=worlds, animals=animals)
    state, seen = simulator.reset(0), []
    for _ in range(steps):
        seen.append(simulator.observe(state))
        state = simulator.step(state, None)
    return seen


def history() -> Clip:
    """Return two worlds of five animals for three seconds."""
    return wanderers(3, frames=30)


def episodes() -> list[Episode]:
    """Return two episodes of the same animals, to fit baselines on."""
    info = EpisodeInfo(
        biome="plain",
        seed=0,
        world=0,
        dt_s=DT_S,
        species_names=FakeSimulator.species_names,
        behavior_names=("stand", "walk", "jump"),
        provenance={"source": "test"},
    )
    lives = wanderers(7, frames=120).observation
    return [Episode(info=info, observation=lives[world]) for world in range(2)]
