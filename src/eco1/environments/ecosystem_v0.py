"""A whole ecosystem for many learners, as PettingZoo names such modules: ``ecosystem_v0.parallel_env()``."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from eco1.core.extras import require

if TYPE_CHECKING:
    from eco1.environments.parallel_env import EcosystemParallelEnv


def parallel_env(
    *, biome: str = "savanna", animals: int = 64, species: Sequence[str] | None = None, seconds: float = 300.0,
    actions: str = "continuous", births: int = 32, render_mode: str | None = None,
) -> "EcosystemParallelEnv":  # fmt: skip
    """Return the environment in which all act at once.

    Args:
        biome: a name from the catalog.
        animals: rows of the world, some of them empty at first.
        species: whose animals are agents; None: all. The others decide for themselves.
        seconds: simulated length of an episode; a step takes 0.1 s.
        actions: continuous or discrete, see ``spaces.action_space``.
        births: newborns of each species that become agents in one episode.
        render_mode: None or rgb_array.

    Raises:
        MissingExtraError: PettingZoo is not installed.
        UnknownNameError: no such biome, species or kind of action.
        ConfigError: a number is out of range.
    """
    require("pettingzoo", "eco1.environments.ecosystem_v0")
    from eco1.environments.parallel_env import EcosystemParallelEnv

    return EcosystemParallelEnv(
        biome=biome, animals=animals, species=species, seconds=seconds, actions=actions, births=births,
        render_mode=render_mode,
    )  # fmt: skip
