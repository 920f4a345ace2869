"""Tests under the CUDA simulator of numba, which is switched on before numba is imported: in a process of its own."""

import os
import subprocess
import sys


def assert_passes_on_the_simulated_gpu(path: str) -> None:
    """Run a file of tests under the simulator."""
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", path],
        env={**os.environ, "NUMBA_ENABLE_CUDASIM": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-2000:]
