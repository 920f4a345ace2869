"""Where to compute."""

import torch

from eco1.core.errors import ConfigError


def torch_device(name: str) -> torch.device:
    """Return the device of that name, such as ``cpu`` or ``cuda:0``.

    Raises:
        ConfigError: when there is no such device on this machine.
    """
    try:
        device = torch.device(name)
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        found = ["cpu", *(f"cuda:{index}" for index in range(torch.cuda.device_count()))]
        raise ConfigError(f"No device {name!r} here; found: {', '.join(found)}. See: eco1 doctor") from error
    return device
