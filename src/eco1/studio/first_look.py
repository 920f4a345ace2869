"""Where the live viewer's camera stands when the page opens."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from eco1.core.records import Landscape, Observation
from eco1.studio.light import light_for
from eco1.studio.terrain import Terrain
from eco1.studio.vantage import blocked, standing_place

_GATHERING_M = 22.0
_UNDER_WATER = 0.55  # of the usual distance: one does not see far
_WALL = 30.0  # what a house in the line of sight costs, in metres of clear sight


@dataclass(frozen=True, kw_only=True)
class FirstLook:
    """The camera and what it looks at, metres."""

    eye_m: Float[np.ndarray, " 3"]
    target_m: Float[np.ndarray, " 3"]


def first_look(
    seen: Observation, height_m: Float[np.ndarray, " s"], landscape: Landscape, terrain: Terrain
) -> FirstLook:
    """Return a view of the biggest gathering of animals (N rows), from the side with the clearest sight."""
    trees = landscape.tree_position_m[:, :2].astype(float)
    at = seen.position_m[seen.alive].astype(float)
    near = np.linalg.norm(at[:, None, :2] - at[None, :, :2], axis=-1) < _GATHERING_M
    tall = height_m[seen.species[seen.alive]]
    row = int((near @ np.sqrt(tall)).argmax())
    middle = at[near[row]].mean(0)
    distance = (9.0 + 5.0 * float(tall[near[row]].max())) * (1.0 if terrain.surface_m is None else _UNDER_WATER)
    around = np.linspace(-np.pi, np.pi, 24, endpoint=False)
    ways = np.stack([np.cos(around), np.sin(around)], 1)
    line = middle[:2] + ways[:, None] * np.linspace(0.3, 1.3, 8)[None, :, None] * distance
    clear = np.linalg.norm(line[:, :, None] - trees[None, None], axis=-1).min((1, 2)) if len(trees) else np.ones(24)
    height = middle[2] + 0.22 * distance
    walls = np.array([blocked(np.column_stack([way, np.full(len(way), height)]), terrain) for way in line])
    toward_sun = ways @ light_for(0.6).sun[:2]
    way = ways[int(np.argmax(np.minimum(clear, 9.0) + 2.0 * toward_sun - _WALL * walls))]
    eye = standing_place(np.append(middle[:2] + way * distance, height), middle, float(tall[row]) + 1.0, terrain)
    return FirstLook(eye_m=eye, target_m=middle + np.array([0.0, 0.0, min(1.0, float(tall[row]))]))
