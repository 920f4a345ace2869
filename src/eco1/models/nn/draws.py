"""Random draws that are made on the CPU, whatever computes with them."""

import torch
from torch import Generator


def on_cpu(generator: Generator | None) -> Generator | None:
    """Return a stream that draws on the CPU: the one given, or one that is seeded by its next number.

    Training hands out generators of its own device, while masks and choices are drawn on the CPU, where each is a few
    numbers and need not wait for a GPU.
    """
    if generator is None or generator.device.type == "cpu":
        return generator
    seed = torch.randint(2**62, (), generator=generator, device=generator.device)
    return Generator().manual_seed(int(seed))
