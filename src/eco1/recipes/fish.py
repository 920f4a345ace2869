"""Learn real fish: the same model class as the savanna, on two recordings of schooling fish."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import torch
from rich.console import Console

from eco1.core.records import Episode
from eco1.data.fish import fetch_fish
from eco1.data.reader import read_episode
from eco1.data.splits import Split, split_in_time
from eco1.evaluation.evaluate import EvaluationSize, evaluate_model
from eco1.evaluation.report import EvaluationReport
from eco1.models.eco import EcoModel
from eco1.models.ensemble import Ensemble
from eco1.models.registry import build_model
from eco1.recipes.fit import FitConfig, fit_on
from eco1.recipes.splits import TRAIN_SHARE
from eco1.training.checkpoint import load_checkpoint
from eco1.training.manifest import MANIFEST

#: What a model is told before it is asked, and how far ahead.
HISTORY_S, HORIZON_S = 0.5, 1.0
#: Half a minute of film overfits a wide model within a few hundred steps, so this one is narrow and looks 1 s ahead.
_NARROW: dict[str, Any] = {
    "layers": 2,
    "width": 64,
    "heads": 2,
    "kv_heads": 1,
    "expert_hidden": 64,
    "future_hidden": 128,
    "motion_hidden": 64,
    "neighbour_width": 64,
}
_KNOT_S, _HORIZONS_S = 0.125, (0.25, 0.5, 1.0)
_CLIP_S = 2.0
_CHECKPOINT_EVERY = 100


@dataclass(frozen=True, kw_only=True)
class FishConfig:
    """How long to learn. ``steps`` was chosen on the last fifth of the training part, never on the held-out part.

    ``members`` models are trained from different beginnings and asked together: the recordings are short.
    """

    out: Path
    members: int = 4
    steps: int = 400
    batch: int = 4
    seed: int = 0


def fit_fish(name: str, config: FishConfig, *, console: Console | None = None) -> EvaluationReport:
    """Train on the first 80 % of one recording and judge on the rest.

    Members that ``out`` holds already are not trained again; unfinished ones go on from their last checkpoint.

    Raises:
        TrackError: when the recordings cannot be fetched.
        ConfigError: when ``out`` holds members of other settings.
    """
    episode = read_episode(fetch_fish()[name])
    split = split_in_time(episode, TRAIN_SHARE)
    trained = [_fit_member(name, split, config, number, console) for number in range(config.members)]
    model = Ensemble([cast(EcoModel, load_checkpoint(folder, build_model).model.eval()) for folder in trained])
    return evaluate_model(
        model,
        split.train,
        split.held_out,
        history_s=HISTORY_S,
        horizons_s=(HORIZON_S,),
        baseline_history_s=HISTORY_S,
        size=EvaluationSize(test_windows=400, social_windows=60),
        generator=torch.Generator().manual_seed(config.seed),
    )


def _fit_member(name: str, split: Split[Episode], config: FishConfig, number: int, console: Console | None) -> Path:
    out = config.out / name / str(number)
    if console is not None:
        console.print(f"{name}: model {number + 1} of {config.members}", highlight=False)
    fitted = FitConfig(
        episodes=Path(name),
        out=out,
        resume=(out / "last" / MANIFEST).exists(),
        steps=config.steps,
        batch=config.batch,
        lr=1e-3,
        seed=config.seed + number,
        clip_s=_CLIP_S,
        model={**_NARROW, **_one_second_ahead(split.train[0].info.dt_s)},
        training={
            "log_every": 20,
            "eval_every": config.steps,
            "eval_batches": 1,
            "checkpoint_every": _CHECKPOINT_EVERY,
        },
    )
    return fit_on(split.train, (), fitted, console=console)


def _one_second_ahead(dt_s: float) -> dict[str, Any]:
    knot = max(round(_KNOT_S / dt_s), 1)
    path = -(-round(HORIZON_S / dt_s) // knot) * knot
    return {
        "path_frames": path,
        "knot_frames": knot,
        "anchor_stride": 2,
        "horizon_frames": tuple(round(seconds / dt_s) for seconds in _HORIZONS_S),
    }
