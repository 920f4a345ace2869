"""One small fake for each protocol: enough to test a neighbour without the real thing."""

from dataclasses import dataclass, replace
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np

from eco1.core.protocols import Losses
from eco1.core.random import generator as numpy_generator
from eco1.core.records import Action, Clip, Hidden, Observation, empty_surroundings
from eco1.core.senses import Description, Senses

if TYPE_CHECKING:
    from torch import Generator, Tensor

_TURN_NOISE_RADPS = 0.4
_SPEED_MPS = 1.5


@dataclass(frozen=True, kw_only=True)
class FakeState:
    """What the fake world remembers."""

    observation: Observation
    seed: int
    step: int


class FakeSimulator:
    """Points that wander over an endless plain: two species, two behaviours (0 stands, 1 walks)."""

    species_names = ("walker", "stroller")
    behavior_names = ("stand", "walk")

    def __init__(self, *, worlds: int = 1, animals: int = 6, dt_s: float = 0.1) -> None:
        self.worlds, self.animals, self.dt_s = worlds, animals, dt_s

    def reset(self, seed: int) -> FakeState:
        """Return ``worlds`` worlds of wanderers in a 50 m square."""
        shape = (self.worlds, self.animals)
        rng = numpy_generator(seed, 0)
        position = np.zeros((*shape, 3), np.float32)
        position[..., :2] = rng.uniform(0, 50, (*shape, 2))
        heading = rng.uniform(-np.pi, np.pi, shape).astype(np.float32)
        observation = Observation(
            position_m=position,
            velocity_mps=_velocity(heading, np.full(shape, _SPEED_MPS, np.float32)),
            heading_rad=heading,
            alive=np.ones(shape, bool),
            carcass=np.zeros(shape, bool),
            identity=np.broadcast_to(np.arange(self.animals, dtype=np.int64), shape).copy(),
            species=np.broadcast_to(np.arange(self.animals, dtype=np.int16) % 2, shape).copy(),
            behavior=np.ones(shape, np.int16),
            body_length_m=np.ones(shape, np.float32),
            surroundings=empty_surroundings(*shape),
        )
        return FakeState(observation=observation, seed=seed, step=0)

    def step(self, state: FakeState, actions: Action | None) -> FakeState:
        """Walk on, turning a little; controlled animals move exactly as told."""
        seen = state.observation
        rng = numpy_generator(state.seed, 1, state.step)
        heading = seen.heading_rad + rng.normal(0, _TURN_NOISE_RADPS, seen.heading_rad.shape) * self.dt_s
        heading = np.arctan2(np.sin(heading), np.cos(heading)).astype(np.float32)
        walking = rng.uniform(size=heading.shape) > 0.1
        velocity = _velocity(heading, np.where(walking, _SPEED_MPS, 0.0).astype(np.float32))
        behavior = walking.astype(np.int16)
        if actions is not None:
            told = actions.controlled
            velocity = np.where(told[..., None], actions.velocity_mps, velocity)
            heading = np.where(told, np.arctan2(velocity[..., 1], velocity[..., 0]), heading)
            behavior = np.where(told, actions.behavior, behavior)
        moved = replace(
            seen,
            position_m=seen.position_m + velocity * np.float32(self.dt_s),
            velocity_mps=velocity,
            heading_rad=heading,
            behavior=behavior,
        )
        return FakeState(observation=moved, seed=state.seed, step=state.step + 1)

    def observe(self, state: FakeState) -> Observation:
        """Return a copy of everything: the fake hides nothing."""
        return state.observation.map(np.copy)


class FakeBrain:
    """Keeps every animal going as it goes. Its memory counts the scenes it has seen."""

    def initial(self, batch: int) -> int:
        """Return the empty memory."""
        return 0

    def act(self, memory: int, observation: Observation, generator: "Generator | None") -> tuple[int, Action]:
        """Return each animal's present velocity and behaviour."""
        return memory + 1, Action(
            velocity_mps=observation.velocity_mps,
            behavior=observation.behavior,
            controlled=observation.alive,
        )


class FakeForecaster:
    """Everything stays where it is."""

    def forecast(self, history: Clip, steps: int) -> np.ndarray:
        """Return the last position, repeated."""
        return np.repeat(history.observation.position_m[:, -1:], steps, axis=1)


class FakeFutureSampler:
    """Everything jumps somewhere within half a metre and stays there."""

    def sample_futures(self, history: Clip, steps: int, samples: int, generator: "Generator | None") -> np.ndarray:
        """Return the last position, shifted once per sample; without a generator not at all."""
        last = history.observation.position_m[:, -1]
        shift = np.zeros((samples, *last.shape), np.float32)
        if generator is not None:
            rng = numpy_generator(int(generator.initial_seed()), 2)
            shift = rng.uniform(-0.5, 0.5, shift.shape).astype(np.float32)
        return np.repeat((last + shift).swapaxes(0, 1)[:, :, None], steps, axis=2)


@dataclass(frozen=True)
class FakeAnticipator:
    """Finds every one of ``behaviors`` as likely as any other."""

    behaviors: int

    def anticipate(self, history: Clip) -> np.ndarray:
        """Return equal scores."""
        worlds, _, animals = history.observation.alive.shape
        return np.full((worlds, animals, self.behaviors), 1 / self.behaviors, np.float32)


class FakeWorldModel:
    """Expects everybody to go on as they go. Its memory is the last scene, seen or imagined; None before any."""

    def __init__(self, dt_s: float = 0.1) -> None:
        self.dt_s = dt_s

    def initial(self, batch: int) -> Observation | None:
        """Return the empty memory."""
        return None

    def observe(
        self, z: Observation | None, action: Action | None, observation: Observation, is_first: "Tensor"
    ) -> Observation:
        """Return the scene."""
        return observation.map(np.copy)

    def predict(self, z: Observation, action: Action | None, generator: "Generator | None") -> Observation:
        """Return the scene one step later; controlled animals move as told."""
        velocity = z.velocity_mps
        if action is not None:
            velocity = np.where(action.controlled[..., None], action.velocity_mps, velocity)
        return replace(z, velocity_mps=velocity, position_m=z.position_m + velocity * np.float32(self.dt_s))

    def loss(self, clip: Clip, generator: "Generator | None") -> Losses:
        """Return the mean change of velocity, which is what it cannot foresee."""
        from torch import tensor

        change = np.linalg.norm(np.diff(clip.observation.velocity_mps, axis=1), axis=-1)
        return Losses(terms={"velocity": tensor(float(change.mean()))})

    def decode(self, z: Observation) -> Observation:
        """Return the scene."""
        return z

    def act(self, z: Observation, generator: "Generator | None") -> Action:
        """Let everybody go on."""
        return FakeBrain().act(0, z, generator)[1]

    def embed(self, z: Observation) -> "Tensor":
        """Return the velocities."""
        from torch import from_numpy

        return from_numpy(z.velocity_mps.copy())


class FakeRecorder:
    """Keeps an episode in memory; ``observation`` and what comes with it exist only after a clean exit."""

    def __init__(self) -> None:
        self._steps: list[Observation] = []
        self._told: list[Action] = []
        self._sensed: list[Senses] = []
        self._described = Description()
        self.observation: Observation | None = None
        self.action: Action | None = None
        self.senses: list[Senses] = []
        self.description: Description | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.observation = Observation.stack(self._steps)
            self.action = Action.stack(self._told) if self._told else None
            self.senses, self.description = self._sensed, self._described

    def append(
        self,
        observation: Observation,
        hidden: Hidden | None = None,
        action: Action | None = None,
        senses: Senses | None = None,
    ) -> None:
        """Keep a copy of one step."""
        self._steps.append(observation.map(np.copy))
        if action is not None:
            self._told.append(action.map(np.copy))
        if senses is not None:
            self._sensed.append(senses.map(np.copy))

    def describe(self, description: Description) -> None:
        """Keep the words."""
        self._described = description


def _velocity(heading_rad: np.ndarray, speed_mps: np.ndarray) -> np.ndarray:
    return np.stack([np.cos(heading_rad), np.sin(heading_rad), np.zeros_like(heading_rad)], -1) * speed_mps[..., None]
