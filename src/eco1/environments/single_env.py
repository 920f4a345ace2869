"""One world of a task behind Gymnasium's plain interface: the vector environment with a single world."""

from typing import Any

import gymnasium
import numpy as np

from eco1.environments.vector_env import EcoVectorEnv


class EcoEnv(gymnasium.Env[Any, Any]):
    """One animal to control in one world. Takes the arguments of ``EcoVectorEnv`` but the number of worlds."""

    metadata = {"render_modes": ["rgb_array"], "render_fps": 10}  # noqa: RUF012

    def __init__(self, *, task: str, render_mode: str | None = None, **settings: Any) -> None:
        self.vector = EcoVectorEnv(1, task=task, render_mode=render_mode, threads=1, **settings)
        self.metadata = {key: self.vector.metadata[key] for key in ("render_modes", "render_fps")}
        self.render_mode = render_mode
        self.observation_space = self.vector.single_observation_space
        self.action_space = self.vector.single_action_space

    @property
    def state_names(self) -> tuple[str, ...]:
        """What the numbers of a state observation are, in order."""
        return self.vector.state_names

    @property
    def behaviors(self) -> tuple[str, ...]:
        """What the animal can be told to do, in the order of the action."""
        return self.vector.behaviors

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Begin an episode; there are no options."""
        super().reset(seed=seed)
        seen, infos = self.vector.reset(seed=seed)
        return _only(seen), _plain(infos)

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Carry out one action; None lets the animal decide for itself.

        Raises:
            ConfigError: before the first reset, or an action that is none.
        """
        given = None if action is None else np.asarray(action)[None]
        seen, reward, ended, time_up, infos = self.vector.step(given)
        return _only(seen), float(reward[0]), bool(ended[0]), bool(time_up[0]), _plain(infos)

    def render(self) -> Any:
        """Return a picture (rows, columns, RGB) of the whole world, north up; None without a render mode."""
        pictures = self.vector.render()
        return None if pictures is None else pictures[0]

    def close(self) -> None:
        """Let the world go."""
        self.vector.close()


def _only(seen: Any) -> Any:
    return {key: value[0] for key, value in seen.items()} if isinstance(seen, dict) else seen[0]


def _plain(infos: dict[str, Any]) -> dict[str, Any]:
    return {key: value[0].item() for key, value in infos.items() if not key.startswith("_")}
