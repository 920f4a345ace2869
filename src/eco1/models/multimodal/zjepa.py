"""z-JEPA: from the past of some senses to what slow encoders will make of any sense, now and in moments to come.

L = sum over horizons k of |z'(t+k) - z(t+k)|_1, within and across senses. The z of a sense in a moment is the mean of
its slow latents; single latents are asked for as well, so that z keeps what is where.

Shape letters: b clips, c moments, n tokens of a moment, r summaries, q questions, d width, w width of the predictor.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Generator, Tensor, nn
from torch.nn import functional

from eco1.models.multimodal.config import SENSES, MultimodalConfig, Sense
from eco1.models.multimodal.perceived import SenseTokens
from eco1.models.nn.vit.layer import Layer
from eco1.models.nn.vit.positions import sines

_SINGLE = 16  # single latents of a sense that are asked for in a step


class Summaries(nn.Module):
    """A few tokens that stand for a sense in a moment: learned questions to its tokens."""

    def __init__(self, width: int, count: int) -> None:
        super().__init__()
        self.query = nn.Parameter(torch.randn(count, width) * width**-0.5)
        self.norm = nn.LayerNorm(width)
        self.key, self.value = nn.Linear(width, width), nn.Linear(width, width)

    def forward(self, tokens: SenseTokens) -> Float[Tensor, "b c r d"]:
        """Return the summaries of each moment; zeros where nothing is real."""
        x = self.norm(tokens.value)
        logits = (self.key(x) @ self.query.T).float().transpose(-1, -2)
        nobody = ~tokens.real.any(-1)[..., None, None]
        share = logits.masked_fill(~tokens.real[:, :, None], -torch.inf).masked_fill(nobody, 0.0).softmax(-1)
        found = share.to(x.dtype) @ self.value(x)
        return found.masked_fill(nobody, 0.0)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a latent of a sense is said to be, and what it is."""

    guess: Float[Tensor, "b q d"]
    truth: Float[Tensor, "b q d"]
    real: Tensor


class Foresight(nn.Module):
    """The predictor: summaries of what was perceived, then a token for each latent that is asked for."""

    def __init__(self, config: MultimodalConfig) -> None:
        super().__init__()
        self.config = config
        width = config.predictor_width
        self.enter = nn.Linear(config.width, width)
        self.senses = nn.Embedding(len(SENSES), width)
        self.blank = nn.Parameter(torch.zeros(2, width))  # of a whole moment, of a single latent
        self.layers = nn.ModuleList(Layer(config.predictor) for _ in range(config.predictor_layers))
        self.norm = nn.LayerNorm(width)
        self.leave = nn.ModuleDict({sense: nn.Linear(width, config.width) for sense in config.senses})

    def forward(
        self,
        context: Mapping[Sense, Float[Tensor, "b c r d"]],
        latents: Mapping[Sense, SenseTokens],
        targets: Mapping[Sense, SenseTokens],
        generator: Generator | None,
    ) -> dict[Sense, Answer]:
        """Ask for every sense's latents of every moment.

        Args:
            context: summaries of the senses that may be used, of the moments that are over.
            latents: what the learned encoders made of the same.
            targets: slow latents of all senses and moments, normalised.
            generator: of which single latents are asked for; None asks for none.
        """
        told = [self._told(sense, summaries) for sense, summaries in context.items()]
        asked = [self._questions(sense, target, latents.get(sense), generator) for sense, target in targets.items()]
        x = torch.cat([*told, *(question for question, _, _ in asked)], dim=1)
        for layer in self.layers:
            x = layer(x, None)
        start = sum(part.shape[1] for part in told)
        answers: dict[Sense, Answer] = {}
        for sense, (question, truth, real) in zip(targets, asked, strict=True):
            end = start + question.shape[1]
            answers[sense] = Answer(guess=self.leave[sense](self.norm(x[:, start:end])), truth=truth, real=real)
            start = end
        return answers

    def _told(self, sense: Sense, summaries: Float[Tensor, "b c r d"]) -> Float[Tensor, "b k w"]:
        x = self.enter(summaries) + self._sense(sense)
        moment = torch.arange(x.shape[1], device=x.device, dtype=torch.float32)
        return (x + sines(moment[:, None, None], x.shape[-1])).flatten(1, 2)

    def _questions(
        self, sense: Sense, target: SenseTokens, known: SenseTokens | None, generator: Generator | None
    ) -> tuple[Float[Tensor, "b q w"], Float[Tensor, "b q d"], Tensor]:
        """Return a question for each moment, then for some single latents; with the truth and whether there is any."""
        batch, moments, count, _ = target.value.shape
        moment = torch.arange(moments, device=target.value.device, dtype=torch.float32)
        whole = self.blank[0] + self._sense(sense) + sines(moment[:, None], self.blank.shape[-1])
        mean = functional.layer_norm(target.mean(), target.value.shape[-1:])
        if generator is None:
            return whole.expand(batch, -1, -1), mean, target.real.any(-1)
        pick = torch.randint(moments * count, (_SINGLE,), generator=generator).to(target.value.device)
        single = self._single(sense, target, known, pick)
        truth = torch.cat([mean, target.value.flatten(1, 2)[:, pick]], dim=1)
        real = torch.cat([target.real.any(-1), target.real.flatten(1)[:, pick]], dim=1)
        return torch.cat([whole.expand(batch, -1, -1), single], dim=1), truth, real

    def _single(self, sense: Sense, target: SenseTokens, known: SenseTokens | None, pick: Tensor) -> Tensor:
        """Ask by place; of an animal, whose place is what is asked for, by what was last perceived of it."""
        count = target.value.shape[2]
        position = target.position.flatten(1, 2)[:, pick]
        question = self.blank[1] + self._sense(sense) + sines(position, self.blank.shape[-1])
        if sense != "motion" or known is None:
            return question
        last = self.enter(known.value[:, -1])[:, pick % count]
        return question + last

    def _sense(self, sense: Sense) -> Float[Tensor, " w"]:
        return self.senses.weight[SENSES.index(sense)]


def disagreement(answers: Mapping[Sense, Answer], seen: Mapping[Sense, int]) -> dict[Sense, Float[Tensor, ""]]:
    """Return the mean absolute error of each sense's latents; 0 where nothing was asked that is real.

    ``seen`` says how many moments of a sense were in the context: their means need no guessing and do not count.
    """
    errors: dict[Sense, Tensor] = {}
    for sense, answer in answers.items():
        real = answer.real.clone()
        real[:, : seen.get(sense, 0)] = False
        off = (answer.guess - answer.truth).abs().mean(-1)
        errors[sense] = (off * real).sum() / real.sum().clamp(min=1)
    return errors


def normalised(tokens: SenseTokens) -> SenseTokens:
    """Return latents of mean 0 and deviation 1, each by itself: what is predicted (V-JEPA, arXiv 2404.08471)."""
    return tokens.replaced(functional.layer_norm(tokens.value, tokens.value.shape[-1:]))
