"""What is measured of one species is lent to its like: to those that the recordings do not show, by their traits."""

from collections.abc import Iterable
from copy import deepcopy

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from eco1.models.eco.calibrate import calibrate
from eco1.models.eco.network import EcoNetwork
from eco1.sensors.scene import Scene


@torch.no_grad()
def lend_to_strangers(network: EcoNetwork) -> None:
    """Give every species that was not seen the numbers of the most similar one that was.

    Distances are Euclidean between standardised traits. Pooled numbers would not do: a body length a second is a stroll
    for an ant and a sprint for an elephant.
    """
    if network.encoder.traits is None:
        return
    known = network.encoder.traits.known.clone()
    known[0] = False  # nobody's relative
    if not known.any():
        return
    nearest = nearest_known(network.encoder.traits.rows, known)
    strangers = (~known).nonzero()[1:, 0]
    for table in _tables(network):
        table[strangers] = table[nearest[strangers]]


@torch.no_grad()
def meet_newcomers(network: EcoNetwork, scenes: Iterable[Scene]) -> None:
    """Measure the species that were not known so far; everything else stays as it was learned with.

    Their names begin to count, and first mean what no name means.
    """
    traits = network.encoder.traits
    if traits is None or bool(traits.known[1:].all()):
        return
    measured = deepcopy(network)
    calibrate(measured, scenes)
    assert measured.encoder.traits is not None
    newcomers = measured.encoder.traits.known & ~traits.known
    for ours, theirs in zip(_tables(network), _tables(measured), strict=True):
        ours[newcomers] = theirs[newcomers]
    for encoder in (network.encoder, network.target):
        for names in (encoder.species.weight, encoder.other_species.weight):
            names[newcomers] = names[0].clone()
    traits.known |= newcomers


def nearest_known(traits: Tensor, known: Bool[Tensor, " s"]) -> Int[Tensor, " s"]:
    """Return for each row of traits (S, F) the known row most like it."""
    apart = torch.cdist(traits.double(), traits.double())
    return apart.masked_fill(~known, torch.inf).argmin(1)


def _tables(network: EcoNetwork) -> tuple[Tensor, ...]:
    """Return all that is measured of each species, species first."""
    path, book, prior = network.path_base, network.codebook, network.prior
    return (
        path.weight, path.scale, book.edges, book.carry, network.speed_limit, network.climb_limit, network.heading_gain,
        prior.following, prior.coming, prior.momentum.transpose(0, 1), prior.style.transpose(0, 1),
    )  # fmt: skip
