"""What every recipe that runs a world refuses, before anything begins."""

import math

from eco1.core.errors import ConfigError

_SEEDS = 2**63  # random numbers are counted in 64 bits, one of them the sign


def require_seconds(seconds: float) -> None:
    """Refuse a length of time in which nothing can happen.

    Raises:
        ConfigError: when it is not a finite number above 0.
    """
    if not 0 < seconds < math.inf:
        raise ConfigError(f"--seconds is {seconds:g}; allowed: a finite time longer than 0 s, such as --seconds 60.")


def require_seed(seed: int, flag: str = "--seed") -> None:
    """Refuse what cannot seed a world.

    Raises:
        ConfigError: when it is negative or has more than 63 bits.
    """
    if not 0 <= seed < _SEEDS:
        raise ConfigError(f"{flag} is {seed}; allowed: whole numbers from 0 to {_SEEDS - 1}, such as {flag} 7.")
