"""Point-JEPA: a joint-embedding predictive model of point clouds."""

from eco1.models.jepa.points.config import PointJepaConfig
from eco1.models.jepa.points.model import PointJepaModel

__all__ = ["PointJepaConfig", "PointJepaModel"]
