"""What stands in a landscape: a few meshes, placed many times."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float32

from eco1.studio.bank import Instances, joined
from eco1.studio.meshes import Mesh

FAR_M = 1e6


@dataclass(frozen=True, kw_only=True)
class Props:
    """Copies of meshes, numbered within their own list, that belong together.

    Each is drawn while the camera is at least ``near_m`` and less than ``far_m`` away. Those that are ``thin`` are left
    out where they hide what the camera looks at; those that ``burn`` glow after dark. A ``close_up`` is a finer version
    of other props.
    """

    meshes: tuple[Mesh, ...]
    copies: Instances
    two_sided: bool = False
    near_m: float = 0.0
    far_m: float = FAR_M
    thin: bool = False
    close_up: bool = False
    burn: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Stage:
    """All props of a landscape in one list of meshes and one of copies (I)."""

    meshes: tuple[Mesh, ...]
    two_sided: tuple[bool, ...]
    copies: Instances
    near_m: Float32[np.ndarray, " i"]
    far_m: Float32[np.ndarray, " i"]
    thin: Bool[np.ndarray, " i"]
    burn: Float32[np.ndarray, " i"]

    def seen_from(self, eye_m: np.ndarray, target_m: np.ndarray, clear_m: float, night: float) -> Instances:
        """Return what to draw: in range, not in the way, lit by ``night`` (0 by day .. 1).

        ``clear_m`` is how wide the sight from ``eye_m`` to ``target_m`` is kept free of thin things; 0 keeps all.
        """
        copies = self.copies
        if self.burn.any() and night > 0:
            copies = replace(copies, glow=(copies.glow + self.burn * night).astype(np.float32))
        away = np.linalg.norm(copies.position_m - eye_m.astype(np.float32), axis=1)
        shown = (away >= self.near_m) & (away < self.far_m)
        if clear_m > 0 and self.thin.any():
            shown &= ~(self.thin & in_the_way(copies.position_m, copies.scale, eye_m, target_m, clear_m))
        return copies if shown.all() else copies.at(shown)


def in_the_way(
    position_m: np.ndarray, radius_m: np.ndarray, eye_m: np.ndarray, target_m: np.ndarray, clear_m: float
) -> Bool[np.ndarray, " i"]:
    """Return which balls reach into the sight from ``eye_m`` to ``target_m``, ``clear_m`` wide at its end."""
    way = (target_m - eye_m).astype(float)
    length = max(float(np.linalg.norm(way)), 1e-6)
    offset = position_m - eye_m
    along = offset @ (way / length)
    beside = np.sqrt(np.maximum((offset**2).sum(1) - along**2, 0))
    wide = clear_m * (0.25 + 0.75 * np.clip(along / length, 0, 1))
    return (along > -radius_m) & (along < length + 0.5 * clear_m) & (beside < wide + 0.8 * radius_m)


def make_stage(props: Sequence[Props]) -> Stage:
    """Return all props in one list."""
    starts = np.cumsum([0] + [len(p.meshes) for p in props])
    copies = [
        replace(p.copies, mesh=(p.copies.mesh + start).astype(np.int32))
        for p, start in zip(props, starts, strict=False)
    ]

    def each(values: list[float]) -> Float32[np.ndarray, " i"]:
        return np.concatenate([np.full(len(p.copies.mesh), v, np.float32) for p, v in zip(props, values, strict=True)])

    return Stage(
        meshes=tuple(mesh for p in props for mesh in p.meshes),
        two_sided=tuple(p.two_sided for p in props for _ in p.meshes),
        copies=joined(copies),
        near_m=each([p.near_m for p in props]),
        far_m=each([p.far_m for p in props]),
        thin=each([float(p.thin) for p in props]) > 0,
        burn=each([p.burn for p in props]),
    )
