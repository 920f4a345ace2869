"""Weights in few bits, and experts that stay on disk until they are chosen. For inference only."""

from eco1.models.nn.lowbit.experts import LowBitExperts
from eco1.models.nn.lowbit.files import load_low_bit, load_public_low_bit, save_low_bit
from eco1.models.nn.lowbit.form import LowBitForm
from eco1.models.nn.lowbit.linear import LowBitLinear
from eco1.models.nn.lowbit.offload import HotExperts, OffloadedExperts
from eco1.models.nn.lowbit.offloaded import load_offloaded
from eco1.models.nn.lowbit.swap import LowBitRule, swap

__all__ = [
    "HotExperts",
    "LowBitExperts",
    "LowBitForm",
    "LowBitLinear",
    "LowBitRule",
    "OffloadedExperts",
    "load_low_bit",
    "load_offloaded",
    "load_public_low_bit",
    "save_low_bit",
    "swap",
]
