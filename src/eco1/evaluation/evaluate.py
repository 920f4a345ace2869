"""Everything at once: one model against all baselines, on recordings it never saw."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from eco1.brains.baselines import ForecasterBrain, fit_wandering
from eco1.brains.labels import fit_markov_behavior
from eco1.core.protocols import Brain, Forecaster
from eco1.core.records import Episode
from eco1.evaluation.anticipation import AnticipationReport, evaluate_anticipation
from eco1.evaluation.baseline_set import fit_motion_baselines
from eco1.evaluation.collapse import CollapseReport, evaluate_collapse
from eco1.evaluation.forecast_judge import ForecastJudge
from eco1.evaluation.latents import collect_latents
from eco1.evaluation.lived import ClosedLoop, judge_realism
from eco1.evaluation.markov import fit_majority, fit_markov, fit_timed_markov
from eco1.evaluation.motion import MotionReport
from eco1.evaluation.onsets import ANTICIPATION_S, find_questions
from eco1.evaluation.probes import ProbeReport, evaluate_probes
from eco1.evaluation.realism import RealismReport
from eco1.evaluation.report import EvaluationReport
from eco1.evaluation.windows import check_alike, cut_windows, frames_in

if TYPE_CHECKING:
    from torch import Generator

R = TypeVar("R")

_NO_LOOP = "no closed loop was asked for"


@dataclass(frozen=True, kw_only=True)
class EvaluationSize:
    """How much is looked at: more is surer and slower, and nearly all of the time is the model's own.

    A window is one scene of animals, and so, as onsets are seldom simultaneous, is a question.
    """

    train_windows: int = 1500
    test_windows: int = 96
    social_windows: int = 16
    train_questions: int = 20_000
    test_questions: int = 1500
    probe_rows: int = 2000
    samples: int = 6


def evaluate_model(
    model: object,
    train: Sequence[Episode],
    test: Sequence[Episode],
    *,
    history_s: float,
    horizons_s: tuple[float, ...] = (1.0, 3.0),
    baseline_history_s: float = 0.5,
    size: EvaluationSize | None = None,
    closed_loop: ClosedLoop | None = None,
    generator: "Generator | None" = None,
) -> EvaluationReport:
    """Measure all that the model can do and the recordings allow.

    Args:
        model: any of ``Forecaster``, ``FutureSampler``, ``Anticipator`` and ``Embedder``.
        train: the episodes the baselines and probes are fitted on: those the model was trained on.
        test: held-out episodes.
        history_s: what the model sees before it is asked.
        horizons_s: how far ahead motion is judged.
        baseline_history_s: how much of the history the motion baselines use.
        size: how much is looked at.
        closed_loop: where a brain lives; None leaves realism out.
        generator: for sampled futures and for the brain.

    Raises:
        ConfigError: when the episodes do not go together or are too short.
        MissingExtraError: when scikit-learn is needed and not installed.
    """
    check_alike([*train, *test])
    run = _Run(
        model=model,
        train=train,
        test=test,
        history_s=history_s,
        horizons_s=horizons_s,
        baseline_history_s=baseline_history_s,
        size=size or EvaluationSize(),
        generator=generator,
    )
    return run.report(closed_loop)


@dataclass(kw_only=True)
class _Run:
    model: Any
    train: Sequence[Episode]
    test: Sequence[Episode]
    history_s: float
    horizons_s: tuple[float, ...]
    baseline_history_s: float
    size: EvaluationSize
    generator: "Generator | None"
    skipped: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    baselines: dict[float, dict[str, Forecaster]] = field(default_factory=dict)

    def report(self, closed_loop: ClosedLoop | None) -> EvaluationReport:
        info = self.test[0].info
        self._timed("baselines", self._fit_baselines)
        return EvaluationReport(
            source=info.biome,
            train_episodes=len(self.train),
            test_episodes=len(self.test),
            dt_s=info.dt_s,
            history_s=self.history_s,
            motion=self._part("motion", self._motion, self._lacks("forecast")),
            social=self._part("social", self._social, self._lacks("forecast")),
            anticipation=self._part("anticipation", self._anticipation, self._lacks("anticipate", labels=True)),
            probes=self._part("probes", self._probes, self._lacks("embed_clip", hidden=True)),
            collapse=self._part("collapse", self._collapse, self._lacks("embed_clip")),
            realism=self._part("realism", lambda: self._realism(closed_loop), _NO_LOOP if closed_loop is None else ""),
            skipped=self.skipped,
            seconds=self.seconds,
        )

    def _part(self, name: str, measure: Callable[[], R], lacks: str) -> R | None:
        if lacks:
            self.skipped[name] = lacks
            return None
        return self._timed(name, measure)

    def _timed(self, name: str, measure: Callable[[], R]) -> R:
        started = time.perf_counter()
        result = measure()
        self.seconds[name] = round(time.perf_counter() - started, 2)
        return result

    def _lacks(self, ability: str, *, labels: bool = False, hidden: bool = False) -> str:
        if not self._can(ability):
            return f"the model cannot {ability}"
        if labels and not any((e.observation.behavior >= 0).any() for e in self.test):
            return "the recordings carry no behaviour labels"
        if hidden and any(e.hidden is None for e in (*self.train, *self.test)):
            return "the recordings carry no hidden state"
        return ""

    def _can(self, ability: str) -> bool:
        return callable(getattr(self.model, ability, None))

    def _fit_baselines(self) -> None:
        for horizon_s in self.horizons_s:
            frames = self._frames(self.baseline_history_s)
            steps = frames_in(horizon_s, self.train[0].info.dt_s)
            windows = cut_windows(self.train, frames=frames + steps, stride=1, limit=self.size.train_windows)
            self.baselines[horizon_s] = fit_motion_baselines(windows, history_frames=frames)

    def _motion(self) -> MotionReport:
        return self._forecasts().motion(self.size.test_windows)

    def _social(self) -> MotionReport:
        return self._forecasts().social(self.size.social_windows)

    def _forecasts(self) -> ForecastJudge:
        return ForecastJudge(
            model=self.model,
            baselines=self.baselines,
            test=self.test,
            history_s=self.history_s,
            samples=self.size.samples,
            generator=self.generator,
        )

    def _anticipation(self) -> AnticipationReport | None:
        known = find_questions(self.train, history_s=self.history_s).thin(self.size.train_questions)
        asked = find_questions(self.test, history_s=self.history_s).thin(self.size.test_questions)
        if len(known) == 0 or len(asked) == 0:
            self.skipped["anticipation"] = "the recordings are too short to hold the onset of a new behaviour"
            return None
        anticipators = {
            "majority": fit_majority(known),
            "markov": fit_markov(known),
            "timed markov": fit_timed_markov(known),
            "model": self.model,
        }
        return evaluate_anticipation(anticipators, asked, ahead_s=ANTICIPATION_S)

    def _probes(self) -> ProbeReport:
        return evaluate_probes(self.model, self.train, self.test, history_s=self.history_s, rows=self.size.probe_rows)

    def _collapse(self) -> CollapseReport:
        latents = collect_latents(self.model, self.test, history_s=self.history_s, rows=self.size.probe_rows)
        return evaluate_collapse(latents)

    def _realism(self, where: ClosedLoop | None) -> RealismReport:
        assert where is not None
        return judge_realism(where, self._rivals(where.simulator.dt_s) if where.baselines else {}, self.generator)

    def _rivals(self, dt_s: float) -> dict[str, Brain[Any]]:
        """Return every baseline as a brain that drives animals."""
        labels = fit_markov_behavior(self.train)
        frames = self._frames(self.baseline_history_s)
        rivals: dict[str, Brain[Any]] = {
            name: ForecasterBrain(forecaster=forecaster, dt_s=dt_s, frames=frames, labels=labels)
            for name, forecaster in self.baselines[min(self.horizons_s)].items()
        }
        return {**rivals, "wandering": fit_wandering(self.train, labels)}

    def _frames(self, seconds: float) -> int:
        return frames_in(seconds, self.test[0].info.dt_s) + 1
