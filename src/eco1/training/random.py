"""Torch generators that depend on counters alone, so that a run can be stopped anywhere and go on the same."""

from collections.abc import Generator
from contextlib import contextmanager

import numpy as np
import torch


def stream_seed(seed: int, *stream: int) -> int:
    """Return a 63-bit seed, independent for every ``stream`` of counters (numpy ``SeedSequence``)."""
    return int(np.random.SeedSequence([seed, *stream]).generate_state(1, np.uint64)[0] >> np.uint64(1))


def torch_generator(device: torch.device | str, seed: int, *stream: int) -> torch.Generator:
    """Return a new generator on a device, seeded by ``stream_seed``."""
    return torch.Generator(device=device).manual_seed(stream_seed(seed, *stream))


@contextmanager
def global_stream(device: torch.device, seed: int, *stream: int) -> Generator[None, None, None]:
    """Seed torch's global generators inside the context and put them back after it: layers such as dropout use them."""
    devices = [device] if device.type == "cuda" else []
    with torch.random.fork_rng(devices=devices):
        torch.manual_seed(stream_seed(seed, *stream))
        yield
