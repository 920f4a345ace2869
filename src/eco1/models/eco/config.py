"""The settings of Eco-1 and its size ladder."""

from dataclasses import dataclass
from typing import Any

from eco1.catalog.records import FAMILIES
from eco1.core.errors import ConfigError

#: Horizons of the z-JEPA term and reach of the forecast, in seconds.
HORIZONS_S = (0.5, 1.0, 2.0, 3.0)
#: Distance between knots of a forecast path, in seconds.
KNOT_S = 0.2
#: Own history that the autoregressive path looks at, in seconds.
HISTORY_S = 0.5
#: A new behaviour is anticipated when it begins this many seconds ahead.
ANTICIPATION_S = (0.7, 1.3)
#: What ends sooner was no new behaviour but a flicker of the label.
LASTING_S = 0.5


@dataclass(frozen=True, kw_only=True)
class EcoConfig:
    """Everything needed to rebuild the model. Durations are in frames of ``dt_s``.

    Raises:
        ConfigError: when settings contradict each other.
    """

    kind: str = "eco"
    species_names: tuple[str, ...]
    behavior_names: tuple[str, ...]
    dt_s: float
    # What an animal sees: the nearest of any kind, then the nearest of other species. 0 and 0 makes it blind to others.
    max_neighbours: int = 8
    max_strangers: int = 4
    # Scene encoder.
    neighbour_width: int = 64
    scene_layers: int = 1
    # Decoder over time. Proportions follow Qwen3-MoE (arXiv 2505.09388), capacity and top-2 the Eco-1 proposal.
    width: int = 128
    layers: int = 2
    heads: int = 4
    kv_heads: int = 2
    head_dim: int = 32
    window_frames: int = 32
    rope_theta: float = 10_000.0
    expert_names: tuple[str, ...] = FAMILIES
    experts_per_token: int = 2
    expert_hidden: int = 128
    capacity_factor: float = 1.25
    # Where the router leans at first: one row of logits per species, one expert index per behaviour.
    species_expert_bias: tuple[tuple[float, ...], ...] = ()
    behavior_expert: tuple[int, ...] = ()
    behavior_expert_bias: float = 1.0
    # What is known of each species beside its name, one row each, and how often in training a name is withheld, so that
    # a species that was never seen can be told by its traits.
    species_traits: tuple[tuple[float, ...], ...] = ()
    species_dropout: float = 0.0
    # Motion tokens: turn and speed, and climb where animals leave the plane; bins on each side of the zero bin.
    climbs: bool = True
    motion_bins_per_side: int = 48
    motion_hidden: int = 128
    # Futures.
    horizon_frames: tuple[int, ...] = (5, 10, 20, 30)
    path_frames: int = 30
    knot_frames: int = 2
    history_frames: int = 5
    anchor_stride: int = 4
    anticipation_frames: tuple[int, int] = (7, 13)
    lasting_frames: int = 5
    future_hidden: int = 192
    # Share of features hidden in training, of scene tokens and of what futures are read from; small sets need some.
    dropout: float = 0.0
    # Show half of the training clips in a mirror: animals have no preferred side.
    mirror: bool = True

    def __post_init__(self) -> None:
        if self.heads % self.kv_heads:
            raise ConfigError(f"heads={self.heads} is not a multiple of kv_heads={self.kv_heads}.")
        if self.head_dim % 2:
            raise ConfigError(f"head_dim={self.head_dim} is odd; rotary positions need pairs.")
        if not 1 <= self.experts_per_token <= len(self.expert_names):
            raise ConfigError(
                f"experts_per_token={self.experts_per_token} is not between 1 and the {len(self.expert_names)} experts."
            )
        if self.species_expert_bias and len(self.species_expert_bias) != len(self.species_names):
            raise ConfigError(
                f"species_expert_bias has {len(self.species_expert_bias)} rows for {len(self.species_names)} species."
            )
        if self.species_traits and len(self.species_traits) != len(self.species_names):
            raise ConfigError(
                f"species_traits has {len(self.species_traits)} rows for {len(self.species_names)} species."
            )
        if not 0.0 <= self.species_dropout < 1.0:
            raise ConfigError(f"species_dropout is {self.species_dropout}; it lies in [0, 1).")
        if self.behavior_expert and len(self.behavior_expert) != len(self.behavior_names):
            raise ConfigError(
                f"behavior_expert has {len(self.behavior_expert)} entries for {len(self.behavior_names)} behaviours."
            )
        if self.path_frames % self.knot_frames:
            raise ConfigError(f"path_frames={self.path_frames} is not a multiple of knot_frames={self.knot_frames}.")

    @property
    def motion_factors(self) -> int:
        """Return the number of motion tokens per step."""
        return 3 if self.climbs else 2

    @property
    def motion_tokens(self) -> int:
        """Return the size of the vocabulary of each factor: the bins, and one special token."""
        return 2 * self.motion_bins_per_side + 2

    @property
    def motion_states(self) -> int:
        """Return how many past motions of a factor are told apart: each bin, faded into or not, and none known."""
        return 2 * (2 * self.motion_bins_per_side + 1) + 1

    @property
    def knots(self) -> tuple[int, ...]:
        """Return the frames ahead at which a forecast path has its knots."""
        return tuple(range(self.knot_frames, self.path_frames + 1, self.knot_frames))

    @classmethod
    def nano(
        cls, *, species_names: tuple[str, ...], behavior_names: tuple[str, ...], dt_s: float, **changes: Any
    ) -> "EcoConfig":
        """Return the smallest useful size, about 2 M parameters: it trains on a laptop CPU."""
        settings: dict[str, Any] = {**durations(dt_s), **changes}
        return cls(species_names=species_names, behavior_names=behavior_names, dt_s=dt_s, **settings)

    @classmethod
    def small(
        cls, *, species_names: tuple[str, ...], behavior_names: tuple[str, ...], dt_s: float, **changes: Any
    ) -> "EcoConfig":
        """Return a size for one GPU, about 30 M parameters."""
        larger: dict[str, Any] = {
            "neighbour_width": 128,
            "scene_layers": 2,
            "width": 320,
            "layers": 6,
            "heads": 10,
            "kv_heads": 2,
            "window_frames": 64,
            "expert_hidden": 480,
            "motion_hidden": 512,
            "future_hidden": 640,
        }
        return cls.nano(species_names=species_names, behavior_names=behavior_names, dt_s=dt_s, **{**larger, **changes})


def durations(dt_s: float) -> dict[str, Any]:
    """Return the settings that are counted in frames, from their lengths in seconds."""

    def frames(seconds: float) -> int:
        return max(round(seconds / dt_s), 1)

    knot = frames(KNOT_S)
    return {
        "horizon_frames": tuple(frames(s) for s in HORIZONS_S),
        "path_frames": -(-frames(HORIZONS_S[-1]) // knot) * knot,
        "knot_frames": knot,
        "history_frames": frames(HISTORY_S),
        "anchor_stride": 2 * knot,
        "lasting_frames": frames(LASTING_S),
        "anticipation_frames": (frames(ANTICIPATION_S[0]), frames(ANTICIPATION_S[1])),
    }
