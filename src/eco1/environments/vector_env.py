"""Many worlds of one task behind Gymnasium's vector interface, stepped together by one compiled loop."""

from typing import Any

import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from eco1.core.errors import ConfigError
from eco1.environments import rewards
from eco1.environments.episodes import ARRIVED, DIED, GOING, TIME_UP
from eco1.environments.pictures import painted
from eco1.environments.spaces import action_space, check_modes, checked_actions, observation_space
from eco1.environments.task_worlds import PICTURE, TaskWorlds

_SEEDS = 2**31
Flags = NDArray[np.bool_]


class EcoVectorEnv(VectorEnv[Any, Any, NDArray[Any]]):
    """Worlds side by side in which one animal each is controlled; see ``tasks`` for what it is to manage.

    World k, started with seed s, lives the same life as a single environment started with seed s + k. All worlds share
    the landscape of ``landscape_seed``. What an animal earns is said in ``rewards``.

    Args:
        num_envs: worlds.
        task: hunt, evade, forage, herd, migrate or patrol.
        biome: a name from the catalog.
        species: who is controlled; None: whom the task names for the biome.
        observations: state (numbers, named by ``state_names``), image (an exact picture from straight above, heading
            up, ``painted`` and not seen by any eye) or both.
        actions: continuous or discrete, see ``spaces.action_space``.
        hold: simulated steps of 0.1 s that an action lasts; the built-in animals think every 0.2 s.
        seconds: length of an episode, simulated; None: the task's.
        autoreset_mode: whether an ended world begins anew with the next step (NEXT_STEP) or within the same
            (SAME_STEP, with ``final_obs`` and ``final_info``).
        landscape_seed: of ground, weather and season.
        threads: CPU threads; None takes all cores.
        render_mode: None or rgb_array: one picture of each whole world.

    Raises:
        UnknownNameError: a task, biome, species or kind that does not exist.
        ConfigError: a number out of range, or a species that cannot do this.
    """

    def __init__(
        self, num_envs: int = 1, *, task: str, biome: str = "savanna", species: str | None = None,
        observations: str = "state", actions: str = "continuous", hold: int = 1, seconds: float | None = None,
        autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP, landscape_seed: int = 0,
        threads: int | None = None, render_mode: str | None = None,
    ) -> None:  # fmt: skip
        check_modes(observations, actions)
        mode = _autoreset(autoreset_mode)
        if render_mode not in (None, "rgb_array"):
            raise ConfigError(f"render_mode is {render_mode!r}; allowed: None and 'rgb_array'.")
        self.worlds = TaskWorlds(
            task, biome=biome, species=species, worlds=num_envs, hold=hold, seconds=seconds,
            discrete=actions == "discrete", pictures=observations != "state",
            same_step=mode == AutoresetMode.SAME_STEP, landscape_seed=landscape_seed, threads=threads,
        )  # fmt: skip
        self.metadata = {
            "render_modes": ["rgb_array"],
            "render_fps": round(1 / self.worlds.step_s),
            "autoreset_mode": mode,
        }
        self.num_envs, self.render_mode, self._observations = num_envs, render_mode, observations
        self.single_observation_space = observation_space(observations, self.worlds.state_size, PICTURE)
        self.single_action_space = action_space(actions, len(self.worlds.menu))
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self._begun = False

    @property
    def state_names(self) -> tuple[str, ...]:
        """What the numbers of a state observation are, in order."""
        return self.worlds.state_names

    @property
    def behaviors(self) -> tuple[str, ...]:
        """What the animal can be told to do, in the order of the action."""
        return self.worlds.behaviors

    def reset(
        self, *, seed: int | list[int] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:  # fmt: skip
        """Begin an episode in every world; there are no options.

        Raises:
            ConfigError: not as many seeds as worlds.
        """
        if isinstance(seed, int):
            super().reset(seed=seed)
            seeds = [seed + k for k in range(self.num_envs)]
        elif seed is None:
            seeds = None if self._begun else [int(s) for s in self.np_random.integers(_SEEDS, size=self.num_envs)]
        else:
            seeds = list(seed)
        if seeds is not None:
            if len(seeds) != self.num_envs:
                raise ConfigError(f"A list of seeds needs one per world: {self.num_envs}; got {len(seeds)}.")
            self.worlds.seed(seeds)
        self.worlds.begin()
        self._begun = True
        return self._seen(), self._infos(self.worlds.desk.memo)

    def step(self, actions: Any) -> tuple[Any, NDArray[Any], Flags, Flags, dict[str, Any]]:
        """Carry out one action in every world; None lets the animals decide for themselves.

        Raises:
            ConfigError: before the first reset, or actions that are none.
        """
        if not self._begun:
            raise ConfigError("step() came before the first reset(). Next: env.reset(seed=0)")
        given = None
        if actions is not None:
            given = checked_actions(actions, self.single_action_space, self.behaviors, self.num_envs)
        self.worlds.step(given)
        desk = self.worlds.desk
        infos = self._infos(desk.memo)
        if self.worlds.rules.same_step and (desk.over != GOING).any():
            infos |= self._final(desk.over != GOING)
        ended = (desk.over == DIED) | (desk.over == ARRIVED)
        return self._seen(), desk.reward.copy(), ended, desk.over == TIME_UP, infos

    def render(self) -> tuple[Any, ...] | None:
        """Return a picture (rows, columns, RGB) of each whole world, north up."""
        if self.render_mode is None:
            return None
        return tuple(painted(self.worlds, world) for world in range(self.num_envs))

    def _seen(self) -> Any:
        desk = self.worlds.desk
        return self._chosen(desk.state, desk.picture)

    def _chosen(self, state: NDArray[Any], picture: NDArray[Any]) -> Any:
        if self._observations == "both":
            return {"image": picture.copy(), "state": state.copy()}
        return (state if self._observations == "state" else picture).copy()

    def _infos(self, memo: NDArray[np.float32]) -> dict[str, Any]:
        """Return what there is to know of every world besides, each with its mask."""
        infos = _told(memo)
        everywhere = np.ones(self.num_envs, bool)
        return infos | {f"_{key}": everywhere.copy() for key in infos}

    def _final(self, ended: Flags) -> dict[str, Any]:
        desk, last = self.worlds.desk, np.full(self.num_envs, None, object)
        for world in np.flatnonzero(ended):
            last[world] = self._chosen(desk.final_state[world], desk.final_picture[world] if self._paints else _NOTHING)
        told = {key: np.where(ended, value, np.zeros_like(value)) for key, value in _told(desk.final_memo).items()}
        return {
            "final_obs": last,
            "_final_obs": ended,
            "final_info": told | {f"_{key}": ended.copy() for key in told},
            "_final_info": ended.copy(),
        }

    @property
    def _paints(self) -> bool:
        return self._observations != "state"


_NOTHING = np.zeros(0, np.uint8)


def _told(memo: NDArray[np.float32]) -> dict[str, Any]:
    return {
        "success": memo[:, rewards.SUCCESS] == 1,
        "return": memo[:, rewards.RETURN].copy(),
        "energy_j": memo[:, rewards.ENERGY].copy(),
        "lived_s": memo[:, rewards.LIVED_S].copy(),
    }


def _autoreset(mode: AutoresetMode | str) -> AutoresetMode:
    allowed = (AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP)
    found = next((one for one in allowed if mode in (one, one.value, one.name)), None)
    if found is None:
        raise ConfigError(f"autoreset_mode is {mode!r}; allowed: {', '.join(str(one) for one in allowed)}.")
    return found
