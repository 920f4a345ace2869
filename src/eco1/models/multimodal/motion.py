"""Numbers of every animal of a scene, in world axes: words speak of north, and of the edge of a world.

Shape letters: b clips, t frames, n animals, f features.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from eco1.core.records import IN_METRES, SURROUNDINGS
from eco1.sensors.scene import Scene

FEATURES = 3 + 3 + 3 + 2 + 2 + len(SURROUNDINGS) + 1
# Distances, speeds and sizes range over orders of magnitude: asinh(x / unit). Our choice of units.
_NEAR_M, _WORLD_M, _SLOW_MPS = 10.0, 500.0, 0.5
_NOWHERE = 6.0  # as far off as 2 km: no water, shelter or wall that anybody knows of


@dataclass(frozen=True, kw_only=True)
class Motion:
    """Animals of every moment. Species and behaviours count from 1; 0 is unknown."""

    features: Float[Tensor, "b c n f"]
    species: Int[Tensor, "b c n"]
    behavior: Int[Tensor, "b c k n"]
    real: Bool[Tensor, "b c n"]


def motion_of(
    scene: Scene, dt_s: Float[Tensor, " b"], centre: Float[Tensor, "b 3"], moments: int, frames: int
) -> Motion:
    """Return the animals of a clip.

    Args:
        scene: (b, t, n) animals.
        dt_s: time between frames.
        centre: the place from which positions are told too, such as that of whom a camera follows.
        moments: stretches of time.
        frames: that are looked at, the first ones.
    """
    each = frames // moments
    middle = scene[:, each // 2 : frames : each]
    features = _features(middle, dt_s, centre)
    behavior = (scene.behavior[:, :frames] + 1).unflatten(1, (moments, each))
    known = middle.species + 1
    return Motion(features=features, species=known, behavior=behavior, real=middle.alive)


def _features(scene: Scene, dt_s: Float[Tensor, " b"], centre: Float[Tensor, "b 3"]) -> Float[Tensor, "b c n f"]:
    off = scene.position_m - centre[:, None, None]
    angle = scene.heading_rad[..., None]
    around = scene.surroundings.clone()
    around[..., IN_METRES] = torch.asinh(around[..., IN_METRES] / _NEAR_M)
    pace = torch.log(dt_s)[:, None, None, None].expand(*scene.alive.shape, 1)
    found = [
        torch.asinh(off / _NEAR_M),
        scene.position_m / _WORLD_M - 0.5,
        torch.asinh(scene.velocity_mps / _SLOW_MPS),
        torch.cat([angle.cos(), angle.sin()], -1),
        torch.stack([scene.body_length_m.log(), (scene.velocity_mps.norm(dim=-1) / scene.body_length_m).log1p()], -1),
        around.nan_to_num(_NOWHERE),
        pace,
    ]
    return torch.where(scene.alive[..., None], torch.cat(found, -1), 0.0)
