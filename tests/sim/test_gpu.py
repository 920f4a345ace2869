"""Device ``cuda``: the same worlds, and errors that say what is missing."""

import os
import subprocess
import sys

import pytest
from numba import cuda

from eco1.core.errors import ConfigError, MissingExtraError, UnknownNameError
from eco1.sim.ecosystem import Ecosystem


@pytest.mark.slow
def test_worlds_on_the_simulated_gpu_are_those_on_the_cpu():
    simulated = {**os.environ, "NUMBA_ENABLE_CUDASIM": "1"}  # read when numba is imported
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests/sim/on_gpu.py"],
        env=simulated, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-2000:]


def test_an_unknown_device_is_refused():
    with pytest.raises(UnknownNameError, match=r"Unknown device 'gpu'\. Allowed: cpu, and cuda"):
        Ecosystem(device="gpu")


def test_without_numba_cuda_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "numba_cuda", None)
    with pytest.raises(MissingExtraError, match=r"'numba-cuda'.*pip install 'eco1\[gpu\]'"):
        Ecosystem(device="cuda")


@pytest.mark.skipif(cuda.is_available(), reason="there is a GPU")
def test_without_a_gpu_the_cpu_is_recommended():
    with pytest.raises(ConfigError, match=r"needs an NVIDIA GPU.*device 'cpu'"):
        Ecosystem(device="cuda")
