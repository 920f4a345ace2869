"""Every animal of a scene in world axes, for words speak of north and of the edge of a world, and as it sees itself.

Shape letters: b clips, c moments, t frames, n animals, f features, p numbers of a place.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from eco1.core.records import IN_METRES, SURROUNDINGS
from eco1.sensors.egocentric import Egocentric, egocentric
from eco1.sensors.scene import FELT_CHANNELS, HEIGHT_CHANNELS, OFFSET_CHANNELS, SLOPE_CHANNELS, Scene
from eco1.sensors.trace import link, no_trace

FEATURES = 3 + 3 + 3 + 2 + 2 + len(SURROUNDINGS) + 1
# Distances, speeds and sizes range over orders of magnitude: asinh(x / unit). Our choice of units.
_NEAR_M, _WORLD_M, _SLOW_MPS = 10.0, 500.0, 0.5
_NEAREST, _STRANGERS = 8, 4  # neighbours, as in the model of motion alone
#: Numbers that words for places are about: how near water, shelter, food and a border are, the ground, how high it is.
WHEREABOUTS = OFFSET_CHANNELS // 2 + 1 + 3 + 2 + 3 + 1
_FAR_M = 500.0  # as far off as if there were nothing
_NOWHERE = 6.0  # as far off as 2 km: no water, shelter or wall that anybody knows of


@dataclass(frozen=True, kw_only=True)
class Motion:
    """Animals at the end of every moment. Species and behaviours count from 1; 0 is unknown.

    ``view`` is what each of them has around itself, ``whereabouts`` what tells where it is.
    """

    features: Float[Tensor, "b c n f"]
    whereabouts: Float[Tensor, "b c n p"]
    species: Int[Tensor, "b c n"]
    behavior: Int[Tensor, "b c k n"]
    real: Bool[Tensor, "b c n"]
    view: Egocentric


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
    ends = slice(each - 1, frames, each)
    last = scene[:, ends]
    linked = link(scene[:, :frames], no_trace(len(dt_s), scene.alive.shape[-1], dt_s.device))[:, ends]
    step_s = dt_s[:, None].expand(-1, moments)
    return Motion(
        features=_features(last, dt_s, centre),
        whereabouts=_whereabouts(last),
        species=last.species + 1,
        behavior=(scene.behavior[:, :frames] + 1).unflatten(1, (moments, each)),
        real=last.alive,
        view=egocentric(last, linked, dt_s=step_s, nearest=_NEAREST, strangers=_STRANGERS),
    )


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


def _whereabouts(scene: Scene) -> Float[Tensor, "b c n p"]:
    """Return distances, not offsets, all of about unit variance: a reader of few examples finds no norm by itself."""
    around = scene.surroundings
    apart = around[..., :OFFSET_CHANNELS].unflatten(-1, (-1, 2)).norm(dim=-1).nan_to_num(_FAR_M)
    slope = around[..., SLOPE_CHANNELS].norm(dim=-1, keepdim=True)
    found = [
        apart.log1p() - 2.0,
        10.0 * slope,
        3.0 * around[..., FELT_CHANNELS] - 1.5,
        torch.asinh(around[..., HEIGHT_CHANNELS].nan_to_num(_FAR_M)) / 2.0,
        4.0 * scene.position_m[..., :2] / _WORLD_M - 1.0,
        3.0 * torch.asinh(scene.position_m[..., 2:] / _NEAR_M),
        torch.asinh(scene.velocity_mps / _SLOW_MPS).norm(dim=-1, keepdim=True),
    ]
    return torch.where(scene.alive[..., None], torch.cat(found, -1), 0.0)
