"""What does not move: maps of a landscape that all worlds of a batch share, and the conditions of one step."""

from typing import NamedTuple

from eco1.sim.fields import F32, I8

#: Deeper water stops every animal that cannot fly, m.
WADE_DEPTH_M = 0.4
#: Where there is no sea overhead its surface is out of everybody's reach.
NO_SEA_M = 1e6


class Ground(NamedTuple):
    """Static maps of a square world, [row of y, column of x]."""

    size: float  # m
    cell: float  # m per terrain cell
    forage_cell: float  # m per vegetation cell
    obstacles: float  # 1 where houses or gaps between crowns stop animals, else 0
    top: float  # m, height of the surface of the sea over a biome under water, else NO_SEA_M
    maps: F32  # (layers, G, G), see fields.layer
    ways: I8  # (cells, cells) first step from one coarse cell to another around houses, see landscape.ways
    capacity: F32  # (V, V) share of the biome's best forage that the soil carries


class Conditions(NamedTuple):
    """What holds everywhere during one step."""

    seed: int
    step: int
    dt: float  # s
    time: float  # s since the start of the world's first day
    daylight: float  # 0 night .. 1 day
    hour: float  # 0 .. 24
    heat: float  # 0 cool .. 1 so hot that animals seek shade, above in greater heat
    rain: float  # 0 or 1
    physiology: float  # how much faster than real time bodies run
    plant_growth: float  # 1/s
    forage_mass: float  # kg of dry matter on a full vegetation cell
    year: float  # 0 midwinter .. 0.5 midsummer .. 1
    ice: float  # share of the sea that is frozen
    tide: float  # -1 .. 1, of the current at full strength
