"""Joint-embedding predictive models of one sense: I-JEPA, V-JEPA and A-JEPA."""

from eco1.models.jepa.config import JepaConfig
from eco1.models.jepa.model import JepaModel

__all__ = ["JepaConfig", "JepaModel"]
