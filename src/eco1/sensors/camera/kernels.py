"""Whole pictures: the passes one after the other."""

from eco1.sensors.camera import light as at
from eco1.sensors.camera.backdrop import draw_backdrop
from eco1.sensors.camera.draw import draw_animals, draw_scenery
from eco1.sensors.camera.frame import Lens, Pictures, Shot, Work
from eco1.sensors.camera.paint import paint
from eco1.sensors.camera.shadow import draw_shadows
from eco1.sensors.compiled import compiled, entry
from eco1.sensors.scenery.arrays import F32, U8
from eco1.sensors.scenery.bodies import Bodies, Shapes
from eco1.sensors.scenery.heights import height_at
from eco1.sensors.scenery.scenery import Scenery


@compiled
def take_band(
    scenery: Scenery, shapes: Shapes, bodies: Bodies, lens: Lens, lights: F32, curve: U8, pictures: Pictures,
    work: Work, c: int, first: int, last: int,
):  # fmt: skip
    """Take the rows [first, last) of the picture of camera ``c``."""
    eye, m = lens.eye[c], lens.moment[c]
    level = height_at(scenery.surface, eye[0], eye[1])
    wet = eye[2] < level
    shot = Shot(
        eye=eye, axes=lens.axes[c], focal=lens.focal[c], width=pictures.depth.shape[2], height=pictures.depth.shape[1],
        first=first, last=last, wet=wet, level=level,
    )  # fmt: skip
    draw_backdrop(scenery, shot, lights[m, at.ICE], work)
    draw_scenery(scenery, shot, work)
    count = draw_animals(scenery, shapes, bodies, m, lens.hidden[c], shot, work)
    draw_shadows(scenery, shot, count, work)
    paint(scenery, shapes, bodies, lens, c, shot, work, lights[m], curve, pictures)


@entry
def take_pictures(
    scenery: Scenery, shapes: Shapes, bodies: Bodies, lens: Lens, lights: F32, curve: U8, pictures: Pictures,
    work: Work, first: int, last: int,
):  # fmt: skip
    """Take the pictures of the cameras [first, last)."""
    for c in range(first, last):
        take_band(
            scenery, shapes, bodies, lens, lights, curve, pictures, work, c, 0, pictures.rgb.shape[1]
        )  # fmt: skip


@entry
def take_rows(
    scenery: Scenery, shapes: Shapes, bodies: Bodies, lens: Lens, lights: F32, curve: U8, pictures: Pictures,
    work: Work, c: int, first: int, last: int,
):  # fmt: skip
    """Take a band of one picture; bands may be taken at the same time, each with work of its own."""
    take_band(scenery, shapes, bodies, lens, lights, curve, pictures, work, c, first, last)
