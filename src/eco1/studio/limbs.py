"""Branches under the feet of those that climb or perch in crowns, so that nobody hovers in the air."""

from dataclasses import dataclass

import numpy as np

from eco1.studio.bank import Instances, placed
from eco1.studio.meshes import Mesh, merge, tube

_LONG = 9.0  # of a limb, in lengths of its animal
_LEAVES_LIMB = 0.30  # of its length: farther along it the animal is given a new one
_OFF_AXIS, _OFF_HEIGHT = 0.7, 0.5  # of a body length: so far beside or above a limb it needs another
_FLYING_MPS = 2.5
_LOW_M = 1.2
_BARK = (0.115, 0.092, 0.068)


def limb() -> Mesh:
    """Return a branch one metre long along x, from -1/2 to 1/2, with side twigs; its upper side lies in z = 0."""
    stem = [(-0.5, 0.0, -0.022), (-0.2, 0.006, -0.011), (0.1, -0.006, -0.010), (0.5, 0.01, 0.004)]
    pieces = [tube(stem, [(0.011,) * 2, (0.010,) * 2, (0.009,) * 2, (0.003,) * 2], sides=7, rings=12, color=_BARK)]
    for x, side in ((-0.28, 1), (-0.05, -1), (0.18, 1), (0.33, -1)):
        twig = [(x, 0, -0.012), (x + 0.09, 0.07 * side, 0.0), (x + 0.17, 0.12 * side, 0.035)]
        pieces.append(tube(twig, [(0.004,) * 2, (0.003,) * 2, (0.001,) * 2], sides=5, rings=6, color=_BARK))
    return merge(pieces)


@dataclass
class _Held:
    """The limb that an animal is on: its middle and the way it runs."""

    middle: np.ndarray
    way: np.ndarray


class Limbs:
    """Gives climbers limbs that stay where they are while their animals move along them."""

    def __init__(self, mesh: int, flies: np.ndarray) -> None:
        self._mesh, self._flies, self._held = mesh, flies, dict[int, _Held]()

    def under(self, seen: np.ndarray, ground_m: np.ndarray) -> Instances:
        """Return the limbs of all animals that are up in crowns; ``seen`` are the rows of a moment (N)."""
        up = seen["shown"] & ~seen["dead"] & (seen["position_m"][:, 2] - ground_m > _LOW_M)
        up &= ~(self._flies[seen["species"]] & (seen["speed_mps"] > _FLYING_MPS))
        rows = np.flatnonzero(up)
        held = {int(seen["identity"][k]): self._kept(seen[k]) for k in rows}
        self._held = held
        middle = np.array([h.middle for h in held.values()]).reshape(-1, 3)
        way = np.array([h.way for h in held.values()]).reshape(-1, 2)
        turn = np.arctan2(way[:, 1], way[:, 0])
        return placed(np.full(len(held), self._mesh), middle, turn_rad=turn, scale=_LONG * seen["length_m"][rows])

    def _kept(self, animal: np.void) -> _Held:
        at, long = animal["position_m"].astype(float), float(animal["length_m"])
        old = self._held.get(int(animal["identity"]))
        if old is not None:
            offset = at - old.middle
            along = float(offset[:2] @ old.way)
            beside = abs(float(offset[0] * old.way[1] - offset[1] * old.way[0]))
            if (
                abs(along) < _LEAVES_LIMB * _LONG * long
                and beside < _OFF_AXIS * long
                and abs(offset[2]) < _OFF_HEIGHT * long
            ):
                return old
        heading = float(animal["heading_rad"])
        return _Held(middle=at, way=np.array([np.cos(heading), np.sin(heading)]))
