"""Linear probes: how much of what nobody can see (hunger, fear, intent) can be read off a latent with one linear map.

Alain & Bengio (2016), arXiv 1610.01644. The same probe reads the raw input, of the last frame and of the whole window;
all get the same rows, the same sweep of regularisation, and choose from it on the same validation episodes.

Shape letters: B clips, N animals, D latent numbers, M rows, F inputs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float32, Int64

from eco1.core.errors import ConfigError
from eco1.core.records import DRIVES, Episode
from eco1.evaluation.latents import Embedder, last_latents
from eco1.evaluation.linear import area_under_curve, fit_logistic, fit_ridge_probe, r2
from eco1.evaluation.raw_inputs import raw_inputs
from eco1.evaluation.windows import Windows, cut_windows, frames_in

FEARFUL = 0.5
_BATCH = 16
#: Neighbours resemble each other, so rows come from this many times more scenes than needed.
_SCENES_PER_ROW = 2
_VALIDATION_SHARE = 0.25


@dataclass(frozen=True, kw_only=True)
class ProbeScore:
    """What one input tells: R2 of each drive, AUC of fear above one half, and how well intent is named."""

    inputs: int
    r2: dict[str, float]
    fearful_auc: float
    intent_accuracy: float
    intent_balanced_accuracy: float


@dataclass(frozen=True, kw_only=True)
class ProbeReport:
    """Scores by input: ``latent``, ``raw frame``, ``raw window``. ``majority`` is the share of the commonest intent."""

    train_rows: int
    test_rows: int
    majority: float
    scores: dict[str, ProbeScore]


@dataclass(frozen=True, kw_only=True)
class ProbeRows:
    """Inputs by name (M, F), and the truth about each row."""

    inputs: dict[str, Float32[np.ndarray, "m f"]]
    drives: Float32[np.ndarray, "m d"]
    intent: Int64[np.ndarray, " m"]
    episode: Int64[np.ndarray, " m"]


def evaluate_probes(
    model: Embedder,
    train: Sequence[Episode],
    test: Sequence[Episode],
    *,
    history_s: float,
    drives: tuple[str, ...] = ("hunger", "fear"),
    rows: int = 3000,
) -> ProbeReport:
    """Train probes on some episodes and judge them on others; about ``rows`` animals each.

    Raises:
        ConfigError: when the episodes have no hidden state.
    """
    if any(episode.hidden is None for episode in (*train, *test)):
        raise ConfigError("Probing needs the hidden state, which these episodes lack (real tracks have none).")
    known = collect_rows(model, _windows(train, history_s), rows)
    asked = collect_rows(model, _windows(test, history_s), rows)
    counts = np.bincount(known.intent)
    return ProbeReport(
        train_rows=len(known.intent),
        test_rows=len(asked.intent),
        majority=float((asked.intent == counts.argmax()).mean()),
        scores={name: score_probe(name, known, asked, drives) for name in known.inputs},
    )


def collect_rows(model: Embedder, windows: Windows, rows: int) -> ProbeRows:
    """Return about ``rows`` living animals from the last frames of evenly spread windows, in the order of episodes."""
    animals = int(windows.episodes[0].observation.position_m.shape[1])
    info = windows.episodes[0].info
    parts: list[tuple[np.ndarray, ...]] = []
    scenes = windows.thin(max(8, _SCENES_PER_ROW * rows // animals))
    every = max(1, len(scenes) * animals // rows)
    for batch in scenes.batches(_BATCH, hidden=True):
        truth = batch.clip.hidden
        assert truth is not None
        alive = batch.clip.observation.alive[:, -1]
        latent = last_latents(model, batch.clip)
        frame, window = raw_inputs(batch.clip, len(info.species_names), len(info.behavior_names))
        episode = np.broadcast_to(batch.episode[:, None], alive.shape)
        found = latent, frame, window, truth.drives[:, -1], truth.intent[:, -1], episode
        parts.append(tuple(part[alive][::every] for part in found))
    latent, frame, window, drives, intent, episode = (np.concatenate(p) for p in zip(*parts, strict=True))
    return ProbeRows(
        inputs={"latent": latent, "raw frame": frame, "raw window": window},
        drives=drives,
        intent=intent.astype(np.int64),
        episode=episode.astype(np.int64),
    )


def score_probe(name: str, known: ProbeRows, asked: ProbeRows, drives: tuple[str, ...]) -> ProbeScore:
    """Fit on the known rows and judge on the asked ones."""
    held = _held_out(known.episode)
    mean, scale = known.inputs[name].mean(0), known.inputs[name].std(0) + 1e-6
    train, test = (known.inputs[name] - mean) / scale, (asked.inputs[name] - mean) / scale
    columns = [DRIVES.index(drive) for drive in dict.fromkeys((*drives, "fear"))]
    guess = fit_ridge_probe(train, known.drives[:, columns].astype(np.float64), held, test)
    truth = asked.drives[:, columns].astype(np.float64)
    named = fit_logistic(train, known.intent, held, test)
    fear = columns.index(DRIVES.index("fear"))
    return ProbeScore(
        inputs=train.shape[1],
        r2={drive: r2(truth[:, i], guess[:, i]) for i, drive in enumerate(drives)},
        fearful_auc=area_under_curve(truth[:, fear] > FEARFUL, guess[:, fear]),
        intent_accuracy=float((named == asked.intent).mean()),
        intent_balanced_accuracy=balanced(asked.intent, named),
    )


def balanced(truth: Int64[np.ndarray, " m"], named: Int64[np.ndarray, " m"]) -> float:
    """Return the mean over classes of the share of each class that is named rightly."""
    return float(np.mean([(named[truth == c] == c).mean() for c in np.unique(truth)]))


def _windows(episodes: Sequence[Episode], history_s: float) -> Windows:
    frames = frames_in(history_s, episodes[0].info.dt_s) + 1
    return cut_windows(episodes, frames=frames, stride=max(1, frames // 2))


def _held_out(episode: np.ndarray) -> Bool[np.ndarray, " m"]:
    """Return which rows validate: whole episodes at the end where there are several, else the last rows."""
    names = np.unique(episode)
    if len(names) > 1:
        return episode >= names[-max(1, round(len(names) * _VALIDATION_SHARE))]
    return np.arange(len(episode)) >= len(episode) * (1 - _VALIDATION_SHARE)
