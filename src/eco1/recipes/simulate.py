"""Run a world without recording it and count who does what."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from rich.progress import track

from eco1.core.records import Observation
from eco1.recipes.limits import require_seconds, require_seed
from eco1.sim.ecosystem import Ecosystem


@dataclass(frozen=True, kw_only=True)
class Census:
    """One species at the end of a run: how many at the start and now, and what it did most (share of its time)."""

    species: str
    at_start: int
    at_end: int
    born: int
    died: int
    favourites: tuple[tuple[str, float], ...]


def simulate(biome: str, seconds: float, seed: int, animals: int, *, quiet: bool = False) -> list[Census]:
    """Return the census of every species after ``seconds`` of the built-in animals' life.

    Raises:
        UnknownNameError: when there is no such biome.
        ConfigError: when ``seconds`` or ``seed`` are out of range.
    """
    require_seconds(seconds)
    require_seed(seed)
    world = Ecosystem(biome, worlds=1, animals=animals)
    state = world.reset(seed)
    first = seen = world.observe(state)[0]
    lived: dict[int, int] = _living(first)
    seen_ids, deeds = dict(lived), Counter[tuple[int, int]]()
    for _ in track(range(round(seconds / world.dt_s)), description="simulating", disable=quiet, transient=True):
        state = world.step(state)
        seen = world.observe(state)[0]
        seen_ids.update(_living(seen))
        deeds.update(zip(seen.species[seen.alive].tolist(), seen.behavior[seen.alive].tolist(), strict=True))
    final = _living(seen)
    return [
        _census(index, world, lived, final, seen_ids, deeds)
        for index in range(len(world.species_names))
        if index in seen_ids.values()
    ]


def _living(seen: Observation) -> dict[int, int]:
    """Return identity -> species of the living."""
    return dict(zip(seen.identity[seen.alive].tolist(), seen.species[seen.alive].tolist(), strict=True))


def _census(
    index: int,
    world: Ecosystem,
    lived: dict[int, int],
    final: dict[int, int],
    seen: dict[int, int],
    deeds: Counter[tuple[int, int]],
) -> Census:
    counts = np.array([deeds[index, behavior] for behavior in range(len(world.behavior_names))])
    best = np.argsort(-counts)[:3]
    of_species = {identity for identity, species in seen.items() if species == index}
    return Census(
        species=world.species_names[index],
        at_start=sum(species == index for species in lived.values()),
        at_end=sum(species == index for species in final.values()),
        born=len(of_species - lived.keys()),
        died=len(of_species - final.keys()),
        favourites=tuple((world.behavior_names[b], float(counts[b] / max(counts.sum(), 1))) for b in best if counts[b]),
    )


def census_rows(census: list[Census]) -> list[dict[str, object]]:
    """Return the census as rows of a table."""
    return [
        {
            "species": c.species,
            "start": c.at_start,
            "end": c.at_end,
            "born": c.born,
            "died": c.died,
            "mostly": ", ".join(f"{name} {share:.0%}" for name, share in c.favourites),
        }
        for c in census
    ]
