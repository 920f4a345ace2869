"""Qwen3 and Qwen3-MoE: the decoder, its cache, generation, and the public weights."""

from eco1.models.nn.qwen3.branches import Branches
from eco1.models.nn.qwen3.cache import Cache
from eco1.models.nn.qwen3.config import Qwen3Config
from eco1.models.nn.qwen3.decoder import Qwen3, Read, RouterBias
from eco1.models.nn.qwen3.flops import training_flops
from eco1.models.nn.qwen3.generate import GREEDY, Sampling, generate, prefill
from eco1.models.nn.qwen3.public import load_public, save_public

__all__ = [
    "GREEDY",
    "Branches",
    "Cache",
    "Qwen3",
    "Qwen3Config",
    "Read",
    "RouterBias",
    "Sampling",
    "generate",
    "load_public",
    "prefill",
    "save_public",
    "training_flops",
]
