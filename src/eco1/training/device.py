"""Where to compute, and in which numbers."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

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


def quickest_precision(device: torch.device) -> Literal["fp32", "bf16"]:
    """Return bf16 where the device multiplies it in hardware, fp32 elsewhere."""
    if device.type == "cuda":
        return "bf16" if torch.cuda.is_bf16_supported() else "fp32"
    ask: Callable[[], Mapping[str, Any]] | None = getattr(
        torch.cpu, "get_capabilities", None
    )  # newer than our lower bound
    able = ask() if ask and device.type == "cpu" else {}
    return "bf16" if able.get("avx512_bf16") or able.get("amx_bf16") else "fp32"
