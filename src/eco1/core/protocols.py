"""The seams between rooms. Each has a small fake (``core.fakes``) and one contract-test suite (``tests/contracts``)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self, TypeVar, runtime_checkable

from eco1.core.records import Action, Clip, Hidden, Observation
from eco1.core.senses import Description, Senses

if TYPE_CHECKING:
    import numpy as np
    from jaxtyping import Float32
    from torch import Generator, Tensor

S = TypeVar("S")
Z = TypeVar("Z")
Z_contra = TypeVar("Z_contra", contravariant=True)
M = TypeVar("M")


@runtime_checkable
class Simulator(Protocol[S]):
    """A world that can be started, stepped and looked at. ``step`` consumes the state it is given."""

    dt_s: float
    species_names: tuple[str, ...]
    behavior_names: tuple[str, ...]

    def reset(self, seed: int) -> S:
        """Return the state of a new world; the same seed gives the same world, on any number of threads."""
        ...

    def step(self, state: S, actions: Action | None) -> S:
        """Advance by ``dt_s``. Animals without a controlled action decide for themselves."""
        ...

    def observe(self, state: S) -> Observation:
        """Return what can be seen now, (W, N) first; the arrays are the caller's to keep."""
        ...


@dataclass(frozen=True, kw_only=True)
class Losses:
    """Named scalar loss terms (each needs a weight of the same name) and numbers to watch that are not trained on."""

    terms: "Mapping[str, Tensor]"
    monitors: "Mapping[str, Tensor]" = field(default_factory=dict)


@runtime_checkable
class WorldModel(Protocol[Z]):
    """A learned model of how a world goes on. ``Z`` is an opaque memory, batch first."""

    def initial(self, batch: int) -> Z:
        """Return the memory before anything was seen."""
        ...

    def observe(self, z: Z, action: Action | None, observation: Observation, is_first: "Tensor") -> Z:
        """Take in one step (B, N); where ``is_first`` (B,) the memory is forgotten before."""
        ...

    def predict(self, z: Z, action: Action | None, generator: "Generator | None") -> Z:
        """Imagine one step ahead without seeing it. A generator samples; None takes the mode."""
        ...

    def loss(self, clip: Clip, generator: "Generator | None") -> Losses:
        """Return the named loss terms on a batch of clips."""
        ...


@runtime_checkable
class CanDecode(Protocol[Z_contra]):
    """A world model that can say in the world's terms what its memory holds."""

    def decode(self, z: Z_contra) -> Observation:
        """Return the scene (B, N) that the memory stands for."""
        ...


@runtime_checkable
class CanAct(Protocol[Z_contra]):
    """A world model that can say what each animal will do next."""

    def act(self, z: Z_contra, generator: "Generator | None") -> Action:
        """Return the next action (B, N) of every animal, sampled or the mode."""
        ...


@runtime_checkable
class CanEmbed(Protocol[Z_contra]):
    """A world model whose memory can be read as vectors."""

    def embed(self, z: Z_contra) -> "Tensor":
        """Return one latent vector per animal (B, N, D)."""
        ...


@runtime_checkable
class CanEmbedClips(Protocol):
    """A model of pictures, sounds or points whose latents can be read as vectors."""

    def embed_clip(self, clip: Clip) -> "Tensor":
        """Return the latents (B, tokens, D) of a batch of clips; where tokens have several axes, D is the last."""
        ...


@runtime_checkable
class Brain(Protocol[M]):
    """A model living in bodies. No hidden state of its own, so thousands batch."""

    def initial(self, batch: int) -> M:
        """Return the memory of ``batch`` worlds before anything was seen."""
        ...

    def act(self, memory: M, observation: Observation, generator: "Generator | None") -> tuple[M, Action]:
        """Take in one scene (W, N) and return what every animal does next."""
        ...


@runtime_checkable
class Recorder(Protocol):
    """Writes one episode. The episode exists only once the context is left without an error."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def append(
        self,
        observation: Observation,
        hidden: Hidden | None = None,
        action: Action | None = None,
        senses: Senses | None = None,
    ) -> None:
        """Add one step (N rows, no leading axis).

        ``action`` is what the animals were told to do until the next step, ``senses`` what instruments brought back.
        """
        ...

    def describe(self, description: Description) -> None:
        """Say what happened, in words; once, before the context is left."""
        ...


@runtime_checkable
class Forecaster(Protocol):
    """Says where animals will be. Models and baselines are judged through this one seam."""

    def forecast(self, history: Clip, steps: int) -> "Float32[np.ndarray, 'b steps n 3']":
        """Return the expected positions (world axes, metres) for the ``steps`` frames after the history."""
        ...


@runtime_checkable
class FutureSampler(Protocol):
    """Says where animals might be: several joint futures of the whole scene."""

    def sample_futures(
        self, history: Clip, steps: int, samples: int, generator: "Generator | None"
    ) -> "Float32[np.ndarray, 'b samples steps n 3']":
        """Return sampled joint positions (world axes, metres)."""
        ...


@runtime_checkable
class Anticipator(Protocol):
    """Names the behaviour that is about to begin."""

    def anticipate(self, history: Clip) -> "Float32[np.ndarray, 'b n c']":
        """Return a score per ethogram entry for the next new behaviour, one second ahead of the last frame."""
        ...
