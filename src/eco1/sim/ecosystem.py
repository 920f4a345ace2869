"""The ecosystem: many worlds of one biome side by side, stepped by the laws on the CPU."""

import os

import numpy as np

from eco1.catalog.loader import load_biome, load_ethogram
from eco1.catalog.records import Biome
from eco1.core.errors import ConfigError
from eco1.core.records import DRIVES, PERSONALITY, SURROUNDINGS, Action, Hidden, Landscape, Observation, Sky
from eco1.core.threads import Threads
from eco1.sim.behaviors import check_ethogram
from eco1.sim.fields import F32, I32, col
from eco1.sim.ground import Conditions
from eco1.sim.kernels import run
from eco1.sim.kernels.look import View
from eco1.sim.kernels.sense import grid_side
from eco1.sim.landscape import build_landscape
from eco1.sim.laws import weather
from eco1.sim.orders import check_orders
from eco1.sim.state import EcosystemState, empty_state
from eco1.sim.traits import build_traits

_LEAST_ROWS_TO_SHARE = 2048  # below this a second thread costs more than it brings
_LONGEST_STEP_S = 0.25


def _shares(biome: Biome, names: tuple[str, ...], rows: int) -> I32:
    """Return how many animals of each species ``rows`` rows begin with, largest remainders rounded up first."""
    wanted = np.zeros(len(names))
    for resident in biome.residents:
        wanted[names.index(resident.species)] = resident.count * rows / 64
    shares = np.floor(wanted)
    missing = min(rows, round(wanted.sum())) - int(shares.sum())
    for index in np.argsort(shares - wanted, kind="stable")[:missing]:
        shares[index] += 1
    return shares.astype(np.int32)


class Ecosystem:
    """A ``Simulator`` of W worlds with N rows each. All worlds share the landscape of the seed; their animals differ.

    Args:
        biome: a name from the catalog.
        worlds: W, how many worlds side by side.
        animals: N, the rows of each world; some are empty at first, for births.
        dt_s: simulated seconds per step.
        threads: CPU threads; None takes all cores. The result does not depend on it.

    Raises:
        UnknownNameError: there is no such biome.
        ConfigError: a number is out of range.
    """

    def __init__(
        self, biome: str = "savanna", worlds: int = 1, animals: int = 64, dt_s: float = 0.1, threads: int | None = None
    ) -> None:
        self._biome = load_biome(biome)
        threads = threads if threads is not None else os.cpu_count() or 1
        for name, value, least in (("worlds", worlds, 1), ("animals", animals, 1), ("threads", threads, 1)):
            if value < least:
                raise ConfigError(f"{name} must be at least {least}, got {value}.")
        if not 0 < dt_s <= _LONGEST_STEP_S:
            raise ConfigError(f"dt_s must lie above 0 and at most at {_LONGEST_STEP_S} s, got {dt_s}.")
        self.biome, self.worlds, self.animals, self.dt_s, self.threads = biome, worlds, animals, dt_s, threads
        ethogram = load_ethogram()
        check_ethogram(ethogram)
        self.species_names: tuple[str, ...] = tuple(sorted(resident.species for resident in self._biome.residents))
        self.behavior_names: tuple[str, ...] = ethogram.names
        self.traits = build_traits(self.species_names, self._biome)
        self.shares = _shares(self._biome, self.species_names, animals)
        self._threads = Threads(threads if worlds * animals >= _LEAST_ROWS_TO_SHARE else 1)

    def conditions(self, state: EcosystemState) -> Conditions:
        """Return what holds everywhere at the present step: light, weather, season, clocks."""
        return weather.conditions(
            self._biome, seed=state.seed, step=state.step, dt_s=self.dt_s, start_s=state.start_s,
            forage_cell_m=state.ground.forage_cell,
        )  # fmt: skip

    def reset(self, seed: int, first_world: int = 0) -> EcosystemState:
        """Return new worlds. World k of the batch is the same as world 0 of a reset with ``first_world`` k."""
        landscape, ground = build_landscape(self._biome, self.animals, seed)
        state = empty_state(
            seed=seed, first_world=first_world, start_s=weather.start_time_s(self._biome, seed), landscape=landscape,
            ground=ground, worlds=self.worlds, rows=self.animals, species=len(self.species_names),
            grid_cells=grid_side(ground.size, self.animals) ** 2,
        )  # fmt: skip
        now = self.conditions(state)

        def populate(first: int, last: int) -> None:
            run.populate_worlds(
                state.floats, state.integers, self.traits, state.census, ground, now, self.shares, first, last
            )

        self._threads.each(self.worlds, populate)
        return state

    def _take_orders(self, state: EcosystemState, actions: Action | None) -> None:
        controlled = state.integer_field(col.CONTROLLED)
        released = np.where(controlled == col.TOLD, col.RELEASED, col.FREE)
        if actions is None:
            controlled[:] = released
            return
        check_orders(actions, (self.worlds, self.animals), len(self.behavior_names))
        controlled[:] = np.where(actions.controlled, col.TOLD, released)
        state.integer_field(col.ORDER)[:] = actions.behavior
        for axis, field in enumerate((col.ORDER_X, col.ORDER_Y, col.ORDER_Z)):
            state.float_field(field)[:] = np.where(actions.controlled, actions.velocity_mps[..., axis], 0.0)

    def step(self, state: EcosystemState, actions: Action | None = None) -> EcosystemState:
        """Advance all worlds by ``dt_s``; the given state is consumed.

        Raises:
            ConfigError: the actions have another shape than the worlds, or a controlled animal is told a velocity that
                is no number or a behaviour that does not exist.
        """
        self._take_orders(state, actions)
        f, k, t, g, c = state.floats, state.integers, self.traits, state.ground, self.conditions(state)
        veg, marks, census, ledger, cells = state.forage, state.marks, state.census, state.ledger, state.cells
        side = grid_side(g.size, self.animals)

        def whole(first: int, last: int) -> None:
            run.step_worlds(f, k, t, veg, marks, census, ledger, cells, g, c, side, self.shares, first, last)

        if self.worlds >= self._threads.count:
            self._threads.each(self.worlds, whole)
        else:
            for w in range(self.worlds):
                self._step_in_phases(state, c, side, w)
        state.step += 1
        return state

    def _step_in_phases(self, state: EcosystemState, c: Conditions, side: int, w: int) -> None:
        """Step one big world with all threads."""
        f, k, t, g = state.floats[w], state.integers[w], self.traits, state.ground
        veg, marks, cells = state.forage[w], state.marks[w], state.cells[w]
        census, ledger = state.census[w], state.ledger[w]
        run.sort_into_cells(f, k, cells, g, side)
        self._threads.each(
            self.animals, lambda first, last: run.decide_rows(f, k, t, veg, marks, cells, g, c, side, first, last)
        )
        self._threads.each(self.animals, lambda first, last: run.advance_rows(f, k, t, g, c, first, last))
        run.interact(f, k, t, veg, marks, census, ledger, g, c, self.shares)

    def observe(self, state: EcosystemState) -> Observation:
        """Return what can be seen now, (W, N); the arrays are the caller's to keep."""
        shape = (self.worlds, self.animals)
        view = View(
            position=np.zeros((*shape, 3), np.float32),
            velocity=np.zeros((*shape, 3), np.float32),
            heading=np.zeros(shape, np.float32),
            behavior=np.zeros(shape, np.int16),
            body_length=np.zeros(shape, np.float32),
            surroundings=np.zeros((*shape, len(SURROUNDINGS)), np.float32),
        )
        f, k, t, c = state.floats, state.integers, self.traits, self.conditions(state)

        def look(first: int, last: int) -> None:
            run.look_at_worlds(view, f, k, t, state.forage, state.ground, c, first, last)

        self._threads.each(self.worlds, look)
        status = state.integer_field(col.STATUS)
        return Observation(
            position_m=view.position,
            velocity_mps=view.velocity,
            heading_rad=view.heading,
            alive=status == col.ALIVE,
            carcass=status == col.CARCASS,
            identity=state.integer_field(col.IDENTITY).astype(np.int64),
            species=state.integer_field(col.SPECIES).astype(np.int16),
            behavior=view.behavior,
            body_length_m=view.body_length,
            surroundings=view.surroundings,
        )

    def hidden(self, state: EcosystemState) -> Hidden:
        """Return the needs, motives and traits behind the behaviour, (W, N)."""

        def rows_last(first: int, count: int) -> F32:
            return np.ascontiguousarray(state.floats[:, first : first + count].swapaxes(1, 2))

        return Hidden(
            drives=rows_last(col.DRIVES, len(DRIVES)),
            intent=state.integer_field(col.INTENT).astype(np.int16),
            personality=rows_last(col.PERSONALITY, len(PERSONALITY)),
            target=state.integer_field(col.TARGET).astype(np.int16),
        )

    def landscape(self, state: EcosystemState) -> Landscape:
        """Return the ground of the worlds."""
        return state.landscape

    def sky(self, state: EcosystemState) -> Sky:
        """Return hour, season and weather now."""
        now = self.conditions(state)
        return Sky(
            daylight=now.daylight,
            hour=now.hour,
            year=now.year,
            rain=now.rain,
            ice=now.ice,
            snow_m=weather.snow(self._biome, now.year),
        )
