"""What the model says of clips: captions written word by word, and how likely each answer to a question is.

Shape letters: b clips, o choices, n animals.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Bool, Float
from torch import Generator, Tensor

from eco1.core.errors import ConfigError
from eco1.core.records import Clip
from eco1.models.multimodal.config import Sense
from eco1.models.multimodal.lessons import lay_out
from eco1.models.multimodal.model import MultimodalModel
from eco1.models.multimodal.perception import Perception
from eco1.models.multimodal.telling import choices_of, question
from eco1.models.multimodal.words import END, SAY
from eco1.models.nn.qwen3 import GREEDY, Sampling, generate

_LONGEST_CAPTION = 48
_ANY = 10**6  # tokens: all choices have to be read


@torch.no_grad()
def perceived(model: MultimodalModel, clip: Clip, senses: Sequence[Sense] | None = None) -> Perception:
    """Return what some senses (all but text, when not said) make of clips.

    Raises:
        ConfigError: when the clips lack one of the senses asked for.
    """
    whole = model.perceive(model.inputs_of(clip))
    if senses is None:
        return whole.only(tuple(sense for sense in whole.latents if sense != "text"))
    for sense in senses:
        if sense not in whole.latents:
            raise ConfigError(f"The clips have no {sense}; they have {', '.join(whole.latents)}.")
    return whole.only(tuple(senses))


@torch.no_grad()
def caption(
    model: MultimodalModel,
    seen: Perception,
    about: Bool[Tensor, "b n"] | None = None,
    sampling: Sampling = GREEDY,
    generator: Generator | None = None,
) -> list[str]:
    """Return a sentence about the animals marked in each clip; about whom the camera follows when none are."""
    marks = followed(seen) if about is None else about
    return _written(model, seen, [(SAY,)] * len(seen.inputs.dt_s), marks, sampling, generator)


def followed(seen: Perception) -> Bool[Tensor, "b n"]:
    """Return a mark on whom the camera follows in each clip; nobody is marked where that is unknown."""
    row = torch.arange(seen.inputs.scene.alive.shape[-1], device=seen.inputs.subject.device)
    return row == seen.inputs.subject[:, None]


@torch.no_grad()
def answer(model: MultimodalModel, seen: Perception, questions: Sequence[str]) -> list[str]:
    """Return the likeliest answer to a question about each clip, written freely."""
    return _written(model, seen, [question(text, model.words) for text in questions], None, GREEDY, None)


@torch.no_grad()
def score_choices(
    model: MultimodalModel, seen: Perception, questions: Sequence[str], choices: Sequence[Sequence[str]]
) -> list[Float[Tensor, " o"]]:
    """Return how well each choice answers a question about each clip: shares of them are their softmax."""
    told = [[choices_of(text, offered, model.words)] for text, offered in zip(questions, choices, strict=True)]
    lessons = lay_out(told, seen.inputs.scene.alive.shape[-1], model.device, room=_ANY)
    _, score = model.scores(model.read(seen, lessons))
    return list(score.split([len(offered) for offered in choices]))


def _written(
    model: MultimodalModel,
    seen: Perception,
    prompts: Sequence[tuple[int, ...]],
    about: Bool[Tensor, "b n"] | None,
    sampling: Sampling,
    generator: Generator | None,
) -> list[str]:
    """Write on from prompts of any length, those of one length at a time: a cache needs equal ones."""
    prefix, marks = model.prefix_of(seen), _nobody(seen) if about is None else about.to(model.device)
    texts = [""] * len(prompts)
    for length in sorted({len(prompt) for prompt in prompts}):
        clips = [clip for clip, prompt in enumerate(prompts) if len(prompt) == length]
        tokens = torch.tensor([prompts[clip] for clip in clips], device=model.device)
        asked = torch.tensor(clips, device=model.device)
        vectors = model.spoken(prefix, tokens, asked, marks[asked])
        bias = model.router_bias(prefix, length)
        drawn = generate(
            model.language,
            vectors,
            _LONGEST_CAPTION,
            sampling=sampling,
            stop=(END,),
            generator=generator,
            bias=None if bias is None else bias.bias[clips],
        )
        for clip, row in zip(clips, torch.stack(list(drawn), dim=1).tolist(), strict=True):
            texts[clip] = model.words.decode(row[: row.index(END)] if END in row else row)
    return texts


def _nobody(seen: Perception) -> Bool[Tensor, "b n"]:
    return torch.zeros_like(seen.inputs.scene.alive[:, 0])
