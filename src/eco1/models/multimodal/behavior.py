"""What animals do next: the behaviour of each in the moment to come, and how it moves.

Shape letters: b clips, n animals, w width, o behaviours.
"""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from eco1.models.multimodal.config import MultimodalConfig
from eco1.models.multimodal.moving import Going, MoveHead, Told, going, rows_of
from eco1.models.multimodal.perception import Perception
from eco1.models.multimodal.prefix import Prefix
from eco1.models.nn.mlp import SwiGLU
from eco1.sensors.scene import to_body

_SLOW_MPS = 0.5  # velocities are told as asinh(v / this): they range over orders of magnitude
_WIDER = 2  # the hidden layer of the head, times the width of a latent


@dataclass(frozen=True, kw_only=True)
class NextAction:
    """Logits of the next behaviour, and the mean velocity to come, asinh of half m/s, ahead, to the left and up.

    Velocities are those in the medium that carries an animal: over ground, less the current.

    ``told`` is what ``MoveHead`` tells steps from; None at sight alone.
    """

    behavior: Float[Tensor, "*b o"]
    velocity: Float[Tensor, "*b 3"]
    told: Told | None = None

    @property
    def alone(self) -> "NextAction":
        """Return that of one animal per clip (b) as that of all there are (b, 1)."""
        told = None if self.told is None else self.told.alone
        return NextAction(behavior=self.behavior[:, None], velocity=self.velocity[:, None], told=told)


def in_body_frame(velocity_mps: Float[Tensor, "b n 3"], heading_rad: Float[Tensor, "b n"]) -> Float[Tensor, "b n 3"]:
    """Return velocities in world axes as they are told here."""
    body = torch.cat([to_body(velocity_mps[..., :2], heading_rad), velocity_mps[..., 2:]], dim=-1)
    return torch.asinh(body / _SLOW_MPS)


class ActionHead(nn.Module):
    """Reads what comes next from how an animal moves (at sight), and from what the language model makes of it.

    ``met`` counts moments that were learned from, and those in which another behaviour begins.
    """

    met: Tensor

    def __init__(self, config: MultimodalConfig) -> None:
        super().__init__()
        outputs = len(config.behavior_names)
        self.behavior, self.velocity = nn.Linear(config.language_width, outputs), nn.Linear(config.language_width, 3)
        self.norm, self.mix = nn.LayerNorm(config.width), SwiGLU(config.width, _WIDER * config.width)
        self.seen_behavior, self.seen_velocity = nn.Linear(config.width, outputs), nn.Linear(config.width, 3)
        self.moves = MoveHead(config)
        self.register_buffer("met", torch.zeros(2, dtype=torch.long))

    def forward(
        self, latent: Float[Tensor, "*b w"], motion: Float[Tensor, "*b d"] | None = None, going: Going | None = None
    ) -> NextAction:
        """Return what is expected of an animal, or of the self.

        ``motion`` is its latent, and ``going`` how it moves now, where these are known.
        """
        behavior, velocity = self.behavior(latent), self.velocity(latent)
        told = self.moves.told(latent, motion, going)
        if motion is None:
            return NextAction(behavior=behavior, velocity=velocity, told=told)
        seen = self.at_sight(motion)
        return NextAction(behavior=behavior + seen.behavior, velocity=velocity + seen.velocity, told=told)

    def at_sight(self, motion: Float[Tensor, "*b d"]) -> NextAction:
        """Return what is expected of animals by how they moved until a moment."""
        x = motion + self.mix(self.norm(motion))
        return NextAction(behavior=self.seen_behavior(x), velocity=self.seen_velocity(x))

    @torch.no_grad()
    def take_note(self, known: Bool[Tensor, "*b"], begins: Bool[Tensor, "*b"]) -> None:
        """Count moments that are known, and those in which another behaviour begins."""
        self.met += torch.stack([known.sum(), begins.sum()])

    def as_often(self, behavior: Float[Tensor, "*b o"], now: Int[Tensor, "*b"]) -> Float[Tensor, "*b o"]:
        """Return logits of behaviours as often as they come, of animals that do something ``now`` (-1: not known).

        In training what begins weighs more than what goes on (``following.action_loss``), and is expected as much
        more: its logits are lowered by the log of that weight (King and Zeng 2001, section 4.1,
        doi 10.1093/oxfordjournals.pan.a004868).
        """
        moments, begun = self.met.tolist()
        if not begun:
            return behavior
        others = torch.arange(behavior.shape[-1], device=behavior.device) != now[..., None]
        return behavior - math.log1p(moments / begun) * (others & (now >= 0)[..., None])


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
    if prefix.animals is None or seen.inputs.motion is None:
        return Expected(itself=action(latent[:, last]), animals=None)
    motion = seen.latents["motion"].value[:, -1]
    row, now = seen.inputs.subject, going(seen.inputs.scene, seen.inputs.motion, seen.moments)
    itself = action(latent[:, last], rows_of(motion, row), now.of(row))
    animals = action(latent[:, prefix.animals : last], motion, now) if last else None
    return Expected(itself=itself, animals=animals)
