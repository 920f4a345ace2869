"""A hunter and its prey alone on a flat, bare plain at noon: what perception tests arrange."""

from dataclasses import dataclass

import numpy as np

from eco1.catalog.loader import load_biome
from eco1.sim import behaviors as b
from eco1.sim.ecosystem import Ecosystem
from eco1.sim.fields import col, layer, trait
from eco1.sim.ground import Conditions
from eco1.sim.kernels.perceive import perceives
from eco1.sim.kernels.sense import sense, sort_into_cells
from eco1.sim.laws import weather
from eco1.sim.state import EcosystemState

MIDDLE_M = 350.0


@dataclass(kw_only=True)
class Plain:
    """A world of one lion and one zebra, standing still; the zebra in the middle faces east."""

    world: Ecosystem
    state: EcosystemState
    lion: int
    zebra: int
    now: Conditions

    def put(self, row: int, x: float, y: float = MIDDLE_M, heading: tuple[float, float] = (1.0, 0.0)) -> None:
        """Place an animal that looks along ``heading``."""
        f = self.state.floats[0]
        f[col.X, row], f[col.Y, row], f[col.Z, row] = x, y, 0.0
        f[col.HEADING_X, row], f[col.HEADING_Y, row] = heading

    def raise_ridge(self, x: float, height_m: float) -> None:
        """Raise a ridge from south to north."""
        column = int(x / self.state.ground.cell)
        self.state.ground.maps[layer.HEIGHT, :, column - 1 : column + 2] = height_m

    def perceives(self, row: int, other: int, now: Conditions | None = None) -> bool:
        """Return whether one animal perceives another now."""
        state = self.state
        ground, traits = state.ground, self.world.traits
        return bool(perceives(state.floats[0], state.integers[0], traits, ground, now or self.now, row, other))

    def sense(self, row: int) -> None:
        """Let one animal look around."""
        state = self.state
        f, k, cells = state.floats[0], state.integers[0], state.cells[0]
        sort_into_cells(f, k, cells, state.ground, 1)
        sense(f, k, self.world.traits, cells, state.ground, self.now, row, 1)

    def sight(self, row: int) -> float:
        """Return how far it sees by day, m."""
        return float(self.world.traits[self.state.integers[0, col.SPECIES, row], trait.SIGHT])


def plain() -> Plain:
    """Return a new plain."""
    world = Ecosystem(worlds=1, animals=64, threads=1)
    state = world.reset(0)
    k = state.integers[0]
    lion, zebra = (
        int(np.flatnonzero(k[col.SPECIES] == world.species_names.index(name))[0]) for name in ("lion", "plains_zebra")
    )
    k[col.STATUS] = col.EMPTY
    k[col.STATUS, [lion, zebra]] = col.ALIVE
    k[col.BEHAVIOR] = k[col.NEXT_BEHAVIOR] = b.EXPLORE
    state.floats[0, col.SPEED] = 0.0
    state.ground.maps[[layer.HEIGHT, layer.DEPTH, layer.SLOPE_X, layer.SLOPE_Y, layer.COVER]] = 0.0
    world.traits[:, trait.CAMOUFLAGE] = 0.0  # nobody looks like bare ground
    now = weather.conditions(load_biome("savanna"), seed=0, step=0, dt_s=0.1, start_s=300.0, forage_cell_m=5.0)
    scene = Plain(world=world, state=state, lion=lion, zebra=zebra, now=now._replace(daylight=1.0, rain=0.0))
    scene.put(zebra, MIDDLE_M)
    scene.put(lion, MIDDLE_M + 60.0, heading=(-1.0, 0.0))
    return scene
