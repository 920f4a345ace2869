"""What animals did in the moment that followed, and how far from it is what was expected of them.

Shape letters: b clips, n animals.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn import functional

from eco1.models.multimodal.behavior import NextAction, in_body_frame
from eco1.models.multimodal.inputs import Inputs
from eco1.models.multimodal.moving import MoveHead
from eco1.models.multimodal.steps import Steps, steps_of

_MOVE_WEIGHT = 0.5  # beside the behaviour's cross-entropy (our choice)


@dataclass(frozen=True, kw_only=True)
class Following:
    """What each animal did last, and what it does in the moment after; ``known`` where it lives through it unled.

    ``velocity`` is told as in ``NextAction``: the mean of the moment; its ``steps`` (b, n, f) as in ``MoveHead``.
    """

    now: Int[Tensor, "b n"]
    behavior: Int[Tensor, "b n"]
    velocity: Float[Tensor, "b n 3"]
    steps: Steps
    known: Bool[Tensor, "b n"]

    @property
    def begins(self) -> Bool[Tensor, "b n"]:
        """Whose behaviour is another than before."""
        return self.known & (self.behavior != self.now)

    def of(self, row: Int[Tensor, " b"]) -> "Following":
        """Return that of one animal per clip (b, 1), unknown where the row is -1."""
        at, pick = torch.arange(len(row), device=row.device), row.clamp(min=0)
        return Following(
            now=self.now[at, pick][:, None],
            behavior=self.behavior[at, pick][:, None],
            velocity=self.velocity[at, pick][:, None],
            steps=self.steps[at, pick][:, None],
            known=(self.known[at, pick] & (row >= 0))[:, None],
        )


def following(inputs: Inputs, end: int, frames: int) -> Following:
    """Return what happens in the ``frames`` frames after frame ``end``, seen from the last frame before."""
    scene, last = inputs.scene, end - 1
    after = scene[:, end : end + frames]
    same = (after.identity == scene.identity[:, last : last + 1]).all(1)
    living = scene.alive[:, last] & after.alive.all(1) & same
    if inputs.led is not None:
        living = living & ~inputs.led[:, last : end + frames].any(1)
    behavior = after.behavior[:, -1]
    return Following(
        now=scene.behavior[:, last],
        behavior=behavior.clamp(min=0),
        velocity=in_body_frame(after.own_velocity_mps.mean(1), scene.heading_rad[:, last]),
        steps=steps_of(scene[:, last : end + frames]),
        known=living & (behavior >= 0),
    )


def action_loss(guess: NextAction, truth: Following) -> Float[Tensor, ""]:
    """Return the error of what was expected; beginnings of a behaviour count as much as all that goes on."""
    off = functional.cross_entropy(guess.behavior.flatten(0, 1).float(), truth.behavior.flatten(), reduction="none")
    moved = functional.smooth_l1_loss(guess.velocity, truth.velocity, reduction="none").mean(-1)
    each = off.view_as(truth.behavior) + _MOVE_WEIGHT * moved
    return (_mean(each, truth.known) + _mean(each, truth.begins)) / 2


def move_loss(head: MoveHead, guess: NextAction, truth: Following) -> Float[Tensor, ""]:
    """Return how unlikely the steps are that were made, given what was done (nats a frame, mean over animals)."""
    assert guess.told is not None  # at sight alone nothing is told of steps
    return _mean(-head.log_density(guess.told, truth.behavior, truth.steps), truth.known)


def begun_rightly(guess: NextAction, truth: Following) -> Float[Tensor, ""]:
    """Return how often a behaviour that begins is named, the one that ends being ruled out."""
    ruled_out = (
        functional.one_hot(truth.now.clamp(min=0), guess.behavior.shape[-1]).bool() & (truth.now >= 0)[..., None]
    )
    named = guess.behavior.masked_fill(ruled_out, -torch.inf).argmax(-1)
    return _mean((named == truth.behavior).float(), truth.begins)


def _mean(value: Tensor, chosen: Tensor) -> Float[Tensor, ""]:
    return (value * chosen).sum() / chosen.sum().clamp(min=1)
