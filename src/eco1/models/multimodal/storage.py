"""What a size takes of memory, in training and when its weights are stored in few bits."""

from dataclasses import dataclass, fields

from eco1.models.multimodal.counting import Part, count
from eco1.models.multimodal.ladder import Rung
from eco1.models.nn.lowbit.form import GROUPS, LowBitForm

_PLAIN_BITS = 16  # bfloat16
#: Bits below which a part is never stored: every token needs it, and it is a small share of the whole.
_LEAST_BITS = {"attention": 4, "head": 4, "senses": 8}
#: Parts that stay in bfloat16: looked up, too small to matter, or too coarse a mistake.
_PLAIN_PARTS = ("embedding", "embedding and head", "routers", "norms")


@dataclass(frozen=True, kw_only=True)
class TrainingMemory:
    """Bytes of training in bfloat16 beside float32: 16 per parameter, without activations.

    Rajbhandari et al. (2020), "ZeRO", arXiv 1910.02054, section 3.1.
    """

    weights: int
    gradients: int
    master_weights: int
    moments: int

    @property
    def total(self) -> int:
        """Return the sum."""
        return sum(getattr(self, field.name) for field in fields(self))


@dataclass(frozen=True, kw_only=True)
class InferenceMemory:
    """Bytes while one sequence is read: what is stored of the weights, and the keys and values."""

    experts: int
    rest_of_decoder: int
    senses: int
    cache: int

    @property
    def total(self) -> int:
        """Return the sum."""
        return sum(getattr(self, field.name) for field in fields(self))


def training_memory(size: Rung) -> TrainingMemory:
    """Return the bytes that weights, gradients and AdamW's states take."""
    total = count(size).total
    return TrainingMemory(weights=2 * total, gradients=2 * total, master_weights=4 * total, moments=8 * total)


def group_of(size: Rung) -> int:
    """Return the largest group of weights into which the inputs of every matrix fall."""
    language = size.language
    inputs = [language.width, language.heads * language.head_dim, language.expert_hidden]
    inputs += [width for config in size.senses.values() for width in (config.width, config.hidden)]
    return next(group for group in sorted(GROUPS, reverse=True) if all(width % group == 0 for width in inputs))


def inference_memory(size: Rung, *, bits: int, length: int) -> InferenceMemory:
    """Return the bytes that a size takes for reading one sequence of ``length`` tokens.

    Experts are stored in ``bits``; attention and the head in no fewer than 4 and encoders in no fewer than 8, since
    every token needs these few per cent. Embedding, routers, the cache, and what is no matrix stay in bfloat16.

    Raises:
        ConfigError: when there is no way to store weights in so many bits.
    """
    counted, group = count(size), group_of(size)
    stored = {part.name: _stored(part, part.name, bits, group) for part in counted.decoder}
    experts = stored.pop("experts", 0)
    return InferenceMemory(
        experts=experts,
        rest_of_decoder=sum(stored.values()),
        senses=sum(_stored(part, "senses", bits, group) for part in counted.senses),
        cache=cache_bytes(size, length),
    )


def bits_of(part: str, bits: int) -> int:
    """Return in how many bits the matrices of a part are stored when experts are in ``bits``."""
    return max(bits, _LEAST_BITS.get(part, 0))


def cache_bytes(size: Rung, length: int) -> int:
    """Return the bytes of the keys and values of ``length`` tokens in bfloat16."""
    config = size.language
    return config.layers * 2 * config.kv_heads * config.head_dim * length * _PLAIN_BITS // 8


def _stored(part: Part, kind: str, bits: int, group: int) -> int:
    """Return the bytes of a part."""
    low = 0 if kind in _PLAIN_PARTS else part.in_matrices
    plain = (part.total - low) * _PLAIN_BITS // 8
    width = bits_of(kind, bits)
    if width == _PLAIN_BITS:
        return plain + low * _PLAIN_BITS // 8
    return plain + LowBitForm(bits=width, group=group).packed_bytes(low)
