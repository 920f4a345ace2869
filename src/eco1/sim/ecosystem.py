"""The ecosystem: many worlds of one biome side by side, stepped by the laws on a CPU or a GPU."""

import os

import numpy as np

from eco1.catalog.loader import load_biome, load_ethogram
from eco1.catalog.records import Biome
from eco1.core.errors import ConfigError
from eco1.core.records import DRIVES, PERSONALITY, Action, Hidden, Landscape, Observation, Sky
from eco1.sim.behaviors import check_ethogram
from eco1.sim.fields import F32, I32, col
from eco1.sim.ground import Conditions
from eco1.sim.kernels.sense import grid_side
from eco1.sim.landscape import build_landscape
from eco1.sim.laws import weather
from eco1.sim.machines.machine import machine_for
from eco1.sim.orders import orders_of
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
        device: ``cpu``, or ``cuda`` for an NVIDIA GPU. There the tables of a state are the GPU's, and what is asked of
            the worlds is copied from it. Worlds are the same on both but for the last bits of sines and powers.

    Raises:
        UnknownNameError: there is no such biome or device.
        ConfigError: a number is out of range, or there is no GPU.
        MissingExtraError: the device needs a package that is not installed.
    """

    def __init__(
        self, biome: str = "savanna", worlds: int = 1, animals: int = 64, dt_s: float = 0.1,
        threads: int | None = None, device: str = "cpu",
    ) -> None:  # fmt: skip
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
        shared = threads if worlds * animals >= _LEAST_ROWS_TO_SHARE else 1
        self.machine = machine_for(device, traits=self.traits, shares=self.shares, threads=shared)

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
        self.machine.populate(state, self.conditions(state))
        return state

    def step(self, state: EcosystemState, actions: Action | None = None) -> EcosystemState:
        """Advance all worlds by ``dt_s``; the given state is consumed.

        Raises:
            ConfigError: the actions have another shape than the worlds, or a controlled animal is told a velocity that
                is no number or a behaviour that does not exist.
        """
        orders = None if actions is None else orders_of(actions, (self.worlds, self.animals), len(self.behavior_names))
        self.machine.tell(state, orders)
        self.machine.step(state, self.conditions(state))
        state.step += 1
        return state

    def living(self, state: EcosystemState) -> int:
        """Return how many animals live in all worlds together, once the step that is under way is done."""
        return int(self.machine.fetch(state.census)[:, :-1].sum())

    def observe(self, state: EcosystemState) -> Observation:
        """Return what can be seen now, (W, N); the arrays are the caller's to keep."""
        view = self.machine.look(state, self.conditions(state))
        return Observation(
            position_m=view.position,
            velocity_mps=view.velocity,
            heading_rad=view.heading,
            alive=view.alive,
            carcass=view.carcass,
            identity=view.identity,
            species=view.species,
            behavior=view.behavior,
            body_length_m=view.body_length,
            surroundings=view.surroundings,
        )

    def hidden(self, state: EcosystemState) -> Hidden:
        """Return the needs, motives and traits behind the behaviour, (W, N)."""
        floats, integers = self.machine.fetch(state.floats), self.machine.fetch(state.integers)

        def rows_last(first: int, count: int) -> F32:
            return np.ascontiguousarray(floats[:, first : first + count].swapaxes(1, 2))

        return Hidden(
            drives=rows_last(col.DRIVES, len(DRIVES)),
            intent=integers[:, col.INTENT].astype(np.int16),
            personality=rows_last(col.PERSONALITY, len(PERSONALITY)),
            target=integers[:, col.TARGET].astype(np.int16),
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
