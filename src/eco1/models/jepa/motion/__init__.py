"""MC-JEPA: motion and content learned by one encoder of pictures."""

from eco1.models.jepa.motion.config import McJepaConfig
from eco1.models.jepa.motion.model import McJepaModel

__all__ = ["McJepaConfig", "McJepaModel"]
