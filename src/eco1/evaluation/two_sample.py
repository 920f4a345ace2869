"""Can a classifier tell the loop from a recording? Lopez-Paz & Oquab (2017), arXiv 1610.06545.

Gradient-boosted trees look at windows of a few seconds of one animal's motion and of its nearest neighbours', and
are judged on worlds they were not trained on. Balanced accuracy: 0.5 indistinguishable, 1 always told apart.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float64, Int64

from eco1.core.errors import ConfigError
from eco1.core.extras import require
from eco1.evaluation.motion_features import CATEGORICAL, MotionWindows
from eco1.evaluation.threads import one_thread

_FOLDS = 5
_MOST_ROWS = 8000


@dataclass(frozen=True, kw_only=True)
class TwoSampleReport:
    """``accuracy``: balanced, over all held-out rows; ``folds``: the same in each fold that holds both kinds."""

    accuracy: float
    folds: tuple[float, ...]
    rows: int


def two_sample_test(recorded: MotionWindows, rolled: MotionWindows) -> TwoSampleReport:
    """Train a classifier to tell two sets of windows apart and return how well it does on unseen worlds.

    Raises:
        ConfigError: when there are fewer than two worlds, or one set is empty.
        MissingExtraError: when scikit-learn is not installed.
    """
    require("sklearn", "The classifier two-sample test")
    rows = min(len(recorded.world), len(rolled.world), _MOST_ROWS // 2)
    parts = [_thin(part, rows) for part in (recorded, rolled)]
    features = np.concatenate([part.features for part in parts])
    world = np.concatenate([part.world for part in parts])
    loop = np.repeat([False, True], [len(part.world) for part in parts])
    worlds = len(np.unique(world))
    if worlds < 2 or loop.all() or not loop.any():
        raise ConfigError(
            f"A two-sample test needs windows of both kinds from at least two worlds: got {int((~loop).sum())} "
            f"recorded and {int(loop.sum())} rolled out, from {worlds} world(s). Use more seeds or longer runs."
        )
    return _cross_validate(features, loop, world, min(_FOLDS, worlds))


def _cross_validate(
    features: Float64[np.ndarray, "m f"], loop: Bool[np.ndarray, " m"], world: Int64[np.ndarray, " m"], folds: int
) -> TwoSampleReport:
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.model_selection import StratifiedGroupKFold

    named = np.zeros(len(loop), bool)
    judged = np.zeros(len(loop), bool)
    scores: list[float] = []
    for train, test in StratifiedGroupKFold(folds, shuffle=True, random_state=0).split(features, loop, world):
        if len(np.unique(loop[train])) < 2 or len(test) == 0:
            continue
        trees: Any = HistGradientBoostingClassifier  # its annotations name only the default types
        model = trees(
            max_iter=120,
            max_leaf_nodes=15,
            min_samples_leaf=30,
            l2_regularization=1.0,
            learning_rate=0.1,
            early_stopping=False,
            categorical_features=list(CATEGORICAL),
            random_state=0,
        )
        with one_thread():
            named[test] = model.fit(features[train], loop[train]).predict(features[test])
        judged[test] = True
        if len(np.unique(loop[test])) == 2:
            scores.append(_balanced(loop[test], named[test]))
    return TwoSampleReport(accuracy=_balanced(loop[judged], named[judged]), folds=tuple(scores), rows=int(judged.sum()))


def _balanced(truth: np.ndarray, named: np.ndarray) -> float:
    shares = [float((named[truth == kind] == kind).mean()) for kind in (False, True) if (truth == kind).any()]
    return float(np.mean(shares)) if shares else float("nan")


def _thin(windows: MotionWindows, count: int) -> MotionWindows:
    """Return ``count`` rows, evenly spread, so that both kinds are equally many."""
    rows = np.linspace(0, max(0, len(windows.world) - 1), count).round().astype(int)
    return MotionWindows(features=windows.features[rows], world=windows.world[rows])
