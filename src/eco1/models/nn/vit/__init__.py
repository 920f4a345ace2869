"""Vision transformers for anything that falls into patches: pictures, video, spectrograms, groups of points."""

from eco1.models.nn.vit.config import ViTConfig
from eco1.models.nn.vit.encoder import Encoder
from eco1.models.nn.vit.patches import Patches, Tokens
from eco1.models.nn.vit.predictor import FedPredictor, Predictor

__all__ = ["Encoder", "FedPredictor", "Patches", "Predictor", "Tokens", "ViTConfig"]
