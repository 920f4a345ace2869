"""Our vector environment as the one that Stable-Baselines3 expects."""

from collections.abc import Sequence
from typing import Any

import gymnasium
import numpy as np
from numpy.typing import NDArray
from stable_baselines3.common.vec_env import VecEnv

from eco1.core.errors import ConfigError
from eco1.environments.vector_env import EcoVectorEnv

_PLAIN: dict[str, Any] = {}


class Sb3Worlds(VecEnv):
    """Steps all worlds at once; episodes begin anew in the step in which they end, as Stable-Baselines3 has it.

    Args:
        envs: with ``autoreset_mode`` SAME_STEP.
        seed: of the first reset.

    Raises:
        ConfigError: the worlds begin anew a step too late.
    """

    def __init__(self, envs: EcoVectorEnv, seed: int) -> None:
        if not envs.worlds.rules.same_step:
            raise ConfigError("Stable-Baselines3 needs worlds made with autoreset_mode='SameStep'.")
        self.envs, self._seed = envs, seed
        super().__init__(envs.num_envs, envs.single_observation_space, envs.single_action_space)  # pyright: ignore[reportArgumentType]

    def reset(self) -> Any:
        """Begin an episode in every world."""
        seen, _ = self.envs.reset(seed=self._seed)
        return seen

    def step_async(self, actions: NDArray[Any]) -> None:
        """Take the actions of the next step."""
        self._actions = actions

    def step_wait(self) -> tuple[Any, NDArray[np.float32], NDArray[np.bool_], list[dict[str, Any]]]:
        """Carry them out."""
        seen, reward, ended, time_up, infos = self.envs.step(self._actions)
        done, told = ended | time_up, [_PLAIN] * self.num_envs
        for world in np.flatnonzero(done):
            final = infos["final_info"]
            told[world] = {
                "terminal_observation": infos["final_obs"][world],
                "TimeLimit.truncated": bool(time_up[world]),
                "episode": {"r": float(final["return"][world]), "l": float(final["lived_s"][world])},
                "is_success": bool(final["success"][world]),
            }
        return seen, reward.astype(np.float32), done, told

    def close(self) -> None:
        """Let the worlds go."""
        self.envs.close()

    def get_attr(self, attr_name: str, indices: Any = None) -> list[Any]:
        """Return an attribute that all worlds share, once for each."""
        return [getattr(self.envs, attr_name)] * self._count(indices)

    def set_attr(self, attr_name: str, value: Any, indices: Any = None) -> None:
        """Refuse: what worlds share cannot be changed in one of them."""
        raise ConfigError(f"{attr_name} cannot be set: make new worlds with other arguments.")

    def env_method(self, method_name: str, *method_args: Any, indices: Any = None, **method_kwargs: Any) -> list[Any]:
        """Refuse: worlds side by side are one object."""
        raise ConfigError(f"{method_name} cannot be called on single worlds; use the EcoVectorEnv itself.")

    def env_is_wrapped(
        self, wrapper_class: type[gymnasium.Wrapper[Any, Any, Any, Any]], indices: Any = None
    ) -> list[bool]:
        """Return that no world is wrapped."""
        return [False] * self._count(indices)

    def get_images(self) -> Sequence[NDArray[np.uint8] | None]:
        """Return a picture of each world."""
        return list(self.envs.render() or ())

    def _count(self, indices: Any) -> int:
        return len(list(self._get_indices(indices)))
