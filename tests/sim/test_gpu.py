"""Device ``cuda``: the same worlds, and errors that say what is missing."""

import sys

import pytest
from numba import cuda
from tests.simulated_gpu import assert_passes_on_the_simulated_gpu

from eco1.core.errors import ConfigError, MissingExtraError, UnknownNameError
from eco1.sim.ecosystem import Ecosystem


@pytest.mark.slow
def test_worlds_on_the_simulated_gpu_are_those_on_the_cpu():
    assert_passes_on_the_simulated_gpu("tests/sim/on_gpu.py")


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
