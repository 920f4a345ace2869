"""The world behind the live viewer: it steps, remembers recent tracks, and asks a model what it imagines."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from jaxtyping import Bool, Float

from eco1.core.protocols import Brain, Simulator
from eco1.core.records import Hidden, Landscape, Observation, Sky

IMAGINED_S = 3.0
_TRACK_S = 12.0


class Habitat(Simulator[Any], Protocol):
    """A simulator whose land, light and hidden needs can be shown. ``biome`` is the name of the kind of world."""

    biome: str

    def landscape(self, state: Any) -> Landscape:
        """Return the ground."""
        ...

    def hidden(self, state: Any) -> Hidden:
        """Return what nobody can see, (W, N)."""
        ...

    def sky(self, state: Any) -> Sky:
        """Return hour, season and weather."""
        ...


@dataclass(frozen=True, kw_only=True)
class Insight:
    """What a model can say about its memory of one world. Both callables leave the memory as it is.

    ``routing(memory)`` returns the weight of each expert for each animal (N, E); ``imagine(memory, steps)`` the
    positions (N, steps, 3), world axes in metres, that it expects.
    """

    expert_names: tuple[str, ...]
    routing: Callable[[Any], Float[np.ndarray, "n e"]]
    imagine: Callable[[Any, int], Float[np.ndarray, "n t 3"]]


class LivingWorld:
    """One world (W = 1) that goes on step by step, some species driven by a brain.

    Args:
        simulator: the world; its built-in animals decide for themselves.
        brain: drives the species in ``driven``; None leaves everyone to the simulator.
        insight: what the brain's model can say about itself.
        seed: of the world and of the brain's dice.
        burn_in_s: simulated seconds to let pass before the first look.
    """

    def __init__(
        self,
        simulator: Habitat,
        brain: Brain[Any] | None,
        insight: Insight | None,
        *,
        seed: int = 0,
        burn_in_s: float = 0.0,
    ) -> None:
        self.simulator, self.insight, self.has_brain = simulator, insight, brain is not None
        self.driven: set[str] = set(simulator.species_names) if brain is not None else set()
        state = simulator.reset(seed)
        for _ in range(round(burn_in_s / simulator.dt_s)):
            state = simulator.step(state, None)
        self.landscape = simulator.landscape(state)
        self._state, self._moments = state, None
        self._memory: Any = None
        if brain is not None:
            from eco1.brains.drive import drive

            self._moments = drive(simulator, state, brain, driven=self._is_driven, seed=seed)
        self.time_s, self._burn_in_s = 0.0, burn_in_s
        self.before = self.after = self._look()
        self._tracks: deque[np.ndarray] = deque(maxlen=round(_TRACK_S / simulator.dt_s))

    def step(self) -> None:
        """Go on by one step."""
        if self._moments is None:
            self._state = self.simulator.step(self._state, None)
        self.before, self.after = self.after, self._look()
        self._tracks.append(self.after.position_m.copy())
        self.time_s += self.simulator.dt_s

    @property
    def daylight(self) -> float:
        """Light now, 0..1."""
        return self.simulator.sky(self._state).daylight

    def drives_of(self, row: int) -> Float[np.ndarray, " d"]:
        """Return the hidden drives of one animal, in the order of ``core.records.DRIVES``."""
        return self.simulator.hidden(self._state).drives[0, row].astype(float)

    def experts_of(self, row: int) -> Float[np.ndarray, " e"] | None:
        """Return the weight of each expert for one animal, or None without a model."""
        if self.insight is None or self._memory is None:
            return None
        return np.asarray(self.insight.routing(self._memory), float)[row]

    def imagined_path(self, row: int) -> Float[np.ndarray, "t 3"] | None:
        """Return where the model sees one animal in the next three seconds, or None without a model."""
        if self.insight is None or self._memory is None:
            return None
        path = np.asarray(self.insight.imagine(self._memory, round(IMAGINED_S / self.simulator.dt_s)), float)[row]
        return np.concatenate([self.after.position_m[row][None].astype(float), path])

    def track(self, row: int, seconds: float) -> Float[np.ndarray, "t 3"]:
        """Return where one animal was in the last ``seconds``, oldest first."""
        recent = list(self._tracks)[-max(1, round(seconds / self.simulator.dt_s)) :]
        return np.array([positions[row] for positions in recent], float).reshape(-1, 3)

    @property
    def age_s(self) -> float:
        """Simulated seconds since the world began."""
        return self._burn_in_s + self.time_s

    def _look(self) -> Observation:
        if self._moments is None:
            return self.simulator.observe(self._state)[0]
        moment = next(self._moments)
        self._state, self._memory = moment.state, moment.memory
        return moment.observation[0]

    def _is_driven(self, observation: Observation) -> Bool[np.ndarray, "w n"]:
        names = self.simulator.species_names
        wanted = np.array([name in self.driven for name in names])
        return observation.alive & wanted[np.clip(observation.species, 0, len(names) - 1)]
