"""Everything at once: one model against all baselines, on recordings it never saw."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from eco1.brains.baselines import ForecasterBrain, fit_wandering
from eco1.brains.labels import fit_markov_behavior
from eco1.core.protocols import Brain, Forecaster, FutureSampler, Simulator
from eco1.core.records import Episode
from eco1.evaluation.anticipation import AnticipationReport, evaluate_anticipation
from eco1.evaluation.baseline_set import fit_motion_baselines, samplers_among
from eco1.evaluation.closed_loop import Rollout, roll_out_seeds
from eco1.evaluation.collapse import CollapseReport, evaluate_collapse
from eco1.evaluation.latents import collect_latents
from eco1.evaluation.markov import fit_majority, fit_markov, fit_timed_markov
from eco1.evaluation.motion import MotionReport, evaluate_motion
from eco1.evaluation.onsets import ANTICIPATION_S, find_questions
from eco1.evaluation.probes import ProbeReport, evaluate_probes
from eco1.evaluation.realism import RealismReport, evaluate_realism
from eco1.evaluation.remembering import RememberingForecaster
from eco1.evaluation.report import EvaluationReport
from eco1.evaluation.social import AloneForecaster
from eco1.evaluation.windows import Windows, check_alike, cut_windows, frames_in

if TYPE_CHECKING:
    from torch import Generator

R = TypeVar("R")


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


@dataclass(frozen=True, kw_only=True)
class ClosedLoop:
    """Where and for how long the brain lives. ``seeds`` must be held out from training."""

    simulator: Simulator[Any]
    brain: Brain[Any]
    seeds: tuple[int, ...]
    burn_in_s: float = 30.0
    duration_s: float = 60.0
    warm_up_s: float = 1.0
    baselines: bool = True


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
            realism=self._part(
                "realism", lambda: self._realism(closed_loop), "" if closed_loop else "no closed loop was asked for"
            ),
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
            frames, steps = self._frames(self.baseline_history_s), self._steps(horizon_s)
            windows = cut_windows(self.train, frames=frames + steps, stride=1, limit=self.size.train_windows)
            self.baselines[horizon_s] = fit_motion_baselines(windows, history_frames=frames)

    def _motion(self) -> MotionReport:
        model = self._remembering()
        samplers: dict[str, FutureSampler] = {"model": model} if self._can("sample_futures") else {}
        return self._judge(
            lambda h: {**self.baselines[h], "model": model},
            lambda h: {**samplers_among(self.baselines[h]), **samplers},
            self.size.test_windows,
        )

    def _social(self) -> MotionReport:
        model, alone = self._remembering(), self._remembering(AloneForecaster(inner=self.model))
        return self._judge(lambda _: {"model": model, "model alone": alone}, lambda _: {}, self.size.social_windows)

    def _remembering(self, forecaster: Forecaster | None = None) -> RememberingForecaster:
        return RememberingForecaster(forecaster or self.model, self._steps(max(self.horizons_s)))

    def _judge(
        self,
        forecasters: Callable[[float], dict[str, Forecaster]],
        samplers: Callable[[float], dict[str, FutureSampler]],
        limit: int,
    ) -> MotionReport:
        frames = self._frames(self.history_s)
        horizons = tuple(
            evaluate_motion(
                forecasters(horizon_s),
                samplers(horizon_s),
                self._test_windows(frames, horizon_s, limit),
                history_frames=frames,
                samples=self.size.samples,
                generator=self.generator,
            )
            for horizon_s in self.horizons_s
        )
        return MotionReport(history_s=self.history_s, horizons=horizons)

    def _test_windows(self, frames: int, horizon_s: float, limit: int) -> Windows:
        """Return the windows of the longest horizon where there are enough, else as many as this horizon allows."""
        wanted = frames + self._steps(horizon_s)
        longest = cut_windows(self.test, frames=frames + self._steps(max(self.horizons_s)), stride=1, limit=limit)
        if len(longest) == limit:
            return longest.shortened(wanted)
        return cut_windows(self.test, frames=wanted, stride=1, limit=limit)

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
        dt_s = where.simulator.dt_s
        recorded = self._live(where, None)
        loops = {"model": self._live(where, where.brain)}
        if where.baselines:
            labels = fit_markov_behavior(self.train)
            frames = self._frames(self.baseline_history_s)
            for name, forecaster in self.baselines[min(self.horizons_s)].items():
                brain = ForecasterBrain(forecaster=forecaster, dt_s=dt_s, frames=frames, labels=labels)
                loops[name] = self._live(where, brain)
            loops["wandering"] = self._live(where, fit_wandering(self.train, labels))
        return evaluate_realism(recorded, loops, dt_s)

    def _live(self, where: ClosedLoop, brain: Brain[Any] | None) -> list[Rollout]:
        return roll_out_seeds(
            where.simulator,
            brain,
            where.seeds,
            burn_in_s=where.burn_in_s,
            duration_s=where.duration_s,
            warm_up_s=where.warm_up_s,
            generator=self.generator,
        )

    def _frames(self, seconds: float) -> int:
        return frames_in(seconds, self.test[0].info.dt_s) + 1

    def _steps(self, horizon_s: float) -> int:
        return frames_in(horizon_s, self.test[0].info.dt_s)
