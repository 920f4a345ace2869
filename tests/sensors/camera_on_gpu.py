"""Pictures of the GPU are those of the CPU. Run by ``test_camera_gpu``, or: pytest tests/sensors/camera_on_gpu.py.

Under the simulator what threads call is compiled for the CPU, so all is the same to the byte. A GPU adds in another
order: where a ray grazes an edge it may see what lies on the other side, and there alone may more differ than the last
digits.
"""

from dataclasses import fields, replace

import numpy as np
import pytest
from numba.core import config
from tests.sensors.posed_scenes import moments, nobody, scenery, shapes

from eco1.core.senses import Frames
from eco1.sensors.camera.render import render
from eco1.sensors.camera.views import Views, look_at

_EDGES = 0.02  # share of pixels


def views() -> Views:
    """Return three cameras around the animals; the last is in the pond."""
    eyes = np.array([(8, 12, 5), (24, 30, 7), (9, 30, -0.5)], np.float32)
    targets = np.array([(22, 21, 1.5), (20, 20, 2), (14, 26, -0.4)], np.float32)
    return replace(look_at(eyes, targets, field_of_view_rad=0.9), moment=np.zeros(3, np.int32))


def pictures(device: str, **options) -> Frames:
    now, before = moments(moved_m=0.3), moments(moved_m=0.0)
    land = scenery("savanna", houses=True)
    return render(land, shapes(), now, views(), moments_before=before, threads=1, device=device, **options)


def assert_same(here: Frames, there: Frames) -> None:
    if config.ENABLE_CUDASIM:
        for field in fields(here):
            assert getattr(here, field.name).tobytes() == getattr(there, field.name).tobytes(), field.name
        return
    same = here.instance == there.instance
    assert same.mean() > 1 - _EDGES
    assert (np.abs(here.rgb.astype(int) - there.rgb)[same] <= 1).mean() > 1 - _EDGES
    np.testing.assert_allclose(there.depth_m[same], here.depth_m[same], rtol=1e-3)


@pytest.mark.parametrize(("width_px", "height_px"), [(16, 16), (9, 13)])
def test_small_pictures(width_px, height_px):
    here = pictures("cpu", width_px=width_px, height_px=height_px)
    assert (here.instance >= 0).any()
    assert_same(here, pictures("cuda", width_px=width_px, height_px=height_px))


def test_more_pictures_than_threads_at_a_time(monkeypatch):
    from eco1.sensors.camera import launch

    monkeypatch.setattr(launch, "_MOST_THREADS", 3)
    assert_same(pictures("cpu", width_px=8, height_px=16), pictures("cuda", width_px=8, height_px=16))


def test_an_empty_world_and_an_empty_batch():
    for cameras in (views(), views()[:0]):
        taken = [
            render(scenery(), shapes(), nobody(), cameras, width_px=8, height_px=8, threads=1, device=device)
            for device in ("cpu", "cuda")
        ]
        assert_same(*taken)
