"""What is in front of the camera at one moment: animals with their postures and strides, carried from step to step."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Float32, Int64

from eco1.core.records import Observation
from eco1.sensors.bodies.skeleton import MANE, PARTS
from eco1.studio.bank import Instances
from eco1.studio.bodies import body_of
from eco1.studio.gait import stride_frequency_hz
from eco1.studio.meshes import Mesh
from eco1.studio.pose import Placement, pose, turn_z
from eco1.studio.posture import POSTURES, posture_of, posture_table
from eco1.studio.rigs import rig_table
from eco1.studio.terrain import Terrain

_SETTLE_S = 0.35  # how quickly a posture follows behaviour: by eye
_AFLOAT_M, _DEEPEST_WADE, _FLOATING = 0.3, 0.5, 0.12  # over the water; shares of height under water
_GROWN = 0.8  # share of adult length from which manes show
_DEAD_TINT = (0.55, 0.50, 0.46)


@dataclass(frozen=True, kw_only=True)
class Moment:
    """Bodies between two simulation steps, one row per animal slot (N)."""

    position_m: Float[np.ndarray, "n 3"]
    velocity_mps: Float[np.ndarray, "n 3"]
    heading_rad: Float[np.ndarray, " n"]
    shown: Bool[np.ndarray, " n"]
    dead: Bool[np.ndarray, " n"]
    identity: Int64[np.ndarray, " n"]
    species: np.ndarray
    behavior: np.ndarray
    scale: Float[np.ndarray, " n"]
    time_s: float


class Cast:
    """The animals of one world. It remembers strides and postures; ``advance`` moves them on, ``place`` shows them."""

    def __init__(self, species_names: Sequence[str], behavior_names: Sequence[str], terrain: Terrain) -> None:
        self.species_names, self.behavior_names = tuple(species_names), tuple(behavior_names)
        self.bodies = [body_of(name) for name in species_names]
        self._rigs = rig_table(self.bodies)
        self._table = posture_table(self.behavior_names)
        self._terrain = terrain
        self._phase: np.ndarray | None = None
        self._posture = np.zeros((0, len(POSTURES)), np.float32)
        self._identity = np.zeros(0, np.int64)
        self._look = np.zeros(0)

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
        same = before.identity == after.identity
        a = np.where(same, share, 1.0)[:, None]
        turn = np.angle(np.exp(1j * (after.heading_rad - before.heading_rad).astype(float)))
        species = np.clip(after.species, 0, len(self.bodies) - 1)
        length = before.body_length_m * (1 - a[:, 0]) + after.body_length_m * a[:, 0]
        scale = length / self._rigs.adult_length_m[species]
        position = before.position_m * (1 - a) + after.position_m * a
        return Moment(
            position_m=self._waded(position, self._rigs.height_m[species] * scale, after.alive),
            velocity_mps=before.velocity_mps * (1 - a) + after.velocity_mps * a,
            heading_rad=before.heading_rad + turn * a[:, 0],
            shown=(after.alive | after.carcass) & (after.species >= 0),
            dead=after.carcass & ~after.alive,
            identity=after.identity,
            species=species,
            behavior=after.behavior,
            scale=scale,
            time_s=time_s,
        )

    def advance(self, moment: Moment, dt_s: float) -> None:
        """Carry strides and postures on by ``dt_s``; newcomers start in the posture they are in."""
        rigs = self._rigs[moment.species]
        speed = np.hypot(moment.velocity_mps[:, 0], moment.velocity_mps[:, 1])
        altitude = moment.position_m[:, 2] - self._terrain.height_at(moment.position_m[:, :2])
        dozes = (_fraction(moment.identity) < 0.4) & rigs.gallops & (moment.scale > 0.6)  # some stand, some lie
        aim = posture_of(
            moment.behavior, speed, altitude, moment.dead, self._table, can_fly=rigs.can_fly,
            stands_to_rest=rigs.stands_to_rest | dozes,
        )  # fmt: skip
        if self._phase is None or len(self._phase) != len(speed):
            self._phase, self._posture = _fraction(moment.identity), aim
            self._identity, self._look = moment.identity.copy(), np.zeros(len(speed))
        fresh = self._identity != moment.identity
        self._posture = np.where(
            fresh[:, None], aim, self._posture + (aim - self._posture) * (1 - np.exp(-dt_s / _SETTLE_S))
        )
        self._identity = moment.identity.copy()
        hip = np.maximum(rigs.hip_m * moment.scale, 0.01)
        grounded = ~(rigs.can_fly & (altitude > 0.4)) & ~moment.dead
        self._phase = self._phase + np.where(grounded, stride_frequency_hz(speed, hip), 0.0) * dt_s
        seed = _fraction(moment.identity)
        watching = self._posture[:, POSTURES.index("head_up")] * 1.1 + 0.15
        glance = np.sin(0.5 * moment.time_s + 30 * seed) + 0.5 * np.sin(1.3 * moment.time_s + 50 * seed)
        self._look = np.where(moment.dead, 0.0, 0.5 * watching * glance)

    def place(self, moment: Moment) -> Placement:
        """Return where every part of every animal is in the world. Call ``advance`` before."""
        assert self._phase is not None, "advance comes before place"
        rigs = self._rigs[moment.species]
        speed = np.hypot(moment.velocity_mps[:, 0], moment.velocity_mps[:, 1])
        size = np.maximum(moment.scale, 0.01)
        local = pose(
            rigs, speed_mps=speed / np.sqrt(size), phase=self._phase, posture=self._posture, look_rad=self._look,
            time_s=moment.time_s, seed=_fraction(moment.identity),
        )  # fmt: skip
        world = turn_z(moment.heading_rad) @ self._tilt(moment)
        position = np.einsum("nij,npj->npi", world, local.position_m * size[:, None, None]) + moment.position_m[:, None]
        scale = local.scale * size[:, None].astype(np.float32) * moment.shown[:, None]
        maned = (moment.identity % 2 == 0) & (moment.scale > _GROWN)
        scale[:, MANE] *= maned
        return Placement(
            rotation=(world[:, None] @ local.rotation).astype(np.float32),
            position_m=position.astype(np.float32),
            scale=scale.astype(np.float32),
        )

    def instances(self, moment: Moment, mesh_index: np.ndarray) -> Instances:
        """Return the animals' parts to draw; ``mesh_index`` (species, part) is that of ``meshes``."""
        placed = self.place(moment)
        mesh = mesh_index[moment.species]
        row, part = np.nonzero((mesh >= 0) & (placed.scale > 1e-3))
        foot = moment.position_m.copy()
        foot[:, 2] = self._terrain.height_at(foot[:, :2])
        slope = self._terrain.slope_at(foot[:, :2])
        tint = np.where(moment.dead[:, None], _DEAD_TINT, 1.0) * (0.92 + 0.16 * _fraction(moment.identity)[:, None])
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

    def _waded(self, position_m: np.ndarray, height_m: np.ndarray, alive: np.ndarray) -> np.ndarray:
        """Let animals on the water's surface sink to the bottom, or up to half their height; the dead float."""
        afloat = position_m[:, 2] - self._terrain.height_at(position_m[:, :2]) < _AFLOAT_M
        sunk = np.minimum(
            self._terrain.water_depth_at(position_m[:, :2]), np.where(alive, _DEEPEST_WADE, _FLOATING) * height_m
        )
        return position_m - np.stack([0 * sunk, 0 * sunk, sunk * afloat], 1)

    def _tilt(self, moment: Moment) -> Float32[np.ndarray, "n 3 3"]:
        """Bodies on a hillside lean with it along their length."""
        slope = self._terrain.slope_at(moment.position_m[:, :2])
        rise = slope[:, 0] * np.cos(moment.heading_rad) + slope[:, 1] * np.sin(moment.heading_rad)
        grounded = moment.position_m[:, 2] - self._terrain.height_at(moment.position_m[:, :2]) < 0.4
        angle = np.where(grounded, -np.arctan(rise), 0.0)
        cos, sin, zero, one = np.cos(angle), np.sin(angle), np.zeros_like(angle), np.ones_like(angle)
        return np.stack([cos, zero, sin, zero, one, zero, -sin, zero, cos], -1).reshape(-1, 3, 3).astype(np.float32)


def _fraction(identity: np.ndarray) -> np.ndarray:
    """A number in [0, 1) for each animal, the same all its life (golden-ratio sequence)."""
    return (identity * 0.6180339887498949) % 1.0
