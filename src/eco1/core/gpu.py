"""Work on an NVIDIA GPU: one thread per row runs the functions that are compiled for the CPU.

Numba-cuda compiles for the GPU whatever function compiled for the CPU a kernel calls, from the same source. Its
simulator (``NUMBA_ENABLE_CUDASIM=1``), which needs no GPU, runs the threads of a kernel in Python; what they call stays
compiled for the CPU there.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eco1.core.errors import ConfigError, UnknownNameError
from eco1.core.extras import require

_WARP = 32  # threads that go in step on NVIDIA's GPUs


def is_gpu(device: str, purpose: str) -> bool:
    """Return whether a device is an NVIDIA GPU (``cuda``) and not the CPU (``cpu``), once it is found to be there.

    Raises:
        UnknownNameError: there is no such device.
        MissingExtraError: numba-cuda is not installed.
        ConfigError: there is no GPU, or its driver or the compiler of the CUDA toolkit is missing.
    """
    if device == "cpu":
        return False
    if device != "cuda":
        raise UnknownNameError(f"Unknown device {device!r}. Allowed: cpu, and cuda for an NVIDIA GPU.")
    require("numba_cuda", purpose)
    from numba import cuda

    if not cuda.is_available():
        raise ConfigError(
            f"{purpose} needs an NVIDIA GPU with its driver, and the compiler of the CUDA toolkit "
            "(pip install 'numba-cuda[cu13]', or [cu12] for an older driver). "
            f"Found: {_why_not()} The CPU does the same: device 'cpu'. See: eco1 doctor"
        )
    return True


class Kernel:
    """A function that every thread of a GPU runs, ``cuda.grid(1)`` telling it which thread it is.

    Its arguments are numbers and named tuples; arrays come inside the tuples, as ``upload`` returns them.

    Args:
        function: what a thread does; it calls functions that are compiled for the CPU.
        block: how many threads wait for each other where their ways part: few for long work of many turns.
    """

    def __init__(self, function: Callable[..., None], block: int = _WARP) -> None:
        self._block, self._launcher = block, _compiled(function)

    def __call__(self, threads: int, *arguments: Any) -> None:
        """Run at least so many threads, rounded up to whole blocks. They may still be at work on return."""
        blocks = -(-threads // self._block)
        with _exact():
            self._launcher[blocks, self._block](*arguments)


def upload(what: Any) -> Any:
    """Return a copy of an array, or of a named tuple with all its arrays, in the memory of the GPU."""
    from numba import cuda

    if isinstance(what, tuple):
        record: Any = what
        return record._make(upload(one) for one in record)
    if not isinstance(what, np.ndarray):
        return what
    # Under the simulator functions compiled for the CPU work on it.
    return what.copy() if _is_simulated() else cuda.to_device(np.ascontiguousarray(what))


def blank(shape: tuple[int, ...], dtype: Any) -> Any:
    """Return an array in the memory of the GPU that holds anything."""
    from numba import cuda

    return np.empty(shape, dtype) if _is_simulated() else cuda.device_array(shape, dtype)


def download(array: Any) -> NDArray[Any]:
    """Return a copy of an array of the GPU's in the memory of the host, once all kernels before are done."""
    return array.copy() if _is_simulated() else array.copy_to_host()


def _is_simulated() -> bool:
    from numba.core import config

    settings: Any = config
    return bool(settings.ENABLE_CUDASIM)


def _compiled(function: Callable[..., None]) -> Any:
    from numba import cuda

    if _is_simulated():
        return cuda.jit(function)
    settings: Any = import_module("numba.cuda.core.config")
    settings.CUDA_LOW_OCCUPANCY_WARNINGS = 0  # a single world is no mistake
    return cuda.jit(function, lto=False)  # what is linked late is fused late, see _exact


@contextmanager
def _exact() -> Generator[None]:
    """Compile a * b + c as it is written, in two roundings: fused into one, worlds drift apart from those on the CPU.

    Numba-cuda 0.30 fuses without asking; the compiler that it calls takes other orders.
    """
    if _is_simulated():
        yield
        return
    compiler: Any = import_module("numba.cuda.cudadrv.nvvm")
    before: Any = compiler.compile_ir

    def exact(code: Any, **options: Any) -> Any:
        return before(code, **{**options, "fma": False})

    compiler.compile_ir = exact
    try:
        yield
    finally:
        compiler.compile_ir = before


def _why_not() -> str:
    from numba import cuda

    return f"{cuda.cuda_error() or 'a driver, but no compiler.'}".strip().replace("\n", " ")
