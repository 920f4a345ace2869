"""Bodies as a few solids each, fitted to the meshes the studio draws: what the sensors' cameras and lidars see."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from eco1.catalog.loader import load_species
from eco1.sensors.bodies.rigs import rig_table
from eco1.sensors.bodies.skeleton import FIRST_LEG, PARTS, TORSO, Rig
from eco1.sensors.camera.shapes import Piece, Solid, assemble, fit, pieces_of, two_colors
from eco1.sensors.scenery import col
from eco1.sensors.scenery.bodies import Shapes
from eco1.sensors.scenery.stage import Troupe
from eco1.sensors.scenery.surfaces import surface
from eco1.studio.bodies import body_of
from eco1.studio.body import Body
from eco1.studio.colors import linear_rgb

_ONE_COLOR = 0.10  # share of a piece's area below which a second colour is no pattern
_PARENTS = {
    "head": "neck", "mane": "neck", "trunk_upper": "head", "trunk_lower": "trunk_upper",
    "tail_mid": "tail", "tail_tip": "tail_mid",
}  # fmt: skip


def shapes_of(species_names: Sequence[str]) -> Shapes:
    """Return the solids of species, in the order of the names.

    Raises:
        UnknownNameError: when there is no such species, or its body plan cannot be drawn.
    """
    return assemble([_solids(name) for name in species_names])


def troupe_of(species_names: Sequence[str]) -> Troupe:
    """Return all that the sensors must know of species: how they are built, how they move, how widely they see.

    Raises:
        UnknownNameError: when there is no such species, or its body plan cannot be drawn.
    """
    return Troupe(
        species_names=tuple(species_names),
        shapes=shapes_of(species_names),
        rigs=rig_table([body_of(name) for name in species_names]),
        field_of_view_rad=np.array([float(load_species(n).senses.field_of_view) for n in species_names], np.float32),
    )


@lru_cache(maxsize=256)
def _solids(name: str) -> list[tuple[int, Solid, np.ndarray]]:
    body = body_of(name)
    found: list[tuple[int, Solid, np.ndarray]] = []
    for part, mesh in body.meshes.items():
        number = PARTS.index(part)
        rest_m = _rest(body.rig, part)
        for piece in pieces_of(mesh.vertices_m, mesh.faces, mesh.colors):
            colors = _colors(body, piece, rest_m)
            found += [(number, solid, colors) for solid in fit(piece)]
    return found


def _colors(body: Body, piece: Piece, rest_m: np.ndarray) -> np.ndarray:
    """Return how a piece is painted: in the two colours of its triangles, marked as the species' coat is."""
    looks = load_species(body.species).body
    first, second, share = two_colors(piece, np.array(linear_rgb(looks.coat)), np.array(linear_rgb(looks.accent)))
    if share < _ONE_COLOR:
        second = first
    elif share > 1 - _ONE_COLOR:
        first = second
    row = np.zeros(col.COLOR_FLOATS)
    row[col.COAT : col.COAT + 3], row[col.ACCENT : col.ACCENT + 3] = first, second
    row[col.REST : col.REST + 3] = rest_m
    row[col.PER_M : col.PER_M + 3] = 1 / np.array([body.length_m, body.length_m, body.height_m])
    row[col.PATTERN] = surface(looks.pattern)
    return row


def _rest(rig: Rig, part: str) -> np.ndarray:
    """Return where a part's frame stands at rest, in body axes."""
    number = PARTS.index(part)
    if number == TORSO:
        return rig.pivots_m[TORSO].astype(float)
    joint = rig.pivots_m[number].astype(float)
    if part.endswith("_lower") and number >= FIRST_LEG:
        joint = joint - [0.0, 0.0, rig.upper_m[(number - FIRST_LEG) // 2]]
    return joint + _rest(rig, _parent(part))


def _parent(part: str) -> str:
    if part in _PARENTS:
        return _PARENTS[part]
    for inner, outer in (("_upper", "_lower"), ("_inner", "_outer")):
        if part.endswith(outer):
            return part.removesuffix(outer) + inner
    return "torso"
