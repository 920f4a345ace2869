"""How an animal moves in the moment to come, given what it does: not one velocity but how they are spread.

The mean of all velocities that may follow is one that hardly any animal has: whoever may turn left or right goes on
straight ahead. So velocities are told as a mixture (Bishop 1994, Mixture Density Networks), of Laplace distributions,
which forgive the rare leap, and drawn from it when an animal is driven.

Shape letters: o behaviours, w width, k components.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Generator, Tensor, nn
from torch.nn import functional

from eco1.models.multimodal.config import MultimodalConfig
from eco1.models.nn.mlp import SwiGLU

_COMPONENTS = 8
_AXES = 3
_LEAST_SCALE = 0.01  # of asinh(v / half m/s): half a centimetre a second, less than an ant's step


@dataclass(frozen=True, kw_only=True)
class Moves:
    """A mixture over velocities, asinh of half m/s, ahead, to the left and up; ``scale`` is a mean deviation."""

    logits: Float[Tensor, "*b k"]
    mean: Float[Tensor, "*b k 3"]
    scale: Float[Tensor, "*b k 3"]

    def log_density(self, velocity: Float[Tensor, "*b 3"]) -> Float[Tensor, "*b"]:
        """Return the log of how likely velocities are."""
        off = (velocity[..., None, :] - self.mean).abs() / self.scale
        each = -(off + (2 * self.scale).log()).sum(-1)
        return (self.logits.log_softmax(-1) + each).logsumexp(-1)

    def drawn(self, generator: Generator) -> Float[Tensor, "*b 3"]:
        """Return one velocity of each."""
        device, shape = generator.device, self.logits.shape
        shares = self.logits.softmax(-1).to(device).flatten(0, -2)
        pick = torch.multinomial(shares, 1, generator=generator).view(*shape[:-1], 1, 1).expand(*shape[:-1], 1, _AXES)
        mean, scale = (part.to(device).gather(-2, pick)[..., 0, :] for part in (self.mean, self.scale))
        even = torch.rand(mean.shape, generator=generator, device=device) - 0.5
        off = -even.sign() * torch.log1p(-2 * even.abs().clamp(max=0.4999))
        return (mean + scale * off).to(self.mean.device)


class MoveHead(nn.Module):
    """Reads latents without changing them: densities of those who stand still would outweigh all else."""

    def __init__(self, config: MultimodalConfig) -> None:
        super().__init__()
        width = config.language_width
        self.of_latent, self.of_motion = nn.Linear(width, width), nn.Linear(config.width, width, bias=False)
        self.of_behavior = nn.Embedding(len(config.behavior_names), width)
        self.norm, self.mix = nn.LayerNorm(width), SwiGLU(width, 2 * width)
        self.out = nn.Linear(width, _COMPONENTS * (1 + 2 * _AXES))
        with torch.no_grad():  # components that begin alike stay alike for long
            self.out.bias[_COMPONENTS : _COMPONENTS * (1 + _AXES)].normal_()

    def told(self, latent: Float[Tensor, "*b w"], motion: Float[Tensor, "*b d"] | None) -> Float[Tensor, "*b w"]:
        """Return what is known of an animal; ``motion`` where it is perceived."""
        known = self.of_latent(latent.detach())
        return known if motion is None else known + self.of_motion(motion.detach())

    def forward(self, told: Float[Tensor, "*b w"], behavior: Int[Tensor, "*b"]) -> Moves:
        """Return how animals move that do this in the moment to come."""
        x = told + self.of_behavior(behavior)
        out = self.out(x + self.mix(self.norm(x))).float()
        logits, mean, scale = out.split([_COMPONENTS, _AXES * _COMPONENTS, _AXES * _COMPONENTS], dim=-1)
        mean, scale = (part.unflatten(-1, (_COMPONENTS, _AXES)) for part in (mean, scale))
        return Moves(logits=logits, mean=mean, scale=_LEAST_SCALE + functional.softplus(scale - 1.0))
