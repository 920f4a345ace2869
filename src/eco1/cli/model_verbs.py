"""Whole experiments, the demonstration and a look at the installation."""

import sys
from json import loads
from pathlib import Path

from eco1.cli.output import ERR, USER_ERROR, command, done, print_json, print_table
from eco1.recipes.kinds import UNSEEN


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
