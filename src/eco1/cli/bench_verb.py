"""The verb that measures speed."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Literal

import tyro

from eco1.cli.output import done, print_json, print_table


def bench(
    what: tyro.conf.Positional[Literal["sim", "brain", "record"]] = "sim",
    biome: str = "savanna",
    worlds: int = 2048,
    animals: int = 64,
    threads: int = 2,
    repeats: int = 5,
    *,
    json: bool = False,
) -> None:
    """Measure speed: several runs, the median and the best, beside a peer or a bound.

    Args:
        what: sim - built-in animals under the whole rule set; brain - one decision of nano; record - writing down ten
            minutes of every sense.
        biome: which world (sim).
        worlds: side by side (sim).
        animals: rows of a world.
        threads: of the simulator (sim); the brain is always measured on one.
        repeats: runs (sim).
        json: print JSON.
    """

    def sim() -> Any:
        from eco1.recipes.bench_sim import bench_sim

        return bench_sim(biome=biome, worlds=worlds, animals=animals, threads=threads, repeats=repeats)

    def brain() -> Any:
        from eco1.recipes.bench_brain import bench_brain

        return bench_brain(animals=animals)

    def record() -> Any:
        from eco1.recipes.bench_record import bench_record

        return bench_record(animals=animals)

    measure: dict[str, Callable[[], Any]] = {"sim": sim, "brain": brain, "record": record}
    result = measure[what]()
    if json:
        return print_json(result)
    print_table(f"bench {what}", [{"what": key, "measured": str(value)} for key, value in asdict(result).items()])
    return done(f"eco1 bench {what} --json")
