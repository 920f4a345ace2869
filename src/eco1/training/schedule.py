"""What changes from step to step: the learning rate and the momentum of EMA targets. Both depend on the step alone."""

import math

from eco1.training.config import TrainConfig


def learning_rate(config: TrainConfig, step: int) -> float:
    """Return the learning rate of a step (0 is the first): linear warm-up, then half a cosine towards 0.

    Loshchilov & Hutter, SGDR, arXiv 1608.03983, equation 5, with one cycle.
    """
    warmup = math.ceil(config.warmup_fraction * config.steps)
    if step < warmup:
        return config.lr * (step + 1) / warmup
    return config.lr * 0.5 * (1.0 + math.cos(math.pi * (step - warmup) / (config.steps - warmup)))


def ema_momentum(config: TrainConfig, step: int) -> float:
    """Return how much of itself a target keeps at a step: ``ema_start`` at step 0, rising to 1 at the end.

    BYOL, arXiv 2006.07733, section 3.3: 1 - (1 - start) (cos(pi k / K) + 1) / 2.
    """
    return 1.0 - (1.0 - config.ema_start) * (math.cos(math.pi * step / config.steps) + 1.0) / 2.0
