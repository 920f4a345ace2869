"""Load a trained model, and let it read recordings of species that it never met."""

import logging
from collections.abc import Sequence
from pathlib import Path

from eco1.core.errors import ConfigError
from eco1.models.multimodal import MultimodalModel
from eco1.models.multimodal.strangers import acquainted
from eco1.models.registry import build_model
from eco1.recipes.kinds import species_traits
from eco1.recipes.sensing import species_in
from eco1.training.checkpoint import load_checkpoint

LOG = logging.getLogger(__name__)


def load_multimodal(folder: Path, device: str = "cpu") -> MultimodalModel:
    """Return the model of a checkpoint.

    Raises:
        CheckpointError: when it cannot be read.
        ConfigError: when it is another model.
    """
    model = load_checkpoint(folder, build_model, device).model
    if not isinstance(model, MultimodalModel):
        raise ConfigError(
            f"{folder} holds a {type(model).__name__}; this needs Eco-1 of several senses: eco1 train --model eco1"
        )
    return model


def ready_for(model: MultimodalModel, paths: Sequence[Path]) -> MultimodalModel:
    """Return a model that can read these recordings; it says once which species it must take for what they are like.

    Those are known by their traits in the catalog; of a species that is not in the catalog nothing is known but how it
    looks and moves. A model that knows all species is returned as it is.

    Raises:
        EpisodeError: when a recording cannot be read.
    """
    strangers = tuple(sorted(set(species_in(paths)) - set(model.config.species_names)))
    if not strangers:
        return model
    LOG.warning("The model was not made for %s: it goes by traits alone.", ", ".join(strangers))
    traits = [_traits(name, model) for name in strangers]
    return acquainted(model, strangers, traits)


def _traits(name: str, model: MultimodalModel) -> tuple[float, ...]:
    """Return what the catalog says of a species, zeros (what is usual) where it says nothing."""
    if not model.config.species_traits:
        return ()
    found = species_traits((name,)).get("species_traits")
    if found is not None:
        return found[0]
    LOG.warning("%s is not in the catalog, so no traits are known either. See: eco1 list species", name)
    return (0.0,) * len(model.config.species_traits[0])
