"""Where things sit on a head."""

import math
from collections.abc import Callable

import numpy as np

from eco1.studio.colors import Rgb
from eco1.studio.meshes import Mesh
from eco1.studio.plans import Proportions

DARK: Rgb = (0.014, 0.012, 0.010)


class HeadFrame:
    """Places things on a head: ``along`` from neck (0) to nose (1), ``up`` and ``side`` in skull radii."""

    def __init__(self, plan: Proportions, height_m: float) -> None:
        self.length, self.radius = plan.head * height_m, plan.skull * plan.head * height_m
        self.nose = np.array([math.cos(plan.head_drop), 0, -math.sin(plan.head_drop)])
        self.up = np.array([math.sin(plan.head_drop), 0, math.cos(plan.head_drop)])

    def at(self, along: float, up: float, side: float) -> np.ndarray:
        """Return a point in the head's frame."""
        return self.nose * along * self.length + self.up * up * self.radius + np.array([0, side * self.radius, 0])


def both(make: Callable[[], Mesh]) -> list[Mesh]:
    """Return a thing on the left and its mirror image on the right."""
    one = make()
    return [one, one.mirrored()]
