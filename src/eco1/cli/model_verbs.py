"""Verbs about models and the installation."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

import tyro

from eco1.cli.output import ERR, USER_ERROR, command, done, print_json, print_table
from eco1.core.errors import ConfigError

Positional = tyro.conf.Positional


def train(
    episodes: Path = Path("runs/savanna"),
    out: Path = Path("runs/model"),
    size: Literal["nano", "small"] = "nano",
    steps: int = 2000,
    batch: int = 4,
    lr: float = 2.5e-3,
    seed: int = 0,
    device: str = "cpu",
    resume: bool = False,
    start_from: Path | None = None,
) -> None:
    """Train a world model on recorded episodes.

    Args:
        episodes: a folder of episodes, or one episode.
        out: folder for checkpoints and metrics.
        size: rung of the size ladder.
        steps: optimiser steps.
        batch: clips in a step.
        lr: highest learning rate, after the warm-up.
        seed: of initialisation and batches.
        device: cpu or cuda.
        resume: go on where a run in the same folder stopped.
        start_from: a checkpoint of another run to learn on from.
    """
    from eco1.recipes.fit import FitConfig, fit

    config = FitConfig(
        episodes=episodes,
        out=out,
        size=size,
        steps=steps,
        batch=batch,
        lr=lr,
        seed=seed,
        device=device,
        resume=resume,
        start_from=start_from,
    )
    checkpoint = fit(config, console=ERR)
    done(command("eval", "--model", checkpoint, "--episodes", episodes), checkpoint)


def eval_(
    model: Path | None = None, episodes: Path = Path("runs/savanna"), fish: bool = False, *, json: bool = False
) -> None:
    """Judge a model against every baseline on episodes it never saw.

    Args:
        model: a checkpoint folder.
        episodes: the folder it was trained from; the held-out seeds (or the last 20 % of one recording) are used.
        fish: train and judge on the two real fish recordings instead; needs no model.
        json: print the report as JSON.
    """
    from eco1.recipes.judge import judge, judge_fish, report_rows

    if fish == (model is not None):
        raise ConfigError(
            "eco1 eval judges either --model CHECKPOINT or --fish. Example: eco1 eval --model runs/model/last"
        )
    report, path = judge_fish(Path("runs/fish"), console=ERR) if model is None else judge(model, episodes)
    if json:
        return print_json(report)
    print_table("held-out episodes", report_rows(report))
    return done("eco1 play" if model is None else command("play", "--model", model), path)


def bench(
    what: Positional[Literal["sim", "brain", "camera"]] = "sim",
    worlds: int = 2048,
    animals: int = 64,
    threads: int = 2,
    repeats: int = 5,
    *,
    json: bool = False,
) -> None:
    """Measure speed: several runs, the median and the best, beside a peer or a bound.

    Args:
        what: sim - built-in animals under the whole rule set; brain - one decision of nano; camera - pictures.
        worlds: side by side (sim).
        animals: rows of a world.
        threads: of the simulator or the camera; the brain is always measured on one.
        repeats: runs (sim, camera).
        json: print JSON.
    """
    from eco1.recipes.bench_brain import bench_brain
    from eco1.recipes.bench_camera import bench_camera
    from eco1.recipes.bench_sim import bench_sim

    if what == "brain":
        result: Any = bench_brain(animals=animals)
    elif what == "camera":
        result = bench_camera(animals=animals, threads=threads, repeats=repeats)
    else:
        result = bench_sim(worlds=worlds, animals=animals, threads=threads, repeats=repeats)
    if json:
        return print_json(result)
    print_table(f"bench {what}", [{"what": key, "measured": str(value)} for key, value in asdict(result).items()])
    return done(f"eco1 bench {what} --json")


def demo(out: Path = Path("runs/demo"), minutes: float = 5.0) -> None:
    """Simulate, record, train, evaluate, film and report, in about five minutes.

    Args:
        out: folder for everything it makes.
        minutes: to aim at; training takes what the rest leaves.
    """
    from eco1.recipes.demo import demo

    done(command("play", "--model", out / "model"), demo(out, minutes))


def doctor(*, json: bool = False) -> None:
    """Look at the installation and say what is missing.

    Args:
        json: print JSON.
    """
    from eco1.recipes.doctor import doctor

    findings = doctor()
    if json:
        print_json(findings)
    else:
        rows = [{"what": f.name, "": "ok" if f.ok else "!", "found": f.detail, "remedy": f.remedy} for f in findings]
        print_table("doctor", rows)
        done("eco1 demo")
    if not all(f.ok for f in findings):
        sys.exit(USER_ERROR)
