"""The whole loop in a few minutes: simulate, record, train, judge, film, report."""

import json
import math
import shutil
import time
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from rich.console import Console

from eco1.core.errors import ConfigError
from eco1.core.files import write_result
from eco1.evaluation.evaluate import EvaluationSize
from eco1.recipes.films import film_run
from eco1.recipes.fit import FitConfig, fit
from eco1.recipes.judge import JudgeConfig, judge
from eco1.recipes.record import DETOURS_PER_MINUTE, RecordConfig, episode_name, record
from eco1.studio.report import render_report
from eco1.studio.report_reading import measures

_EPISODES, _LED_EPISODES = 20, 10
_EPISODE_S = 40.0
_LED_FROM_SEED = 10_000
_CALIBRATION = 20
_FILM_S = 12.0
_FILM_SEED = 20_000
_CLOSED_LOOP_S = 30.0
#: Seconds that recording takes, about, and those kept for judging, filming and the report; training takes the rest.
_RECORDING_S, _RESERVE_S = 30.0, 130.0
_SHORTEST_TRAINING_S = 20.0
_LEAST_MINUTES = (_RECORDING_S + _RESERVE_S + _SHORTEST_TRAINING_S) / 60
_SIZE = EvaluationSize(train_windows=300, test_windows=32, social_windows=6, test_questions=500, probe_rows=800)
#: Says that a folder is a demo's; written before anything else.
_MARKER = "eco1-demo.json"
_SEEDS = (*range(_EPISODES), *range(_LED_FROM_SEED, _LED_FROM_SEED + _LED_EPISODES))
#: What a demo writes into its folder: files, and folders with what is in them.
_FILES = ("evaluation.json", "savanna.mp4", "report.html", "metrics.json")
_FOLDERS = {
    "episodes": tuple(episode_name("savanna", seed) + "*" for seed in _SEEDS),
    "train": ("last", "best", "metrics.jsonl*"),
    "model": ("manifest.json*", "weights-*", "optimizer-*", "config-*"),
}


def demo(out: Path, minutes: float, *, console: Console | None = None) -> Path:
    """Run everything into ``out`` and return the path of the HTML report. What an earlier demo wrote there is replaced.

    Raises:
        ConfigError: when there is too little time, or ``out`` holds something else than an earlier demo.
    """
    _require_time(minutes)
    console = console or Console()
    started = time.perf_counter()
    _clear(out)
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
    seconds = max(minutes * 60 - _RESERVE_S - (time.perf_counter() - started), _SHORTEST_TRAINING_S)
    learned = FitConfig(episodes=recordings, out=out / "train", seconds=seconds, calibration_batches=_CALIBRATION)
    checkpoint = fit(learned, console=console)
    shutil.copytree(checkpoint, out / "model")
    console.print("3/5  Judging it on worlds it never saw ...")
    evaluation, _ = judge(out / "model", recordings, JudgeConfig(size=_SIZE, closed_loop_s=_CLOSED_LOOP_S, seeds=2))
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


def _require_time(minutes: float) -> None:
    if not _LEAST_MINUTES <= minutes < math.inf:
        raise ConfigError(
            f"--minutes is {minutes:g}, which leaves no time for training; allowed: {_LEAST_MINUTES:g} or more. "
            "Nothing was changed. Run: eco1 demo --minutes 5"
        )


def _clear(out: Path) -> None:
    """Mark ``out`` as a demo's folder and remove what an earlier demo wrote there, and nothing else."""
    if out.is_dir() and any(out.iterdir()):
        strange = next(iter(_strangers(out)), None) if (out / _MARKER).is_file() else out
        if strange is not None:
            raise ConfigError(
                f"{strange} holds something else than an earlier demo; nothing was deleted. "
                "Run: eco1 demo --out runs/demo2"
            )
    write_result(out / _MARKER, json.dumps({"wrote": [*_FOLDERS, *_FILES]}, indent=2))
    for name in (*_FOLDERS, *_FILES):
        path = out / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _strangers(out: Path) -> list[Path]:
    """Return what lies in a demo's own folders and no demo wrote."""
    return [
        path
        for name, patterns in _FOLDERS.items()
        for path in sorted((out / name).glob("*"))
        if not any(fnmatch(path.name, pattern) for pattern in patterns)
    ]


def _write_metrics(path: Path, evaluation: dict[str, Any], seconds: float) -> Path:
    table = [
        {"what": m.what, "value": m.value, "baseline": m.baseline, "target": m.target, "met": m.met}
        for m in measures(evaluation)
    ]
    content = {"seconds": round(seconds, 1), "measures": table, "evaluation": evaluation}
    return write_result(path, json.dumps(content, indent=2))
