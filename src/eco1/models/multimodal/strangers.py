"""Meeting species that a model was not made for: known by their traits, and by no name.

Shape letters: s species, f traits.
"""

from collections.abc import Sequence
from dataclasses import replace

import torch

from eco1.core.errors import ConfigError
from eco1.models.multimodal.config import MultimodalConfig
from eco1.models.multimodal.model import MultimodalModel

#: Rows of these tables stand for species; what they tell of a stranger is what is told while a name is withheld.
_NAMES = ("encoders.motion.species.weight", "targets.motion.species.weight")


@torch.no_grad()
def acquainted(model: MultimodalModel, names: Sequence[str], traits: Sequence[Sequence[float]] = ()) -> MultimodalModel:
    """Return a copy of a model that knows further species by their traits alone; routers do not lean for them.

    It says of all others what the model says. While a model learns, names are withheld now and then
    (``species_dropout``), so that it has learned what no name means.

    Args:
        model: what was trained.
        names: of the strangers.
        traits: (s, f) of each, the same numbers as of the species that the model knows. A row of zeros is what is
            usual among all; without rows every stranger is that.

    Raises:
        ConfigError: when a name is known already, or traits are not those that the model knows of others.
    """
    known = model.config
    if met := set(names) & set(known.species_names):
        raise ConfigError(f"The model knows {', '.join(sorted(met))} already.")
    asked = len(known.species_traits[0]) if known.species_traits else 0
    rows = tuple(tuple(map(float, row)) for row in traits) or ((0.0,) * asked,) * len(names)
    if len(rows) != len(names) or any(len(row) != asked for row in rows):
        raise ConfigError(f"The model knows species by {asked} traits; {len(names)} strangers came with other ones.")
    wider = MultimodalModel(_config(known, tuple(names), rows)).to(model.device)
    weights, first = wider.state_dict(), len(known.species_names) + 1
    for name, value in model.state_dict().items():
        weights[name][tuple(slice(size) for size in value.shape)] = value
    for name in _NAMES:
        if name in weights:
            weights[name][first : first + len(names)] = weights[name][0].clone()
    if (leaning := weights.get("prefix.leaning.species")) is not None:
        leaning[first:] = 0.0
    wider.load_state_dict(weights)
    return wider.train(model.training)


def _config(known: MultimodalConfig, names: tuple[str, ...], rows: tuple[tuple[float, ...], ...]) -> MultimodalConfig:
    return replace(
        known,
        species_names=(*known.species_names, *names),
        species_words=known.species_words and (*known.species_words, *names),
        species_traits=(*known.species_traits, *rows) if known.species_traits else (),
        species_expert_bias=known.species_expert_bias and (*known.species_expert_bias, *((),) * len(names)),
    )
