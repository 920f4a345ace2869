"""The verb that trains, whatever the model."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from eco1.cli.output import ERR, command, done
from eco1.core.errors import ConfigError, unknown_name

if TYPE_CHECKING:
    from eco1.recipes.fit import FitConfig


def train(
    episodes: Path = Path("runs/savanna"),
    out: Path = Path("runs/model"),
    model: Literal[
        "scene", "i-jepa", "v-jepa", "a-jepa", "point-jepa", "3d-jepa", "mc-jepa", "v-jepa-ac", "eco1"
    ] = "scene",
    size: str = "nano",
    steps: int = 2000,
    batch: int | None = None,
    lr: float | None = None,
    seed: int = 0,
    device: str = "cpu",
    resume: bool = False,
    start_from: Path | None = None,
    accumulation: int | None = None,
    recompute: bool = False,
    spike: float | None = None,
    workers: int | None = None,
    tensorboard: bool = False,
    online: str | None = None,
    shard: bool = False,
    experts_over: int = 1,
    tensor_over: int = 1,
    words: Path | None = None,
    objectives: tuple[str, ...] = (),
    settings: tuple[str, ...] = (),
    strides: tuple[int, ...] = (1,),
) -> None:
    """Train a world model on recorded episodes; on many GPUs: torchrun -m eco1 train, see docs/training.md.

    Args:
        episodes: a folder of episodes, or one episode.
        out: folder for checkpoints and metrics.
        model: scene (animals in their own frame, quick), a joint-embedding model of one recorded sense, or eco1 of all.
        size: of the scene model nano or small, of eco1 a rung of the ladder (eco1 list models).
        steps: optimiser steps.
        batch: clips in a step (default: 4 of a scene, 64 of a sense, 24 of eco1, 64 of alignment alone).
        lr: highest learning rate, after the warm-up (default: 2.5e-3 for scenes, 1e-3 for a sense, 3e-3 for eco1).
        seed: of initialisation and batches.
        device: cpu or cuda.
        resume: go on where a run in the same folder stopped.
        start_from: a checkpoint of another run to learn on from; for v-jepa-ac, of what sees for it (i-jepa, v-jepa).
        accumulation: parts in which a batch is read and learned from, to save memory (default: one for each rank).
        recompute: compute the inside of blocks once more for the gradient, to save memory.
        spike: skip batches whose loss or gradient lies so many deviations above the last ones (10 is cautious).
        workers: processes of each rank that read clips ahead (default: 1 for eco1, else none).
        tensorboard: mirror all numbers in OUT/tensorboard.
        online: a biome whose world lives while the model learns from it; the episodes, of the same biome, only judge.
        shard: each rank keeps its share of the weights only.
        experts_over: ranks among which the experts of a layer are dealt.
        tensor_over: ranks that divide the heads of attention and the hidden units among them.
        words: for eco1, further recordings of animals and text alone (eco1 record --senses text).
        objectives: for eco1, what counts, of zjepa, language, behavior and alignment (default: all). Alignment alone
            lets senses first find each other; start another run from it, by itself again or with all.
        strides: for models of a sense, of which each clip draws one: 2 takes every other frame.
        settings: of the model's config, as NAME=VALUE, for all but scene: targets=sigreg patch=8.
    """
    from eco1.training.parallel.config import ParallelConfig
    from eco1.training.parallel.team import is_first_process

    workers = (1 if model == "eco1" else 0) if workers is None else workers
    team = ParallelConfig(shard=shard, experts=experts_over, tensor=tensor_over)
    shared: dict[str, Any] = {
        "steps": steps,
        "seed": seed,
        "device": device,
        "resume": resume,
        "accumulation": accumulation,
        "recompute": recompute,
        "spike": spike,
        "tensorboard": tensorboard,
        "team": team,
    }
    if model == "scene" and settings:
        raise ConfigError("--settings are for models of senses; of --model scene, choose the --size.")
    if model != "eco1" and objectives:
        raise ConfigError(f"--objectives are for --model eco1; {model} has its own.")
    if model == "scene":
        checkpoint = _train_scene(
            online, {"episodes": episodes, "out": out, "size": size, "start_from": start_from, "workers": workers},
            {**shared, "batch": 4 if batch is None else batch, "lr": 2.5e-3 if lr is None else lr},
        )  # fmt: skip
        following = command("eval", "--model", checkpoint, "--episodes", episodes)
    elif online is not None or (model != "eco1" and (start_from is None) == (model == "v-jepa-ac")):
        raise ConfigError(
            "--online is for --model scene, --start-from for scene, eco1 and v-jepa-ac, which needs it; this is "
            f"{model}. Example: eco1 train --model v-jepa-ac --start-from runs/v-jepa/last --episodes runs/senses"
        )
    else:
        usual_batch, usual_lr = _usual(model, objectives, start_from)
        shared["without"] = left_out(objectives) if objectives else ()
        shared |= {"batch": usual_batch if batch is None else batch, "lr": usual_lr if lr is None else lr}
        own = {"episodes": episodes, "out": out, "model": settings_of(settings), "workers": workers}
        of_all = {"words": words, "size": size, "start_from": start_from}
        of_one = {"strides": strides, "encoder": start_from}
        checkpoint = _train_senses(model, of_all, of_one, own, shared)
        verb = "eval" if model in ("eco1", "v-jepa-ac") else "probe"
        following = command(verb, "--model", checkpoint, "--episodes", episodes)
    if is_first_process():
        done(following, checkpoint)


def _usual(model: str, objectives: tuple[str, ...], start_from: Path | None) -> tuple[int, float]:
    """Return the batch and the learning rate of a model of senses."""
    if set(objectives) == {"alignment"}:  # more clips to tell apart; and at 2e-3 who was aligned before forgets it
        return 64, 2e-3 if start_from is None else 1e-3
    return {"eco1": (24, 3e-3), "v-jepa-ac": (32, 1e-3)}.get(model, (64, 1e-3))


def left_out(objectives: tuple[str, ...]) -> tuple[str, ...]:
    """Return the terms of Eco-1 that are not to count; experts are balanced for whoever reads."""
    from eco1.models.multimodal.model import TERM_WEIGHTS

    known = [name for name in TERM_WEIGHTS if name != "balance"]
    for name in objectives:
        if name not in known:
            raise unknown_name("objective", name, known)
    kept = objectives if set(objectives) == {"alignment"} else (*objectives, "balance")
    return tuple(name for name in TERM_WEIGHTS if name not in kept)


def _train_scene(online: str | None, own: dict[str, Any], shared: dict[str, Any]) -> Path:
    from eco1.recipes.fit import FitConfig, fit

    if own["size"] not in ("nano", "small"):
        raise unknown_name("size of scene models", own["size"], ("nano", "small"))
    config = FitConfig(**own, **shared)
    return fit(config, console=ERR) if online is None else _learn_online(config, online)


def _train_senses(
    model: str, of_all: dict[str, Any], of_one: dict[str, Any], own: dict[str, Any], shared: dict[str, Any]
) -> Path:
    from eco1.recipes.running import RunOptions

    options = RunOptions(**shared)
    if model == "eco1":
        from eco1.recipes.multimodal_fit import MultimodalFitConfig, fit_multimodal

        return fit_multimodal(MultimodalFitConfig(**own, **of_all, options=options), console=ERR)
    encoder = of_one.pop("encoder")
    if encoder is not None:
        from eco1.recipes.acting import ActingFitConfig, fit_acting

        return fit_acting(ActingFitConfig(**own, encoder=encoder, options=options), console=ERR)
    from eco1.recipes.sense_fit import SenseFitConfig, fit_sense

    return fit_sense(SenseFitConfig(**own, **of_one, kind=model, options=options), console=ERR)


def _learn_online(config: "FitConfig", biome: str) -> Path:
    from eco1.recipes.online import OnlineConfig, learn_online

    return learn_online(OnlineConfig(fit=config, biome=biome), console=ERR)


def settings_of(pairs: tuple[str, ...]) -> dict[str, Any]:
    """Return settings written as NAME=VALUE; a value is JSON, or else a word.

    Raises:
        ConfigError: when one is not of that form.
    """
    found: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise ConfigError(f"A setting is written NAME=VALUE; got {pair!r}. Example: --settings targets=sigreg")
        try:
            found[name] = json.loads(value)
        except json.JSONDecodeError:
            found[name] = value
    return found
