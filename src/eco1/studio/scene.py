"""What is in front of the camera at one moment: animals with their motion, carried on from step to step."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float, Int64, Shaped

from eco1.core.records import Observation
from eco1.sensors.bodies.frames import Placement
from eco1.sensors.bodies.posing import Carried, advance, no_motion, pose, seen_of
from eco1.sensors.bodies.postures import posture_table
from eco1.sensors.bodies.rhythm import GOLDEN
from eco1.sensors.bodies.rigs import rig_table
from eco1.sensors.bodies.seen import DRY_M
from eco1.sensors.bodies.skeleton import PARTS
from eco1.studio.bank import Instances
from eco1.studio.bodies import body_of
from eco1.studio.meshes import Mesh
from eco1.studio.terrain import Terrain

_DEAD_TINT = (0.55, 0.50, 0.46)


@dataclass(frozen=True, kw_only=True)
class Moment:
    """Bodies between two simulation steps, one row of ``sensors.bodies.seen.SEEN`` per animal slot (N)."""

    seen: Shaped[np.ndarray, " n"]
    time_s: float

    @property
    def position_m(self) -> Float[np.ndarray, "n 3"]:
        """Where its feet are."""
        return self.seen["position_m"]

    @property
    def heading_rad(self) -> Float[np.ndarray, " n"]:
        """Where it faces."""
        return self.seen["heading_rad"]

    @property
    def scale(self) -> Float[np.ndarray, " n"]:
        """Its length as a share of an adult's."""
        return self.seen["scale"]

    @property
    def species(self) -> Int64[np.ndarray, " n"]:
        """Index into the names of the cast."""
        return self.seen["species"]

    @property
    def shown(self) -> Bool[np.ndarray, " n"]:
        """Whether there is an animal or its body."""
        return self.seen["shown"]


class Cast:
    """The animals of one world. It remembers how they move; ``advance`` carries them on, ``place`` shows them."""

    def __init__(self, species_names: Sequence[str], behavior_names: Sequence[str], terrain: Terrain) -> None:
        self.species_names, self.behavior_names = tuple(species_names), tuple(behavior_names)
        self.bodies = [body_of(name) for name in species_names]
        self._rigs = rig_table(self.bodies)
        self._table = posture_table(self.behavior_names)
        self._terrain = terrain
        self._motion = no_motion(0)

    def stand_on(self, terrain: Terrain) -> None:
        """Let the animals go on over the same land in another season."""
        self._terrain = terrain

    def meshes(self) -> tuple[list[Mesh], np.ndarray]:
        """Return all part meshes and their numbers by species and part (-1: the species lacks the part)."""
        meshes: list[Mesh] = []
        index = np.full((len(self.bodies), len(PARTS)), -1, np.int32)
        for s, body in enumerate(self.bodies):
            for p, part in enumerate(PARTS):
                if part in body.meshes:
                    index[s, p] = len(meshes)
                    meshes.append(body.meshes[part])
        return meshes, index

    def moment(self, before: Observation, after: Observation, share: float, time_s: float) -> Moment:
        """Return the scene a ``share`` (0..1) of the way from one step (N rows) to the next."""
        a = np.where(before.identity == after.identity, share, 1.0).astype(np.float32)
        turn = np.angle(np.exp(1j * (after.heading_rad - before.heading_rad))).astype(np.float32)
        between = replace(
            after,
            position_m=_mixed(before.position_m, after.position_m, a[:, None]),
            velocity_mps=_mixed(before.velocity_mps, after.velocity_mps, a[:, None]),
            heading_rad=before.heading_rad + turn * a,
            body_length_m=_mixed(before.body_length_m, after.body_length_m, a),
        )
        return Moment(seen=seen_of(between, self._carried(between.position_m[:, :2]), self._rigs), time_s=time_s)

    def advance(self, moment: Moment, dt_s: float) -> None:
        """Carry motion on by ``dt_s``; newcomers start in the posture they are in."""
        self._motion = advance(self._rigs, moment.seen, self._table, self._motion, time_s=moment.time_s, dt_s=dt_s)

    def place(self, moment: Moment) -> Placement:
        """Return where every part of every animal is in the world. Call ``advance`` before."""
        assert len(self._motion) == len(moment.seen), "advance comes before place"
        return pose(self._rigs, moment.seen, self._motion, time_s=moment.time_s)

    def instances(self, moment: Moment, mesh_index: np.ndarray) -> Instances:
        """Return the animals' parts to draw; ``mesh_index`` (species, part) is that of ``meshes``."""
        placed = self.place(moment)
        mesh = mesh_index[moment.species]
        row, part = np.nonzero((mesh >= 0) & (placed.scale > 1e-3))
        foot = moment.position_m.copy()
        foot[:, 2] = self._terrain.height_at(foot[:, :2])
        slope = self._terrain.slope_at(foot[:, :2])
        brightness = 0.92 + 0.16 * (moment.seen["identity"] * GOLDEN % 1.0)
        tint = np.where(moment.seen["dead"][:, None], _DEAD_TINT, 1.0) * brightness[:, None]
        return Instances(
            mesh=mesh[row, part].astype(np.int32),
            rotation=placed.rotation[row, part],
            position_m=placed.position_m[row, part],
            scale=placed.scale[row, part],
            tint=tint[row].astype(np.float32),
            foot_m=foot[row].astype(np.float32),
            slope=slope[row].astype(np.float32),
            shadow=np.full(len(row), 255, np.uint8),
            sunlit=np.ones(len(row), np.float32),
            glow=np.zeros(len(row), np.float32),
        )

    def _carried(self, xy_m: np.ndarray) -> Carried:
        t = self._terrain
        height, depth = t.height_at(xy_m), t.water_depth_at(xy_m)
        if t.surface_m is not None:
            return Carried(bottom_m=height, surface_m=np.full_like(height, t.surface_m), slope=t.slope_at(xy_m))
        open_water = (depth > 0) & ~t.frozen_at(xy_m)
        bottom = np.where(open_water, height - depth, height)
        return Carried(bottom_m=bottom, surface_m=np.where(open_water, height, DRY_M), slope=t.slope_at(xy_m))


def _mixed(before: np.ndarray, after: np.ndarray, share: np.ndarray) -> np.ndarray:
    return before * (1 - share) + after * share
