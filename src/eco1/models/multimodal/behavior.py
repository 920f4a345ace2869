"""What animals do next: the behaviour of each in the moment to come, and how it moves.

Shape letters: b clips, n animals, w width, o behaviours.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn import functional

from eco1.models.multimodal.config import MultimodalConfig
from eco1.models.multimodal.inputs import Inputs
from eco1.models.multimodal.perception import Perception
from eco1.models.multimodal.prefix import Prefix
from eco1.models.nn.mlp import SwiGLU
from eco1.sensors.scene import Scene, to_body, to_world

_SLOW_MPS = 0.5
_WIDER = 2  # the hidden layer of the head, times the width of a latent
_MOVE_WEIGHT = 0.5  # beside the behaviour's cross-entropy (our choice)


@dataclass(frozen=True, kw_only=True)
class NextAction:
    """Logits of the next behaviour, and the velocity to come, asinh of half m/s, ahead, to the left and up."""

    behavior: Float[Tensor, "*b o"]
    velocity: Float[Tensor, "*b 3"]

    @property
    def alone(self) -> "NextAction":
        """Return that of one animal per clip (b) as that of all there are (b, 1)."""
        return NextAction(behavior=self.behavior[:, None], velocity=self.velocity[:, None])

    def velocity_mps(self, heading_rad: Float[Tensor, "*b"]) -> Float[Tensor, "*b 3"]:
        """Return the velocity in world axes of animals that face there now."""
        body = _SLOW_MPS * self.velocity.float().sinh()
        return torch.cat([to_world(body[..., :2], heading_rad), body[..., 2:]], dim=-1)


class ActionHead(nn.Module):
    """Reads what comes next from how an animal moves (at sight), and from what the language model makes of it."""

    def __init__(self, config: MultimodalConfig) -> None:
        super().__init__()
        outputs = len(config.behavior_names)
        self.behavior, self.velocity = nn.Linear(config.language_width, outputs), nn.Linear(config.language_width, 3)
        self.norm, self.mix = nn.LayerNorm(config.width), SwiGLU(config.width, _WIDER * config.width)
        self.seen_behavior, self.seen_velocity = nn.Linear(config.width, outputs), nn.Linear(config.width, 3)

    def forward(self, latent: Float[Tensor, "*b w"], motion: Float[Tensor, "*b d"] | None = None) -> NextAction:
        """Return what is expected of an animal, or of the self; ``motion`` is its latent, where that is known."""
        behavior, velocity = self.behavior(latent), self.velocity(latent)
        if motion is None:
            return NextAction(behavior=behavior, velocity=velocity)
        seen = self.at_sight(motion)
        return NextAction(behavior=behavior + seen.behavior, velocity=velocity + seen.velocity)

    def at_sight(self, motion: Float[Tensor, "*b d"]) -> NextAction:
        """Return what is expected of animals by how they moved until a moment."""
        x = motion + self.mix(self.norm(motion))
        return NextAction(behavior=self.seen_behavior(x), velocity=self.seen_velocity(x))


@dataclass(frozen=True, kw_only=True)
class Following:
    """What each animal did last, and what it does in the moment after; ``known`` where it lives through it."""

    now: Int[Tensor, "b n"]
    behavior: Int[Tensor, "b n"]
    velocity: Float[Tensor, "b n 3"]
    known: Bool[Tensor, "b n"]

    def of(self, row: Int[Tensor, " b"]) -> "Following":
        """Return that of one animal per clip (b, 1), unknown where the row is -1."""
        at, pick = torch.arange(len(row), device=row.device), row.clamp(min=0)
        return Following(
            now=self.now[at, pick][:, None],
            behavior=self.behavior[at, pick][:, None],
            velocity=self.velocity[at, pick][:, None],
            known=(self.known[at, pick] & (row >= 0))[:, None],
        )


def following(inputs: Inputs, end: int, frames: int) -> Following:
    """Return what happens in the ``frames`` frames after frame ``end``, seen from the last frame before."""
    scene, last = inputs.scene, end - 1
    after = scene[:, end : end + frames]
    same = (after.identity == scene.identity[:, last : last + 1]).all(1)
    living = scene.alive[:, last] & after.alive.all(1) & same
    behavior = after.behavior[:, -1]
    return Following(
        now=scene.behavior[:, last],
        behavior=behavior.clamp(min=0),
        velocity=torch.asinh(_in_body_frame(after, scene.heading_rad[:, last]) / _SLOW_MPS),
        known=living & (behavior >= 0),
    )


def action_loss(guess: NextAction, truth: Following) -> Float[Tensor, ""]:
    """Return the error of what was expected; beginnings of a behaviour count as much as all that goes on."""
    off = functional.cross_entropy(guess.behavior.flatten(0, 1).float(), truth.behavior.flatten(), reduction="none")
    moved = functional.smooth_l1_loss(guess.velocity, truth.velocity, reduction="none").mean(-1)
    each = off.view_as(truth.behavior) + _MOVE_WEIGHT * moved
    begins = truth.known & (truth.behavior != truth.now)
    return (_mean(each, truth.known) + _mean(each, begins)) / 2


def begun_rightly(guess: NextAction, truth: Following) -> Float[Tensor, ""]:
    """Return how often a behaviour that begins is named, the one that ends being ruled out."""
    begins = truth.known & (truth.behavior != truth.now)
    ruled_out = (
        functional.one_hot(truth.now.clamp(min=0), guess.behavior.shape[-1]).bool() & (truth.now >= 0)[..., None]
    )
    named = guess.behavior.masked_fill(ruled_out, -torch.inf).argmax(-1)
    return _mean((named == truth.behavior).float(), begins)


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What whom the camera follows does next (b), and what every animal does (b, n); None where none was perceived."""

    itself: NextAction
    animals: NextAction | None


def expected(action: ActionHead, latent: Float[Tensor, "b t w"], prefix: Prefix, seen: Perception) -> Expected:
    """Return what is expected of the moment after those that were perceived.

    Args:
        action: the head.
        latent: what the language model made of the prefix, and perhaps of words after it; or of the self alone.
        prefix: what it was given.
        seen: what the prefix was made of.
    """
    last = min(prefix.vectors.shape[1], latent.shape[1]) - 1
    if prefix.animals is None:
        return Expected(itself=action(latent[:, last]), animals=None)
    motion = seen.latents["motion"].value[:, -1]
    row = seen.inputs.subject
    own = motion[torch.arange(len(row), device=row.device), row.clamp(min=0)]
    itself = action(latent[:, last], torch.where(row[:, None] >= 0, own, 0.0))
    animals = action(latent[:, prefix.animals : last], motion) if last else None
    return Expected(itself=itself, animals=animals)


def _mean(value: Tensor, chosen: Tensor) -> Float[Tensor, ""]:
    return (value * chosen).sum() / chosen.sum().clamp(min=1)


def _in_body_frame(after: Scene, heading: Float[Tensor, "b n"]) -> Float[Tensor, "b n 3"]:
    velocity = after.velocity_mps.mean(1)
    return torch.cat([to_body(velocity[..., :2], heading), velocity[..., 2:]], dim=-1)
