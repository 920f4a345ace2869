"""The scene as each animal has it around itself: body frame, distances in body lengths, speeds in body lengths/s.

Nothing depends on where the world's origin lies or which way it is turned. Numbers that range over orders of
magnitude are compressed: distances d by log(1 + d), signed rates x by asinh(x).
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from eco1.core.records import ArrayRecord
from eco1.sensors.channels import CLOSEST_BODY_LENGTHS, CUES, NEIGHBOUR, OWN
from eco1.sensors.kin import distances, kin_of
from eco1.sensors.scene import (
    CURRENT_CHANNELS,
    FELT_CHANNELS,
    HEIGHT_CHANNELS,
    OFFSET_CHANNELS,
    SLOPE_CHANNELS,
    Scene,
    to_body,
)
from eco1.sensors.trace import Linked

_CANDIDATES = 32  # nearest rows among which neighbours are chosen

__all__ = ["CUES", "NEIGHBOUR", "OWN", "Egocentric", "egocentric", "nearest_rows"]


@dataclass(frozen=True, kw_only=True)
class Egocentric(ArrayRecord):
    """Each animal's view. Index 0 of species and behaviour means unknown, so catalogue indices are shifted by one."""

    own: Float[Tensor, "*b n f"]
    species: Int[Tensor, "*b n"]
    behavior: Int[Tensor, "*b n"]
    alive: Bool[Tensor, "*b n"]
    neighbours: Float[Tensor, "*b n k g"]
    neighbour_species: Int[Tensor, "*b n k"]
    neighbour_behavior: Int[Tensor, "*b n k"]
    neighbour_present: Bool[Tensor, "*b n k"]


def egocentric(
    scene: Scene, linked: Linked, *, dt_s: float | Float[Tensor, "*b"], nearest: int, strangers: int
) -> Egocentric:
    """Return the views of a scene (B, T, N).

    Args:
        scene: the animals.
        linked: the same frames joined to the ones before.
        dt_s: time between frames, perhaps of each scene.
        nearest: neighbours seen by each animal, nearest first, whatever they are.
        strangers: further neighbours, the nearest of each species not yet among them: in a herd of twenty the lion is
            never among the nearest, nor behind a herd of another kind.
    """
    step_s = torch.as_tensor(dt_s, device=scene.heading_rad.device)[..., None]
    age_log_s = torch.log1p(linked.behavior_age * step_s)
    apart_m = distances(scene)
    index, present = nearest_rows(scene, apart_m, nearest, strangers)
    who = _take(torch.stack([scene.species + 1, scene.behavior + 1], dim=-1), index) * present[..., None]
    neighbours = torch.where(present[..., None], _neighbours(scene, age_log_s, index), 0.0)
    own = _own(scene, linked, kin_of(scene, apart_m), age_log_s, step_s)
    return Egocentric(
        own=torch.where(scene.alive[..., None], own, 0.0),
        species=scene.species + 1,
        behavior=scene.behavior + 1,
        alive=scene.alive,
        neighbours=neighbours,
        neighbour_species=who[..., 0],
        neighbour_behavior=who[..., 1],
        neighbour_present=present,
    )


def nearest_rows(
    scene: Scene, apart_m: Float[Tensor, "*b n n"], nearest: int, strangers: int
) -> tuple[Int[Tensor, "*b n k"], Bool[Tensor, "*b n k"]]:
    """Return the rows of each animal's neighbours and which of them are real (few animals leave places empty)."""
    animals = scene.alive.shape[-1]
    candidates = min(_CANDIDATES, animals - 1)
    nearest = min(nearest, candidates)
    strangers = min(strangers, candidates - nearest)
    distance = apart_m.masked_fill(~(scene.alive | scene.carcass)[..., None, :], torch.inf)
    near, index = distance.topk(candidates, dim=-1, largest=False)
    if strangers:
        kind = scene.species[..., None, :].expand_as(distance).gather(-1, index)
        far = torch.where(_is_new(kind, scene.species), near, torch.inf)[..., nearest:]
        far, place = far.topk(strangers, dim=-1, largest=False)
        index = torch.cat([index[..., :nearest], index[..., nearest:].gather(-1, place)], -1)
        near = torch.cat([near[..., :nearest], far], -1)
    return index[..., : nearest + strangers], near[..., : nearest + strangers].isfinite()


def _is_new(kind: Int[Tensor, "*b n c"], own: Int[Tensor, "*b n"]) -> Bool[Tensor, "*b n c"]:
    """Return which candidates, nearest first, are the first of a species other than the animal's own."""
    earlier = torch.ones(kind.shape[-1], kind.shape[-1], dtype=torch.bool, device=kind.device).tril(-1)
    again = ((kind[..., :, None] == kind[..., None, :]) & earlier).any(-1)
    return ~again & (kind != own[..., None])


def _own(scene: Scene, linked: Linked, kin: Tensor, age_log_s: Tensor, dt_s: Tensor) -> Tensor:
    length = scene.body_length_m[..., None]
    own_velocity = scene.own_velocity_mps
    velocity = own_velocity / length
    change = (own_velocity - linked.own_velocity_before_mps) / (length * dt_s[..., None])
    turn_rate = linked.turned_rad / dt_s
    offset = scene.surroundings[..., :OFFSET_CHANNELS]
    offset = torch.where(offset.isfinite(), offset, 0.0) / length
    slope, current = scene.surroundings[..., SLOPE_CHANNELS], scene.surroundings[..., CURRENT_CHANNELS] / length
    flat = torch.cat([velocity[..., :2], change[..., :2], offset, slope, current], dim=-1)
    turned = to_body(flat.unflatten(-1, (-1, 2)), scene.heading_rad[..., None]).flatten(-2)
    motion, places, slope, current = turned.split([4, OFFSET_CHANNELS, 2, 2], dim=-1)
    rates = torch.stack(
        [
            velocity[..., :2].norm(dim=-1),
            motion[..., 0],
            motion[..., 1],
            velocity[..., 2],
            motion[..., 2],
            motion[..., 3],
            change[..., 2],
            turn_rate,
        ],
        dim=-1,
    )
    rest = torch.stack([linked.has_past.to(rates.dtype), age_log_s, scene.body_length_m.log()], dim=-1)
    felt, levels = scene.surroundings[..., FELT_CHANNELS], scene.surroundings[..., HEIGHT_CHANNELS] / length
    levels = torch.where(levels.isfinite(), levels, 0.0)
    places = _places(places, scene.surroundings)
    medium = [torch.asinh(current), felt, torch.asinh(levels)]
    return torch.cat([torch.asinh(rates), rest, places, kin, slope, *medium], dim=-1)


def _places(offset: Tensor, raw: Tensor) -> Tensor:
    """Return direction, log distance and presence of each surrounding thing, side by side."""
    pair = offset.unflatten(-1, (OFFSET_CHANNELS // 2, 2))
    present = raw[..., :OFFSET_CHANNELS].unflatten(-1, (OFFSET_CHANNELS // 2, 2)).isfinite().all(-1, keepdim=True)
    distance = pair.norm(dim=-1, keepdim=True)
    direction = pair / (distance + CLOSEST_BODY_LENGTHS)
    found = torch.cat([direction, torch.log1p(distance), torch.ones_like(distance)], dim=-1)
    return torch.where(present, found, 0.0).flatten(-2)


def _neighbours(scene: Scene, age_log_s: Tensor, index: Int[Tensor, "*b n k"]) -> Tensor:
    kind = scene.species.to(scene.heading_rad.dtype)
    single = [scene.heading_rad, scene.body_length_m, age_log_s, scene.carcass.to(kind.dtype), kind]
    table = torch.cat([scene.position_m, scene.velocity_mps, torch.stack(single, dim=-1)], dim=-1)
    there = _take(table, index)
    here = table[..., None, :]
    length, heading = here[..., 7:8], here[..., 6]
    gap, motion = ((there[..., :6] - here[..., :6]) / length).split(3, dim=-1)
    distance = gap.norm(dim=-1, keepdim=True) + CLOSEST_BODY_LENGTHS
    direction = gap / distance
    flat = torch.stack([direction[..., :2], motion[..., :2]], dim=-2)
    turned = to_body(flat, heading[..., None]).flatten(-2)
    closing = -(direction * motion).sum(-1, keepdim=True)
    speed = there[..., 3:5].norm(dim=-1, keepdim=True) / length
    rates = torch.cat([turned[..., 2:], motion[..., 2:], closing, speed], dim=-1)
    angle = there[..., 6:7] - here[..., 6:7]
    return torch.cat(
        [
            turned[..., :2],
            direction[..., 2:],
            torch.log1p(distance),
            torch.asinh(rates),
            torch.cos(angle),
            torch.sin(angle),
            torch.log(there[..., 7:8] / length),
            (there[..., 10:] == here[..., 10:]).to(kind.dtype),
            there[..., 9:10],
            there[..., 8:9],
        ],
        dim=-1,
    )


def _take(table: Tensor, index: Int[Tensor, "*b n k"]) -> Tensor:
    """Return the rows of a table (*b, n[, c]) that ``index`` names, as (*b, n, k[, c])."""
    animals, neighbours = index.shape[-2:]
    scenes = index.shape[:-2].numel()
    start = torch.arange(scenes, device=index.device).reshape(-1, 1) * animals
    flat = (index.reshape(scenes, animals * neighbours) + start).reshape(-1)
    rows = table.reshape(scenes * animals, *table.shape[index.ndim - 1 :])
    return rows.index_select(0, flat).reshape(*index.shape, *rows.shape[1:])
