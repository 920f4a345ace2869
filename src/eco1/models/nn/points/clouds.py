"""What a lidar brought back, as a model sees it.

Shape letters: b clips, c moments, k points.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from eco1.core.errors import ConfigError, unknown_name
from eco1.core.records import ArrayRecord, Clip
from eco1.models.nn.views import sensed


@dataclass(frozen=True, kw_only=True)
class Clouds(ArrayRecord):
    """Points seen from the middle of their cloud, in units of the range; 0 where no point is ``there``."""

    position: Float[Tensor, "*b k 3"]
    there: Bool[Tensor, "*b k"]


def clouds_of(clip: Clip, lidar: str, frames: slice, *, range_m: float, fewest: int, device: torch.device) -> Clouds:
    """Return the clouds (b, c) of some frames, without beams that met nothing.

    The lidar may turn without the axes of the world turning with it, so clouds keep these axes. A cloud of fewer points
    than ``fewest`` has all of them several times over (one of none has a single one, in its middle), as nothing but sky
    and open water may lie within reach for a while.

    Raises:
        ConfigError: when the clip has no senses, or the lidar has fewer beams than ``fewest``.
        UnknownNameError: when it lacks the lidar.
    """
    points = sensed(clip).senses.points
    if lidar not in points:
        raise unknown_name("lidar", lidar, points)
    position = torch.as_tensor(points[lidar].position_m[:, frames], device=device)
    if position.shape[-2] < fewest:
        raise ConfigError(
            f"The lidar has {position.shape[-2]} beams; the model needs {fewest} points for its centres and their "
            "neighbours. Record with more beams, or make a model of fewer centres and neighbours."
        )
    there = position.isfinite().all(-1)
    position = position.where(there[..., None], 0.0)
    middle = position.sum(-2, keepdim=True) / there.sum(-1).clamp(min=1)[..., None, None]
    found = Clouds(position=((position - middle) / range_m).where(there[..., None], 0.0), there=there)
    return _filled(found, fewest)


def _filled(clouds: Clouds, fewest: int) -> Clouds:
    """Return clouds of at least so many points; those that have enough stay as they are."""
    count = clouds.there.sum(-1, keepdim=True)
    if bool((count >= fewest).all()):
        return clouds
    place = torch.arange(clouds.there.shape[-1], device=count.device).expand_as(clouds.there)
    real_first = (~clouds.there).long().argsort(dim=-1, stable=True)
    again = real_first.gather(-1, place % count.clamp(min=1))
    position = clouds.position.gather(-2, again[..., None].expand(clouds.position.shape))
    few = count < fewest
    return Clouds(
        position=torch.where(few[..., None], torch.where((place < fewest)[..., None], position, 0.0), clouds.position),
        there=torch.where(few, place < fewest, clouds.there),
    )
