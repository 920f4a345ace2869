"""All animals of one world as agents: they die, are born and are never revived, by PettingZoo's rules."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import gymnasium
import numpy as np
from numpy.typing import NDArray
from pettingzoo import ParallelEnv

from eco1.core.errors import ConfigError, unknown_name
from eco1.core.records import SURROUNDINGS, Action
from eco1.environments import rewards
from eco1.environments.agents import Register
from eco1.environments.herd_kernels import tell_rows, view_rows
from eco1.environments.menus import menu_of
from eco1.environments.neighbours import NEIGHBOURS
from eco1.environments.orders import most_told
from eco1.environments.pictures import SIDE, paint_world
from eco1.environments.spaces import action_space, check_modes, checked_actions, observation_space
from eco1.environments.view import PAST, VIEW
from eco1.sim.behaviors import NAMES
from eco1.sim.ecosystem import Ecosystem
from eco1.sim.fields import F32, col, trait
from eco1.sim.state import EcosystemState

_SEEDS = 2**31
#: What ``state()`` tells of every row, each within -1 and 1.
STATE = ("x", "y", "height", "heading_x", "heading_y", "speed", "alive", "carcass", "species", "behavior")
Seen = dict[str, F32]


class EcosystemParallelEnv(ParallelEnv[str, F32, NDArray[Any]]):
    """See ``ecosystem_v0.parallel_env``. Every reset with a seed makes the landscape of that seed.

    An agent perceives the numbers of ``view`` and which behaviour of its menu it shows. It earns
    ``rewards.GUT`` for each full gut of energy it gains (and loses as much for energy it spends),
    ``rewards.MINUTE`` for each minute it lives and ``rewards.DEATH`` when it dies, which ends it. A newborn appears
    among the agents of the step of its birth, as the next free number of its species.
    """

    metadata = {"name": "ecosystem_v0", "render_modes": ["rgb_array"], "render_fps": 10}  # noqa: RUF012

    def __init__(
        self, *, biome: str, animals: int, species: Sequence[str] | None, seconds: float, actions: str, births: int,
        render_mode: str | None,
    ) -> None:  # fmt: skip
        check_modes("state", actions)
        if render_mode not in (None, "rgb_array"):
            raise ConfigError(f"render_mode is {render_mode!r}; allowed: None and 'rgb_array'.")
        self._world = Ecosystem(biome, animals=animals, threads=1)
        if births < 0 or not self._world.dt_s <= seconds < math.inf:
            raise ConfigError(f"births must be 0 or more and seconds at least 0.1; got {births} and {seconds:g}.")
        names = self._world.species_names
        for name in species or ():
            if name not in names:
                raise unknown_name("species", name, names, where=biome, see="eco1 list species")
        chosen = [name for name in names if species is None or name in species]
        first = [int(self._world.shares[names.index(name)]) for name in chosen]
        self.render_mode, self._discrete = render_mode, actions == "discrete"
        self._last_step = round(seconds / self._world.dt_s)
        self._register = Register(chosen, first, births)
        self.possible_agents = list(self._register.possible)
        self.agents: list[str] = []
        self._make_spaces(actions)
        self._dice = np.random.default_rng()
        self._state: EcosystemState | None = None

    def _make_spaces(self, actions: str) -> None:
        traits, rows = self._world.traits, self._world.animals
        menus = [menu_of(traits, s) for s in range(len(traits))]
        self._sizes = np.array([len(menu) for menu in menus], np.int32)
        self._menus = np.zeros((len(menus), self._sizes.max()), np.int32)
        for s, menu in enumerate(menus):
            self._menus[s, : len(menu)] = menu
        self.observation_spaces, self.action_spaces = {}, {}
        for agent in self.possible_agents:
            size = int(self._sizes[self._species_of(agent)])
            self.observation_spaces[agent] = observation_space("state", VIEW + size, 0)
            self.action_spaces[agent] = action_space(actions, size)
        self.state_space = gymnasium.spaces.Box(-1.0, 1.0, (rows * len(STATE),), np.float32)

    def _species_of(self, agent: str) -> int:
        return self._world.species_names.index(agent.rpartition("_")[0])

    def behaviors(self, agent: str) -> tuple[str, ...]:
        """Return what an agent can be told to do, in the order of its action."""
        s = self._species_of(agent)
        return tuple(NAMES[behavior] for behavior in self._menus[s, : self._sizes[s]])

    def observation_space(self, agent: str) -> gymnasium.Space[Any]:
        """Return the space of what an agent perceives, the same object every time."""
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> gymnasium.Space[Any]:
        """Return the space of what an agent can do, the same object every time."""
        return self.action_spaces[agent]

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Seen, dict[str, dict[str, Any]]]:
        """Begin a new world; there are no options."""
        if seed is not None:
            self._dice = np.random.default_rng(seed)
        drawn = int(self._dice.integers(_SEEDS)) if seed is None else seed
        self._state = self._world.reset(drawn)
        self._register.clear()
        self._past = np.zeros((self._world.animals, PAST), np.float32)
        self._rows, self._stores = {}, dict[str, float]()
        seen, stores = self._look()
        self.agents = list(self._rows)
        self._stores = stores
        return seen, self._infos(self.agents)

    def step(
        self, actions: dict[str, NDArray[Any]]
    ) -> tuple[Seen, dict[str, float], dict[str, bool], dict[str, bool], dict[str, dict[str, Any]]]:  # fmt: skip
        """Carry out the actions of all agents at once.

        Raises:
            UnknownNameError: an action for somebody who is no agent now.
            ConfigError: before the first reset, for want of an action, or for one that is none.
        """
        if self._state is None:
            raise ConfigError("step() came before the first reset(). Next: env.reset(seed=0)")
        before, rows_before = self._stores, self._rows
        self._state = self._world.step(self._state, self._orders(self._state, actions))
        seen, stores = self._look(also=rows_before)
        dead = {agent for agent in self.agents if agent not in self._rows}
        everybody = [*self.agents, *(agent for agent in self._rows if agent not in rows_before)]
        time_up = self._state.step >= self._last_step
        earned = {agent: self._earned(agent, before, stores, agent in dead) for agent in everybody}
        self._stores = stores
        infos = self._infos(everybody)
        self.agents = [] if time_up else [agent for agent in everybody if agent not in dead]
        return (
            seen,
            earned,
            {agent: agent in dead for agent in everybody},
            {agent: time_up and agent not in dead for agent in everybody},
            infos,
        )

    def _earned(self, agent: str, before: dict[str, float], now: dict[str, float], dead: bool) -> float:
        if dead:
            return rewards.DEATH
        if agent not in before:
            return 0.0
        return rewards.GUT * (now[agent] - before[agent]) + rewards.MINUTE * self._world.dt_s / 60

    def _orders(self, state: EcosystemState, actions: dict[str, NDArray[Any]]) -> Action:
        for agent in actions:
            if agent not in self._rows:
                raise unknown_name("agent", agent, self.agents, where="the actions of this step")
        missing = [agent for agent in self.agents if agent not in actions]
        if missing:
            raise ConfigError(
                f"Every agent needs an action; none came for {', '.join(missing[:5])}"
                f"{' and others' if len(missing) > 5 else ''}. "
                "Next: {agent: env.action_space(agent).sample() for agent in env.agents}"
            )
        told = np.zeros((len(self.agents), most_told(int(self._sizes.max()), self._discrete)), np.float32)
        for n, agent in enumerate(self.agents):
            one = np.asarray(actions[agent])[None]
            given = checked_actions(one, self.action_spaces[agent], self.behaviors(agent), 1)
            told[n, : given.size] = given[0]
        rows = np.array([self._rows[agent] for agent in self.agents], np.int32)
        tell_rows(
            state.floats[0], state.integers[0], self._world.traits, state.ground, self._world.conditions(state), rows,
            self._menus, self._sizes, told, self._discrete,
        )  # fmt: skip
        controlled = np.zeros((1, self._world.animals), bool)
        controlled[0, rows] = True
        velocity = [state.float_field(field) for field in (col.ORDER_X, col.ORDER_Y, col.ORDER_Z)]
        return Action(
            velocity_mps=np.stack(velocity, axis=-1),
            behavior=state.integer_field(col.ORDER).astype(np.int16),
            controlled=controlled,
        )

    def _look(self, also: Iterable[str] = ()) -> tuple[Seen, dict[str, float]]:
        """Find out who lives where; return what they and those that just died perceive, and their energy."""
        assert self._state is not None
        state, old = self._state, self._rows
        k = state.integers[0]
        alive = k[col.STATUS] == col.ALIVE
        self._rows = self._register.present(alive, k[col.IDENTITY], k[col.SPECIES], self._world.species_names)
        for agent, row in self._rows.items():
            if agent not in old:
                self._past[row] = 0.0
        looking = self._rows | {agent: old[agent] for agent in also if agent not in self._rows}
        rows = np.array(list(looking.values()), np.int32)
        out = np.zeros((len(rows), VIEW + int(self._sizes.max())), np.float32)
        stores = np.zeros(len(rows), np.float32)
        near, around = np.zeros(NEIGHBOURS, np.int32), np.zeros(len(SURROUNDINGS), np.float32)
        view_rows(
            out, stores, state.floats[0], k, self._world.traits, state.forage[0], state.ground,
            self._world.conditions(state), rows, self._menus, self._sizes, self._past, near, around, self._world.dt_s,
        )  # fmt: skip
        seen = {agent: out[n, : VIEW + self._sizes[self._species_of(agent)]] for n, agent in enumerate(looking)}
        return seen, {agent: float(stores[n]) for n, agent in enumerate(looking)}

    def _infos(self, agents: list[str]) -> dict[str, dict[str, Any]]:
        return {agent: {"row": self._rows.get(agent, -1), "energy": self._stores.get(agent, 0.0)} for agent in agents}

    def state(self) -> F32:
        """Return the whole world as everybody together would see it: ``STATE`` of every row, one after the other."""
        if self._state is None:
            raise ConfigError("state() came before the first reset(). Next: env.reset(seed=0)")
        seen, size = self._world.observe(self._state)[0], self._state.ground.size
        there = seen.alive | seen.carcass
        top = self._world.traits[np.clip(seen.species, 0, None), trait.TOP]
        told = np.stack(
            [
                *(2 * seen.position_m[:, :2] / size - 1).T,
                seen.position_m[:, 2] / size,
                np.cos(seen.heading_rad),
                np.sin(seen.heading_rad),
                np.linalg.norm(seen.velocity_mps, axis=-1) / top,
                seen.alive,
                seen.carcass,
                seen.species / len(self._world.species_names),
                seen.behavior / len(NAMES),
            ],
            axis=-1,
        )
        return np.clip(np.where(there[:, None], told, 0.0), -1.0, 1.0).astype(np.float32).ravel()

    def render(self) -> NDArray[np.uint8] | None:
        """Return a picture (rows, columns, RGB) of the whole world from straight above, north up."""
        if self.render_mode is None or self._state is None:
            return None
        state, picture = self._state, np.zeros((SIDE, SIDE, 3), np.uint8)
        paint_world(
            picture, state.floats[0], state.integers[0], self._world.traits, state.forage[0], state.ground,
            self._world.conditions(state), -1,
        )  # fmt: skip
        return picture
