"""Scenes to listen to, and what was heard of them."""

import numpy as np

from eco1.catalog.loader import load_ethogram, load_species
from eco1.core.records import Observation, empty_surroundings
from eco1.sensors.microphone import Circumstances, FixedPlace, Memory, Microphone

BEHAVIORS = load_ethogram().names
CALM = Circumstances(daylight=0.5)


def animals(
    species: tuple[str, ...], kinds: list[int], behavior: str, position_m: object, velocity_mps: object = (0, 0, 0)
) -> Observation:
    """Return adults of the species ``kinds`` that all do the same."""
    count = len(kinds)
    length = [float(load_species(species[kind]).body.length) for kind in kinds]
    return Observation(
        position_m=np.broadcast_to(np.array(position_m, np.float32), (count, 3)).copy(),
        velocity_mps=np.broadcast_to(np.array(velocity_mps, np.float32), (count, 3)).copy(),
        heading_rad=np.zeros(count, np.float32),
        alive=np.ones(count, bool),
        carcass=np.zeros(count, bool),
        identity=np.arange(1, count + 1),
        species=np.array(kinds, np.int16),
        behavior=np.full(count, BEHAVIORS.index(behavior), np.int16),
        body_length_m=np.array(length, np.float32),
        surroundings=empty_surroundings(count),
    )


def microphone(species: tuple[str, ...], biome: str = "savanna", **settings: object) -> Microphone:
    """Return a microphone in the middle of the world, looking north."""
    place = settings.pop("place", FixedPlace(position_m=(0.0, 0.0, 1.0), heading_rad=np.pi / 2))
    return Microphone(place, biome=biome, species_names=species, behavior_names=BEHAVIORS, seed=5, **settings)  # type: ignore[arg-type]


def listen(
    ears: Microphone, seen: Observation, steps: int, dt_s: float = 0.1, memory: Memory | None = None,
    now: Circumstances = CALM, first: int = 0,
) -> tuple[Memory, np.ndarray]:  # fmt: skip
    """Return the memory after some steps of a scene that stands still, and all that was heard (2, S)."""
    memory = memory or ears.initial(len(seen.alive))
    heard = []
    for step in range(first, first + steps):
        memory, sound = ears.step(memory, seen, time_s=(step + 1) * dt_s, dt_s=dt_s, circumstances=now)
        heard.append(sound.samples)
    return memory, np.concatenate(heard, axis=1)
