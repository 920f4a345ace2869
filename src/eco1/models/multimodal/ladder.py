"""The sizes of Eco-1 proper, from one that trains on a laptop's CPU to 70 thousand million parameters.

The proposal (ZIP-3) names 7B, 32B and 70B and one set of dimensions: width 4096, experts of 11008, 32 heads and 8
key heads, 32 layers; only the number of experts changes: 4, 8, 16. An expert of a layer then has 3 x 4096 x 11008 = 135
million weights, 4.3 thousand million in 32 layers. With attention and vocabulary that makes 20 thousand million for 4
experts, 37 for 8 and 72 for 16, before anything is seen. So ``70b`` is as proposed. ``32b`` has all of it but narrower
experts. For 7 the experts would have to be half as wide as the stream, so ``7b`` has a narrower stream and fewer
layers.

The large ones see with a vision transformer as large as ViT-H (Dosovitskiy et al. 2020, arXiv 2010.11929, table 1) and
read with the vocabulary of Qwen3; the small ones have bytes joined to a few thousand tokens, their head tied to the
embedding, and an expert for each of the eight families of behaviour. A token always takes two experts. Every matrix
has a multiple of 32 inputs, those of the large ones of 128, so that all fall into groups that share a scale.
"""

from dataclasses import dataclass

from eco1.core.errors import unknown_name
from eco1.models.nn.qwen3.config import Qwen3Config
from eco1.models.nn.vit.config import ViTConfig

CHOSEN = 2
_QWEN_VOCABULARY = 151_936  # of the released configs of Qwen3


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One size: a decoder and an encoder for each sense.

    ``nominal_parameters`` is what its name promises; what it has is within 5 % of that.
    """

    name: str
    nominal_parameters: int
    language: Qwen3Config
    video: ViTConfig
    sound: ViTConfig
    points: ViTConfig
    motion: ViTConfig

    @property
    def senses(self) -> dict[str, ViTConfig]:
        """Return the encoders by the name of their sense."""
        return {"video": self.video, "sound": self.sound, "points": self.points, "motion": self.motion}


def rung(name: str) -> Rung:
    """Return the size of this name.

    Raises:
        UnknownNameError: when there is none.
    """
    if name not in LADDER:
        raise unknown_name("size", name, LADDER, see="eco1 list models")
    return LADDER[name]


def _small(*, vocabulary: int, width: int, layers: int, heads: int, expert_hidden: int) -> Qwen3Config:
    return Qwen3Config(
        vocabulary=vocabulary, width=width, layers=layers, heads=heads, kv_heads=heads // 2, head_dim=width // heads,
        hidden=4 * width, experts=8, chosen=CHOSEN, expert_hidden=expert_hidden, tied=True, longest=8192,
    )  # fmt: skip


def _large(*, width: int, layers: int, heads: int, experts: int, expert_hidden: int) -> Qwen3Config:
    return Qwen3Config(
        vocabulary=_QWEN_VOCABULARY, width=width, layers=layers, heads=heads, kv_heads=8, head_dim=128,
        hidden=expert_hidden, experts=experts, chosen=CHOSEN, expert_hidden=expert_hidden,
    )  # fmt: skip


def _encoder(width: int, layers: int, heads: int) -> ViTConfig:
    return ViTConfig(width=width, layers=layers, heads=heads, hidden=4 * width)


_LARGE_SENSES = {
    "video": _encoder(1280, 32, 16),
    "sound": _encoder(768, 12, 12),
    "points": _encoder(384, 12, 6),
    "motion": _encoder(384, 12, 6),
}

#: All sizes, the smallest first.
LADDER: dict[str, Rung] = {
    size.name: size
    for size in (
        Rung(
            name="nano",
            nominal_parameters=3_400_000,
            language=_small(vocabulary=2048, width=128, layers=4, heads=4, expert_hidden=128),
            video=_encoder(96, 3, 4),
            sound=_encoder(96, 3, 4),
            points=_encoder(96, 3, 4),
            motion=_encoder(96, 3, 4),
        ),
        Rung(
            name="tiny",
            nominal_parameters=12_000_000,
            language=_small(vocabulary=4096, width=192, layers=6, heads=6, expert_hidden=256),
            video=_encoder(192, 4, 4),
            sound=_encoder(128, 3, 4),
            points=_encoder(128, 2, 4),
            motion=_encoder(128, 2, 4),
        ),
        Rung(
            name="small",
            nominal_parameters=50_000_000,
            language=_small(vocabulary=8192, width=320, layers=8, heads=10, expert_hidden=512),
            video=_encoder(320, 6, 5),
            sound=_encoder(192, 4, 3),
            points=_encoder(192, 3, 3),
            motion=_encoder(192, 3, 3),
        ),
        Rung(
            name="base",
            nominal_parameters=300_000_000,
            language=_small(vocabulary=8192, width=768, layers=12, heads=12, expert_hidden=960),
            video=_encoder(512, 12, 8),
            sound=_encoder(384, 6, 6),
            points=_encoder(256, 6, 4),
            motion=_encoder(256, 6, 4),
        ),
        Rung(
            name="7b",
            nominal_parameters=7_000_000_000,
            language=_large(width=3072, layers=28, heads=24, experts=4, expert_hidden=4480),
            **_LARGE_SENSES,
        ),
        Rung(
            name="32b",
            nominal_parameters=32_000_000_000,
            language=_large(width=4096, layers=32, heads=32, experts=8, expert_hidden=8960),
            **_LARGE_SENSES,
        ),
        Rung(
            name="70b",
            nominal_parameters=70_000_000_000,
            language=_large(width=4096, layers=32, heads=32, experts=16, expert_hidden=11008),
            **_LARGE_SENSES,
        ),
    )
}
