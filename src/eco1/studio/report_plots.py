"""Charts of an evaluation as inline SVG that reads on light and on dark pages."""

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from eco1.core.extras import require
from eco1.studio.report_reading import MODEL, horizons, number, part, scores

_OURS, _OTHERS, _INK = "#e07a3f", "#7d9db5", "#8a8a8a"
_SECOND = "#9b5de5"
_PX_PER_INCH = 100


def loss_curves(lines: Sequence[Mapping[str, Any]]) -> str:
    """Return the loss by step, training and held out, and its held-out terms beside it; "" without lines."""
    if not lines:
        return ""
    terms = [
        name
        for name in ("motion", "behavior", "anticipation", "latent", "forecast")
        if any(name in line for line in lines)
    ]
    figure, axes = _figure(1, 2, 8.6, 3.0)
    for split, color in (("train", _OTHERS), ("held_out", _OURS)):
        rows = [line for line in lines if line.get("split") == split and number(line, "total") is not None]
        if rows:
            axes[0].plot(
                [r["step"] for r in rows],
                [r["total"] for r in rows],
                color=color,
                label=split.replace("_", " "),
                lw=1.6,
            )
    axes[0].set_title("total loss")
    axes[0].legend(frameon=False, labelcolor=_INK)
    held = [line for line in lines if line.get("split") == "held_out"]
    for name, color in zip(terms, (_OURS, _SECOND, "#3a86a8", "#6a994e", "#c9a227"), strict=False):
        rows = [line for line in held if number(line, name) is not None]
        axes[1].plot([r["step"] for r in rows], [r[name] for r in rows], color=color, label=name, lw=1.4)
    axes[1].set_title("held-out terms")
    if terms:
        axes[1].legend(frameon=False, labelcolor=_INK)
    for axis in axes:
        axis.set_xlabel("step")
    return _svg(figure, "loss")


def motion_bars(evaluation: Mapping[str, Any]) -> str:
    """Return ADE of model and baselines at each horizon with 95 % intervals; "" when not measured."""
    found = horizons(evaluation)
    if not found:
        return ""
    figure, axes = _figure(1, len(found), 4.3 * len(found), 0.42 * max(len(scores(h)) for h in found) + 1.0)
    for axis, horizon in zip(axes, found, strict=True):
        values = [(name, number(score, "ade_m", "mean"), score) for name, score in scores(horizon).items()]
        known = sorted([(v, n, s) for n, v, s in values if v is not None], key=lambda row: -row[0])
        widths = [row[0] for row in known]
        spread = [_interval(row[2], row[0]) for row in known]
        axis.barh([row[1] for row in known], widths, color=[_tone(row[1]) for row in known], height=0.62)
        axis.errorbar(widths, range(len(known)), xerr=np.array(spread).T, fmt="none", ecolor=_INK, lw=1)
        axis.set_title(f"ADE {number(horizon, 'horizon_s') or 0:g} s ahead (m)")
    return _svg(figure, "motion")


def score_bars(values: Mapping[str, float], title: str, name: str, *, line: float | None = None) -> str:
    """Return one bar per name; ``line`` marks a value to compare with. "" without values."""
    if not values:
        return ""
    figure, axes = _figure(1, 1, 4.6, 0.42 * len(values) + 0.9)
    names = sorted(values, key=lambda key: values[key])
    axes[0].barh(names, [values[key] for key in names], color=[_tone(key) for key in names], height=0.62)
    if line is not None:
        axes[0].axvline(line, color=_INK, lw=1, ls="--")
    axes[0].set_title(title)
    return _svg(figure, name)


def family_confusion(evaluation: Mapping[str, Any]) -> str:
    """Return which expert family was named (columns) when which one came (rows), as shares of rows; "" when unknown."""
    found = part(evaluation, "anticipation", "scores", MODEL, "families")
    if not isinstance(found, Mapping):
        return ""
    families, counts = [str(f) for f in part(found, "families")], np.array(part(found, "counts"), float)
    if counts.size == 0:
        return ""
    shares = counts / np.maximum(counts.sum(1, keepdims=True), 1)
    figure, axes = _figure(1, 1, 5.4, 4.2)
    axes[0].imshow(shares, cmap="Oranges", vmin=0, vmax=1)
    axes[0].set_xticks(range(len(families)), families, rotation=40, ha="right")
    axes[0].set_yticks(range(len(families)), families)
    for (row, column), share in np.ndenumerate(shares):
        if counts[row].sum():
            ink = "#fff" if share > 0.55 else "#333"
            axes[0].text(column, row, f"{share:.0%}", ha="center", va="center", color=ink, fontsize=7)
    axes[0].set_title("family that came (rows) and family named (columns)")
    return _svg(figure, "families")


def probe_bars(evaluation: Mapping[str, Any]) -> str:
    """Return how well hidden needs can be read from each input; "" when not measured."""
    every = scores(evaluation, "probes")
    if not every:
        return ""
    drives = list(part(next(iter(every.values())), "r2") or {})
    columns = [(f"{d} (R²)", ("r2", d)) for d in drives] + [
        ("fearful (AUC)", ("fearful_auc",)),
        ("intent (accuracy)", ("intent_accuracy",)),
    ]
    figure, axes = _figure(1, 1, 7.4, 2.9)
    width = 0.8 / len(every)
    tones = (_OTHERS, "#b5c9d6", "#5d7f99", "#c9a227")
    others = 0
    for k, name in enumerate(every):
        values = [number(every, name, *keys) or 0.0 for _, keys in columns]
        tone = _OURS if "latent" in name else tones[others % len(tones)]
        others += "latent" not in name
        axes[0].bar(np.arange(len(columns)) + k * width, values, width * 0.92, color=tone, label=name)
    axes[0].set_xticks(np.arange(len(columns)) + 0.4 - width / 2, [title for title, _ in columns])
    axes[0].axhline(0, color=_INK, lw=0.8)
    axes[0].legend(frameon=False, labelcolor=_INK)
    return _svg(figure, "probes")


def gap_bars(evaluation: Mapping[str, Any]) -> str:
    """Return how far each closed loop's distributions lie from the recording's; "" when not measured."""
    every = scores(evaluation, "realism")
    quantities = list(part(next(iter(every.values()), {}), "gaps") or {})
    if not quantities:
        return ""
    figure, axes = _figure(1, 1, 8.0, 2.9)
    width = 0.8 / len(every)
    tones = iter(["#7d9db5", "#b5c9d6", "#5d7f99", "#c9a227", "#6a994e"] * len(every))
    for k, name in enumerate(every):
        values = [number(every, name, "gaps", q, "wasserstein") or 0.0 for q in quantities]
        tone = _OURS if name == MODEL else next(tones)
        axes[0].bar(np.arange(len(quantities)) + k * width, values, width * 0.92, color=tone, label=name)
    axes[0].set_xticks(
        np.arange(len(quantities)) + 0.4 - width / 2, [q.replace("_", " ") for q in quantities], rotation=20, ha="right"
    )
    axes[0].set_title("Wasserstein distance to the recording (its standard deviations; lower is closer)")
    axes[0].legend(frameon=False, labelcolor=_INK)
    return _svg(figure, "gaps")


def _tone(name: str) -> str:
    return _OURS if name.split(" min")[0] == MODEL else _OTHERS


def _interval(score: Any, mean: float) -> tuple[float, float]:
    low, high = number(score, "ade_m", "low"), number(score, "ade_m", "high")
    return (0.0, 0.0) if low is None or high is None else (max(0.0, mean - low), max(0.0, high - mean))


def _figure(rows: int, columns: int, width: float, height: float) -> tuple[Any, list[Any]]:
    require("matplotlib", "The report's plots")
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    figure.patch.set_alpha(0)
    axes = [figure.add_subplot(rows, columns, k + 1) for k in range(rows * columns)]
    for axis in axes:
        axis.patch.set_alpha(0)
        axis.tick_params(colors=_INK, labelsize=8)
        axis.title.set_color(_INK)
        axis.title.set_fontsize(9)
        axis.xaxis.label.set_color(_INK)
        for side, spine in axis.spines.items():
            spine.set_color(_INK)
            spine.set_visible(side in ("left", "bottom"))
    return figure, axes


def _svg(figure: Any, name: str) -> str:
    """Inline SVG: text stays text in the page's font, ids are the chart's own, nothing is loaded from elsewhere."""
    import matplotlib

    with matplotlib.rc_context(
        {"svg.fonttype": "none", "svg.hashsalt": name, "font.family": "sans-serif", "font.size": 8.5}
    ):
        buffer = io.StringIO()
        nothing = {"Creator": None, "Date": None, "Format": None, "Type": None}
        figure.savefig(buffer, format="svg", transparent=True, metadata=nothing)
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'(id="|url\(#|href="#)', rf"\g<1>{name}-", text)
    size = f'width="{figure.get_figwidth() * _PX_PER_INCH:.0f}"'
    return re.sub(r'width="[\d.]+pt" height="[\d.]+pt"', size, text, count=1)
