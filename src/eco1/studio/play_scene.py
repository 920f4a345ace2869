"""The animals of the live viewer, moved in the browser."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from eco1.sensors.bodies.frames import Placement
from eco1.sensors.bodies.skeleton import PARTS
from eco1.studio.glb import to_glb
from eco1.studio.quaternions import quaternions
from eco1.studio.scene import Cast, Moment
from eco1.studio.terrain import Terrain

_SHADE_BELOW_M = 3.0  # animals higher up throw no shade to be seen
_SPARE_ROWS = 8  # room for births before a species' batch must grow


@dataclass
class _Batch:
    """All copies of one part of one species. ``parts`` are the skeleton parts that share the mesh."""

    species: int
    parts: tuple[int, ...]
    glb: bytes
    name: str
    handle: Any = None
    rows: int = 0


class PlayScene:
    """Puts animals into a viser server and moves them."""

    def __init__(self, server: Any, terrain: Terrain, cast: Cast) -> None:
        self._server, self._cast, self._terrain = server, cast, terrain
        self._lengths = np.array([body.length_m for body in cast.bodies])
        self._shade = None
        self._batches = [batch for s in range(len(cast.bodies)) for batch in _batches_of(cast, s)]

    def show(self, moment: Moment) -> None:
        """Move every animal to where it is now."""
        placed = self._cast.place(moment)
        for batch in self._batches:
            rows = np.flatnonzero((moment.species == batch.species) & moment.shown)
            self._show_batch(batch, placed, rows)
        self._show_shade(moment)

    def _show_shade(self, moment: Moment) -> None:
        """A soft dark disc under each animal: cheap, and it sets the animal on the ground."""
        position = moment.position_m.astype(np.float32)
        position[:, 2] = self._terrain.height_at(position[:, :2]) + 0.04
        turn = moment.heading_rad / 2
        wxyz = np.stack([np.cos(turn), 0 * turn, 0 * turn, np.sin(turn)], 1).astype(np.float32)
        long = self._lengths[moment.species] * moment.scale * moment.shown
        long = np.where(moment.position_m[:, 2] - position[:, 2] < _SHADE_BELOW_M, long, 0.0)
        scale = np.stack([0.48 * long, 0.26 * long, np.ones_like(long)], 1).astype(np.float32) + 1e-4
        if self._shade is None or len(self._shade.batched_positions) != len(position):
            around = np.linspace(0, 2 * np.pi, 15)[:-1]
            rim = np.stack([np.cos(around), np.sin(around), 0 * around], 1)
            faces = np.array([(14, k, (k + 1) % 14) for k in range(14)])
            self._shade = self._server.scene.add_batched_meshes_simple(
                "/animals/shade", np.concatenate([rim, np.zeros((1, 3))]), faces, wxyz, position, batched_scales=scale,
                batched_colors=(25, 18, 10), opacity=0.38, lod="off", side="double", cast_shadow=False,
                receive_shadow=False,
            )  # fmt: skip
            return
        self._shade.batched_positions, self._shade.batched_wxyzs, self._shade.batched_scales = position, wxyz, scale

    def _show_batch(self, batch: _Batch, placed: Placement, rows: np.ndarray) -> None:
        if len(rows) > batch.rows or batch.handle is None:
            if len(rows) == 0:
                return
            batch.rows = len(rows) + _SPARE_ROWS
        count = batch.rows * len(batch.parts)
        position, scale = np.zeros((count, 3), np.float32), np.full(count, 1e-4, np.float32)
        wxyz = np.zeros((count, 4), np.float32)
        wxyz[:, 0] = 1
        for k, part in enumerate(batch.parts):
            span = slice(k * batch.rows, k * batch.rows + len(rows))
            position[span] = placed.position_m[rows, part]
            wxyz[span] = quaternions(placed.rotation[rows, part])
            scale[span] = np.maximum(placed.scale[rows, part], 1e-4)
        if batch.handle is None or len(batch.handle.batched_positions) != count:
            batch.handle = self._server.scene.add_batched_glb(
                batch.name,
                batch.glb,
                wxyz,
                position,
                batched_scales=scale,
                lod="off",
                cast_shadow=False,
                receive_shadow=False,
            )
            return
        batch.handle.batched_positions, batch.handle.batched_wxyzs = position, wxyz
        if not np.array_equal(batch.handle.batched_scales, scale):
            batch.handle.batched_scales = scale


def _batches_of(cast: Cast, species: int) -> list[_Batch]:
    """Left and right legs are alike, so they share a mesh."""
    body = cast.bodies[species]
    batches: list[_Batch] = []
    for part, name in enumerate(PARTS):
        if name not in body.meshes or name.startswith(("right_fore", "right_hind")):
            continue
        twin = name.replace("left_", "right_")
        parts = (part, PARTS.index(twin)) if "fore" in name or "hind" in name else (part,)
        batches.append(
            _Batch(species=species, parts=parts, glb=to_glb(body.meshes[name]), name=f"/animals/{body.species}/{name}")
        )
    return batches
