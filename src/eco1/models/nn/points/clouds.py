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

    The lidar may turn without the axes of the world turning with it, so clouds keep these axes.

    Raises:
        ConfigError: when the clip has no senses, or a cloud has fewer points than ``fewest``.
        UnknownNameError: when it lacks the lidar.
    """
    points = sensed(clip).senses.points
    if lidar not in points:
        raise unknown_name("lidar", lidar, points)
    position = torch.as_tensor(points[lidar].position_m[:, frames], device=device)
    there = position.isfinite().all(-1)
    found = int(there.sum(-1).min())
    if found < fewest:
        raise ConfigError(
            f"A cloud has {found} points; the model needs {fewest} for its centres and their neighbours. "
            "Record with more beams, or make a model of fewer centres and neighbours."
        )
    position = position.where(there[..., None], 0.0)
    middle = position.sum(-2, keepdim=True) / there.sum(-1)[..., None, None]
    return Clouds(position=((position - middle) / range_m).where(there[..., None], 0.0), there=there)
