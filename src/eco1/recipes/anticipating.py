"""Ask what animals will do next: Eco-1 by each of its senses, beside the model of motion alone and Markov chains.

The questions are those of action anticipation (``evaluation/onsets.py``), a second before a new behaviour begins.

Shape letters: q questions.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Bool, Int64

from eco1.core.protocols import Anticipator
from eco1.core.senses import SensedClip
from eco1.data.reader import read_episode
from eco1.data.span_clips import Span, SpanCutter
from eco1.evaluation.anticipation import answers
from eco1.evaluation.markov import fit_markov
from eco1.evaluation.onsets import Questions, find_questions
from eco1.models.multimodal import MultimodalModel, Sense
from eco1.models.registry import build_model
from eco1.recipes.multimodal_clips import arrays_of
from eco1.recipes.sensing import by_biome
from eco1.recipes.shipped import BEST, checkpoint_folder
from eco1.sensors.camera.subject import subject_of
from eco1.training.checkpoint import load_checkpoint

_HISTORY_S = 3.2  # what the model of motion remembers
_STRIDE = 2  # frames from one that a model of senses looks at to the next, as in training
_BATCH = 32
_LEARNED_FROM = 40  # recordings of a biome, for the Markov chain


@dataclass(frozen=True, kw_only=True)
class Anticipated:
    """Of so many questions, which share was answered by the first guess."""

    questions: int
    top1: float


@dataclass(frozen=True, kw_only=True)
class Anticipation:
    """Of animals that cameras follow, by whoever answers; and of all animals, by biome, for those who know them."""

    followed: dict[str, Anticipated]
    everyone: dict[str, dict[str, Anticipated]]


def anticipation_by_senses(
    model: MultimodalModel,
    train: Sequence[Path],
    held_out: Sequence[Path],
    senses: Mapping[str, tuple[Sense, ...]],
    most: int = 300,
    *,
    beside: bool = True,
) -> Anticipation:
    """Return how often the behaviour that begins next is named, on held-out recordings.

    Args:
        model: of several senses.
        train: recordings that Markov chains are fitted on.
        held_out: recordings to ask about.
        senses: choices of them, by name.
        most: about how many questions to ask about all animals of a biome.
        beside: ask the model of motion and Markov chains as well, and all about the animals that cameras follow, which
            takes three quarters of the time.
    """
    of_motion: Any = load_checkpoint(checkpoint_folder(BEST), build_model).model.eval() if beside else None
    names = model.config.species_names if of_motion is None else of_motion.config.species_names
    knowing = {name: given for name, given in senses.items() if "motion" in given}
    followed: list[dict[str, np.ndarray]] = []
    everyone: dict[str, dict[str, np.ndarray]] = {}
    learned_from = by_biome(train)
    for biome, paths in by_biome(held_out).items():
        asked = find_questions([read_episode(path, names) for path in paths], history_s=_HISTORY_S)
        sensed = _Sensed(model, paths)
        others = {} if of_motion is None else _others(of_motion, learned_from.get(biome, ())[:_LEARNED_FROM])
        everyone[biome] = _rightly(asked.thin(most), others, sensed, knowing)
        if beside:
            followed.append(_rightly(asked.take(np.flatnonzero(sensed.follows(asked))), others, sensed, senses))
    whose = {name for found in followed for name in found}
    together = {name: np.concatenate([found[name] for found in followed if name in found]) for name in whose}
    return Anticipation(
        followed={name: _share(found) for name, found in sorted(together.items())},
        everyone={biome: {name: _share(part) for name, part in found.items()} for biome, found in everyone.items()},
    )


def _others(of_motion: Any, train: Sequence[Path]) -> dict[str, Anticipator]:
    """Return who else is asked: the model of motion, and a Markov chain where there are recordings to fit it on."""
    known = [read_episode(path, of_motion.config.species_names) for path in train]
    learned = {"markov": fit_markov(find_questions(known, history_s=_HISTORY_S))} if known else {}
    return {**learned, BEST.name: of_motion}


class _Sensed:
    """Recordings of one biome, as a model perceives them until some moment."""

    def __init__(self, model: MultimodalModel, paths: Sequence[Path]) -> None:
        self._model, config = model, model.config
        self._moments = config.moments - 1
        self._frames = self._moments * config.frames_of_moment
        self._camera = config.camera if "video" in config.senses else None
        arrays, pose = arrays_of(config), tuple(f"video/{config.camera}/{name}" for name in ("eye_m", "axes"))
        cutter = partial(SpanCutter, paths, self._frames, species_names=config.species_names)
        self._whole, self._pose = cutter(senses=arrays), cutter(senses=pose) if self._camera else None

    def follows(self, questions: Questions) -> Bool[np.ndarray, " q"]:
        """Return which questions are about the animal that the camera follows."""
        found = np.zeros(len(questions), bool)
        if self._pose is not None and self._camera is not None:
            for clip, mine, row in self._clips(questions, self._pose):
                subject = subject_of(clip.senses.video[self._camera], clip.observation)
                found[mine] = subject[row] == questions.animal[mine]
        return found

    @torch.no_grad()
    def answers(self, questions: Questions, senses: tuple[Sense, ...]) -> Int64[np.ndarray, " q"]:
        """Return the likeliest new behaviour for every question; by senses that know no animals, of the followed."""
        chosen = np.zeros(len(questions), np.int64)
        for clip, mine, row in self._clips(questions, self._whole):
            seen = self._model.perceive(self._model.inputs_of(clip, moments=self._moments), self._moments)
            ahead = self._model.expected(seen.only(senses))
            if ahead.animals is None:
                logits = ahead.itself.behavior[row]
            else:
                logits = ahead.animals.behavior[row, questions.animal[mine]]
            logits = logits.float().numpy()
            logits[np.arange(len(mine)), questions.before[mine]] = -np.inf
            chosen[mine] = logits.argmax(1)
        return chosen

    def _clips(self, questions: Questions, cutter: SpanCutter) -> Iterator[tuple[SensedClip, np.ndarray, np.ndarray]]:
        """Yield clips of scenes, the numbers of the questions about them, and the clip of each."""
        pairs = np.stack([questions.episode, questions.end], 1)
        scenes, row = np.unique(pairs, axis=0, return_inverse=True)
        for first in range(0, len(scenes), _BATCH):
            mine = np.flatnonzero((row >= first) & (row < first + _BATCH))
            spans = [self._span(questions, episode, end) for episode, end in scenes[first : first + _BATCH].tolist()]
            yield cutter.clip(spans), mine, row[mine] - first

    def _span(self, questions: Questions, episode: int, end: int) -> Span:
        dt_s = questions.episodes[episode].info.dt_s
        return Span(episode=episode, start_s=(end + 1 - self._frames * _STRIDE) * dt_s, end_s=(end + 1) * dt_s)


def _rightly(
    questions: Questions, others: Mapping[str, Anticipator], sensed: _Sensed, senses: Mapping[str, tuple[Sense, ...]]
) -> dict[str, Bool[np.ndarray, " q"]]:
    """Return which questions each one answers rightly; nobody any where there are none."""
    if not len(questions):
        return {}
    chosen = {name: answers(one, questions).argmax(1) for name, one in others.items()}
    chosen |= {name: sensed.answers(questions, given) for name, given in senses.items()}
    return {name: found == questions.after for name, found in chosen.items()}


def _share(right: Bool[np.ndarray, " q"]) -> Anticipated:
    return Anticipated(questions=len(right), top1=float(right.mean()))
