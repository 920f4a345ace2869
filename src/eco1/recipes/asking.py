"""What people want to know of a recording: a caption, an answer, an embedding, the clips that fit a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eco1.core.errors import ConfigError, EpisodeError
from eco1.core.senses import SensedClip
from eco1.data.reader import read_manifest
from eco1.data.schema import EPISODE_SUFFIX
from eco1.data.span_clips import Span, SpanCutter
from eco1.data.store import list_episodes
from eco1.models.multimodal import MultimodalModel, Sense
from eco1.models.multimodal.answering import answer, caption, perceived, score_choices
from eco1.recipes.multimodal_clips import arrays_of
from eco1.recipes.strangers import load_multimodal, ready_for

_CLIP_S = 3.2  # of captions and embeddings: what the model was trained on
_LONGEST_S = 30.0  # of a question's stretch
_BATCH = 16


@dataclass(frozen=True, kw_only=True)
class Found:
    """A clip that fits a sentence: its episode, when it is, and how well it fits (cosine, -1 to 1)."""

    episode: str
    start_s: float
    end_s: float
    likeness: float


@dataclass(frozen=True, kw_only=True)
class Answered:
    """An answer, and how likely each of the choices is, when there were any."""

    answer: str
    choices: dict[str, float]


@dataclass(frozen=True, kw_only=True)
class Captioned:
    """What the model says of a stretch."""

    start_s: float
    end_s: float
    text: str


def caption_episode(folder: Path, episode: Path, senses: Sequence[Sense] | None = None) -> list[Captioned]:
    """Return a sentence about each stretch of 3.2 s of an episode.

    Raises:
        Eco1Error: when model or episode cannot be read, or a sense is missing.
    """
    model = ready_for(load_multimodal(folder), [episode])
    spans = spans_of([episode])
    texts: list[str] = []
    for part, clip in clips_of(model, [episode], spans):
        seen = perceived(model, clip, senses)
        texts += caption(model, seen)[: len(part)]
    return [Captioned(start_s=s.start_s, end_s=s.end_s, text=text) for s, text in zip(spans, texts, strict=True)]


def ask_episode(
    folder: Path,
    episode: Path,
    question: str,
    *,
    choices: Sequence[str] = (),
    start_s: float = 0.0,
    end_s: float | None = None,
    senses: Sequence[Sense] | None = None,
) -> Answered:
    """Return the answer to a question about a stretch of an episode (30 s from its start, when not said).

    Raises:
        Eco1Error: when model or episode cannot be read, a sense is missing or the stretch lies outside.
    """
    if not question.strip():
        raise ConfigError("The question is empty. Example: eco1 ask EPISODE 'Which animals hunt?'")
    model = ready_for(load_multimodal(folder), [episode])
    lasts_s = _seconds(episode)
    span = Span(episode=0, start_s=start_s, end_s=min(start_s + _LONGEST_S, lasts_s) if end_s is None else end_s)
    ((_, clip),) = clips_of(model, [episode], [span])
    seen = perceived(model, clip, senses)
    if not choices:
        return Answered(answer=answer(model, seen, [question])[0], choices={})
    scores = score_choices(model, seen, [question], [list(choices)])[0].softmax(0).tolist()
    best = max(range(len(choices)), key=scores.__getitem__)
    return Answered(answer=choices[best], choices=dict(zip(choices, scores, strict=True)))


def embed_episodes(folder: Path, episodes: Path, sense: Sense, out: Path) -> Path:
    """Write a unit vector for each stretch of 3.2 s as a NumPy archive: ``vector``, ``episode``, ``start_s``.

    Raises:
        Eco1Error: when model or episodes cannot be read, or the sense is missing.
    """
    paths = episodes_in(episodes)
    model = ready_for(load_multimodal(folder), paths)
    spans = spans_of(paths)
    clips = clips_of(model, paths, spans)
    vectors = np.concatenate([model.embed_senses(clip, (sense,))[sense].numpy() for _, clip in clips])
    out.parent.mkdir(parents=True, exist_ok=True)
    names = np.array([paths[span.episode].name for span in spans])
    np.savez(out, vector=vectors, episode=names, start_s=np.array([span.start_s for span in spans]))
    return out


def retrieve(folder: Path, episodes: Path, sentence: str, *, sense: Sense = "video", top: int = 5) -> list[Found]:
    """Return the stretches whose pictures (or another sense) fit a sentence best.

    Raises:
        Eco1Error: when model or episodes cannot be read, or the sense is missing.
    """
    paths = episodes_in(episodes)
    model = ready_for(load_multimodal(folder), paths)
    spans = spans_of(paths)
    asked = model.embed_text([sentence])[0]
    found = [model.embed_senses(clip, (sense,))[sense] @ asked for _, clip in clips_of(model, paths, spans)]
    likeness = np.concatenate([part.numpy() for part in found])
    best = np.argsort(-likeness)[:top]
    return [
        Found(
            episode=str(paths[spans[k].episode]),
            start_s=spans[k].start_s,
            end_s=spans[k].end_s,
            likeness=float(likeness[k]),
        )
        for k in best
    ]


def episodes_in(place: Path) -> list[Path]:
    """Return the episodes of a folder, or the one episode.

    Raises:
        EpisodeError: when there is none.
    """
    paths = [place] if place.suffix == EPISODE_SUFFIX else list_episodes(place)
    if not paths:
        raise EpisodeError(f"There is no episode in {place}. Record some: eco1 record --senses video text")
    return paths


def spans_of(paths: Sequence[Path]) -> list[Span]:
    """Return the stretches of 3.2 s that episodes are cut into."""
    spans: list[Span] = []
    for number, path in enumerate(paths):
        lasts_s = _seconds(path)
        whole = max(int(lasts_s / _CLIP_S), 1)
        spans += [
            Span(episode=number, start_s=k * _CLIP_S, end_s=min((k + 1) * _CLIP_S, lasts_s)) for k in range(whole)
        ]
    return spans


def clips_of(
    model: MultimodalModel, paths: Sequence[Path], spans: Sequence[Span]
) -> list[tuple[Sequence[Span], SensedClip]]:
    """Return clips of stretches in batches, with the senses that all episodes share with the model."""
    shared = set.intersection(*(set(read_manifest(path).chunk_crc32) for path in paths))
    senses = tuple(array for array in arrays_of(model.config) if array in shared)
    cutter = SpanCutter(paths, model.config.frames, species_names=model.config.species_names, senses=senses)
    parts = [spans[first : first + _BATCH] for first in range(0, len(spans), _BATCH)]
    return [(part, cutter.clip(part)) for part in parts]


def _seconds(path: Path) -> float:
    manifest = read_manifest(path)
    return manifest.frames * manifest.info.dt_s
