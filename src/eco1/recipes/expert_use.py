"""Whom the experts of Eco-1 serve: do they share the work, and does the one chosen tell what an animal does?"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from eco1.catalog.loader import load_ethogram
from eco1.catalog.records import FAMILIES
from eco1.core.senses import SensedClip
from eco1.evaluation.information import normalised_mutual_information
from eco1.models.multimodal import MultimodalModel
from eco1.models.multimodal.answering import perceived


@torch.no_grad()
def expert_use(model: MultimodalModel, clips: Sequence[SensedClip]) -> dict[str, Any]:
    """Return the share of tokens that each expert serves, and what an animal's first choice tells of its behaviour.

    Tokens are those of places, senses, animals and words. Information is that between the expert and the family of
    behaviour, normalised: 0 when they have nothing to do with each other, 1 when one tells the other.
    """
    if not model.config.experts or "motion" not in model.config.senses:
        return {}
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
    use = served / np.sum(served, axis=1, keepdims=True)
    told = known >= 0
    information = [normalised_mutual_information(layer[told], known[told]) for layer in first.T]
    return {"share_by_layer": use.tolist(), "least_share": float(use.min()), "information_by_layer": information}
