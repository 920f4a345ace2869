"""Judge Eco-1 of several senses on held-out recordings: does one sense find another, are questions answered?"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np

from eco1.core.files import write_result
from eco1.core.senses import Question, SensedClip
from eco1.data.question_clips import QuestionSampler
from eco1.evaluation.answers import AnswerScore, evaluate_answers
from eco1.evaluation.retrieval import Retrieval, evaluate_retrieval
from eco1.models.multimodal import MultimodalModel, Sense
from eco1.models.multimodal.answering import perceived, score_choices
from eco1.recipes.anticipating import Anticipation, anticipation_by_senses
from eco1.recipes.expert_use import ExpertUse, expert_use
from eco1.recipes.multimodal_clips import arrays_of, clips_with_questions, clips_with_senses
from eco1.recipes.sensing import sensed_split
from eco1.recipes.strangers import load_multimodal, ready_for

_BATCH = 32
_GALLERY, _GALLERIES = 256, 4  # of one gallery alone, ten times chance is ten clips: give or take three


@dataclass(frozen=True, kw_only=True)
class MultimodalReport:
    """Retrieval by pair of senses, answers by senses given and kind of question, what comes next, experts' use."""

    retrieval: dict[str, Retrieval]
    answers: dict[str, dict[str, AnswerScore]]
    anticipation: Anticipation
    experts: dict[str, ExpertUse]


def evaluate_multimodal(
    folder: Path, episodes: Path, *, questions: int = 1200, seed: int = 0, beside: bool = True
) -> tuple[MultimodalReport, Path]:
    """Return how a model does on the held-out seeds of ``episodes``, and the JSON file it was written to.

    Args:
        folder: of a checkpoint.
        episodes: recordings with all its senses.
        questions: how many to ask.
        seed: of what is drawn.
        beside: judge every sense by itself and others who tell what comes next as well, not only all senses and none.

    Raises:
        Eco1Error: when checkpoint and recordings cannot be read or do not go together.
    """
    split = sensed_split(episodes)
    paths = split.held_out
    model = ready_for(load_multimodal(folder), paths)
    clips = partial(_clips, model, paths, seed=seed)
    given = subsets(model.config.senses)
    given = given if beside else {name: given[name] for name in ("all", "none")}
    asked = clips_with_questions(model.config, paths, _BATCH, seed)
    report = MultimodalReport(
        retrieval=retrieval_between(model, clips(_GALLERY * _GALLERIES), _GALLERY),
        answers=answers_by_senses(model, asked, given, questions, seed),
        anticipation=anticipation_by_senses(model, split.train, paths, given, beside=beside),
        experts=expert_use(model, list(clips(_GALLERY))),
    )
    return report, write_result(folder.parent / "evaluation.json", json.dumps(asdict(report), indent=2))


def retrieval_between(
    model: MultimodalModel, clips: Iterable[SensedClip], among: int | None = None
) -> dict[str, Retrieval]:
    """Return how well each sense finds each other one among so many of the clips, or all of them."""
    found: dict[Sense, list[np.ndarray]] = {}
    for clip in clips:
        for sense, vectors in model.embed_senses(clip).items():
            found.setdefault(sense, []).append(vectors.numpy())
    whole = {sense: np.concatenate(parts) for sense, parts in found.items()}
    return {
        f"{one}-{other}": evaluate_retrieval(whole[one], whole[other], among)
        for one, other in combinations(sorted(whole), 2)
    }


def answers_by_senses(
    model: MultimodalModel, asked: QuestionSampler, given: Mapping[str, tuple[Sense, ...]], questions: int, seed: int
) -> dict[str, dict[str, AnswerScore]]:
    """Return how questions are answered with each choice of senses, by kind of question."""
    rng = np.random.default_rng(seed)
    chosen = [asked.asked[k] for k in rng.permutation(len(asked.asked))[:questions]]
    scores: dict[str, list[list[float]]] = {name: [] for name in given}
    bounds = [*range(0, len(chosen), _BATCH), len(chosen)]
    for first, last in pairwise(bounds):
        part = chosen[first:last]
        clip = asked.clip(part)
        texts, choices = [each.question.question for each in part], [each.question.choices for each in part]
        whole = perceived(model, clip)
        for name, senses in given.items():
            scores[name] += [row.tolist() for row in score_choices(model, whole.only(senses), texts, choices)]
    rows: list[tuple[int, Question]] = [(each.episode, each.question) for each in chosen]
    return {name: evaluate_answers(rows, found) for name, found in scores.items()}


def subsets(senses: tuple[Sense, ...]) -> dict[str, tuple[Sense, ...]]:
    """Return all senses but text, each of them alone, and none, by name."""
    able: tuple[Sense, ...] = tuple(sense for sense in senses if sense != "text")
    found: dict[str, tuple[Sense, ...]] = {"all": able, "none": ()}
    for sense in able:
        found[sense] = (sense,)
    return found


def _clips(model: MultimodalModel, paths: Sequence[Path], count: int, *, seed: int) -> Iterator[SensedClip]:
    source = clips_with_senses(model.config, paths, _BATCH, seed, arrays_of(model.config))
    for number in range(count // _BATCH):
        clip = source.batch_at(number)
        assert isinstance(clip, SensedClip)
        yield clip


def report_rows(report: MultimodalReport) -> list[dict[str, Any]]:
    """Return the numbers as rows of a table."""
    rows: list[dict[str, Any]] = [
        {
            "what": f"retrieval {pair}",
            "value": f"recall@1 {found.recall_1:.3f}",
            "of": f"{found.times_chance:.1f} x chance",
        }
        for pair, found in report.retrieval.items()
    ]
    for senses, kinds in report.answers.items():
        for kind, score in kinds.items():
            rows.append(
                {
                    "what": f"answers, {senses}: {kind}",
                    "value": f"{score.right.mean:.3f}",
                    "of": f"chance {score.chance:.2f}",
                }
            )
    for whose, found in {"followed": report.anticipation.followed, **report.anticipation.everyone}.items():
        for name, part in found.items():
            rows.append({"what": f"next behaviour, {whose}: {name}", "value": f"{part.top1:.3f}", "of": part.questions})
    for name, use in report.experts.items():
        known = f"{sum(use.information) / len(use.information):.3f}"
        rows.append({"what": f"experts, {name}: information on behaviour", "value": known, "of": "1"})
        rows.append({"what": f"experts, {name}: least share", "value": f"{use.least_share:.3f}", "of": ""})
    return rows
