"""Eco-1 proper: five senses, z-JEPA between them, and a language model of experts that reads them."""

from eco1.models.multimodal.config import EXPERTS, SENSES, MultimodalConfig, Sense
from eco1.models.multimodal.model import MultimodalModel

__all__ = ["EXPERTS", "SENSES", "MultimodalConfig", "MultimodalModel", "Sense"]
