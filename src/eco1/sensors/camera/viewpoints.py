"""Where to put cameras: fixed, over it all, following an animal, or through its eyes. Pure functions."""

import math
from dataclasses import replace

import numpy as np
from jaxtyping import Float, Float32, Int

from eco1.sensors.bodies.skeleton import HEAD, TORSO
from eco1.sensors.camera.views import Views, look_at
from eco1.sensors.scenery.bodies import Moments
from eco1.sensors.scenery.ground_under import free_floor, heights_under
from eco1.sensors.scenery.look import LEAST_CONTRAST
from eco1.sensors.scenery.scenery import WATER_FADING, Scenery
from eco1.sensors.scenery.stage import Troupe

WIDEST_RAD = math.radians(120)
_CLEARANCE_M = 0.35
_LOWEST_EYE_M = 0.02
_BELOW_SURFACE_M = 0.4
_BACK, _UP, _LEAST_M = 2.6, 0.85, 0.9  # of an adult's length behind the middle and above it: by eye
_LEFT_BEHIND = 1.4  # times its distance that it may be left behind by a sprint: by eye
_SETTLE_S = 0.6  # how quickly a following camera comes after: by eye
_STEPS = 16  # places tried between an animal and where its camera would like to be


def fixed(
    scenery: Scenery, eye_m: Float[np.ndarray, " 3"], target_m: Float[np.ndarray, " 3"], worlds: int
) -> Views:  # fmt: skip
    """Return the same camera for every world, lifted out of the ground."""
    eye = above_ground(scenery, np.tile(np.asarray(eye_m, np.float32), (worlds, 1)))
    return look_at(eye, np.tile(np.asarray(target_m, np.float32), (worlds, 1)))


def overview(scenery: Scenery, worlds: int) -> Views:
    """Return a camera over one corner that looks at the middle.

    In a sea it stays below the surface, and so near that the middle is in sight.
    """
    size = scenery.size
    if scenery.under_water:
        size = min(size, -math.log(LEAST_CONTRAST) / float(scenery.tones[WATER_FADING, 2]))
    middle = np.array([[0.5 * scenery.size, 0.5 * scenery.size, 0.0]], np.float32)
    middle[:, 2] = heights_under(scenery, middle)[0]
    eye = middle + np.array([[-0.42, -0.42, 0.22]], np.float32) * size
    tall = scenery.floats[:, 2].max(initial=0.0) + 6.0
    eye[:, 2] = np.maximum(eye[:, 2], tall) if not scenery.under_water else eye[:, 2]
    return fixed(scenery, eye[0], middle[0], worlds)


def follow(
    scenery: Scenery,
    troupe: Troupe,
    moments: Moments,
    row: Int[np.ndarray, " w"],
    before: Views | None,
    *,
    dt_s: float,
) -> Views:
    """Return a camera behind and above one animal of each world, that comes after it smoothly.

    It stays above the ground and below the surface of a sea, and comes nearer rather than stand in a house. Where the
    row is empty the camera stays where it was.

    Args:
        scenery: what is in the way.
        troupe: of the species, for their sizes.
        moments: W scenes.
        row: the animal to follow in each.
        before: the cameras ``dt_s`` ago; None begins anew.
        dt_s: time since then.
    """
    worlds = np.arange(len(row))
    shown = moments.shown[worlds, row]
    middle = moments.position_m[worlds, row, TORSO].astype(float)
    ahead = moments.rotation[worlds, row, TORSO, :, 0].astype(float)
    ahead[:, 2] = 0
    ahead /= np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-6)
    size = troupe.rigs["adult_length_m"] + 0.5 * troupe.rigs["height_m"]
    size = np.maximum(size[moments.species[worlds, row]] * moments.scale[worlds, row, TORSO], 1e-3)[:, None]
    away = np.maximum(_BACK * size, _LEAST_M)
    wanted = middle - away * ahead + np.array([0.0, 0.0, 1.0]) * np.maximum(_UP * size, 0.3 * _LEAST_M)
    if before is not None:
        settled = 1 - math.exp(-dt_s / _SETTLE_S)
        behind = before.eye_m + (wanted - before.eye_m) * settled - middle
        farthest = _LEFT_BEHIND * np.linalg.norm(wanted - middle, axis=1, keepdims=True)
        wanted = middle + behind * np.minimum(1, farthest / np.linalg.norm(behind, axis=1, keepdims=True))
    eye = above_ground(scenery, _out_of_houses(scenery, middle, wanted).astype(np.float32))
    views = look_at(eye, (middle + [0.0, 0.0, 0.1] * size).astype(np.float32))
    if before is None or shown.all():
        return views
    return replace(
        views, eye_m=np.where(shown[:, None], views.eye_m, before.eye_m),
        axes=np.where(shown[:, None, None], views.axes, before.axes),
    )  # fmt: skip


def egocentric(scenery: Scenery, troupe: Troupe, moments: Moments, row: Int[np.ndarray, " w"]) -> Views:
    """Return what one animal of each world sees: from its head, level, as wide as its kind sees up to 120 degrees.

    Its own body is not drawn. Eyes of those who feed or lie are kept a little above the ground.
    """
    worlds = np.arange(len(row))
    head = np.where(moments.scale[worlds, row, HEAD] > 0, HEAD, TORSO)
    eye = moments.position_m[worlds, row, head].copy()
    eye[:, 2] = np.maximum(eye[:, 2], heights_under(scenery, eye)[0] + _LOWEST_EYE_M)
    ahead = moments.rotation[worlds, row, head, :, 0]
    views = look_at(eye, eye + ahead)
    wide = np.minimum(troupe.field_of_view_rad[moments.species[worlds, row]], WIDEST_RAD)
    return replace(views, field_of_view_rad=wide.astype(np.float32), hidden=row.astype(np.int32))


def above_ground(scenery: Scenery, eye_m: Float32[np.ndarray, "w 3"]) -> Float32[np.ndarray, "w 3"]:
    """Return eyes lifted above the ground and roofs, and in a biome under water kept below its surface."""
    eye = eye_m.astype(np.float32).copy()
    eye[:, 2] = np.maximum(eye[:, 2], free_floor(scenery, eye) + _CLEARANCE_M)
    if scenery.under_water:
        bed, surface = heights_under(scenery, eye)
        eye[:, 2] = np.clip(eye[:, 2], bed + _CLEARANCE_M, np.maximum(surface - _BELOW_SURFACE_M, bed + _CLEARANCE_M))
    return eye


def _out_of_houses(
    scenery: Scenery, middle_m: Float[np.ndarray, "w 3"], wanted_m: Float[np.ndarray, "w 3"]
) -> Float[np.ndarray, "w 3"]:
    """Return the farthest places on the way from the animals to where the cameras want to be that no house bars."""
    share = np.linspace(0, 1, _STEPS)[:, None, None]
    way = middle_m + (wanted_m - middle_m) * share
    flat = way.reshape(-1, 3)
    bed, _ = heights_under(scenery, flat)
    floor = free_floor(scenery, flat)
    barred = ((floor > bed) & (flat[:, 2] < floor + _CLEARANCE_M)).reshape(_STEPS, -1)
    barred &= ~barred[0]  # who perches on a roof is not in a house
    last = np.where(barred.any(0), np.maximum(barred.argmax(0) - 1, 0), _STEPS - 1)
    return way[last, np.arange(len(middle_m))]
