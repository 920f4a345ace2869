"""A task in many worlds at once: arrays in, arrays out. What Gymnasium's and everybody else's interfaces stand on."""

import math
import os

import numpy as np

from eco1.catalog.loader import load_biome
from eco1.catalog.records import Biome
from eco1.core.errors import ConfigError
from eco1.core.random import generator
from eco1.core.records import SURROUNDINGS, Landscape
from eco1.core.threads import Threads
from eco1.environments import episodes, rewards
from eco1.environments.batch import Desk, Rules, Worlds
from eco1.environments.neighbours import NEIGHBOURS
from eco1.environments.orders import most_told
from eco1.environments.tasks import cast_of, task_named
from eco1.environments.view import PAST, VIEW, view_names
from eco1.sim import behaviors as b
from eco1.sim.fields import F32, F64
from eco1.sim.ground import Conditions
from eco1.sim.landscape import build_landscape
from eco1.sim.laws import weather
from eco1.sim.state import empty_state

#: Worlds have the ground of so many animals; fewer live there, so that nobody waits for anybody.
GROUND_ROWS = 16
#: Simulated seconds per step of the simulator.
DT_S = 0.1
PICTURE = 64
_REACH_SHARE = 0.2  # of the side of the world, half the side of a picture
_LEAST_WORLDS_TO_SHARE = 64  # below this a second thread costs more than it brings
_STREAMS = 2**31


class TaskWorlds:
    """W worlds of one task. They share a landscape; every episode takes a random stream of its own.

    Args:
        task: a name from ``tasks.TASKS``.
        biome: a name from the catalog.
        species: who is looked after; None: whom the task names.
        worlds: W.
        hold: simulated steps of 0.1 s that an action lasts.
        seconds: length of an episode; None: the task's.
        discrete: whether actions are choices of a move and a behaviour.
        pictures: whether pictures are painted.
        same_step: whether a world begins anew in the step in which its episode ends; otherwise in the next.
        landscape_seed: of the ground, weather and season.
        threads: CPU threads; None takes all cores. The result does not depend on it.

    Raises:
        UnknownNameError: no such task, biome or species.
        ConfigError: a number is out of range, or the species cannot do this.
    """

    def __init__(
        self, task: str, *, biome: str = "savanna", species: str | None = None, worlds: int = 1, hold: int = 1,
        seconds: float | None = None, discrete: bool = False, pictures: bool = False, same_step: bool = False,
        landscape_seed: int = 0, threads: int | None = None,
    ) -> None:  # fmt: skip
        self.task = task_named(task)
        self.cast = cast_of(self.task, biome, species)
        seconds = self.task.seconds if seconds is None else seconds
        self.threads = threads if threads is not None else os.cpu_count() or 1
        for name, value in (("worlds", worlds), ("hold", hold), ("threads", self.threads)):
            if value < 1:
                raise ConfigError(f"{name} must be at least 1, got {value}.")
        if not hold * DT_S <= seconds < math.inf:
            raise ConfigError(f"seconds must be finite and at least one step of {hold * DT_S:g} s, got {seconds:g}.")
        self.worlds, self.longest = worlds, round(seconds / (hold * DT_S))
        self.menu = np.array(self.cast.menu, np.int32)
        self.behaviors = tuple(b.NAMES[behavior] for behavior in self.cast.menu)
        self.action_size = most_told(len(self.menu), discrete)
        landscape, self.ground = build_landscape(load_biome(biome), GROUND_ROWS, landscape_seed)
        self.sky = _sky(load_biome(biome), landscape_seed, self.ground.forage_cell, self.longest * hold + 1)
        self.rules = Rules(
            kind=self.task.kind,
            me=self.cast.me,
            hold=hold,
            longest=self.longest,
            same_step=same_step,
            discrete=discrete,
            hunger=-1.0 if self.task.hunger is None else self.task.hunger,
            hunters_hunger=0.8 if self.task.hunters else -1.0,
            apart=-1.0 if self.task.apart is None else self.task.apart,
            reach_m=_REACH_SHARE * self.ground.size,
            side=1,
            seed=landscape_seed,
            dt=DT_S,
        )
        self.tables = self._tables(landscape_seed, landscape)
        self.desk = _desk(worlds, self.state_size, PICTURE if pictures else 0)
        self._threads = Threads(self.threads if worlds >= _LEAST_WORLDS_TO_SHARE else 1)
        self._dice: list[np.random.Generator] = []

    @property
    def state_size(self) -> int:
        """How many numbers a state observation has."""
        return VIEW + len(self.menu) + episodes.TASK

    @property
    def step_s(self) -> float:
        """Simulated seconds per step of the environment."""
        return self.rules.hold * self.rules.dt

    @property
    def state_names(self) -> tuple[str, ...]:
        """What the numbers of a state observation are, in order."""
        goal = ("goal_ahead", "goal_left", "goal_log_distance", "goal_present", "time_left")
        return (*view_names(), *(f"does_{name}" for name in self.behaviors), *goal)

    def seed(self, seeds: "list[int]") -> None:
        """Give every world its own dice, from which the random streams of its episodes are drawn."""
        self._dice = [generator(seed, 0) for seed in seeds]
        self._draw(np.arange(self.worlds))

    def begin(self) -> None:
        """Begin an episode in every world."""
        self._threads.each(self.worlds, self._begin)
        self._draw(np.arange(self.worlds))

    def step(self, actions: F32 | None) -> None:
        """Live one step in all worlds; without actions the animals decide for themselves."""
        told = actions is not None
        given = np.zeros((self.worlds, self.action_size), np.float32) if actions is None else actions
        begun = self.desk.over != episodes.GOING
        self._threads.each(self.worlds, lambda first, last: self._step(given, told, first, last))
        if self.rules.same_step:
            begun = self.desk.over != episodes.GOING
        self._draw(np.flatnonzero(begun))

    def _draw(self, worlds: "np.ndarray") -> None:
        for n in worlds:
            self.tables.streams[n] = self._dice[n].integers(_STREAMS)

    def _begin(self, first: int, last: int) -> None:
        episodes.begin_worlds(
            self.rules, self.tables, self.desk, self.cast.traits, self.ground, self.sky, self.cast.counts, self.menu,
            first, last,
        )  # fmt: skip

    def _step(self, actions: F32, told: bool, first: int, last: int) -> None:
        episodes.step_worlds(
            self.rules, self.tables, self.desk, self.cast.traits, self.ground, self.sky, self.cast.counts, self.menu,
            actions, told, first, last,
        )  # fmt: skip

    def _tables(self, seed: int, landscape: Landscape) -> Worlds:
        rows = int(self.cast.counts.sum()) + 1  # one for a birth
        state = empty_state(
            seed=seed, first_world=0, start_s=0.0, landscape=landscape, ground=self.ground, worlds=self.worlds,
            rows=rows, species=len(self.cast.names), grid_cells=1,
        )  # fmt: skip
        return Worlds(
            floats=state.floats,
            integers=state.integers,
            forage=state.forage,
            marks=state.marks,
            census=state.census,
            ledger=state.ledger,
            cells=state.cells,
            streams=np.zeros(self.worlds, np.int64),
        )


def _sky(biome: Biome, seed: int, forage_cell_m: float, steps: int) -> F64:
    """Return what holds at each of so many steps (``Conditions`` from ``time`` on): the sky is the same for all."""
    start_s = weather.start_time_s(biome, seed)
    rows = [
        weather.conditions(biome, seed=seed, step=step, dt_s=DT_S, start_s=start_s, forage_cell_m=forage_cell_m)
        for step in range(steps)
    ]
    return np.array([row[Conditions._fields.index("time") :] for row in rows], np.float64)


def _desk(worlds: int, state_size: int, picture: int) -> Desk:
    painted = worlds if picture else 0
    return Desk(
        memo=np.zeros((worlds, rewards.MEMO), np.float32),
        past=np.zeros((worlds, PAST), np.float32),
        near=np.zeros((worlds, NEIGHBOURS), np.int32),
        around=np.zeros((worlds, len(SURROUNDINGS)), np.float32),
        steps=np.zeros(worlds, np.int64),
        over=np.zeros(worlds, np.int64),
        reward=np.zeros(worlds),
        state=np.zeros((worlds, state_size), np.float32),
        final_state=np.zeros((worlds, state_size), np.float32),
        final_memo=np.zeros((worlds, rewards.MEMO), np.float32),
        picture=np.zeros((painted, picture, picture, 3), np.uint8),
        final_picture=np.zeros((painted, picture, picture, 3), np.uint8),
    )
