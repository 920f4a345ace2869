"""From observations to moments that cameras and lidars can look at: bodies are posed, and remember how they moved."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float32, Shaped

from eco1.core.errors import ConfigError
from eco1.core.records import SURROUNDINGS, Observation
from eco1.sensors.bodies.posing import advance, no_motion, pose, seen_of
from eco1.sensors.bodies.postures import posture_table
from eco1.sensors.scenery.bodies import Moments, Shapes
from eco1.sensors.scenery.ground_under import carried
from eco1.sensors.scenery.scenery import Scenery

_DAYLIGHT = SURROUNDINGS.index("daylight")


@dataclass(frozen=True, kw_only=True)
class Troupe:
    """What the sensors know of the species of a world: solids, rows of ``bodies.rigs.RIG``, how widely each sees."""

    species_names: tuple[str, ...]
    shapes: Shapes
    rigs: Shaped[np.ndarray, " s"]
    field_of_view_rad: Float32[np.ndarray, " s"]


class Stage:
    """Worlds side by side on one scenery. ``look`` takes what is observed now and returns it with bodies posed.

    Args:
        scenery: what stands still.
        troupe: of the species that the observations speak of, in their order.
        behavior_names: of the observations.
        dt_s: time between looks.
    """

    def __init__(self, scenery: Scenery, troupe: Troupe, behavior_names: Sequence[str], *, dt_s: float) -> None:
        self.scenery, self.troupe, self.dt_s = scenery, troupe, dt_s
        self._table = posture_table(behavior_names)
        self._motion: list[Shaped[np.ndarray, " n"]] = []
        self._looks = 0

    def look(self, observation: Observation, *, ice: float = 0.0) -> Moments:
        """Return W moments of an observation (W, N), ``dt_s`` after the one before.

        Raises:
            ConfigError: the observation has not two axes, or another number of worlds than the one before.
        """
        if observation.alive.ndim != 2 or (self._motion and len(self._motion) != len(observation.alive)):
            raise ConfigError(
                f"A stage looks at observations (worlds, animals), always as many worlds; got "
                f"{observation.alive.shape}, "
                f"after {len(self._motion) or 'none'}. One world is observation[None]."
            )
        worlds, animals = observation.alive.shape
        if not self._motion:
            self._motion = [no_motion(animals) for _ in range(worlds)]
        time_s = self._looks * self.dt_s
        placed = [self._pose(observation[w], w, time_s, ice) for w in range(worlds)]
        self._looks += 1
        return Moments(
            rotation=np.stack([one.rotation for one in placed]),
            position_m=np.stack([one.position_m for one in placed]),
            scale=np.stack([one.scale for one in placed]),
            species=np.maximum(observation.species, 0),
            identity=observation.identity,
            shown=(observation.alive | observation.carcass) & (observation.species >= 0),
            daylight=daylight_of(observation),
            ice=np.full(worlds, ice, np.float32),
            time_s=np.full(worlds, time_s, np.float32),
        )

    def _pose(self, observation: Observation, world: int, time_s: float, ice: float):
        rigs = self.troupe.rigs
        seen = seen_of(observation, carried(self.scenery, observation.position_m, ice), rigs)
        self._motion[world] = advance(
            rigs, seen, self._table, self._motion[world], time_s=time_s, dt_s=self.dt_s
        )  # fmt: skip
        return pose(rigs, seen, self._motion[world], time_s=time_s)


def daylight_of(observation: Observation) -> Float[np.ndarray, " w"]:
    """Return the light in each world as its animals have it around them; full light where nobody lives."""
    light = np.where(observation.alive, observation.surroundings[..., _DAYLIGHT], -1.0).max(-1)
    return np.where(light < 0, 1.0, light).astype(np.float32)
