"""What a latent says about the next seconds: future latents, paths, and the behaviour that will begin.

Shape letters: m animals x frames, h horizons, q knots, d width.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

from eco1.models.eco.config import EcoConfig
from eco1.models.eco.heads import CueReader, silent_linear

_COASTING_S = 1.0  # time constant of damped constant velocity before a path was fitted
_SMALLEST_PATH = 1e-2  # body lengths: species that never move must not get infinite weight


class LatentPredictor(nn.Module):
    """z-JEPA: predicts LayerNormed target latents at several horizons. V-JEPA, arXiv 2404.08471 and 2506.09985."""

    def __init__(self, config: EcoConfig) -> None:
        super().__init__()
        self.enter = nn.Linear(config.width, config.future_hidden)
        self.horizon = nn.Parameter(torch.randn(len(config.horizon_frames), config.future_hidden) * 0.5)
        self.leave = nn.Linear(config.future_hidden, config.width)

    def forward(self, latent: Float[Tensor, "m d"]) -> Float[Tensor, "m h d"]:
        """Return one predicted latent per horizon."""
        return self.leave(functional.silu(self.enter(latent)[:, None] + self.horizon))


class AutoregressivePath(nn.Module):
    """A path that is linear in the animal's own last body-frame velocities (and a constant), one matrix per species.

    Fitted in closed form (ridge) before training and then held: plain ridge on half a second of history is the
    strongest of the simple baselines on real fish, so the learned path starts there and has only the rest to explain.
    Before a fit it coasts: velocity times tau * (1 - exp(-t / tau)).
    """

    weight: Tensor
    scale: Tensor

    def __init__(self, config: EcoConfig) -> None:
        super().__init__()
        species, knots = len(config.species_names) + 1, len(config.knots)
        weight = torch.zeros(species, config.history_frames * 3 + 1, knots * 3)
        reach = _COASTING_S * (1.0 - torch.exp(-torch.tensor(config.knots) * config.dt_s / _COASTING_S))
        for axis in range(3):
            weight[:, -4 + axis, axis::3] = reach
        self.register_buffer("weight", weight)
        self.register_buffer("scale", torch.ones(species))

    def forward(self, history: Float[Tensor, "m p 3"], species: Int[Tensor, " m"]) -> Float[Tensor, "m q 3"]:
        """Return displacements (body lengths, body frame) at the knots from velocities (1/s), oldest first."""
        flat = self.inputs(history)
        path = flat.new_zeros(flat.shape[0], self.weight.shape[-1])
        for row in range(self.weight.shape[0]):
            mine = (species == row).nonzero()[:, 0]
            if mine.numel():
                path = path.index_copy(0, mine, flat[mine] @ self.weight[row])
        return path.unflatten(-1, (-1, 3))

    @staticmethod
    def inputs(history: Float[Tensor, "m p 3"]) -> Float[Tensor, "m f"]:
        """Return the velocities side by side, and a one."""
        return functional.pad(history.flatten(1), (0, 1), value=1.0)

    def path_scale(self, species: Int[Tensor, " m"]) -> Float[Tensor, " m"]:
        """Return the mean error (body lengths) that this path alone makes, per species."""
        return self.scale[species].clamp(min=_SMALLEST_PATH)


class FutureHead(nn.Module):
    """Reads the present latent with all predicted ones. Starts at zero, so what it is added to stands at first."""

    def __init__(self, config: EcoConfig, outputs: int) -> None:
        super().__init__()
        self.now = nn.Linear(config.width, config.future_hidden)
        self.then = nn.Linear(len(config.horizon_frames) * config.width, config.future_hidden, bias=False)
        self.dropout = nn.Dropout(config.dropout)
        self.out = silent_linear(config.future_hidden, outputs)

    def forward(
        self, latent: Float[Tensor, "m d"], future: Float[Tensor, "m h d"], hint: Float[Tensor, "m j"] | None = None
    ) -> Float[Tensor, "m o"]:
        """Return what was asked for, one row per latent; a hint is added before the nonlinearity."""
        hidden = self.now(latent) + self.then(future.flatten(1))
        if hint is not None:
            hidden = hidden + hint
        return self.out(self.dropout(functional.silu(hidden)))


class PathHead(nn.Module):
    """What the autoregressive path leaves unexplained, in units of its error.

    It is shown the last velocities and what is around once more: latents keep what matters for all tasks, a path needs
    them exactly.
    """

    def __init__(self, config: EcoConfig) -> None:
        super().__init__()
        self.history = nn.Linear(3 * config.history_frames, config.future_hidden, bias=False)
        self.cues = CueReader(config, config.future_hidden)
        self.read = FutureHead(config, 3 * len(config.knots))

    def forward(
        self,
        latent: Float[Tensor, "m d"],
        future: Float[Tensor, "m h d"],
        history: Float[Tensor, "m p 3"],
        cues: Float[Tensor, "m c"],
        behavior: Int[Tensor, " m"],
    ) -> Float[Tensor, "m q 3"]:
        """Return residual displacements at the knots; ``behavior`` is the present one, shifted by one."""
        hint = self.history(torch.asinh(history.flatten(1))) + self.cues(cues, behavior, latent)
        return self.read(latent, future, hint).unflatten(-1, (-1, 3))


class OutlookHead(nn.Module):
    """What one linear map reads off a latent about every horizon: who will be near, and what the animal will do.

    A latent that is only asked for motion forgets who is around until it must flee; this keeps it in mind. Predicting
    events at several horizons with one linear map each: contrastive predictive coding does so with latents (van den
    Oord et al. 2018, arXiv 1807.03748).
    """

    def __init__(self, config: EcoConfig) -> None:
        super().__init__()
        self.horizons = len(config.horizon_frames)
        self.company = nn.Linear(config.width, self.horizons * len(config.species_names))
        self.doing = nn.Linear(config.width, self.horizons * max(len(config.behavior_names), 1))

    def forward(self, latent: Float[Tensor, "m d"]) -> tuple[Float[Tensor, "m h s"], Float[Tensor, "m h c"]]:
        """Return the logits of how close each species will be (``targets.company``), and of each behaviour."""
        company, doing = self.company(latent), self.doing(latent)
        return company.unflatten(-1, (self.horizons, -1)), doing.unflatten(-1, (self.horizons, -1))
