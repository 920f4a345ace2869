"""Taking pictures: many small ones side by side, or big ones in strips."""

import os
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from eco1.core.errors import ConfigError
from eco1.core.gpu import is_gpu
from eco1.core.senses import Frames
from eco1.core.threads import Threads
from eco1.sensors.camera.frame import Lens, Pictures, Work
from eco1.sensors.camera.kernels import take_pictures, take_rows
from eco1.sensors.camera.light import lights_of, tone_curve
from eco1.sensors.camera.views import Views
from eco1.sensors.scenery import col
from eco1.sensors.scenery.arrays import F32, U8
from eco1.sensors.scenery.bodies import Bodies, Moments, Shapes, bodies_of, most_solids
from eco1.sensors.scenery.ground_under import heights_under
from eco1.sensors.scenery.scenery import Scenery

#: What the kernels take first.
Given = tuple[Scenery, Shapes, Bodies, Lens, F32, U8, Pictures]

_STRIPS_FROM_PX, _STRIP_PX = 128, 48  # rows from which one picture is worth several threads, and of their shares


def render(
    scenery: Scenery,
    shapes: Shapes,
    moments: Moments,
    views: Views,
    *,
    width_px: int = 64,
    height_px: int = 64,
    moments_before: Moments | None = None,
    views_before: Views | None = None,
    threads: int | None = None,
    device: str = "cpu",
) -> Frames:
    """Return what C cameras see, (C, H, W). The result does not depend on the number of threads.

    A GPU adds in another order than a CPU: colours may differ by 1, and at edges one or the other solid may be seen. It
    takes big pictures in narrower strips, so that the ground between followed rays lies off by up to a part in 1000.

    The flow is NaN where what is seen was behind the camera before. Instances of solids smaller than
    ``draw.LEAST_RADIUS_PX`` are left out, but for the largest of each body.

    Args:
        scenery: what stands still.
        shapes: bodies of the species that the moments speak of.
        moments: the scenes to look at.
        views: the cameras, each looking at one of the moments.
        width_px, height_px: size of the pictures.
        moments_before: the same scenes a frame earlier, for the flow; None: nobody has moved.
        views_before: the same cameras a frame earlier; None: they stood where they stand.
        threads: CPU threads; None takes all cores.
        device: ``cpu``, or ``cuda`` for an NVIDIA GPU.

    Raises:
        ConfigError: a camera stands in the ground, looks at a moment that is not there or has no angle of view; the
            records before do not match; there are no pixels; there is no GPU.
        UnknownNameError: there is no such device.
        MissingExtraError: the device needs a package that is not installed.
    """
    threads = threads if threads is not None else os.cpu_count() or 1
    _check(scenery, moments, views, width_px, height_px, moments_before, views_before, threads)
    count = len(views.eye_m)
    pictures = Pictures(
        rgb=np.empty((count, height_px, width_px, 3), np.uint8),
        depth=np.empty((count, height_px, width_px), np.float32),
        instance=np.empty((count, height_px, width_px), np.int16),
        flow=np.empty((count, height_px, width_px, 2), np.float32),
    )
    lens = _lens(views, views_before if views_before is not None else views, height_px)
    bodies, lights = bodies_of(moments, moments_before), lights_of(scenery, moments)
    given = (scenery, shapes, bodies, lens, lights, tone_curve(), pictures)
    if is_gpu(device, "The camera on device 'cuda'") and count:
        from eco1.sensors.camera.launch import take_on_gpu

        pictures = take_on_gpu(*given, most_solids(shapes, moments))
    else:
        _take_on_cpu(given, partial(_work, shapes, moments, width_px), threads)
    return Frames(
        rgb=pictures.rgb, depth_m=pictures.depth, instance=pictures.instance, flow_px=pictures.flow,
        eye_m=views.eye_m, axes=views.axes, field_of_view_rad=views.field_of_view_rad,
    )  # fmt: skip


def _take_on_cpu(given: Given, scratch: Callable[[int], Work], threads: int) -> None:
    """Fill the pictures, last of what the kernels are given.

    Args:
        given: what the kernels take before their scratch.
        scratch: makes the buffers of one thread for so many rows.
        threads: that share the pictures, or the strips of big ones.
    """
    count, height_px = given[-1].depth.shape[:2]
    if height_px < _STRIPS_FROM_PX:
        Threads(min(threads, max(count, 1))).each(
            count, lambda first, last: take_pictures(*given, scratch(height_px), first, last)
        )
    else:
        strips = [
            (c, top, min(top + _STRIP_PX, height_px)) for c in range(count) for top in range(0, height_px, _STRIP_PX)
        ]
        # Each thread takes every so-manieth strip: there is less to do in the sky than below.
        Threads(threads).each(
            threads,
            lambda first, _: _take_strips(partial(take_rows, *given, scratch(_STRIP_PX)), strips[first::threads]),
        )


def _take_strips(take: Callable[[int, int, int], Any], strips: list[tuple[int, int, int]]) -> None:
    """Take strips (camera, first row, the one after the last) of the pictures."""
    for strip in strips:
        take(*strip)


def _lens(views: Views, before: Views, height_px: int) -> Lens:
    return Lens(
        eye=views.eye_m,
        axes=views.axes,
        focal=(0.5 * height_px / np.tan(0.5 * views.field_of_view_rad)).astype(np.float32),
        before_eye=before.eye_m,
        before_axes=before.axes,
        before_focal=(0.5 * height_px / np.tan(0.5 * before.field_of_view_rad)).astype(np.float32),
        moment=views.moment,
        hidden=views.hidden,
    )


def _work(shapes: Shapes, moments: Moments, width_px: int, rows: int) -> Work:
    animals, most, size = moments.species.shape[1], most_solids(shapes, moments), (rows, width_px)
    return Work(
        t=np.empty(size, np.float32), what=np.empty(size, np.int32), under=np.empty(size, np.float32),
        beneath=np.empty(size, np.int32), shadow=np.empty(size, np.float32),
        floats=np.zeros((most, col.FLOATS), np.float32), integers=np.zeros((most, col.INTEGERS), np.int32),
        starts=np.zeros(animals + 1, np.int32), balls=np.zeros((animals, 4), np.float32),
    )  # fmt: skip


def _check(
    scenery: Scenery, moments: Moments, views: Views, width_px: int, height_px: int, moments_before: Moments | None,
    views_before: Views | None, threads: int,
) -> None:  # fmt: skip
    if width_px < 1 or height_px < 1 or threads < 1:
        raise ConfigError(f"A picture needs pixels and a thread; got {width_px} x {height_px} and {threads} threads.")
    angle = views.field_of_view_rad
    if angle.size and not (angle.min() > 0 and angle.max() < np.pi):
        raise ConfigError(f"field_of_view_rad must lie between 0 and pi, got {angle.min():.3g} to {angle.max():.3g}.")
    scenes = len(moments.species)
    if views.moment.size and not (views.moment.min() >= 0 and views.moment.max() < scenes):
        raise ConfigError(
            f"Cameras look at moments {views.moment.min()} to {views.moment.max()}, "
            f"but there are {scenes}, counted from 0."
        )
    for name, now, before in (("moments_before", moments, moments_before), ("views_before", views, views_before)):
        if before is not None and _shapes(now) != _shapes(before):
            raise ConfigError(f"{name} must have the same shapes as the record now: one scene, one camera for another.")
    bed, _ = heights_under(scenery, views.eye_m)
    under = np.flatnonzero(~(views.eye_m[:, 2] > bed))
    if under.size:
        c = int(under[0])
        raise ConfigError(
            f"Camera {c} stands at {views.eye_m[c, 2]:.2f} m, in the ground (there {bed[c]:.2f} m high). "
            "Raise its eye_m, or let sensors.camera.viewpoints.above_ground do it."
        )


def _shapes(record: Moments | Views) -> list[tuple[int, ...]]:
    return [getattr(record, name).shape for name in record.__dataclass_fields__]
