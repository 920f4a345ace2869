"""Who is who over time: which frames of a row belong to one animal, and for how long it has been doing what it does."""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from eco1.core.records import ArrayRecord
from eco1.sensors.scene import Scene, wrap


@dataclass(frozen=True, kw_only=True)
class Trace(ArrayRecord):
    """What must be remembered of the frame before. ``age`` and ``behavior_age`` count frames."""

    own_velocity_mps: Float[Tensor, "b n 3"]
    heading_rad: Float[Tensor, "b n"]
    turned_rad: Float[Tensor, "b n"]
    alive: Bool[Tensor, "b n"]
    identity: Int[Tensor, "b n"]
    behavior: Int[Tensor, "b n"]
    behavior_age: Int[Tensor, "b n"]
    age: Int[Tensor, "b n"]


@dataclass(frozen=True, kw_only=True)
class Linked(ArrayRecord):
    """Each frame joined to the one before. Without ``has_past`` the frame is the first that was seen of its animal.

    ``turned_rad`` is the turn of the heading since the frame before, ``turned_before_rad`` the turn before that one; 0
    where unknown. ``age`` is the number of earlier frames without a break: attention may look back so far and no
    further.
    """

    own_velocity_before_mps: Float[Tensor, "b t n 3"]
    heading_before_rad: Float[Tensor, "b t n"]
    turned_rad: Float[Tensor, "b t n"]
    turned_before_rad: Float[Tensor, "b t n"]
    has_past: Bool[Tensor, "b t n"]
    behavior_began: Bool[Tensor, "b t n"]
    behavior_age: Int[Tensor, "b t n"]
    age: Int[Tensor, "b t n"]


def no_trace(batch: int, animals: int, device: torch.device | None = None) -> Trace:
    """Return the trace of animals that nobody has seen."""
    zeros = torch.zeros(batch, animals, device=device)
    counts = zeros.long()
    return Trace(
        own_velocity_mps=torch.zeros(batch, animals, 3, device=device),
        heading_rad=zeros,
        turned_rad=zeros,
        alive=zeros.bool(),
        identity=counts,
        behavior=counts,
        behavior_age=counts,
        age=counts,
    )


def link(scene: Scene, past: Trace) -> Linked:
    """Return each frame of a scene (B, T, N) joined to the one before; ``past`` is the frame before the first.

    A row is another animal when its identity changes, and a new one for us when it was not alive a frame ago.
    """
    velocity = scene.own_velocity_mps
    velocity_before = _shift(velocity, past.own_velocity_mps)
    heading_before = _shift(scene.heading_rad, past.heading_rad)
    same = _shift(scene.identity, past.identity) == scene.identity
    has_past = scene.alive & _shift(scene.alive, past.alive) & same
    began = ~has_past | (_shift(scene.behavior, past.behavior) != scene.behavior)
    row = has_past[..., None]
    turned = torch.where(has_past, wrap(scene.heading_rad - heading_before), 0.0)
    return Linked(
        own_velocity_before_mps=torch.where(row, velocity_before, velocity),
        heading_before_rad=torch.where(has_past, heading_before, scene.heading_rad),
        turned_rad=turned,
        turned_before_rad=torch.where(has_past, _shift(turned, past.turned_rad), 0.0),
        has_past=has_past,
        behavior_began=began & has_past,
        behavior_age=_frames_since(began, past.behavior_age),
        age=_frames_since(~has_past, past.age),
    )


def trace_of(scene: Scene, linked: Linked) -> Trace:
    """Return what must be remembered of the last frame of a scene (B, T, N)."""
    return Trace(
        own_velocity_mps=scene[:, -1].own_velocity_mps,
        heading_rad=scene.heading_rad[:, -1],
        turned_rad=linked.turned_rad[:, -1],
        alive=scene.alive[:, -1],
        identity=scene.identity[:, -1],
        behavior=scene.behavior[:, -1],
        behavior_age=linked.behavior_age[:, -1],
        age=linked.age[:, -1],
    )


def _shift(value: Tensor, before: Tensor) -> Tensor:
    """Return the value one frame earlier, along axis 1."""
    return torch.cat([before[:, None], value[:, :-1]], dim=1)


def _frames_since(event: Bool[Tensor, "b t n"], count_before: Int[Tensor, "b n"]) -> Int[Tensor, "b t n"]:
    frame = torch.arange(event.shape[1], device=event.device)[None, :, None]
    last = torch.where(event, frame, -1).cummax(dim=1).values
    return torch.where(last >= 0, frame - last, count_before[:, None] + 1 + frame)
