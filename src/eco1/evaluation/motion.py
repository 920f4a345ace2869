"""How far from where animals went: ADE, FDE and minADE with intervals.

ADE at a horizon: the mean Euclidean distance over all frames up to it; FDE: the distance at its last frame (Alahi et
al. 2016, DOI 10.1109/CVPR.2016.110). minADE of K: the ADE of the best of K sampled futures, chosen for each animal on
its own (Gupta et al. 2018, arXiv 1803.10892). All are means over animals that are alive, with one identity, through the
history and the whole horizon.

Shape letters: M animals that count.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float64, Int64

from eco1.core.errors import ConfigError
from eco1.core.protocols import Forecaster, FutureSampler
from eco1.evaluation.bootstrap import Interval, Resampler
from eco1.evaluation.future import present_throughout
from eco1.evaluation.windows import WindowBatch, Windows, first_frames

if TYPE_CHECKING:
    from torch import Generator

_BATCH = 16
#: With fewer episodes than this, stretches of time are resampled rather than episodes.
_FEWEST_EPISODES = 5


@dataclass(frozen=True, kw_only=True)
class SpeciesMotion:
    """One species at one horizon."""

    animals: int
    ade_m: float
    fde_m: float
    ade_body_lengths: float


@dataclass(frozen=True, kw_only=True)
class MotionScore:
    """One forecaster at one horizon. Pixels where the tracks say how many make a metre."""

    ade_m: Interval
    fde_m: float
    ade_body_lengths: float
    fde_body_lengths: float
    ade_px: float | None
    fde_px: float | None
    per_species: dict[str, SpeciesMotion]


@dataclass(frozen=True, kw_only=True)
class HorizonReport:
    """Every forecaster at one horizon, on windows that reach just so far.

    ``best_baseline`` has the lowest ADE (not minADE) of those that are no models; ``below_best`` is by which share of
    it each score of a model lies below, with a paired bootstrap interval (negative: above). ``resampled`` says what the
    intervals resample: episodes, or where there are few of them, stretches of time as long as the horizon.
    """

    horizon_s: float
    windows: int
    animals: int
    resampled: str
    scores: dict[str, MotionScore]
    best_baseline: str
    below_best: dict[str, Interval]


@dataclass(frozen=True, kw_only=True)
class MotionReport:
    """Motion at every horizon. Scores named ``<name> min<samples>`` are minADE and minFDE."""

    history_s: float
    horizons: tuple[HorizonReport, ...]


@dataclass(frozen=True, kw_only=True)
class _Errors:
    """Distances in metres of the M animals that count; ``by_name`` (M, 2) holds ADE and FDE."""

    unit: Int64[np.ndarray, " m"]
    species: Int64[np.ndarray, " m"]
    body_length_m: Float64[np.ndarray, " m"]
    px_per_m: Float64[np.ndarray, " m"]
    by_name: dict[str, np.ndarray]


def evaluate_motion(
    forecasters: Mapping[str, Forecaster],
    samplers: Mapping[str, FutureSampler],
    windows: Windows,
    *,
    history_frames: int,
    samples: int = 6,
    generator: "Generator | None" = None,
    models: tuple[str, ...] = ("model",),
) -> HorizonReport:
    """Judge forecasters by ADE and samplers by minADE on the same windows.

    What follows the ``history_frames`` of a window is the horizon. ``models`` names those that are no baselines.

    Raises:
        ConfigError: when no animal is present throughout any window.
    """
    steps = windows.frames - history_frames
    parts: list[_Errors] = []
    for batch in windows.batches(_BATCH):
        history = first_frames(batch.clip, history_frames)
        futures = {name: f.forecast(history, steps)[:, None] for name, f in forecasters.items()}
        for name, sampler in samplers.items():
            futures[f"{name} min{samples}"] = sampler.sample_futures(history, steps, samples, generator)
        parts.append(_measure(futures, batch, windows, history_frames))
    errors = _join(parts)
    if len(errors.unit) == 0:
        raise ConfigError("No animal is present throughout any test window. Shorten the history or the horizon.")
    names = windows.episodes[0].info.species_names
    resampler = Resampler(errors.unit)
    scores = {name: _score(errors, name, names, resampler) for name in errors.by_name}
    judged = {name for name in scores if name.split(" min")[0] in models}
    rivals = set(forecasters) - judged or set(forecasters)
    best = min(sorted(rivals), key=lambda name: scores[name].ade_m.mean)
    reference = errors.by_name[best][:, 0]
    return HorizonReport(
        horizon_s=steps * windows.dt_s,
        windows=len(windows),
        animals=len(errors.unit),
        resampled="episodes" if _many(windows) else "stretches",
        scores=scores,
        best_baseline=best,
        below_best={n: resampler.ratio(reference - errors.by_name[n][:, 0], reference) for n in sorted(judged)},
    )


def _measure(futures: Mapping[str, np.ndarray], batch: WindowBatch, windows: Windows, history_frames: int) -> _Errors:
    seen = batch.clip.observation
    truth = seen.position_m[:, None, history_frames:]
    row, animal = np.nonzero(present_throughout(seen, 0, windows.frames))
    by_name: dict[str, np.ndarray] = {}
    for name, future in futures.items():
        distance = np.linalg.norm((future - truth).astype(np.float64), axis=-1)
        both = np.stack([distance.mean(2), distance[:, :, -1]], -1).min(1)
        by_name[name] = both[row, animal]
    scale = [float(windows.episodes[e].info.provenance.get("units_per_m", "nan")) for e in batch.episode]
    stretch = batch.first // (windows.frames - history_frames)
    unit = batch.episode if _many(windows) else batch.episode * (1 << 32) + stretch
    return _Errors(
        unit=unit[row],
        species=seen.species[row, history_frames - 1, animal].astype(np.int64),
        body_length_m=seen.body_length_m[row, history_frames - 1, animal].astype(np.float64),
        px_per_m=np.array(scale)[row],
        by_name=by_name,
    )


def _many(windows: Windows) -> bool:
    return len({episode for episode, _ in windows.starts}) >= _FEWEST_EPISODES


def _join(parts: list[_Errors]) -> _Errors:
    return _Errors(
        unit=np.concatenate([p.unit for p in parts]),
        species=np.concatenate([p.species for p in parts]),
        body_length_m=np.concatenate([p.body_length_m for p in parts]),
        px_per_m=np.concatenate([p.px_per_m for p in parts]),
        by_name={name: np.concatenate([p.by_name[name] for p in parts]) for name in parts[0].by_name},
    )


def _score(errors: _Errors, name: str, names: tuple[str, ...], resampler: Resampler) -> MotionScore:
    ade, fde = errors.by_name[name].T
    length, px = errors.body_length_m, errors.px_per_m
    in_px = bool(np.isfinite(px).all())
    return MotionScore(
        ade_m=resampler.mean(ade),
        fde_m=float(fde.mean()),
        ade_body_lengths=float((ade / length).mean()),
        fde_body_lengths=float((fde / length).mean()),
        ade_px=float((ade * px).mean()) if in_px else None,
        fde_px=float((fde * px).mean()) if in_px else None,
        per_species={
            names[s]: SpeciesMotion(
                animals=int((errors.species == s).sum()),
                ade_m=float(ade[errors.species == s].mean()),
                fde_m=float(fde[errors.species == s].mean()),
                ade_body_lengths=float((ade / length)[errors.species == s].mean()),
            )
            for s in np.unique(errors.species)
        },
    )
