"""V-JEPA 2 (arXiv 2506.09985): its encoder and predictor at any size, and its public weights.

Shape letters: b clips, t frames, c channels, y rows, x columns, n tokens, k shown, m asked for, d width.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from eco1.core.errors import ConfigError
from eco1.models.nn.public import CONFIG, SHARD_BYTES, Piece, load_weights, read_public_json, save_weights
from eco1.models.nn.vit.config import ViTConfig
from eco1.models.nn.vit.encoder import Encoder
from eco1.models.nn.vit.patches import Patches, Tokens, gathered
from eco1.models.nn.vit.predictor import Predictor

_SIZES = {
    "patch_size": "patch", "tubelet_size": "tubelet", "crop_size": "pixels", "frames_per_clip": "frames",
    "in_chans": "channels", "pred_num_mask_tokens": "mask_kinds",
}  # fmt: skip
_STACKS = {
    "encoder": ("hidden_size", "num_hidden_layers", "num_attention_heads", "mlp_ratio"),
    "predictor": ("pred_hidden_size", "pred_num_hidden_layers", "pred_num_attention_heads", "pred_mlp_ratio"),
}
_EPS = "layer_norm_eps"


@dataclass(frozen=True, kw_only=True)
class VJepa2Config:
    """Sizes of both parts; ``pixels`` and ``frames`` are those it was trained on, other ones may be shown."""

    encoder: ViTConfig
    predictor: ViTConfig
    patch: int = 16
    tubelet: int = 2
    pixels: int = 256
    frames: int = 64
    channels: int = 3
    mask_kinds: int = 10

    @classmethod
    def from_public(cls, content: Mapping[str, Any]) -> Self:
        """Return the config that a public ``config.json`` describes.

        Raises:
            ConfigError: when it is of another model, lacks a size, or asks for something this one cannot do.
        """
        if content.get("model_type") != "vjepa2":
            raise ConfigError(f"model_type is {content.get('model_type')!r}; only 'vjepa2' can be built.")
        needed = [*_SIZES, *(name for names in _STACKS.values() for name in names)]
        if missing := [name for name in needed if content.get(name) is None]:
            raise ConfigError(f"The config of V-JEPA 2 lacks {', '.join(missing)}.")
        asked = {
            "hidden_act": content.get("hidden_act", "gelu") != "gelu",
            "qkv_bias": not content.get("qkv_bias", True),
        }
        if wanted := [name for name, is_asked in asked.items() if is_asked]:
            raise ConfigError(f"The config asks for another {', '.join(wanted)}; this model has GELU and biases.")
        sizes: dict[str, Any] = {ours: content[public] for public, ours in _SIZES.items()}
        sizes |= {part: _stack(content, names) for part, names in _STACKS.items()}
        return cls(**sizes)

    def to_public(self) -> dict[str, Any]:
        """Return the content of the public ``config.json``."""
        content: dict[str, Any] = {"architectures": ["VJEPA2Model"], "model_type": "vjepa2", "hidden_act": "gelu"}
        content |= {public: getattr(self, ours) for public, ours in _SIZES.items()}
        for part, names in _STACKS.items():
            stack: ViTConfig = getattr(self, part)
            content |= dict(
                zip(names, (stack.width, stack.layers, stack.heads, stack.hidden / stack.width), strict=True)
            )
        return {**content, _EPS: self.encoder.eps, "qkv_bias": True}


def _stack(content: Mapping[str, Any], names: tuple[str, str, str, str]) -> ViTConfig:
    width, layers, heads, ratio = (content[name] for name in names)
    return ViTConfig(width=width, layers=layers, heads=heads, hidden=int(width * ratio), eps=content.get(_EPS, 1e-6))


class VJepa2(nn.Module):
    """Encoder and predictor."""

    def __init__(self, config: VJepa2Config) -> None:
        super().__init__()
        self.config = config
        self.patches = Patches(config.channels, (config.tubelet, config.patch, config.patch), config.encoder.width)
        self.encoder = Encoder(config.encoder)
        self.predictor = Predictor(config.predictor, config.encoder.width, config.mask_kinds)

    def forward(self, clip: Float[Tensor, "b t c y x"]) -> Float[Tensor, "b n d"]:
        """Return a latent per tubelet. A single picture is shown as often as a tubelet is deep."""
        return self.encoder(self._tokens(clip))

    def predict(
        self, clip: Float[Tensor, "b t c y x"], shown: Int[Tensor, "b k"], asked: Int[Tensor, "b m"], kind: int = 1
    ) -> Float[Tensor, "b m d"]:
        """Return the latents expected at the tubelets ``asked``, from those of the whole clip at the ones ``shown``."""
        tokens = self._tokens(clip)
        latents = Tokens(value=self.encoder(tokens), position=tokens.position)
        return self.predictor(latents.only(shown), gathered(tokens.position, asked), kind % self.config.mask_kinds)

    def _tokens(self, clip: Float[Tensor, "b t c y x"]) -> Tokens:
        return self.patches(clip.repeat(1, self.config.tubelet, 1, 1, 1) if clip.shape[1] == 1 else clip)


def load_vjepa2(folder: Path, *, dtype: torch.dtype | None = None, device: str = "cpu") -> VJepa2:
    """Return the model of a public folder, in evaluation mode.

    Raises:
        CheckpointError: when a file is missing or damaged, or the tensors are not those of the config.
        ConfigError: when the config is of another model or asks for something this one cannot do.
    """
    config = VJepa2Config.from_public(read_public_json(folder / CONFIG))

    def plan(names: Collection[str]) -> list[Piece]:
        return list(pieces(config))

    return load_weights(folder, lambda: VJepa2(config), plan, dtype=dtype, device=device)


def save_vjepa2(model: VJepa2, folder: Path, *, shard_bytes: int = SHARD_BYTES) -> Path:
    """Write ``config.json`` and the weights; see ``save_weights``."""
    return save_weights(model, folder, model.config.to_public(), list(pieces(model.config)), shard_bytes=shard_bytes)


def pieces(config: VJepa2Config) -> Iterator[Piece]:
    """Yield all public tensors, those of one parameter in a row."""
    yield from _pairs("patches", "encoder.embeddings.patch_embeddings.proj")
    yield from _layers(config.encoder, "encoder.layers", "encoder.layer")
    yield from _pairs("encoder.norm", "encoder.layernorm")
    yield from _pairs("predictor.enter", "predictor.embeddings.predictor_embeddings")
    shape = (config.mask_kinds, 1, 1, config.predictor.width)
    yield Piece(public="predictor.embeddings.mask_tokens", parameter="predictor.mask_tokens", shape=shape)
    yield from _layers(config.predictor, "predictor.layers", "predictor.layer")
    yield from _pairs("predictor.norm", "predictor.layernorm")
    yield from _pairs("predictor.leave", "predictor.proj")


def _layers(config: ViTConfig, ours: str, public: str) -> Iterator[Piece]:
    names = {"attention_norm": "norm1", "attention.out": "attention.proj", "mlp_norm": "norm2"}
    names |= {"widen": "mlp.fc1", "narrow": "mlp.fc2"}
    for layer in range(config.layers):
        for kind in ("weight", "bias"):
            for number, name in enumerate(("query", "key", "value")):
                rows = slice(number * config.width, (number + 1) * config.width)
                own = f"{ours}.{layer}.attention.qkv.{kind}"
                yield Piece(public=f"{public}.{layer}.attention.{name}.{kind}", parameter=own, rows=rows)
        for mine, theirs in names.items():
            yield from _pairs(f"{ours}.{layer}.{mine}", f"{public}.{layer}.{theirs}")


def _pairs(ours: str, public: str) -> Iterator[Piece]:
    for kind in ("weight", "bias"):
        yield Piece(public=f"{public}.{kind}", parameter=f"{ours}.{kind}")
