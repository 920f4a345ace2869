"""How a run is spread over ranks."""

from dataclasses import dataclass

from eco1.core.errors import ConfigError


@dataclass(frozen=True, kw_only=True)
class ParallelConfig:
    """How many ranks share what. Ranks beyond ``crew`` read other clips.

    Args:
        shard: each rank keeps only its share of weights, gradients and moments and gathers a block's weights when it
            is that block's turn (FSDP2; Zhao et al. 2023, arXiv 2304.11277).
        experts: ranks among which the experts of every layer are dealt; 1 gives all to everyone.
        tensor: ranks that divide the heads of attention and the hidden units of feed-forwards among them (Shoeybi et
            al. 2019, arXiv 1909.08053, section 3).

    Raises:
        ConfigError: when a number is out of range or two contradict each other.
    """

    shard: bool = False
    experts: int = 1
    tensor: int = 1

    def __post_init__(self) -> None:
        for name in ("experts", "tensor"):
            if getattr(self, name) < 1:
                raise ConfigError(f"{name} is {getattr(self, name)} ranks; it must be 1 or more.")
        if 1 not in (self.experts, self.tensor) and self.experts != self.tensor:
            raise ConfigError(
                f"experts={self.experts} and tensor={self.tensor} are the same ranks of a crew: give both the same "
                "number, or one of them 1."
            )

    @property
    def crew(self) -> int:
        """Return how many ranks work on the same clips together."""
        return max(self.experts, self.tensor)

    @property
    def divides_weights(self) -> bool:
        """Return whether no rank holds the whole model."""
        return self.shard or self.crew > 1

    def data_ranks(self, ranks: int) -> int:
        """Return how many crews of so many ranks read clips of their own.

        Raises:
            ConfigError: when they do not make whole crews.
        """
        if ranks % self.crew:
            raise ConfigError(
                f"{ranks} ranks do not make crews of {self.crew} (experts={self.experts}, tensor={self.tensor}). "
                f"Start a multiple of {self.crew}: torchrun --nproc-per-node {self.crew * max(ranks // self.crew, 1)}"
            )
        return ranks // self.crew
