"""What a model is shown of a clip: its first point cloud.

Shape letters: b clips, k points.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from eco1.core.errors import ConfigError, unknown_name
from eco1.core.records import Clip
from eco1.models.jepa.points.config import PointJepaConfig
from eco1.models.nn.views import sensed


@dataclass(frozen=True, kw_only=True)
class Clouds:
    """Points seen from the middle of their cloud, in units of the range; 0 where no point is ``there``."""

    position: Float[Tensor, "b k 3"]
    there: Bool[Tensor, "b k"]


def clouds_of(clip: Clip, config: PointJepaConfig, device: torch.device) -> Clouds:
    """Return the first cloud of every clip, without beams that met nothing.

    The lidar may turn without the axes of the world turning with it, so clouds keep these axes.

    Raises:
        ConfigError: when the clip has no senses, or a cloud has too few points.
        UnknownNameError: when it lacks the instrument.
    """
    points = sensed(clip).senses.points
    if config.instrument not in points:
        raise unknown_name("lidar", config.instrument, points)
    position = torch.as_tensor(points[config.instrument].position_m[:, 0], device=device)
    there = position.isfinite().all(-1)
    fewest = int(there.sum(1).min())
    if fewest < config.fewest_points:
        raise ConfigError(
            f"A cloud has {fewest} points; {config.centres} centres with {config.neighbours} neighbours need "
            f"{config.fewest_points}. Record with more beams, or make a model of fewer centres and neighbours."
        )
    position = position.where(there[..., None], 0.0)
    middle = position.sum(1, keepdim=True) / there.sum(1)[:, None, None]
    return Clouds(position=((position - middle) / config.range_m).where(there[..., None], 0.0), there=there)
