"""Scenes that every contract is tried on."""

from tests.models.small_worlds import wanderers

from eco1.core.fakes import FakeSimulator
from eco1.core.records import Clip, Observation

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
