"""What calibration looks at: rows gathered from training clips. Species and behaviours are shifted by one."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TypeVar

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from eco1.core.records import ArrayRecord
from eco1.models.eco.config import EcoConfig
from eco1.models.eco.path_fit import PathRows
from eco1.models.eco.targets import (
    STILL,
    body_velocities,
    coming_behavior,
    displacements,
    fading_before,
    motion_since,
    velocity_history,
)
from eco1.sensors.scene import Scene
from eco1.sensors.trace import Linked

_Rows = TypeVar("_Rows", bound=ArrayRecord)


@dataclass(frozen=True, kw_only=True)
class Moves(ArrayRecord):
    """Single steps: the change of motion, the one of the step before, and how far the heading followed the course.

    ``last`` and ``last_before`` are what may fade in the one and the other (``targets.fading_motion``); ``turned_rad``
    is NaN for animals that stand; ``behavior`` is the one at the end of the step.
    """

    change: Float[Tensor, "m 3"]
    last: Float[Tensor, "m 2"]
    before: Float[Tensor, "m 3"]
    last_before: Float[Tensor, "m 2"]
    has_before: Bool[Tensor, " m"]
    species: Int[Tensor, " m"]
    behavior: Int[Tensor, " m"]
    turned_rad: Float[Tensor, " m"]


@dataclass(frozen=True, kw_only=True)
class Speeds(ArrayRecord):
    """Horizontal and climbing speed (body lengths/s) of animals."""

    speed: Float[Tensor, "m 2"]
    species: Int[Tensor, " m"]


@dataclass(frozen=True, kw_only=True)
class Sequels(ArrayRecord):
    """A behaviour (shifted by one) and a later one (not shifted)."""

    species: Int[Tensor, " m"]
    now: Int[Tensor, " m"]
    then: Int[Tensor, " m"]


def joined(parts: Sequence[_Rows]) -> _Rows:
    """Return the rows of several records as one."""
    names = [f.name for f in fields(parts[0])]  # type: ignore[arg-type]
    return type(parts[0])(**{name: torch.cat([getattr(part, name) for part in parts]) for name in names})


def moves_in(scene: Scene, linked: Linked) -> Moves:
    """Return every step of every animal in a scene (b, t, n)."""
    change, known = motion_since(scene, linked), linked.has_past[:, 1:]
    last = fading_before(scene, linked)
    moving = scene.own_velocity_mps[:, 1:, :, :2].norm(dim=-1) > STILL * scene.body_length_m[:, 1:]
    return Moves(
        change=change[:, 1:][known],
        last=last[:, 1:][known],
        before=change[:, :-1][known],
        last_before=last[:, :-1][known],
        has_before=linked.has_past[:, :-1][known],
        species=scene.species[:, 1:][known] + 1,
        behavior=scene.behavior[:, 1:][known] + 1,
        turned_rad=torch.where(moving, linked.turned_rad[:, 1:], torch.nan)[known],
    )


def speeds_in(scene: Scene) -> Speeds:
    """Return the speeds of every animal in every frame, in the medium that carries it."""
    velocity = scene.own_velocity_mps / scene.body_length_m[..., None]
    speed = torch.stack([velocity[..., :2].norm(dim=-1), velocity[..., 2].abs()], dim=-1)
    return Speeds(speed=speed[scene.alive], species=scene.species[scene.alive] + 1)


def next_behaviors(scene: Scene, linked: Linked) -> Sequels:
    """Return the behaviour of every frame with that of the next."""
    then = torch.where(linked.has_past[:, 1:], scene.behavior[:, 1:], -1)
    return _sequels(scene[:, :-1], then)


def new_behaviors(config: EcoConfig, scene: Scene, linked: Linked) -> Sequels:
    """Return every frame in which a new behaviour is about to begin, with that behaviour."""
    return _sequels(scene, coming_behavior(scene, linked, config.anticipation_frames, config.lasting_frames))


def paths_in(config: EcoConfig, scene: Scene, linked: Linked) -> PathRows:
    """Return anchors that have a full history and a full path."""
    device = scene.alive.device
    first = config.history_frames - 1
    anchors = torch.arange(first, max(scene.alive.shape[1] - config.path_frames, first), config.knot_frames)
    anchors = anchors.to(device)
    history = velocity_history(scene, linked, anchors, config.history_frames)
    history = body_velocities(history, scene.heading_rad[:, anchors], scene.body_length_m[:, anchors])
    truth = displacements(scene, linked, anchors, torch.tensor(config.knots, device=device))
    whole = truth.valid.all(-1) & (linked.age[:, anchors] >= first)
    return PathRows(history=history[whole], path=truth.value[whole], species=scene.species[:, anchors][whole] + 1)


def _sequels(scene: Scene, then: Int[Tensor, "b t n"]) -> Sequels:
    known = then >= 0
    return Sequels(species=scene.species[known] + 1, now=scene.behavior[known] + 1, then=then[known])
