"""The size of a vision transformer."""

from dataclasses import dataclass
from typing import Literal

from eco1.core.errors import ConfigError

Positions = Literal["turned", "added", "learned"]


@dataclass(frozen=True, kw_only=True)
class ViTConfig:
    """A stack of pre-norm layers (Dosovitskiy et al. 2020, arXiv 2010.11929).

    ``positions`` says how tokens know where they are: "turned" turns queries and keys axis by axis (V-JEPA 2, arXiv
    2506.09985), "added" adds fixed sines and cosines (I-JEPA, arXiv 2301.08243), "learned" adds what a small MLP makes
    of coordinates (Point-JEPA, arXiv 2404.16432). ``hidden`` is the width of an MLP.

    Raises:
        ConfigError: when a number is below 1, or heads do not fit into the width.
    """

    width: int
    layers: int
    heads: int
    hidden: int
    positions: Positions = "turned"
    eps: float = 1e-6

    def __post_init__(self) -> None:
        for name in ("width", "layers", "heads", "hidden"):
            if getattr(self, name) < 1:
                raise ConfigError(f"A vision transformer's {name} is {getattr(self, name)!r}; allowed: 1 or more.")
        if self.width % self.heads:
            raise ConfigError(
                f"A width of {self.width} does not fall into {self.heads} heads. "
                f"Take a multiple of {self.heads}, such as {self.width // self.heads * self.heads or self.heads}."
            )

    @property
    def head_dim(self) -> int:
        """Return the size of a head."""
        return self.width // self.heads
