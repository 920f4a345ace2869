"""V-JEPA 2-AC: what a camera will see if it moves so."""

from eco1.models.jepa.acting.config import VJepaAcConfig
from eco1.models.jepa.acting.model import VJepaAcModel

__all__ = ["VJepaAcConfig", "VJepaAcModel"]
