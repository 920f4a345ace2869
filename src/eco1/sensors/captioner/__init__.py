"""The captioner: from logged arrays to events, captions, summaries and questions with their answers."""

from eco1.sensors.captioner.describe import ask, describe
from eco1.sensors.captioner.interest import EVENT_KINDS

__all__ = ["EVENT_KINDS", "ask", "describe"]
