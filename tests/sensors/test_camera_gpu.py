"""Device ``cuda`` of the camera: the same pictures, and an error that says what is missing."""

import sys

import numpy as np
import pytest
from tests.sensors.posed_scenes import moments, scenery, shapes
from tests.simulated_gpu import assert_passes_on_the_simulated_gpu

from eco1.core.errors import MissingExtraError
from eco1.sensors.camera.render import render
from eco1.sensors.camera.views import look_at


@pytest.mark.slow
def test_pictures_of_the_simulated_gpu_are_those_of_the_cpu():
    assert_passes_on_the_simulated_gpu("tests/sensors/camera_on_gpu.py")


def test_without_numba_cuda_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "numba_cuda", None)
    view = look_at(np.array([[8, 12, 5]], np.float32), np.array([[22, 21, 1.5]], np.float32))
    with pytest.raises(MissingExtraError, match=r"camera on device 'cuda'.*pip install 'eco1\[gpu\]'"):
        render(scenery(), shapes(), moments(), view, device="cuda")
