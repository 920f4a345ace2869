"""A minute of every biome, simulated and described once for all tests that read descriptions."""

from functools import lru_cache

from eco1.core.records import Episode, EpisodeInfo, Hidden, Observation
from eco1.core.senses import Description
from eco1.sensors.captioner import describe
from eco1.sim.ecosystem import Ecosystem

BIOMES = ("savanna", "reef", "canopy", "tundra", "urban")
SEED, STEPS = 3, 600


@lru_cache(maxsize=len(BIOMES))
def recording(biome: str) -> Episode:
    """Return a minute of 64 rows of a biome, with everything that is recorded of a simulated world."""
    world = Ecosystem(biome, animals=64, threads=1)
    state = world.reset(SEED)
    seen: list[Observation] = []
    hidden: list[Hidden] = []
    for _ in range(STEPS):
        seen.append(world.observe(state)[0])
        hidden.append(world.hidden(state)[0])
        state = world.step(state)
    info = EpisodeInfo(
        biome=biome, seed=SEED, world=0, dt_s=world.dt_s, species_names=world.species_names,
        behavior_names=world.behavior_names, provenance={},
    )  # fmt: skip
    return Episode(
        info=info,
        observation=Observation.stack(seen),
        hidden=Hidden.stack(hidden),
        landscape=world.landscape(state),
    )


@lru_cache(maxsize=len(BIOMES))
def described(biome: str) -> Description:
    """Return the description of that minute."""
    return describe(recording(biome))
