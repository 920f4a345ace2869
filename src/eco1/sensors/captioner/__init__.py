"""The captioner: from logged arrays to events, captions, summaries and questions with their answers."""

from eco1.sensors.captioner.describe import describe
from eco1.sensors.captioner.description import Description, from_json, to_json

__all__ = ["Description", "describe", "from_json", "to_json"]
