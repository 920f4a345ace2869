"""What animals do next, told from what was perceived of them.

Shape letters: b clips, n animals.
"""

from dataclasses import dataclass

from eco1.models.multimodal.behavior import NextAction
from eco1.models.multimodal.model import MultimodalModel
from eco1.models.multimodal.perception import Perception


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What whom the camera follows does next (b), and what every animal does (b, n); None where none was perceived."""

    itself: NextAction
    animals: NextAction | None


def expected(model: MultimodalModel, seen: Perception) -> Expected:
    """Return what is expected of the moment after those that were perceived.

    A model learns this behind all but the last of its moments, so it should be asked behind no more.
    """
    prefix = model.prefix_of(seen)
    latent = model.language.read(prefix.vectors, router_bias=model.router_bias(prefix, 0)).latent
    animals = None if prefix.animals is None else model.action(latent[:, prefix.animals : -1])
    return Expected(itself=model.action(latent[:, -1]), animals=animals)
