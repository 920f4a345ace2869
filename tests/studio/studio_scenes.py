"""Small made-up worlds for the studio's tests."""

import numpy as np

from eco1.catalog.loader import load_biome, load_ethogram, load_species
from eco1.core.records import (
    SURROUNDINGS,
    Episode,
    EpisodeInfo,
    Hidden,
    Landscape,
    Observation,
    empty_surroundings,
)

SIZE_M = 160.0


def landscape(*, flat: bool = False, trees: int = 12) -> Landscape:
    cells = 48
    centers = (np.arange(cells) + 0.5) * SIZE_M / cells
    x, y = np.meshgrid(centers, centers)
    height = np.zeros((cells, cells)) if flat else 3 + 3 * np.sin(x / 25) * np.cos(y / 31)
    pond = np.hypot(x - 40, y - 110)
    depth = np.zeros((cells, cells)) if flat else np.clip((16 - pond) / 8, 0, 2)
    height = np.where(pond < 24, 1.0 + np.clip((pond - 16) / 8, 0, 1) * (height - 1.0), height) if not flat else height
    rng = np.random.Generator(np.random.Philox(3))
    places = rng.uniform(0.1 * SIZE_M, 0.9 * SIZE_M, (trees, 2))
    if flat:
        places = places * [1, 0.3] + [0, 0.65 * SIZE_M]
    index = (places / SIZE_M * cells).astype(int)
    ground = height[index[:, 1], index[:, 0]]
    return Landscape(
        size_m=SIZE_M,
        height_m=height.astype(np.float32),
        water_depth_m=depth.astype(np.float32),
        vegetation=(0.45 + 0.35 * np.sin(x / 17) * np.sin(y / 13)).astype(np.float32)[::2, ::2],
        tree_position_m=np.column_stack([places, ground]).astype(np.float32),
        tree_height_m=rng.uniform(3.5, 9, trees).astype(np.float32),
        shelter_position_m=np.array([[100.0, 60.0, float(height[18, 30])]], np.float32),
    )


def episode(*, steps: int = 40, animals: int = 24, seed: int = 1) -> Episode:
    """A herd that walks east, one lion that chases a zebra, the rest of the species grazing around."""
    names = tuple(sorted(resident.species for resident in load_biome("savanna").residents))
    behaviors = load_ethogram().names
    land = landscape()
    rng = np.random.Generator(np.random.Philox(seed))
    species = (np.arange(animals) % len(names)).astype(np.int16)
    start = SIZE_M / 2 + rng.normal(0, 12, (animals, 2))
    heading = np.tile(rng.normal(0.2, 0.3, animals), (steps, 1))
    speed = np.tile(rng.uniform(0.0, 1.5, animals), (steps, 1))
    behavior = np.tile(np.where(speed[0] > 0.5, behaviors.index("migrate"), behaviors.index("graze")), (steps, 1))
    lion, zebra = names.index("lion"), names.index("plains_zebra")
    start[lion], start[zebra] = start[zebra] - [6, 1], start[zebra]
    heading[:, [lion, zebra]] = 0.15
    speed[:, lion], speed[:, zebra] = 11.0, 10.6
    behavior[:, lion], behavior[:, zebra] = behaviors.index("chase"), behaviors.index("flee")
    velocity = np.stack([np.cos(heading) * speed, np.sin(heading) * speed, np.zeros_like(speed)], -1)
    position = np.zeros((steps, animals, 3))
    position[..., :2] = np.clip(start + np.cumsum(velocity[..., :2], 0) * 0.1, 3, SIZE_M - 3)
    cells = len(land.height_m)
    index = (position[..., :2] / SIZE_M * cells).astype(int)
    position[..., 2] = land.height_m[index[..., 1], index[..., 0]]
    shape = (steps, animals)
    surroundings = empty_surroundings(*shape)
    surroundings[..., SURROUNDINGS.index("daylight")] = 0.7
    length = np.array([float(load_species(names[s]).body.length) for s in species])
    observation = Observation(
        position_m=position.astype(np.float32),
        velocity_mps=velocity.astype(np.float32),
        heading_rad=heading.astype(np.float32),
        alive=np.ones(shape, bool),
        carcass=np.zeros(shape, bool),
        identity=np.broadcast_to(np.arange(animals, dtype=np.int64), shape).copy(),
        species=np.broadcast_to(species, shape).copy(),
        behavior=behavior.astype(np.int16),
        body_length_m=np.broadcast_to(length, shape).astype(np.float32),
        surroundings=surroundings,
    )
    hidden = Hidden(
        drives=rng.uniform(0, 1, (*shape, 7)).astype(np.float32),
        intent=np.zeros(shape, np.int16),
        personality=np.full((*shape, 4), 0.5, np.float32),
        target=np.full(shape, -1, np.int16),
    )
    info = EpisodeInfo(
        biome="savanna", seed=seed, world=0, dt_s=0.1, species_names=names, behavior_names=behaviors,
        provenance={"source": "a made-up test scene"},
    )  # fmt: skip
    return Episode(info=info, observation=observation, hidden=hidden, landscape=land)
