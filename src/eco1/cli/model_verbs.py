"""Verbs about models and the installation."""

import sys
from json import loads
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import tyro

from eco1.cli.output import ERR, USER_ERROR, command, done, print_json, print_table
from eco1.core.errors import ConfigError
from eco1.recipes.kinds import UNSEEN

if TYPE_CHECKING:
    from eco1.recipes.lives import LifeConfig

Positional = tyro.conf.Positional


def eval_(
    model: Path | None = None,
    episodes: Path = Path("runs/savanna"),
    fish: bool = False,
    senses: tuple[Literal["video", "audio", "points", "motion"], ...] = (),
    biome: str | None = None,
    lives: int = 8,
    *,
    json: bool = False,
) -> None:
    """Judge a model against every baseline on episodes it never saw.

    Args:
        model: a checkpoint folder.
        episodes: the folder it was trained from; the held-out seeds (or the last 20 % of one recording) are used.
        fish: train and judge on the two real fish recordings instead; needs no model.
        senses: let Eco-1 live in single animals by each of these and by all of them, and compare those lives instead.
        biome: where to live by senses, that of the first episode when not given.
        lives: how many animals to live in by each choice of senses, 60 s each.
        json: print the report as JSON.
    """
    from eco1.recipes.judge import judge, judge_fish, report_rows
    from eco1.training.checkpoint import kind_at

    if fish == (model is not None) or (fish and senses):
        raise ConfigError(
            "eco1 eval judges either --model CHECKPOINT, which may live by --senses, or --fish. "
            "Example: eco1 eval --model runs/model/last"
        )
    if senses and model is not None:
        from eco1.recipes.lives import LifeConfig

        return _judge_lives(model, episodes, LifeConfig(senses=senses, biome=biome, seeds=lives), json)
    if model is not None and kind_at(model) == "multimodal":
        return _eval_senses(model, episodes, json=json)
    if model is not None and kind_at(model) == "vjepa2_ac":
        return _eval_acting(model, episodes, json=json)
    report, path = judge_fish(Path("runs/fish"), console=ERR) if model is None else judge(model, episodes)
    if json:
        return print_json(report)
    print_table("held-out episodes", report_rows(report))
    return done("eco1 play" if model is None else command("play", "--model", model), path)


def _eval_senses(model: Path, episodes: Path, *, json: bool) -> None:
    from eco1.recipes.multimodal_eval import evaluate_multimodal, report_rows

    report, path = evaluate_multimodal(model, episodes)
    if json:
        return print_json(report)
    print_table("held-out recordings", report_rows(report))
    return done(command("retrieve", episodes, "A lion sleeps.", "--model", model), path)


def _eval_acting(model: Path, episodes: Path, *, json: bool) -> None:
    from eco1.recipes.acting_judge import judge_acting, load_acting, report_rows

    made = load_acting(model)
    found, path = judge_acting(made, model, episodes)
    if json:
        return print_json(found)
    rows = report_rows(found, made.config.dt_s)
    print_table("L1 distance of foreseen latents, as a share of no change", rows)
    return done(command("train", "--help"), path)


def _judge_lives(model: Path, episodes: Path, config: "LifeConfig", json: bool) -> None:
    from eco1.recipes.sensed_life import life_rows, rival_rows, sensed_life

    report, path = sensed_life(model, episodes, config, console=ERR)
    if json:
        return print_json(report)
    lived = f"{report.lives} lives of {report.seconds:g} s in the {report.biome}"
    print_table(f"{lived}: distance from {report.compared} lives left alone, 0 is none", life_rows(report))
    print_table("nearer than the model of motion alone (95 % intervals over lives)", rival_rows(report))
    return done(command("bench", "brain", "--senses", *config.senses), path)


def transfer(
    episodes: Path = Path("runs/everywhere"),
    out: Path = Path("runs/transfer"),
    unseen: tuple[str, ...] = UNSEEN,
    steps: int = 4000,
    further_steps: int = 100,
    seed: int = 0,
    resume: bool = False,
    *,
    json: bool = False,
) -> None:
    """Train without some species, then see what the model makes of them at once and after a few steps.

    Args:
        episodes: a folder of recordings, of one or several biomes.
        out: folder for both models and the result.
        unseen: species to learn without.
        steps: optimiser steps without them.
        further_steps: optimiser steps among all.
        seed: of initialisation and batches.
        resume: go on with an experiment that was stopped.
        json: print JSON.
    """
    from eco1.recipes.transfer import TransferConfig, transfer

    report = transfer(
        TransferConfig(
            episodes=episodes,
            out=out,
            unseen=unseen,
            steps=steps,
            further_steps=further_steps,
            seed=seed,
            resume=resume,
        ),
        console=ERR,
    )
    if json:
        return print_json(loads(report.to_json()))
    rows = [
        {"species": name, "unseen": "yes" if name in unseen else "", "at once": value, "adapted": adapted}
        for (name, value), adapted in zip(
            report.zero_shot.by_species.items(), report.adapted.by_species.values(), strict=True
        )
    ]
    print_table(
        f"ADE below constant velocity; unseen reach {report.zero_shot.share:.0%} of the others at once, "
        f"{report.adapted.share:.0%} after {further_steps} steps",
        rows,
    )
    return done("eco1 eval --help", out / "transfer.json")


def ppo(
    task: str = "forage",
    biome: str = "savanna",
    out: Path = Path("runs/ppo"),
    steps: int = 600_000,
    envs: int = 128,
    seed: int = 0,
) -> None:
    """Train PPO of Stable-Baselines3 on a task and draw its learning curve beside the built-in animal.

    Args:
        task: hunt, evade, forage, herd, migrate or patrol.
        biome: which world.
        out: folder for the curve (PNG and CSV) and the policy.
        steps: of the environment, half a simulated second each.
        envs: worlds side by side.
        seed: of network, worlds and dice.
    """
    from eco1.recipes.ppo import PpoConfig, ppo_rows, train_ppo

    config = PpoConfig(task=task.lower(), biome=biome, out=out, steps=steps, envs=envs, seed=seed)
    result = train_ppo(
        config, lambda p: ERR.print(f"{p.steps:>9,} steps: return {p.mean:.2f} [{p.low:.2f}, {p.high:.2f}]")
    )
    print_table(f"{config.task}, {biome}, seed {seed}", ppo_rows(result))
    return done("eco1 bench env", f"{result.png}, {result.csv}, {result.policy}")


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
