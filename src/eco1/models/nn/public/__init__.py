"""Reading and writing weights in the layout in which others publish them: safetensors beside a ``config.json``."""

from eco1.models.nn.public.load import load_weights
from eco1.models.nn.public.pieces import Piece
from eco1.models.nn.public.save import SHARD_BYTES, save_weights
from eco1.models.nn.public.shards import CONFIG, read_public_json

__all__ = ["CONFIG", "SHARD_BYTES", "Piece", "load_weights", "read_public_json", "save_weights"]
