"""Pictures of whole worlds from straight above, north up, for people who want to see what goes on.

The one seam to put a better painter behind: whatever draws a world of ``TaskWorlds`` or of an ``Ecosystem``.
"""

import numpy as np
from jaxtyping import UInt8

from eco1.environments.compiled import entry
from eco1.environments.raster import U8, paint
from eco1.environments.task_worlds import DT_S, TaskWorlds
from eco1.sim.fields import F32, I32
from eco1.sim.ground import Conditions, Ground

SIDE = 400


@entry
def paint_world(picture: U8, f: F32, k: I32, t: F32, veg: F32, g: Ground, c: Conditions, i: int):
    """Paint a whole world, animals coloured as row ``i`` sees them; -1: as nobody in particular."""
    middle = 0.5 * g.size
    paint(picture, f, k, t, veg, g, c, i, middle, middle, 0.0, 1.0, middle)


def painted(worlds: TaskWorlds, world: int) -> UInt8[np.ndarray, "s s 3"]:
    """Return the picture of one world of a task."""
    picture = np.zeros((SIDE, SIDE, 3), np.uint8)
    step = int(worlds.desk.steps[world]) * worlds.rules.hold
    sky = Conditions(worlds.rules.seed, step, DT_S, *map(float, worlds.sky[step]))
    tables = worlds.tables
    paint_world(
        picture, tables.floats[world], tables.integers[world], worlds.cast.traits, tables.forage[world], worlds.ground,
        sky, worlds.rules.me,
    )  # fmt: skip
    return picture
