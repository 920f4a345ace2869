"""Whom the experts of Eco-1 serve: do they share the work, and does the one chosen tell what an animal does?"""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch

from eco1.catalog.loader import load_ethogram
from eco1.catalog.records import FAMILIES
from eco1.core.senses import SensedClip
from eco1.evaluation.information import normalised_mutual_information
from eco1.models.multimodal import MultimodalModel
from eco1.models.multimodal.answering import perceived


@dataclass(frozen=True, kw_only=True)
class ExpertUse:
    """Of each layer, the share of tokens that each expert serves, and what an animal's first choice tells of it.

    Tokens are those of places, senses, animals and words. ``information`` is that between the expert and the family of
    the behaviour, normalised: 0 when they have nothing to do with each other, 1 when one tells the other.
    """

    share: list[list[float]]
    information: list[float]

    @property
    def least_share(self) -> float:
        """Return the share of the expert that serves fewest."""
        return min(map(min, self.share))


@torch.no_grad()
def expert_use(model: MultimodalModel, clips: Sequence[SensedClip]) -> dict[str, ExpertUse]:
    """Return the use of experts while routers lean as they learned to ("leaning"), and without that ("free").

    Nothing for a dense model or one that perceives no animals.
    """
    if not model.config.experts or "motion" not in model.config.senses:
        return {}
    as_it_is = _use(model, clips)
    if model.prefix.leaning is None:
        return {"free": as_it_is}
    with _never_leaning(model):
        return {"leaning": as_it_is, "free": _use(model, clips)}


@contextmanager
def _never_leaning(model: MultimodalModel) -> Generator[None]:
    leaning, model.prefix.leaning = model.prefix.leaning, None
    try:
        yield
    finally:
        model.prefix.leaning = leaning


def _use(model: MultimodalModel, clips: Sequence[SensedClip]) -> ExpertUse:
    families = {entry.name: FAMILIES.index(entry.family) for entry in load_ethogram().behaviors}
    of_behavior = np.array([-1, *(families.get(name, -1) for name in model.config.behavior_names)])
    chosen: list[np.ndarray] = []
    family: list[np.ndarray] = []
    served = 0
    for clip in clips:
        reading = model.read(perceived(model, clip), model.lessons_of(clip, None))
        prefix, motion = reading.prefix, reading.seen.inputs.motion
        assert prefix.animals is not None  # motion is among the senses
        assert motion is not None
        animals, real = slice(prefix.animals, prefix.vectors.shape[1] - 1), motion.real[:, -1]
        there = torch.ones(prefix.vectors.shape[:2], dtype=torch.bool)
        there[:, animals] = real
        there = torch.cat([there, reading.lessons.branch > 0], dim=1)
        sent = [routing.choice.unflatten(0, there.shape) for routing in reading.read.routing if routing is not None]
        served = served + np.stack(
            [np.bincount(each[there].flatten(), minlength=model.config.experts) for each in sent]
        )
        chosen.append(np.stack([each[:, animals, 0][real].numpy() for each in sent], -1))
        family.append(of_behavior[motion.behavior[:, -1, -1][real].numpy()])
    first, known = np.concatenate(chosen), np.concatenate(family)
    told = known >= 0
    return ExpertUse(
        share=(served / np.sum(served, axis=1, keepdims=True)).tolist(),
        information=[normalised_mutual_information(layer[told], known[told]) for layer in first.T],
    )
