"""Sizes of a Qwen3 or Qwen3-MoE decoder, and the check that they fit together."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from eco1.core.errors import ConfigError
from eco1.models.nn.qwen3.public_config import public_settings, settings_from_public


@dataclass(frozen=True, kw_only=True)
class Qwen3Config:
    """Settings of one decoder. Defaults are those of the released models (arXiv 2505.09388, section 2).

    Args:
        vocabulary: number of tokens.
        width: size of a token's vector in the residual stream.
        layers: decoder layers.
        heads: query heads of a layer.
        kv_heads: key and value heads of a layer; each serves ``heads / kv_heads`` query heads.
        head_dim: size of a head; need not be ``width / heads``.
        hidden: inner size of a dense feed-forward layer.
        experts: experts of a sparse layer; 0 makes every layer dense.
        chosen: experts that serve one token.
        expert_hidden: inner size of an expert.
        norm_chosen: whether the weights of the chosen experts are scaled to sum to 1.
        sparse_step: every so many layers one is sparse, the first being number ``sparse_step - 1``.
        dense_layers: layers (from 0) that are dense all the same.
        theta: base of the rotary angles.
        eps: what is added to a mean square before its root is taken.
        tied: whether the head uses the embedding's matrix.
        longest: positions that a sequence may have.
        attention_bias: whether the four projections of attention have biases.

    Raises:
        ConfigError: when a setting is out of range or contradicts another.
    """

    vocabulary: int
    width: int
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    hidden: int
    experts: int = 0
    chosen: int = 0
    expert_hidden: int = 0
    norm_chosen: bool = True
    sparse_step: int = 1
    dense_layers: tuple[int, ...] = ()
    theta: float = 1_000_000.0
    eps: float = 1e-6
    tied: bool = False
    longest: int = 40_960
    attention_bias: bool = False

    def __post_init__(self) -> None:
        for name in ("vocabulary", "width", "layers", "heads", "kv_heads", "head_dim", "hidden", "sparse_step"):
            self._at_least_one(name)
        self._at_least_one("longest")
        self._check_heads()
        self._check_experts()
        for name in ("theta", "eps"):
            if not getattr(self, name) > 0:
                raise ConfigError(f"{name} is {getattr(self, name)}; it must be above 0.")

    def is_sparse(self, layer: int) -> bool:
        """Return whether a layer (from 0) has experts instead of one feed-forward."""
        return self.experts > 0 and layer not in self.dense_layers and (layer + 1) % self.sparse_step == 0

    @classmethod
    def from_public(cls, content: Mapping[str, Any]) -> Self:
        """Return the config that a public ``config.json`` of Qwen3ForCausalLM or Qwen3MoeForCausalLM describes.

        Raises:
            ConfigError: when it describes another model, lacks a size, or asks for something this decoder cannot do.
        """
        return cls(**settings_from_public(content))

    def to_public(self) -> dict[str, Any]:
        """Return the content of the public ``config.json``."""
        return public_settings({field.name: getattr(self, field.name) for field in fields(self)})

    def _at_least_one(self, name: str) -> None:
        value = getattr(self, name)
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise ConfigError(f"{name} is {value!r}; it must be a whole number of at least 1.")

    def _check_heads(self) -> None:
        if self.heads % self.kv_heads:
            raise ConfigError(
                f"{self.heads} heads cannot share {self.kv_heads} kv_heads evenly. "
                f"Allowed kv_heads: {', '.join(str(n) for n in range(1, self.heads + 1) if self.heads % n == 0)}."
            )
        if self.head_dim % 2:
            raise ConfigError(f"head_dim is {self.head_dim}; rotary embedding turns pairs, so it must be even.")

    def _check_experts(self) -> None:
        beyond = [layer for layer in self.dense_layers if not 0 <= layer < self.layers]
        if beyond:
            raise ConfigError(f"dense_layers names layer {beyond[0]}; there are layers 0 to {self.layers - 1}.")
        if self.experts < 0:
            raise ConfigError(f"experts is {self.experts}; it must be 0 (all layers dense) or more.")
        if self.experts == 0:
            return
        self._at_least_one("expert_hidden")
        if not 1 <= self.chosen <= self.experts:
            raise ConfigError(f"chosen is {self.chosen}; of {self.experts} experts a token takes 1 to {self.experts}.")
