"""A person: upright, clothed, with arms and legs of the common skeleton. Shapes are judged by eye."""

import numpy as np

from eco1.catalog.records import Species
from eco1.sensors.bodies.skeleton import FIRST_LEG, HEAD, NECK, PARTS, TORSO, Rig
from eco1.studio.body import Body
from eco1.studio.colors import Rgb, linear_rgb, mix
from eco1.studio.meshes import Mesh, dome, merge, tube

_DARK: Rgb = (0.014, 0.012, 0.010)
_HAIR: Rgb = (0.045, 0.028, 0.018)
_TROUSERS: Rgb = (0.045, 0.050, 0.065)
_HIP, _SHOULDER, _CHEST = 0.64, 0.97, 0.80  # of the shoulder's height
_ARM, _HAND = 0.47, 0.055  # of the shoulder's height


def build_person(species: Species) -> Body:
    """Return a person in a jacket of the coat's colour with skin of the accent's."""
    tall = float(species.body.height)
    jacket, skin = linear_rgb(species.body.coat), linear_rgb(species.body.accent)
    pivots = np.zeros((len(PARTS), 3))
    pivots[TORSO] = (0, 0, _CHEST * tall)
    pivots[NECK] = (0.005 * tall, 0, 0.19 * tall)
    pivots[HEAD] = (0.01 * tall, 0, 0.075 * tall)
    for k, side in enumerate((1, -1)):
        pivots[FIRST_LEG + 2 * k] = (0, side * 0.150 * tall, (_SHOULDER - _CHEST - 0.015) * tall)
        pivots[FIRST_LEG + 4 + 2 * k] = (0, side * 0.072 * tall, (_HIP - _CHEST) * tall)
    arm, leg = _ARM * tall, _HIP * tall * 1.02
    upper = np.array([arm * 0.5, arm * 0.5, leg * 0.5, leg * 0.5], np.float32)
    rig = Rig(
        pivots_m=pivots.astype(np.float32), upper_m=upper, lower_m=upper.copy(), belly_m=_HIP * tall * 0.95,
        graze_neck_rad=0.6, graze_head_rad=0.3, graze_torso_rad=0.5, browse_neck_rad=-0.3, gallops=False, biped=True,
        sits_up=False, has_arms=True,
    )  # fmt: skip
    sleeve, fore = _arm(tall, arm / 2, jacket, skin)
    thigh, shin = _leg(tall, leg / 2)
    limbs = {
        f"{side}_{name}": mesh
        for side in ("left", "right")
        for name, mesh in (("fore_upper", sleeve), ("fore_lower", fore), ("hind_upper", thigh), ("hind_lower", shin))
    }
    meshes = {
        "torso": _torso(tall, jacket),
        "neck": tube(
            [(0, 0, -0.05 * tall), (0.01 * tall, 0, 0.09 * tall)],
            [(0.042 * tall,) * 2, (0.038 * tall,) * 2],
            sides=10,
            color=skin,
        ),
        "head": _head(tall, skin),
        **limbs,
    }
    return Body(
        species=species.name, plan=species.body.plan, length_m=float(species.body.length), height_m=tall, rig=rig,
        meshes=meshes,
    )  # fmt: skip


def _torso(tall: float, jacket: Rgb) -> Mesh:
    steps = (
        (-0.19, 0.105, 0.078),
        (-0.15, 0.118, 0.085),
        (-0.06, 0.105, 0.078),
        (0.06, 0.125, 0.088),
        (0.14, 0.138, 0.080),
        (0.18, 0.10, 0.06),
        (0.20, 0.05, 0.045),
    )
    body = tube(
        [(0, 0, z * tall) for z, _, _ in steps], [(w * tall, d * tall) for _, w, d in steps], sides=16, rings=20
    )

    def cloth(at: np.ndarray, normals: np.ndarray) -> np.ndarray:
        z, zip_ = at[:, 2] / tall, (np.abs(at[:, 1]) < 0.007 * tall) & (normals[:, 0] > 0.4)
        color = np.where((z < -0.155)[:, None], np.array(_TROUSERS), np.array(jacket))
        color = np.where((np.abs(z + 0.150) < 0.008)[:, None], np.array(_DARK), color)
        return np.where((zip_ & (z > -0.15))[:, None], np.array(mix(jacket, (0.8, 0.8, 0.8), 0.5)), color)

    return body.painted(cloth)


def _head(tall: float, skin: Rgb) -> Mesh:
    r = 0.076 * tall
    face = dome((0.1 * r, 0, 0.85 * r), (0.98 * r, 0.82 * r, 1.22 * r), sides=16, rings=12, color=skin)
    hair = dome((-0.16 * r, 0, 1.18 * r), (1.02 * r, 0.93 * r, 1.05 * r), sides=16, rings=11, color=_HAIR)
    eye = dome((0.98 * r, 0.32 * r, 0.88 * r), (0.10 * r, 0.13 * r, 0.09 * r), sides=7, rings=5, color=_DARK)
    ear = dome((0.0, 0.84 * r, 0.78 * r), (0.20 * r, 0.10 * r, 0.28 * r), sides=7, rings=5, color=skin)
    nose = dome((1.08 * r, 0, 0.62 * r), (0.18 * r, 0.13 * r, 0.22 * r), sides=7, rings=5, color=skin)
    mouth = dome(
        (0.98 * r, 0, 0.28 * r),
        (0.06 * r, 0.26 * r, 0.045 * r),
        sides=7,
        rings=4,
        color=mix(skin, (0.4, 0.05, 0.05), 0.5),
    )
    return merge([face, hair, eye, eye.mirrored(), ear, ear.mirrored(), nose, mouth])


def _arm(tall: float, long: float, jacket: Rgb, skin: Rgb) -> tuple[Mesh, Mesh]:
    w = 0.036 * tall
    sleeve = tube(
        [(0, 0, 0.05 * long), (0, 0, -0.1 * long), (0, 0, -long)],
        [(0.9 * w,) * 2, (1.15 * w,) * 2, (0.85 * w,) * 2],
        sides=10,
        rings=9,
        color=jacket,
    )
    fore = tube(
        [(0, 0, 0.06 * long), (0, 0, -0.3 * long), (0, 0, -0.80 * long)],
        [(0.8 * w,) * 2, (0.85 * w,) * 2, (0.66 * w,) * 2],
        sides=10,
        rings=8,
        color=jacket,
    )
    hand = dome(
        (0.1 * w, 0, -0.80 * long - 0.7 * _HAND * tall),
        (0.75 * w, 0.45 * w, _HAND * tall),
        sides=9,
        rings=7,
        color=skin,
    )
    return sleeve, merge([fore, hand])


def _leg(tall: float, long: float) -> tuple[Mesh, Mesh]:
    w = 0.055 * tall
    thigh = tube(
        [(0, 0, 0.12 * long), (0, 0, -0.15 * long), (0, 0, -long)],
        [(0.9 * w, 1.0 * w), (1.15 * w, 1.3 * w), (0.85 * w, 0.95 * w)],
        sides=10,
        rings=9,
        color=_TROUSERS,
    )
    shin = tube(
        [(0, 0, 0.06 * long), (0, 0, -0.3 * long), (0, 0, -0.95 * long)],
        [(0.8 * w,) * 2, (0.82 * w, 0.92 * w), (0.6 * w,) * 2],
        sides=10,
        rings=8,
        color=_TROUSERS,
    )
    shoe = dome(
        (0.45 * w, 0, -long + 0.35 * w), (1.55 * w, 0.68 * w, 0.62 * w), sides=10, rings=6, color=(0.05, 0.035, 0.028)
    )
    return thigh, merge([shin, shoe])
