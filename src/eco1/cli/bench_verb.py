"""The verb that measures speed."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Literal

import tyro

from eco1.cli.output import done, print_json, print_table


def bench(
    what: tyro.conf.Positional[Literal["sim", "brain", "camera", "record", "env", "eco", "experts"]] = "sim",
    biome: str = "savanna",
    worlds: int = 2048,
    animals: int = 64,
    threads: int = 2,
    repeats: int = 5,
    frames: int = 512,
    device: Literal["cpu", "cuda"] = "cpu",
    size: str = "nano",
    senses: tuple[Literal["video", "audio", "points", "motion"], ...] = (),
    *,
    json: bool = False,
) -> None:
    """Measure speed: several runs, the median and the best, beside a peer or a bound.

    Args:
        what: sim - built-in animals under the whole rule set; brain - one decision of nano, or with senses of Eco-1 for
            one animal; camera - pictures; record - writing down ten minutes of every sense; env - environments to train
            in, and what an episode is worth; eco - a training pass of the backbone; experts - a layer of 32b for one
            token, in few bits and from a file.
        biome: which world (sim).
        worlds: side by side (sim, env).
        animals: rows of a world (not env).
        threads: of simulator, camera, environments, backbone and layer; the brain is always measured on one.
        repeats: runs (sim, camera, env, eco, experts).
        frames: small pictures at a time (camera); a GPU wants some thousands.
        device: cpu, or cuda for an NVIDIA GPU (sim, camera).
        size: of Eco-1 that lives by senses (brain).
        senses: to live by (brain); without any the scene model decides for everyone.
        json: print JSON.
    """

    def sim() -> Any:
        from eco1.recipes.bench_sim import bench_sim

        return bench_sim(biome=biome, worlds=worlds, animals=animals, threads=threads, repeats=repeats, device=device)

    def brain() -> Any:
        if senses:
            from eco1.recipes.bench_senses import bench_senses

            return bench_senses(size, senses, animals)
        from eco1.recipes.bench_brain import bench_brain

        return bench_brain(animals=animals)

    def camera() -> Any:
        from eco1.recipes.bench_camera import bench_camera

        return bench_camera(animals=animals, threads=threads, repeats=repeats, frames=frames, device=device)

    def record() -> Any:
        from eco1.recipes.bench_record import bench_record

        return bench_record(animals=animals)

    if what == "env":
        return _bench_env(worlds, threads, repeats, json)
    if what == "eco":
        return _bench_eco(threads, repeats, json)
    if what == "experts":
        return _bench_experts(threads, repeats, json)
    measure: dict[str, Callable[[], Any]] = {"sim": sim, "brain": brain, "camera": camera, "record": record}
    result = measure[what]()
    if json:
        return print_json(result)
    print_table(f"bench {what}", [{"what": key, "measured": str(value)} for key, value in asdict(result).items()])
    return done(f"eco1 bench {what} --json")


def _bench_env(worlds: int, threads: int, repeats: int, json: bool) -> None:
    from eco1.recipes.bench_env import bench_env, speed_rows
    from eco1.recipes.env_references import reference_row

    result = bench_env(worlds=worlds, threads=threads, repeats=repeats)
    if json:
        return print_json(result)
    print_table(
        f"steps a second, {result.animals_per_world} animals a world, {result.threads} threads", speed_rows(result)
    )
    print_table("return of an episode, mean [95 % interval]", [reference_row(one) for one in result.references])
    return done("eco1 bench env --json")


def _bench_eco(threads: int, repeats: int, json: bool) -> None:
    from eco1.recipes.bench_eco import bench_eco, pass_rows

    result = bench_eco(threads=threads, repeats=repeats)
    if json:
        return print_json(result)
    print_table(f"forward and backward, {result.threads} threads; peer: {result.peer}", pass_rows(result))
    return done("eco1 bench eco --json")


def _bench_experts(threads: int, repeats: int, json: bool) -> None:
    from eco1.recipes.bench_experts import bench_experts, expert_rows

    result = bench_experts(threads=threads, repeats=repeats)
    if json:
        return print_json(result)
    print_table(
        f"a layer of {result.size} for one token behind {result.context}, {result.threads} threads; memory is read at "
        f"{result.read_gb_per_s} GB/s",
        expert_rows(result),
    )
    return done("eco1 bench experts --json")
