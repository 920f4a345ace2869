"""How an animal moves in the moment to come, given what it does: not one velocity but how they are spread.

The mean of all velocities that may follow is one that hardly any animal has: whoever may turn left or right goes on
straight ahead. So velocities are told as a mixture (Bishop 1994, Mixture Density Networks), of Laplace distributions,
which forgive the rare leap, and drawn from it when an animal is driven. Whether it stands is told first (a hurdle:
Cragg 1971, doi 10.2307/1909582): no density of velocities holds a share of animals that do not move at all. Velocities
are told as changes where it is known how animals move now, for mostly they go on.

Shape letters: w width of latents, l of the decoder's, k components.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Generator, Tensor, nn
from torch.nn import functional

from eco1.models.multimodal.config import MultimodalConfig
from eco1.models.multimodal.motion import Motion
from eco1.models.nn.mlp import SwiGLU
from eco1.sensors.channels import OWN
from eco1.sensors.scene import Scene, to_body

#: Velocities are told as asinh(v / this): they range over orders of magnitude.
SLOW_MPS = 0.5
#: Of what an animal sees of itself, how it moves comes first: speed, velocity, acceleration, turning.
RATES = OWN.index("has_past")
_COMPONENTS = 8
_AXES = 3
_LEAST_SCALE = 0.01  # of asinh(v / half m/s): half a centimetre a second, less than an ant's step


@dataclass(frozen=True, kw_only=True)
class Moves:
    """Whether animals stand (log-odds), and a mixture over velocities of those that do not.

    Velocities are asinh of half m/s, ahead, to the left and up; ``scale`` is a mean deviation.
    """

    stands: Float[Tensor, "*b"]
    logits: Float[Tensor, "*b k"]
    mean: Float[Tensor, "*b k 3"]
    scale: Float[Tensor, "*b k 3"]

    def log_density(self, velocity: Float[Tensor, "*b 3"], stood: Bool[Tensor, "*b"]) -> Float[Tensor, "*b"]:
        """Return the log of how likely it is that animals stood, or else moved at these velocities."""
        off = (velocity[..., None, :] - self.mean).abs() / self.scale
        each = -(off + (2 * self.scale).log()).sum(-1)
        moved = (self.logits.log_softmax(-1) + each).logsumexp(-1)
        return torch.where(stood, functional.logsigmoid(self.stands), functional.logsigmoid(-self.stands) + moved)

    def drawn(self, generator: Generator) -> Float[Tensor, "*b 3"]:
        """Return one velocity of each, 0 for those that stand."""
        device, shape = generator.device, self.logits.shape
        shares = self.logits.softmax(-1).to(device).flatten(0, -2)
        pick = torch.multinomial(shares, 1, generator=generator).view(*shape[:-1], 1, 1).expand(*shape[:-1], 1, _AXES)
        mean, scale = (part.to(device).gather(-2, pick)[..., 0, :] for part in (self.mean, self.scale))
        even = torch.rand(mean.shape, generator=generator, device=device) - 0.5
        off = -even.sign() * torch.log1p(-2 * even.abs().clamp(max=0.4999))
        moves = torch.rand(shape[:-1], generator=generator, device=device) >= self.stands.sigmoid().to(device)
        return ((mean + scale * off) * moves[..., None]).to(self.mean.device)


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is known of how an animal may move: features, and the ``velocity`` that it has now, 0 if unknown."""

    features: Float[Tensor, "*b w"]
    velocity: Float[Tensor, "*b 3"]

    @property
    def alone(self) -> "Told":
        """Return that of one animal per clip (b) as that of all there are (b, 1)."""
        return Told(features=self.features[:, None], velocity=self.velocity[:, None])


@dataclass(frozen=True, kw_only=True)
class Going:
    """How an animal moves now: its velocity as in ``Moves``, and its speeds, accelerations and turn as it sees them."""

    velocity: Float[Tensor, "*b 3"]
    rates: Float[Tensor, "*b r"]

    def of(self, row: Int[Tensor, " b"]) -> "Going":
        """Return how one animal of each clip (b n) moves, 0 where the row is -1."""
        velocity, rates = (rows_of(part, row) for part in (self.velocity, self.rates))
        return Going(velocity=velocity, rates=rates)


class MoveHead(nn.Module):
    """Reads latents without changing them: densities of those who stand still would outweigh all else."""

    def __init__(self, config: MultimodalConfig) -> None:
        super().__init__()
        width = config.width
        self.of_latent, self.of_motion = nn.Linear(config.language_width, width), nn.Linear(width, width, bias=False)
        self.of_rates = nn.Linear(RATES, width)
        self.of_behavior = nn.Embedding(len(config.behavior_names), width)
        self.norm, self.mix = nn.LayerNorm(width), SwiGLU(width, 2 * width)
        self.out = nn.Linear(width, _COMPONENTS * (1 + 2 * _AXES) + 1)
        with torch.no_grad():  # components that begin alike stay alike for long
            self.out.bias[_COMPONENTS : _COMPONENTS * (1 + _AXES)].normal_()

    def told(
        self, latent: Float[Tensor, "*b l"], motion: Float[Tensor, "*b w"] | None = None, going: Going | None = None
    ) -> Told:
        """Return what is known of an animal; ``motion`` and how it is ``going`` where these are perceived."""
        known = self.of_latent(latent.detach())
        if motion is None or going is None:
            return Told(features=known, velocity=known.new_zeros(*known.shape[:-1], _AXES))
        known = known + self.of_motion(motion.detach()) + self.of_rates(going.rates)
        return Told(features=known, velocity=going.velocity)

    def forward(self, told: Told, behavior: Int[Tensor, "*b"]) -> Moves:
        """Return how animals move that do this in the moment to come."""
        x = told.features + self.of_behavior(behavior)
        out = self.out(x + self.mix(self.norm(x))).float()
        logits, mean, scale, stands = out.split([_COMPONENTS, _AXES * _COMPONENTS, _AXES * _COMPONENTS, 1], dim=-1)
        mean, scale = (part.unflatten(-1, (_COMPONENTS, _AXES)) for part in (mean, scale))
        scale = _LEAST_SCALE + functional.softplus(scale - 1.0)
        return Moves(stands=stands[..., 0], logits=logits, mean=told.velocity[..., None, :] + mean, scale=scale)


def rows_of(parts: Float[Tensor, "b n d"], row: Int[Tensor, " b"]) -> Float[Tensor, "b d"]:
    """Return one row of each clip, 0 where it is -1."""
    found = parts[torch.arange(len(row), device=row.device), row.clamp(min=0)]
    return torch.where(row[:, None] >= 0, found, 0.0)


def going(scene: Scene, motion: Motion, moments: int) -> Going:
    """Return how animals (b, n) move at the end of the last of some moments."""
    last = scene[:, moments * motion.behavior.shape[2] - 1]
    rates = motion.view.own[:, moments - 1, :, :RATES]
    return Going(velocity=in_body_frame(last.own_velocity_mps, last.heading_rad), rates=rates)


def in_body_frame(velocity_mps: Float[Tensor, "b n 3"], heading_rad: Float[Tensor, "b n"]) -> Float[Tensor, "b n 3"]:
    """Return velocities in world axes as they are told here."""
    body = torch.cat([to_body(velocity_mps[..., :2], heading_rad), velocity_mps[..., 2:]], dim=-1)
    return torch.asinh(body / SLOW_MPS)
