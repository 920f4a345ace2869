"""Small episodes made by the fake simulator."""

import numpy as np

from eco1.core.fakes import FakeSimulator
from eco1.core.records import DRIVES, PERSONALITY, Action, Episode, EpisodeInfo, Hidden, Landscape, Observation


def info_of(seed: int = 0, world: int = 0, species_names: tuple[str, ...] = FakeSimulator.species_names) -> EpisodeInfo:
    return EpisodeInfo(
        biome="plain",
        seed=seed,
        world=world,
        dt_s=0.1,
        species_names=species_names,
        behavior_names=FakeSimulator.behavior_names,
        provenance={"source": "fake"},
    )


def hidden_of(frames: int, animals: int, seed: int = 0) -> Hidden:
    rng = np.random.default_rng(seed)
    return Hidden(
        drives=rng.random((frames, animals, len(DRIVES)), np.float32),
        intent=rng.integers(0, len(DRIVES), (frames, animals)).astype(np.int16),
        personality=rng.random((frames, animals, len(PERSONALITY)), np.float32),
        target=np.full((frames, animals), -1, np.int16),
    )


def landscape_of(trees: int = 3) -> Landscape:
    rng = np.random.default_rng(5)
    return Landscape(
        size_m=50.0,
        height_m=rng.random((16, 16), np.float32),
        water_depth_m=np.zeros((16, 16), np.float32),
        vegetation=rng.random((8, 8), np.float32),
        tree_position_m=rng.random((trees, 3), np.float32),
        tree_height_m=rng.random(trees, np.float32),
        shelter_position_m=np.zeros((0, 3), np.float32),
    )


def action_of(frames: int, animals: int, seed: int = 0) -> Action:
    rng = np.random.default_rng(seed)
    return Action(
        velocity_mps=rng.normal(size=(frames, animals, 3)).astype(np.float32),
        behavior=rng.integers(0, 2, (frames, animals)).astype(np.int16),
        controlled=rng.random((frames, animals)) < 0.5,
    )


def episode_of(frames: int = 40, animals: int = 6, seed: int = 0, world: int = 0, *, hidden: bool = True) -> Episode:
    simulator = FakeSimulator(animals=animals)
    state, seen = simulator.reset(seed), []
    for _ in range(frames):
        seen.append(simulator.observe(state)[0])
        state = simulator.step(state, None)
    return Episode(
        info=info_of(seed, world),
        observation=Observation.stack(seen),
        hidden=hidden_of(frames, animals, seed) if hidden else None,
        landscape=landscape_of(),
    )


def assert_same(one, other) -> None:
    """Every array is equal, NaN included, and of the same type."""
    for name, array in vars(one).items():
        again = getattr(other, name)
        if isinstance(array, np.ndarray):
            assert array.dtype == again.dtype, name
            assert array.shape == again.shape, name
            assert np.array_equal(array, again, equal_nan=array.dtype.kind == "f"), name
        else:
            assert array == again, name
