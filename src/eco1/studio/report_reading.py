"""Reading an evaluation as plain data (the JSON that ``evaluation`` writes), where any part may be missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

MODEL = "model"
#: How far an error has to lie below the best baseline's: in simulated worlds, the best of several futures there, and
#: on tracks of real animals.
_LESS, _LESS_OF_MANY, _LESS_IN_TRACKS = 0.20, 0.40, 0.10


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One line of the table of measures. ``met`` is None where there is no target or nothing was measured."""

    what: str
    value: str
    baseline: str
    target: str
    met: bool | None


def part(data: Any, *keys: str) -> Any:
    """Return ``data[key][key]...`` or None as soon as something on the way is missing."""
    for key in keys:
        if not isinstance(data, Mapping) or key not in data:
            return None
        data = cast(Mapping[str, Any], data)[key]
    return data


def number(data: Any, *keys: str) -> float | None:
    """Return a number inside nested data, or None where there is none."""
    value = part(data, *keys)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def scores(data: Any, *keys: str) -> dict[str, Any]:
    """Return the named scores of a part, empty when it was not measured."""
    found = part(data, *keys, "scores")
    return dict(cast(Mapping[str, Any], found)) if isinstance(found, Mapping) else {}


def horizons(evaluation: Mapping[str, Any], name: str = "motion") -> list[dict[str, Any]]:
    """Return the horizons of a motion part, shortest first."""
    found = part(evaluation, name, "horizons")
    rows = [dict(cast(Mapping[str, Any], h)) for h in found] if isinstance(found, list | tuple) else []
    return sorted(rows, key=lambda h: number(h, "horizon_s") or 0.0)


def measures(evaluation: Mapping[str, Any]) -> list[Measure]:
    """Return what was measured beside its baseline and its target, in the order of the project's table."""
    rows: list[Measure] = []
    for horizon in horizons(evaluation):
        rows += _motion(horizon)
    for horizon in horizons(evaluation, "social"):
        rows += _social(horizon)
    return [*rows, *_anticipation(evaluation), *_probes(evaluation), *_closed_loop(evaluation)]


def _motion(horizon: dict[str, Any]) -> list[Measure]:
    seconds, best = number(horizon, "horizon_s") or 0.0, str(part(horizon, "best_baseline") or "")
    rival = _error(horizon, best)
    rows: list[Measure] = []
    for name in scores(horizon):
        if name.split(" min")[0] != MODEL:
            continue
        error, below = _error(horizon, name), number(horizon, "below_best", name, "mean")
        many = name != MODEL
        goal = _LESS_IN_TRACKS if _in_px(horizon) else _LESS_OF_MANY if many else _LESS
        label = f"minADE of {name.split(' min')[1]}" if many else "ADE"
        rows.append(
            Measure(
                what=f"Motion {seconds:g} s ahead: {label}",
                value=(error or "not measured") + ("" if below is None else f" ({below:+.0%} below best)"),
                baseline=f"{best}: {rival}" if rival else "",
                target=f"at least {goal:.0%} below the best baseline",
                met=None if below is None else below >= goal,
            )
        )
    return rows


def _in_px(horizon: dict[str, Any]) -> bool:
    """Return whether these are tracks from video, which are judged in pixels."""
    return number(horizon, "scores", MODEL, "ade_px") is not None


def _error(horizon: dict[str, Any], name: str) -> str:
    """Return the ADE of a forecaster with its unit, empty when it was not measured."""
    if _in_px(horizon):
        px = number(horizon, "scores", name, "ade_px")
        return "" if px is None else f"{px:.1f} px"
    metres = number(horizon, "scores", name, "ade_m", "mean")
    return "" if metres is None else f"{metres:.3f} m"


def _social(horizon: dict[str, Any]) -> list[Measure]:
    together, alone = (number(horizon, "scores", name, "ade_m", "mean") for name in (MODEL, "model alone"))
    if together is None or alone is None:
        return []
    return [
        Measure(
            what=f"Neighbours matter: ADE {number(horizon, 'horizon_s') or 0.0:g} s ahead",
            value=_error(horizon, MODEL),
            baseline=f"neighbours hidden: {_error(horizon, 'model alone')}",
            target="worse with neighbours hidden",
            met=together < alone,
        )
    ]


def _anticipation(evaluation: Mapping[str, Any]) -> list[Measure]:
    every = scores(evaluation, "anticipation")
    ours = number(every, MODEL, "top1")
    others = {name: top for name in every if name != MODEL and (top := number(every, name, "top1")) is not None}
    if ours is None or not others:
        return []
    best = max(others, key=lambda name: others[name])
    target = "clearly above the Markov chain; aim at 85 %"
    value = f"{ours:.1%} top-1" + _recall(number(every, MODEL, "recall_at_5"))
    return [
        Measure(
            what="Naming the next behaviour one second ahead", value=value, baseline=f"{best}: {others[best]:.1%}",
            target=target, met=ours > others[best],
        )
    ]  # fmt: skip


def _recall(value: float | None) -> str:
    return "" if value is None else f", {value:.1%} recall@5"


def _probes(evaluation: Mapping[str, Any]) -> list[Measure]:
    every = scores(evaluation, "probes")
    names = list(every)
    latent = next((name for name in names if "latent" in name), None)
    raw = [name for name in names if name != latent]
    if latent is None or not raw:
        return []
    drives = part(every, latent, "r2") or {}
    lines = [(f"Hidden {drive} read from the latent", ("r2", drive), "R²") for drive in drives]
    lines += [
        ("Fearful or not, from the latent", ("fearful_auc",), "AUC"),
        ("Hidden intent, from the latent", ("intent_accuracy",), "accuracy"),
    ]
    rows: list[Measure] = []
    for what, keys, unit in lines:
        ours = number(every, latent, *keys)
        theirs = {name: value for name in raw if (value := number(every, name, *keys)) is not None}
        if ours is None or not theirs:
            continue
        best = max(theirs, key=lambda name: theirs[name])
        rows.append(
            Measure(
                what=what,
                value=f"{ours:.2f} {unit}",
                baseline=f"{best}: {theirs[best]:.2f}",
                target="clearly above raw input",
                met=ours > theirs[best],
            )
        )
    return rows


def _closed_loop(evaluation: Mapping[str, Any]) -> list[Measure]:
    every = scores(evaluation, "realism")
    ours = number(every, MODEL, "two_sample", "accuracy")
    others = {n: v for n in every if n != MODEL and (v := number(every, n, "two_sample", "accuracy")) is not None}
    if ours is None:
        return []
    best = min(others, key=lambda name: others[name]) if others else ""
    return [
        Measure(
            what="Closed loop: a classifier tells it from recordings (0.5: it cannot)",
            value=f"{ours:.2f}",
            baseline=f"{best}: {others[best]:.2f}" if best else "",
            target="at most 0.65, and below every baseline",
            met=ours <= 0.65 and all(ours < other for other in others.values()),
        )
    ]
