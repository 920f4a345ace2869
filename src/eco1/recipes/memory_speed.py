"""How fast this machine reads memory and files."""

import math
import os
import time
from collections.abc import Iterator
from pathlib import Path

import torch

_READ_BYTES = 2**30  # more than any cache
_READS = 5


def memory_bytes_per_s() -> float:
    """Return how fast numbers can be read that lie in no cache: the best of several sums over many."""
    numbers = torch.ones(_READ_BYTES // 4)
    best = math.inf
    for _ in range(_READS):
        started = time.perf_counter()
        numbers.sum()
        best = min(best, time.perf_counter() - started)
    return _READ_BYTES / best


def file_bytes_per_s(folder: Path) -> Iterator[float]:
    """Yield how fast each file is read after the system was told to forget it; nothing where it cannot be told."""
    if not hasattr(os, "posix_fadvise"):
        return
    room = bytearray(2**24)
    for path in folder.glob("*.safetensors"):
        with path.open("rb", buffering=0) as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            started = time.perf_counter()
            while file.readinto(room):
                pass
            yield path.stat().st_size / (time.perf_counter() - started)
