"""Eco-1: a world model of animal behaviour."""

from eco1.models.eco.config import EcoConfig
from eco1.models.eco.model import EcoModel

__all__ = ["EcoConfig", "EcoModel"]
