"""Clouds of points as tokens: choosing centres, gathering neighbours, putting them in order."""

from eco1.models.nn.points.choosing import farthest_points, nearest_order, nearest_points
from eco1.models.nn.points.clouds import Clouds, clouds_of
from eco1.models.nn.points.tokens import PointTokens

__all__ = ["Clouds", "PointTokens", "clouds_of", "farthest_points", "nearest_order", "nearest_points"]
