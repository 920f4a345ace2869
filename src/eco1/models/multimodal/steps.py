"""Steps: how animals move from one frame to the next, and mixtures that say how steps may be spread.

A way is speed, turn and climb in the medium: asinh of body lengths a second over ground, radians from where the animal
faces to where it goes next, to the left, and asinh of body lengths a second upwards.

Shape letters: f frames, k components.
"""

import math
from dataclasses import dataclass
from typing import Self

import torch
from jaxtyping import Bool, Float
from torch import Generator, Tensor
from torch.nn import functional

from eco1.core.records import ArrayRecord
from eco1.sensors.scene import Scene, to_body, to_world

#: Numbers of a way; the second is an angle.
FACTORS, _TURN = 3, 1
_STANDING_LENGTHS_PER_S = 0.01  # as little as the model of motion alone counts as rest (our choice)


@dataclass(frozen=True, kw_only=True)
class Steps(ArrayRecord):
    """The ways that animals go, and who ``stands`` instead: covers less than 0.01 body lengths a second."""

    way: Float[Tensor, "*b 3"]
    stands: Bool[Tensor, "*b"]

    @classmethod
    def of(cls, way: Float[Tensor, "*b 3"], stands: Bool[Tensor, "*b"]) -> Self:
        """Return steps in which nobody goes backwards, and whoever hardly moves stands as well."""
        speed, turn, climb = way.unbind(-1)
        speed = speed.clamp(min=0.0)
        stands = stands | (speed.sinh().hypot(climb.sinh()) < _STANDING_LENGTHS_PER_S)
        way = torch.stack([speed, turn, climb], -1)
        return cls(way=torch.where(stands[..., None], 0.0, way), stands=stands)

    def frames(self, which: slice) -> "Steps":
        """Return some of the frames of steps (..., f)."""
        return Steps(way=self.way[..., which, :], stands=self.stands[..., which])

    def then(self, later: "Steps") -> "Steps":
        """Return these and later frames in one."""
        return Steps(
            way=torch.cat([self.way, later.way], dim=-2), stands=torch.cat([self.stands, later.stands], dim=-1)
        )


@dataclass(frozen=True, kw_only=True)
class Moves:
    """Whether animals stand (log-odds), and a mixture over ways of those that do not."""

    stands: Float[Tensor, "*b"]
    logits: Float[Tensor, "*b k"]
    mean: Float[Tensor, "*b k 3"]
    scale: Float[Tensor, "*b k 3"]

    def log_density(self, steps: Steps) -> Float[Tensor, "*b"]:
        """Return the log of how likely it is that animals stood, or else went these ways."""
        off = steps.way[..., None, :] - self.mean
        turn = torch.remainder(off[..., _TURN] + math.pi, 2 * math.pi) - math.pi
        off = torch.stack([off[..., 0], turn, off[..., 2]], -1) / self.scale
        each = -(off.square() / 2 + (math.sqrt(2 * math.pi) * self.scale).log()).sum(-1)
        moved = (self.logits.log_softmax(-1) + each).logsumexp(-1)
        log_odds = functional.logsigmoid
        return torch.where(steps.stands, log_odds(self.stands), log_odds(-self.stands) + moved)

    def drawn(self, generator: Generator | None) -> Steps:
        """Return one step of each; without a generator the middle of the likeliest."""
        if generator is None:
            pick = self.logits.argmax(-1)[..., None, None].expand(*self.logits.shape[:-1], 1, FACTORS)
            return Steps.of(self.mean.gather(-2, pick)[..., 0, :], self.stands > 0)
        device, shape, ours = generator.device, self.logits.shape[:-1], self.mean.device
        shares = self.logits.softmax(-1).to(device).flatten(0, -2)
        pick = torch.multinomial(shares, 1, generator=generator).view(*shape, 1, 1).expand(*shape, 1, FACTORS)
        mean, scale = (part.to(device).gather(-2, pick)[..., 0, :] for part in (self.mean, self.scale))
        way = mean + scale * torch.randn(mean.shape, generator=generator, device=device)
        stands = torch.rand(shape, generator=generator, device=device) < self.stands.sigmoid().to(device)
        return Steps.of(way.to(ours), stands.to(ours))


def steps_of(scene: Scene) -> Steps:
    """Return the steps (b, n, f) of animals in all frames of a scene (b, f + 1, n) but the first.

    Of a single frame the step in it, from where animals face there.
    """
    heading = scene.heading_rad[:, :-1] if scene.heading_rad.shape[1] > 1 else scene.heading_rad
    after = scene[:, -heading.shape[1] :]
    velocity, length = after.own_velocity_mps, after.body_length_m
    body = to_body(velocity[..., :2], heading)
    ahead, turn = body.norm(dim=-1) / length, torch.atan2(body[..., 1], body[..., 0])
    way = torch.stack([ahead.asinh(), turn, (velocity[..., 2] / length).asinh()], -1).transpose(1, 2)
    return Steps.of(way, torch.zeros_like(way[..., 0], dtype=torch.bool))


def velocity_of(steps: Steps, heading_rad: Float[Tensor, "*b"], length_m: Float[Tensor, "*b"]) -> Float[Tensor, "*b 3"]:
    """Return steps as velocities (m/s) in world axes."""
    speed, turn, climb = steps.way.float().unbind(-1)
    ahead = speed.sinh() * length_m
    flat = to_world(torch.stack([ahead, torch.zeros_like(ahead)], -1), heading_rad + turn)
    return torch.cat([flat, (climb.sinh() * length_m)[..., None]], -1)
