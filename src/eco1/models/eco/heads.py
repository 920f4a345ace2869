"""What a latent says about the next step: the behaviour, then the motion token by token."""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

from eco1.models.eco.config import EcoConfig
from eco1.sensors.egocentric import CUES, OWN


class BehaviorHead(nn.Module):
    """Scores of the next frame's behaviour, beyond what is already expected of it."""

    def __init__(self, config: EcoConfig) -> None:
        super().__init__()
        self.out = silent_linear(config.width, max(len(config.behavior_names), 1))

    def forward(self, latent: Float[Tensor, "m d"], expected: Float[Tensor, "m c"]) -> Float[Tensor, "m c"]:
        """Return logits."""
        return expected + self.out(latent)


class CueReader(nn.Module):
    """What is around an animal (``egocentric.CUES``), as it uses that now: gates per behaviour, moved by its latent.

    Latents serve all tasks and mostly tell where the animal has been going; a head that steers must also see where
    things are. Gating by a condition: FiLM, Perez et al. (2018), arXiv 1709.07871.
    """

    def __init__(self, config: EcoConfig, hidden: int) -> None:
        super().__init__()
        self.read = nn.Linear(len(OWN[CUES]), hidden, bias=False)
        self.gate = nn.Embedding(len(config.behavior_names) + 1, hidden)
        self.lean = nn.Linear(config.width, hidden, bias=False)

    def forward(
        self, cues: Float[Tensor, "m c"], behavior: Int[Tensor, " m"], latent: Float[Tensor, "m d"]
    ) -> Float[Tensor, "m h"]:
        """Return features; ``behavior`` is shifted by one, 0 unknown."""
        return self.read(cues) * (self.gate(behavior) + self.lean(latent))


class MotionHead(nn.Module):
    """Autoregressive in time and over factors: turn from the next behaviour and the last motions, speed, climb."""

    def __init__(self, config: EcoConfig) -> None:
        super().__init__()
        hidden, factors, tokens = config.motion_hidden, config.motion_factors, config.motion_tokens
        self.states = config.motion_states
        self.start = nn.Linear(config.width, hidden)
        self.behavior = nn.Embedding(len(config.behavior_names) + 1, hidden)
        self.cues = CueReader(config, hidden)
        self.recent = nn.Embedding(2 * factors * self.states, hidden)
        self.given = nn.ModuleList(nn.Embedding(tokens, hidden) for _ in range(factors - 1))
        self.mix = nn.ModuleList(nn.Linear(hidden, hidden) for _ in range(factors))
        self.out = nn.ModuleList(silent_linear(hidden, tokens) for _ in range(factors))

    def forward(
        self,
        latent: Float[Tensor, "m d"],
        cues: Float[Tensor, "m c"],
        behavior: Int[Tensor, " m"],
        recent: Int[Tensor, "m 2 f"],
        token: Int[Tensor, "m f"],
        expected: Float[Tensor, "f m v"],
    ) -> list[Float[Tensor, "m v"]]:
        """Return each factor's logits given the true factors before it.

        ``behavior`` is the next one (shifted by one, 0 unknown), ``recent`` the states (``codebook.read``) in which the
        motion that led to the present frame left the animal, and the one before it.
        """
        state = self.begin(latent, cues, behavior, recent)
        logits = [expected[0] + self.logits(state, 0)]
        for factor in range(1, len(self.out)):
            state = self.tell(state, factor, token[:, factor - 1])
            logits.append(expected[factor] + self.logits(state, factor))
        return logits

    def sample(
        self,
        latent: Float[Tensor, "m d"],
        cues: Float[Tensor, "m c"],
        behavior: Int[Tensor, " m"],
        recent: Int[Tensor, "m 2 f"],
        expected: Float[Tensor, "f m v"],
        chance: Float[Tensor, "m f"] | None,
    ) -> Int[Tensor, "m f"]:
        """Return a token per factor, drawn with the uniform numbers ``chance``; without them the likeliest."""
        state = self.begin(latent, cues, behavior, recent)
        tokens: list[Tensor] = []
        for factor in range(len(self.out)):
            if factor:
                state = self.tell(state, factor, tokens[-1])
            logits = expected[factor] + self.logits(state, factor)
            tokens.append(pick(logits, None if chance is None else chance[:, factor]))
        return torch.stack(tokens, dim=-1)

    def begin(self, latent: Tensor, cues: Tensor, behavior: Tensor, recent: Tensor) -> Tensor:
        """Return the state before the first factor."""
        flat = recent.flatten(1)
        own_part = torch.arange(flat.shape[1], device=flat.device) * self.states
        told = self.behavior(behavior) + self.recent(flat + own_part).sum(1)
        return self.start(latent) + self.cues(cues, behavior, latent) + told

    def tell(self, state: Tensor, factor: int, token: Tensor) -> Tensor:
        """Return the state before ``factor``, which knows the token of the factor before."""
        return state + self.given[factor - 1](token)

    def logits(self, state: Tensor, factor: int) -> Tensor:
        """Return the logits of one factor."""
        return self.out[factor](functional.silu(self.mix[factor](functional.silu(state))))


def silent_linear(inputs: int, outputs: int) -> nn.Linear:
    """Return a last layer that starts at zero, so that at first only what is expected anyway is said."""
    layer = nn.Linear(inputs, outputs)
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


def pick(logits: Float[Tensor, "m c"], chance: Float[Tensor, " m"] | None) -> Int[Tensor, " m"]:
    """Return a class by inverting the cumulative distribution at ``chance`` in [0, 1), or the likeliest."""
    if chance is None:
        return logits.argmax(-1)
    cumulative = logits.float().softmax(-1).cumsum(-1)
    reached = torch.searchsorted(cumulative, (chance * cumulative[:, -1])[:, None])
    return reached[:, 0].clamp(max=logits.shape[-1] - 1)
