"""Judging a model: by its recordings, by its senses, by the lives it leads."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from eco1.cli.output import ERR, command, done, print_json, print_table
from eco1.core.errors import ConfigError

if TYPE_CHECKING:
    from eco1.recipes.lives import LifeConfig


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
