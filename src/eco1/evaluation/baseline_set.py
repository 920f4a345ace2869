"""All motion baselines, fitted on one set of training windows."""

from collections.abc import Mapping

from eco1.core.protocols import Forecaster, FutureSampler
from eco1.evaluation.baselines import StandingStill, fit_constant_velocity, fit_damped_velocity
from eco1.evaluation.ridge import fit_ridge
from eco1.evaluation.windows import Windows


def fit_motion_baselines(train: Windows, *, history_frames: int) -> dict[str, Forecaster]:
    """Return the baselines by name; what follows the history in each window is the horizon they are fitted for.

    Raises:
        ConfigError: when no animal is present throughout any window.
    """
    steps = train.frames - history_frames
    return {
        "still": StandingStill(),
        "constant velocity": fit_constant_velocity(train, history_frames=history_frames, steps=steps),
        "damped velocity": fit_damped_velocity(train, history_frames=history_frames, steps=steps),
        "ridge": fit_ridge(train, history_frames=history_frames, steps=steps),
    }


def samplers_among(forecasters: Mapping[str, Forecaster]) -> dict[str, FutureSampler]:
    """Return those forecasters that can also sample futures."""
    return {name: forecaster for name, forecaster in forecasters.items() if isinstance(forecaster, FutureSampler)}
