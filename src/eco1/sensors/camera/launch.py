"""Taking pictures on a GPU: a thread takes a few rows of one picture, with buffers of its own."""

from importlib import import_module
from typing import Any, NamedTuple

import numpy as np

from eco1.core.gpu import Kernel, blank, download, upload
from eco1.sensors.camera.frame import Lens, Pictures, Work
from eco1.sensors.camera.kernels import take_rows
from eco1.sensors.scenery import col
from eco1.sensors.scenery.arrays import F32, U8
from eco1.sensors.scenery.bodies import Bodies, Shapes
from eco1.sensors.scenery.scenery import Scenery

cuda: Any = import_module("numba.cuda")

_ROWS = 8  # that a thread takes: as many as the backdrop looks at together
_MOST_THREADS = 16_384  # at a time, each with its own solids: about what keeps a large GPU busy


class Lighting(NamedTuple):
    """The light of each moment, and the curve from light to bytes."""

    lights: F32
    curve: U8


@Kernel
def _take_bands(
    scenery: Scenery, shapes: Shapes, bodies: Bodies, lens: Lens, lighting: Lighting, pictures: Pictures, work: Work,
    first: int, last: int,
) -> None:  # fmt: skip
    """Take one band a thread of the pictures of the cameras [first, last); ``work`` has the buffers of each thread."""
    n = cuda.grid(1)
    height = pictures.rgb.shape[1]
    bands = (height + _ROWS - 1) // _ROWS
    k, band = n // bands, n % bands
    if first + k < last:
        own = Work(
            work.t[n], work.what[n], work.under[n], work.beneath[n], work.shadow[n],
            work.floats[n], work.integers[n], work.starts[n], work.balls[n],
        )  # fmt: skip
        take_rows(
            scenery, shapes, bodies, lens, lighting.lights, lighting.curve, pictures, own, first + k,
            band * _ROWS, min((band + 1) * _ROWS, height),
        )  # fmt: skip


def take_on_gpu(
    scenery: Scenery, shapes: Shapes, bodies: Bodies, lens: Lens, lights: F32, curve: U8, pictures: Pictures,
    most_solids: int,
) -> Pictures:  # fmt: skip
    """Return the pictures of all cameras, taken as many at a time as the GPU has threads for.

    Args:
        scenery, shapes, bodies, lens, lights, curve, pictures: what the kernels of the CPU take.
        most_solids: how many solids the animals of one moment have at most.
    """
    count, height, width = pictures.depth.shape
    bands = -(-height // _ROWS)
    at_once = max(1, _MOST_THREADS // bands)
    given = (
        upload(scenery), upload(shapes), upload(bodies), upload(lens), upload(Lighting(lights, curve)),
        Pictures(*(blank(one.shape, one.dtype) for one in pictures)),
    )  # fmt: skip
    work = _work(min(at_once, count) * bands, width, bodies.species.shape[1], most_solids)
    for first in range(0, count, at_once):
        last = min(first + at_once, count)
        _take_bands((last - first) * bands, *given, work, first, last)
    return Pictures(*(download(one) for one in given[-1]))


def _work(threads: int, width: int, animals: int, most_solids: int) -> Work:
    pixels = threads, _ROWS, width
    return Work(
        t=blank(pixels, np.float32), what=blank(pixels, np.int32), under=blank(pixels, np.float32),
        beneath=blank(pixels, np.int32), shadow=blank(pixels, np.float32),
        floats=blank((threads, most_solids, col.FLOATS), np.float32),
        integers=blank((threads, most_solids, col.INTEGERS), np.int32),
        starts=blank((threads, animals + 1), np.int32), balls=blank((threads, animals, 4), np.float32),
    )  # fmt: skip
