"""How an animal moves in the moment to come, given what it does: frame by frame, and not one way but how they spread.

The mean of all velocities that may follow is one that hardly any animal has: whoever may turn left or right goes on
straight ahead. So ways are told as a mixture of normal distributions (Bishop 1994, Mixture Density Networks) and drawn
from it when an animal is driven. Whether it stands is told first (a hurdle: Cragg 1971, doi 10.2307/1909582): no
density holds a share of animals that do not move at all. Each component keeps a share of the way that there is
(autoregression), so that what one draw adds fades over the next ones: changes alone would add up until animals run.

Shape letters: f frames of a moment, w width of latents, l of the decoder's, k components.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Generator, Tensor, nn

from eco1.models.multimodal.config import MultimodalConfig
from eco1.models.multimodal.motion import Motion
from eco1.models.multimodal.steps import FACTORS, Moves, Steps, steps_of
from eco1.models.nn.mlp import SwiGLU
from eco1.sensors.channels import OWN
from eco1.sensors.scene import Scene

#: Of what an animal sees of itself, how it moves comes first: speed, velocity, acceleration, turning.
RATES = OWN.index("has_past")
_COMPONENTS = 8
#: Of a way: a hundredth of a body length a second or half a degree, and a radian or e times the speed. A component that
#: is hardly ever drawn learns no bound of its own, and what it says when it is drawn would be anything.
_LEAST_SCALE, _LARGEST_SCALE = 0.01, 1.0
_KEPT = 2.0  # log-odds of the share of a way that is kept, at first


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is known of how an animal may move: features, and the step that it makes now, 0 if unknown."""

    features: Float[Tensor, "*b w"]
    now: Steps

    @property
    def start(self) -> Steps:
        """Return the step now as the one frame before those that follow (..., 1)."""
        return Steps(way=self.now.way[..., None, :], stands=self.now.stands[..., None])

    @property
    def alone(self) -> "Told":
        """Return that of one animal per clip (b) as that of all there are (b, 1)."""
        return Told(features=self.features[:, None], now=self.now[:, None])


@dataclass(frozen=True, kw_only=True)
class Going:
    """How an animal moves now: its step, and its speeds, accelerations and turn as it sees them."""

    step: Steps
    rates: Float[Tensor, "*b r"]

    def of(self, row: Int[Tensor, " b"]) -> "Going":
        """Return how one animal of each clip (b n) moves, 0 where the row is -1."""
        stands = rows_of(self.step.stands[..., None].float(), row)[..., 0] > 0
        return Going(step=Steps(way=rows_of(self.step.way, row), stands=stands), rates=rows_of(self.rates, row))


class MoveHead(nn.Module):
    """Reads latents without changing them: densities of those who stand still would outweigh all else."""

    def __init__(self, config: MultimodalConfig) -> None:
        super().__init__()
        width, self.count = config.width, config.frames_of_moment
        self.of_latent, self.of_motion = nn.Linear(config.language_width, width), nn.Linear(width, width, bias=False)
        self.of_rates, self.of_step = nn.Linear(RATES, width), nn.Linear(FACTORS + 1, width)
        self.of_behavior = nn.Embedding(len(config.behavior_names), width)
        self.of_frame = nn.Embedding(self.count, width)
        self.norm, self.mix = nn.LayerNorm(width), SwiGLU(width, 2 * width)
        self.parts = (_COMPONENTS, *(FACTORS * _COMPONENTS,) * 3, 1)
        self.out = nn.Linear(width, sum(self.parts))
        with torch.no_grad():  # components that begin alike stay alike for long
            _, kept, mean, _, _ = self.out.bias.split(self.parts)
            kept.fill_(_KEPT)
            mean.normal_(std=0.5)

    def told(
        self, latent: Float[Tensor, "*b l"], motion: Float[Tensor, "*b w"] | None = None, going: Going | None = None
    ) -> Told:
        """Return what is known of an animal by its ``motion`` and how it is ``going``, else by the decoder's latent.

        Motion tells all there is to see of how animals move, and tells it of many; the self alone stands for one.
        """
        if motion is None or going is None:
            known = self.of_latent(latent.detach())
            way = known.new_zeros(*known.shape[:-1], FACTORS)
            return Told(features=known, now=Steps(way=way, stands=torch.zeros_like(way[..., 0], dtype=torch.bool)))
        return Told(features=self.of_motion(motion.detach()) + self.of_rates(going.rates), now=going.step)

    def forward(self, told: Told, behavior: Int[Tensor, "*b"], before: Steps, first: int = 0) -> Moves:
        """Return how animals move that do this in the moment to come.

        Args:
            told: what is known of animals (...).
            behavior: what they do.
            before: their steps (..., f) in the frame before each that is asked for.
            first: of these, counted within the moment.
        """
        step = torch.cat([before.way, before.stands[..., None].to(before.way.dtype)], dim=-1)
        frame = torch.arange(first, first + step.shape[-2], device=step.device)
        x = (told.features + self.of_behavior(behavior))[..., None, :] + self.of_step(step) + self.of_frame(frame)
        out = self.out(x + self.mix(self.norm(x))).float()
        logits, kept, mean, scale, stands = out.split(self.parts, dim=-1)
        kept, mean, scale = (part.unflatten(-1, (_COMPONENTS, FACTORS)) for part in (kept, mean, scale))
        mean = kept.sigmoid() * before.way[..., None, :] + mean
        scale = _LEAST_SCALE + (_LARGEST_SCALE - _LEAST_SCALE) * (scale - 1.0).sigmoid()
        return Moves(stands=stands[..., 0], logits=logits, mean=mean, scale=scale)

    def drawn(self, told: Told, behavior: Int[Tensor, "*b"], generator: Generator | None) -> Steps:
        """Return the steps (..., f) of animals that do this in the moment to come, each drawn behind the one before."""
        found = now = told.start
        for frame in range(self.count):
            now = self(told, behavior, now, frame).drawn(generator)
            found = found.then(now)
        return found.frames(slice(1, None))

    def log_density(self, told: Told, behavior: Int[Tensor, "*b"], steps: Steps) -> Float[Tensor, "*b"]:
        """Return the log of how likely steps (..., f) are, the mean over frames."""
        return self(told, behavior, told.start.then(steps.frames(slice(None, -1)))).log_density(steps).mean(-1)


def rows_of(parts: Float[Tensor, "b n d"], row: Int[Tensor, " b"]) -> Float[Tensor, "b d"]:
    """Return one row of each clip, 0 where it is -1."""
    found = parts[torch.arange(len(row), device=row.device), row.clamp(min=0)]
    return torch.where(row[:, None] >= 0, found, 0.0)


def going(scene: Scene, motion: Motion, moments: int) -> Going:
    """Return how animals (b, n) move at the end of the last of some moments."""
    last = moments * motion.behavior.shape[2] - 1
    step = steps_of(scene[:, max(last - 1, 0) : last + 1])[:, :, -1]
    return Going(step=step, rates=motion.view.own[:, moments - 1, :, :RATES])
