"""What the model is asked for, taken from what happened next.

Shape letters: b worlds, t frames, n animals, a anchors, q frames ahead.
"""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn import functional

from eco1.sensors.egocentric import NEIGHBOUR, Egocentric
from eco1.sensors.scene import Scene, to_body, wrap
from eco1.sensors.trace import Linked

#: Columns of a change of motion. The turn comes first: animals slow down to turn, so the speed is told given the turn.
TURN, SPEED, CLIMB = range(3)
#: At and below this speed (body lengths/s) an animal rests, and its turn is read from its heading, not its course.
STILL = 0.01
_OUT_OF_REACH = 200.0  # body lengths: farther company counts as none


@dataclass(frozen=True, kw_only=True)
class Ahead:
    """Something about frames after an anchor, and whether the same animal is still there."""

    value: Float[Tensor, "b a n q 3"]
    valid: Bool[Tensor, "b a n q"]


def motion_since(scene: Scene, linked: Linked) -> Float[Tensor, "b t n 3"]:
    """Return the turn (rad) and the change of speed and climb (body lengths/s) since the frame before.

    All of it is motion in the medium: a current turns nobody. The change of speed is minus infinity where the animal
    rests now. The turn leads from the heading of the frame before to the course of this one. Without a past it all
    means nothing.
    """
    length = scene.body_length_m[..., None]
    now, before = scene.own_velocity_mps / length, linked.own_velocity_before_mps / length
    speed, speed_before = now[..., :2].norm(dim=-1), before[..., :2].norm(dim=-1)
    course = torch.where(speed > STILL, torch.atan2(now[..., 1], now[..., 0]), scene.heading_rad)
    turn = wrap(course - linked.heading_before_rad)
    change = torch.where(speed > STILL, speed - speed_before, -torch.inf)
    return torch.stack([turn, change, now[..., 2] - before[..., 2]], dim=-1)


def fading_motion(
    turned_rad: Float[Tensor, "*b n"], own_velocity_mps: Float[Tensor, "*b n 3"], body_length_m: Float[Tensor, "*b n"]
) -> Float[Tensor, "*b n 2"]:
    """Return the turn (rad) and climb (body lengths/s) of a moment, of which a part may be left in the next."""
    return torch.stack([turned_rad, own_velocity_mps[..., 2] / body_length_m], dim=-1)


def fading_before(scene: Scene, linked: Linked) -> Float[Tensor, "b t n 2"]:
    """Return the ``fading_motion`` of the frame before each."""
    return fading_motion(linked.turned_before_rad, linked.own_velocity_before_mps, scene.body_length_m)


def velocity_history(
    scene: Scene, linked: Linked, anchors: Int[Tensor, " a"], frames: int
) -> Float[Tensor, "b a n p 3"]:
    """Return the last velocities before and at each anchor in world axes, oldest first.

    Before an animal's first frame its first velocity is repeated.
    """
    age = linked.age[:, anchors]
    lag = torch.arange(frames - 1, -1, -1, device=anchors.device).expand(*age.shape, frames)
    frame = anchors[None, :, None, None] - torch.minimum(lag, age[..., None])
    return _at(scene.velocity_mps, frame)


def body_velocities(
    history: Float[Tensor, "*b n p 3"], heading_rad: Float[Tensor, "*b n"], body_length_m: Float[Tensor, "*b n"]
) -> Float[Tensor, "*b n p 3"]:
    """Return world velocities (m/s) in the present body frame (body lengths/s)."""
    flat = torch.cat([to_body(history[..., :2], heading_rad[..., None]), history[..., 2:]], dim=-1)
    return flat / body_length_m[..., None, None]


def displacements(scene: Scene, linked: Linked, anchors: Int[Tensor, " a"], ahead: Int[Tensor, " q"]) -> Ahead:
    """Return where each animal is ``ahead`` frames after an anchor: body frame at the anchor, body lengths."""
    frame, valid = _frames_ahead(linked, anchors, ahead)
    then = _at(scene.position_m, frame.expand(*valid.shape))
    offset = then - scene.position_m[:, anchors][..., None, :]
    return Ahead(
        value=body_velocities(offset, scene.heading_rad[:, anchors], scene.body_length_m[:, anchors]), valid=valid
    )


def same_animal_ahead(linked: Linked, anchors: Int[Tensor, " a"], ahead: Int[Tensor, " q"]) -> Bool[Tensor, "b a n q"]:
    """Return whether the animal at the anchor is still there, without a break, ``ahead`` frames later."""
    return _frames_ahead(linked, anchors, ahead)[1]


def told_until(
    told: Bool[Tensor, "b t n"], anchors: Int[Tensor, " a"], ahead: Int[Tensor, " q"]
) -> Bool[Tensor, "b a n q"]:
    """Return whether an animal was told what to do at an anchor or later, before ``ahead`` frames have passed."""
    frames = told.shape[1]
    before = functional.pad(told.long().cumsum(1), (0, 0, 1, 0))  # entry k counts the frames before k
    end = (anchors[:, None] + ahead[None, :]).clamp(max=frames)
    return (before[:, end] > before[:, anchors][:, :, None]).permute(0, 1, 3, 2)


def company(view: Egocentric, species: int) -> Float[Tensor, "*b n s"]:
    """Return how close the nearest living animal of each species is among those seen.

    1 at no distance and 0 from 200 body lengths on, even in the logarithm of one plus the distance in body lengths.
    """
    farthest = math.log1p(_OUT_OF_REACH)
    closeness = (1.0 - view.neighbours[..., NEIGHBOUR.index("log_distance")] / farthest).clamp(min=0.0)
    living = view.neighbour_present & (view.neighbours[..., NEIGHBOUR.index("carcass")] == 0)
    nearest = closeness.new_zeros(*closeness.shape[:-1], species + 1)
    nearest = nearest.scatter_reduce(-1, view.neighbour_species, torch.where(living, closeness, 0.0), "amax")
    return nearest[..., 1:]


def coming_behavior(scene: Scene, linked: Linked, window: tuple[int, int], lasting: int) -> Int[Tensor, "b t n"]:
    """Return the behaviour that begins within a window of frames ahead, or -1.

    It counts when the animal keeps to its present behaviour until then, and then to the new one for ``lasting`` frames.
    """
    behavior, held = scene.behavior, linked.behavior_age
    frames = behavior.shape[1]
    target = torch.full_like(behavior, -1)
    for ahead in range(window[0], window[1] + 1):
        known = frames - ahead - lasting + 1
        if known <= 0:
            break
        onset = slice(ahead, ahead + known)
        end = slice(ahead + lasting - 1, ahead + lasting - 1 + known)
        kept = held[:, ahead - 1 : ahead - 1 + known] >= ahead - 1
        asked = linked.behavior_began[:, onset] & kept & (held[:, end] == lasting - 1) & (linked.age[:, end] >= ahead)
        target[:, :known] = torch.where(asked, behavior[:, onset], target[:, :known])
    return target


def _frames_ahead(linked: Linked, anchors: Tensor, ahead: Tensor) -> tuple[Tensor, Tensor]:
    frames = linked.age.shape[1]
    frame = (anchors[:, None] + ahead[None, :])[None, :, None, :]
    inside = frame < frames
    frame = frame.clamp(max=frames - 1)
    age = linked.age[:, frame[0, :, 0, :]].permute(0, 1, 3, 2)
    return frame, inside & (age >= ahead)


def _at(value: Float[Tensor, "b t n 3"], frame: Int[Tensor, "b a n p"]) -> Float[Tensor, "b a n p 3"]:
    """Return the value of the same animal at other frames."""
    worlds, frames, animals, _ = value.shape
    world = torch.arange(worlds, device=value.device)[:, None, None, None]
    row = torch.arange(animals, device=value.device)[None, None, :, None]
    flat = (world * frames + frame) * animals + row
    return value.reshape(-1, 3).index_select(0, flat.reshape(-1)).reshape(*flat.shape, 3)
