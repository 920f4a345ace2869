"""How animals move by themselves and together: the quantities by which a closed loop is compared with recordings.

Speed and distance are in body lengths, so that species may be pooled. A group is all living animals of one species in
one world. Polarisation and milling (group angular momentum): Couzin et al. (2002), DOI 10.1006/jtbi.2002.3065; as order
parameters of real schools: Tunstrom et al. (2013), DOI 10.1371/journal.pcbi.1002915.

Shape letters: T frames, W worlds, N animals, M samples.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float64

from eco1.core.angles import wrap
from eco1.core.records import Observation

STATISTICS = ("speed", "turning", "nearest_neighbour", "polarisation", "milling")
_FEWEST_IN_GROUP = 3


@dataclass(frozen=True, kw_only=True)
class CollectiveSamples:
    """Samples of every statistic.

    ``speed`` body lengths a second; ``turning`` |rad/s|; ``nearest_neighbour`` body lengths to the nearest of the same
    species; ``polarisation`` and ``milling`` between 0 and 1, one sample for each group and frame.
    """

    speed: Float64[np.ndarray, " m1"]
    turning: Float64[np.ndarray, " m2"]
    nearest_neighbour: Float64[np.ndarray, " m3"]
    polarisation: Float64[np.ndarray, " m4"]
    milling: Float64[np.ndarray, " m5"]


def collective_samples(observation: Observation, dt_s: float, *, every_s: float = 1.0) -> CollectiveSamples:
    """Return samples from a recording (T, W, N), taken every ``every_s`` seconds."""
    every = max(1, round(every_s / dt_s))
    frames = np.arange(1, len(observation.alive), every)
    now, before = observation[frames], observation[frames - 1]
    same = now.alive & before.alive & (now.identity == before.identity)
    length = np.maximum(now.body_length_m, 1e-6).astype(np.float64)
    turned = np.abs(wrap(now.heading_rad.astype(np.float64) - before.heading_rad)) / dt_s
    nearest = nearest_distance(now, same_species=True) / length
    return CollectiveSamples(
        speed=(np.linalg.norm(now.velocity_mps.astype(np.float64), axis=-1) / length)[now.alive],
        turning=turned[same],
        nearest_neighbour=nearest[now.alive & np.isfinite(nearest)],
        polarisation=_by_group(now, polarisation),
        milling=_by_group(now, milling),
    )


def polarisation(
    position_m: Float64[np.ndarray, "*b n 2"], heading_rad: Float64[np.ndarray, "*b n"], there: Bool[np.ndarray, "*b n"]
) -> Float64[np.ndarray, "*b"]:
    """Return the length of the mean heading: 1 when all face one way, near 0 when they face anywhere."""
    facing = np.where(there[..., None], np.stack([np.cos(heading_rad), np.sin(heading_rad)], -1), 0)
    return np.linalg.norm(facing.sum(-2), axis=-1) / np.maximum(there.sum(-1), 1)


def milling(
    position_m: Float64[np.ndarray, "*b n 2"], heading_rad: Float64[np.ndarray, "*b n"], there: Bool[np.ndarray, "*b n"]
) -> Float64[np.ndarray, "*b"]:
    """Return the rotation order: 1 when all circle the group's centre the same way, near 0 when they do not."""
    count = np.maximum(there.sum(-1), 1)
    centre = np.where(there[..., None], position_m, 0).sum(-2) / count[..., None]
    outward = position_m - centre[..., None, :]
    outward = outward / np.maximum(np.linalg.norm(outward, axis=-1, keepdims=True), 1e-9)
    spin = outward[..., 0] * np.sin(heading_rad) - outward[..., 1] * np.cos(heading_rad)
    return np.abs(np.where(there, spin, 0).sum(-1)) / count


def nearest_distance(observation: Observation, *, same_species: bool) -> Float64[np.ndarray, "*b n"]:
    """Return the distance in metres to the nearest other living animal of the same (or of any other) species."""
    return np.sqrt(squared_distances(observation, same_species=same_species).min(-1))


def squared_distances(observation: Observation, *, same_species: bool) -> Float64[np.ndarray, "*b n n"]:
    """Return squared distances between living animals, infinity for pairs that do not count."""
    place = np.where(observation.alive[..., None], observation.position_m, 0).astype(np.float64)
    square = ((place[..., :, None, :] - place[..., None, :, :]) ** 2).sum(-1)
    kin = observation.species[..., :, None] == observation.species[..., None, :]
    pairs = observation.alive[..., :, None] & observation.alive[..., None, :] & (kin if same_species else ~kin)
    return np.where(pairs & ~np.eye(pairs.shape[-1], dtype=bool), square, np.inf)


def _by_group(observation: Observation, order: Callable[..., np.ndarray]) -> Float64[np.ndarray, " m"]:
    """Return an order parameter for every group of at least three and every frame."""
    place = observation.position_m[..., :2].astype(np.float64)
    heading = observation.heading_rad.astype(np.float64)
    found = [np.zeros(0)]
    for species in np.unique(observation.species[observation.alive]):
        there = observation.alive & (observation.species == species)
        enough = there.sum(-1) >= _FEWEST_IN_GROUP
        if enough.any():
            found.append(order(place[enough], heading[enough], there[enough]))
    return np.concatenate(found)
