"""How well a model foresees motion: beside its baselines, and beside itself when it sees each animal alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eco1.core.protocols import Forecaster, FutureSampler
from eco1.core.records import Episode
from eco1.evaluation.baseline_set import samplers_among
from eco1.evaluation.motion import MotionReport, evaluate_motion
from eco1.evaluation.remembering import RememberingForecaster
from eco1.evaluation.social import AloneForecaster
from eco1.evaluation.windows import Windows, cut_windows, frames_in

if TYPE_CHECKING:
    from torch import Generator

#: Of a horizon in seconds: who forecasts it, by name.
ByHorizon = Callable[[float], dict[str, Forecaster]]
SamplersByHorizon = Callable[[float], dict[str, FutureSampler]]


@dataclass(frozen=True, kw_only=True)
class ForecastJudge:
    """A model and its fitted baselines, by horizon (s) and name, asked about held-out episodes.

    ``samples`` futures are drawn of those that can draw them.
    """

    model: Any
    baselines: Mapping[float, dict[str, Forecaster]]
    test: Sequence[Episode]
    history_s: float
    samples: int
    generator: "Generator | None" = None

    def motion(self, windows: int) -> MotionReport:
        """Judge the model beside all baselines, each horizon by at most so many windows."""
        model = self._remembering(self.model)
        drawn: dict[str, FutureSampler] = {"model": model} if hasattr(self.model, "sample_futures") else {}
        return self._judge(
            lambda h: {**self.baselines[h], "model": model},
            lambda h: {**samplers_among(self.baselines[h]), **drawn},
            windows,
        )

    def social(self, windows: int) -> MotionReport:
        """Judge the model beside itself without the others around an animal."""
        model, alone = self._remembering(self.model), self._remembering(AloneForecaster(inner=self.model))
        return self._judge(lambda _: {"model": model, "model alone": alone}, lambda _: {}, windows)

    def _remembering(self, forecaster: Forecaster) -> RememberingForecaster:
        return RememberingForecaster(forecaster, self._frames(max(self.baselines)))

    def _judge(self, forecasters: ByHorizon, samplers: SamplersByHorizon, windows: int) -> MotionReport:
        history = self._frames(self.history_s) + 1
        horizons = tuple(
            evaluate_motion(
                forecasters(horizon_s),
                samplers(horizon_s),
                self._windows(history, horizon_s, windows),
                history_frames=history,
                samples=self.samples,
                generator=self.generator,
            )
            for horizon_s in self.baselines
        )
        return MotionReport(history_s=self.history_s, horizons=horizons)

    def _windows(self, history: int, horizon_s: float, limit: int) -> Windows:
        """Return the windows of the longest horizon where there are enough, else as many as this horizon allows."""
        wanted = history + self._frames(horizon_s)
        longest = cut_windows(self.test, frames=history + self._frames(max(self.baselines)), stride=1, limit=limit)
        if len(longest) == limit:
            return longest.shortened(wanted)
        return cut_windows(self.test, frames=wanted, stride=1, limit=limit)

    def _frames(self, seconds: float) -> int:
        return frames_in(seconds, self.test[0].info.dt_s)
