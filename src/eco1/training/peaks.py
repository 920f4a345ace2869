"""How many floating-point operations a device can do in a second at best."""

import time
from functools import lru_cache

import torch

#: Dense products in (bf16, fp32), FLOP/s, by how torch's name of the device begins; the first match counts. A100:
#: NVIDIA A100 data sheet. H100 PCIe: NVIDIA's table of both H100 (half of what it gives with sparsity). H100 SXM:
#: https://glennklockwood.com/garden/processors/h100, which counts units and clock; H200 has the same processor.
GPU_PEAKS = {
    "NVIDIA A100": (312e12, 19.5e12),
    "NVIDIA H100 PCIe": (756.5e12, 51e12),
    "NVIDIA H100 80GB HBM3": (989.4e12, 66.9e12),
    "NVIDIA H200": (989.4e12, 66.9e12),
}
_SIZE, _TIMES = 768, 5  # a product of a few milliseconds, too large for a cache to make it look better than it is


def peak_flops(device: torch.device, precision: str) -> float | None:
    """Return FLOP/s of dense products on a device in ``bf16`` or ``fp32``; None for a GPU that is not in the table.

    Of a CPU nobody publishes one number, so it is measured: the best of a few large products on torch's threads.
    """
    if device.type == "cpu":
        return _measured(precision, torch.get_num_threads())
    name = torch.cuda.get_device_name(device)
    for known, (bf16, fp32) in GPU_PEAKS.items():
        if name.startswith(known):
            return bf16 if precision == "bf16" else fp32
    return None


@lru_cache
def _measured(precision: str, threads: int) -> float:
    matrix = torch.ones(_SIZE, _SIZE, dtype=torch.bfloat16 if precision == "bf16" else torch.float32)
    best = float("inf")
    for _ in range(_TIMES):
        started = time.perf_counter()
        torch.mm(matrix, matrix)
        best = min(best, time.perf_counter() - started)
    return 2.0 * _SIZE**3 / best
