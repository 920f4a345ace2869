"""The whole loop in a few minutes: simulate, record, train, judge, film, report."""

import json
import shutil
import time
from pathlib import Path
from typing import Any

from rich.console import Console

from eco1.core.errors import ConfigError
from eco1.evaluation.evaluate import EvaluationSize
from eco1.recipes.films import film_run
from eco1.recipes.fit import FitConfig, fit
from eco1.recipes.judge import JudgeConfig, judge
from eco1.recipes.record import DETOURS_PER_MINUTE, RecordConfig, record
from eco1.studio.report import render_report
from eco1.studio.report_reading import measures

_EPISODES, _LED_EPISODES = 20, 10
_EPISODE_S = 40.0
_LED_FROM_SEED = 10_000
_CALIBRATION = 20
_FILM_S = 12.0
_FILM_SEED = 20_000
#: Seconds kept for judging, filming and the report; training takes the rest.
_RESERVE_S = 130.0
_SHORTEST_TRAINING_S = 20.0
_SIZE = EvaluationSize(train_windows=300, test_windows=32, social_windows=6, test_questions=500, probe_rows=800)


def demo(out: Path, minutes: float, *, console: Console | None = None) -> Path:
    """Run everything into ``out`` (emptied first) and return the path of the HTML report.

    Raises:
        ConfigError: when there is too little time, or ``out`` holds something else than an earlier demo.
    """
    console = console or Console()
    started = time.perf_counter()
    _empty(out)
    console.print("1/5  Simulating and recording a savanna ...")
    recordings = out / "episodes"
    record(RecordConfig(out=recordings, episodes=_EPISODES, seconds=_EPISODE_S))
    led = RecordConfig(
        out=recordings,
        episodes=_LED_EPISODES,
        seconds=_EPISODE_S,
        first_seed=_LED_FROM_SEED,
        detours_per_minute=DETOURS_PER_MINUTE,
    )
    record(led)
    console.print("2/5  Training nano ...")
    seconds = minutes * 60 - _RESERVE_S - (time.perf_counter() - started)
    if seconds < _SHORTEST_TRAINING_S:
        raise ConfigError(f"{minutes:g} minutes leave no time for training. Run: eco1 demo --minutes 5")
    learned = FitConfig(episodes=recordings, out=out / "train", seconds=seconds, calibration_batches=_CALIBRATION)
    checkpoint = fit(learned, console=console)
    shutil.copytree(checkpoint, out / "model")
    console.print("3/5  Judging it on worlds it never saw ...")
    evaluation, _ = judge(out / "model", recordings, JudgeConfig(size=_SIZE, closed_loop_s=30.0, seeds=2))
    console.print("4/5  Filming what it does ...")
    film = film_run(out / "savanna.mp4", out / "model", "savanna", _FILM_S, _FILM_SEED, title="A learned savanna")
    console.print("5/5  Writing the report ...")
    took = time.perf_counter() - started
    report = render_report(
        out / "report.html",
        evaluation,
        title="Eco-1 demo",
        training_log=out / "train" / "metrics.jsonl",
        film=film,
        facts={"minutes": f"{took / 60:.1f}", "training": f"{seconds:.0f} s"},
    )
    metrics = _write_metrics(out / "metrics.json", evaluation, took)
    console.print(f"Film:    {film}\nMetrics: {metrics}\nReport:  {report}", soft_wrap=True, highlight=False)
    return report


def _empty(out: Path) -> None:
    if out.exists() and any(out.iterdir()) and not (out / "episodes").exists():
        raise ConfigError(f"{out} holds something else than an earlier demo. Run: eco1 demo --out runs/demo2")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)


def _write_metrics(path: Path, evaluation: dict[str, Any], seconds: float) -> Path:
    table = [
        {"what": m.what, "value": m.value, "baseline": m.baseline, "target": m.target, "met": m.met}
        for m in measures(evaluation)
    ]
    content = {"seconds": round(seconds, 1), "measures": table, "evaluation": evaluation}
    path.write_text(json.dumps(content, indent=2), encoding="utf-8")
    return path
