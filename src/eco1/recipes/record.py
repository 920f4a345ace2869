"""Simulate worlds and write what happens as episodes."""

import os
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from eco1 import __version__
from eco1.catalog.loader import load_biome
from eco1.core.errors import ConfigError, EpisodeError, differing
from eco1.core.records import EpisodeInfo
from eco1.data.card import write_card
from eco1.data.finding import is_complete
from eco1.data.places import Place, child
from eco1.data.store import read_manifest
from eco1.data.writers import only_writer
from eco1.recipes import crews, leading
from eco1.recipes.instruments import Instruments, NoInstruments
from eco1.recipes.limits import require_seconds, require_seed
from eco1.recipes.record_seed import SeedTask, episode_name, record_seed
from eco1.sim.ecosystem import Ecosystem

#: Who records when there is more than one worker.
Engine = Literal["processes", "ray"]
#: How often an animal is led astray in recordings made for that.
DETOURS_PER_MINUTE = 15.0
_MOST_DETOURS = 60.0


@dataclass(frozen=True, kw_only=True)
class RecordConfig:
    """What to record. One seed is one landscape; ``worlds`` are told apart by where and who the animals are.

    What is recorded depends neither on ``workers`` nor on ``engine`` nor on ``threads`` (of each worker; None shares
    out the cores).
    """

    out: Place
    biome: str = "savanna"
    episodes: int = 8
    seconds: float = 60.0
    first_seed: int = 0
    worlds: int = 1
    animals: int = 64
    burn_in_s: float = 20.0  # lets herds form and every animal settle into a bout of behaviour
    detours_per_minute: float = 0.0  # how often each animal is led astray, to show how it finds back
    led_by: Path | None = None  # a checkpoint that leads the animals, to show what they do where it gets to
    workers: int = 1
    engine: Engine = "processes"
    threads: int | None = None

    def __post_init__(self) -> None:
        if self.episodes < 1 or self.worlds < 1 or self.animals < 2:
            raise ConfigError(
                f"A recording needs at least 1 episode, 1 world and 2 animals; got {self.episodes}, "
                f"{self.worlds} and {self.animals}."
            )
        if self.workers < 1 or (self.threads is not None and self.threads < 1):
            raise ConfigError(f"--workers is {self.workers}; allowed: 1 or more, at best as many as there are cores.")
        require_seconds(self.seconds)
        require_seed(self.first_seed, "--first-seed")
        if not 0 <= self.detours_per_minute <= _MOST_DETOURS:
            raise ConfigError(
                f"Detours per minute lie between 0 and {_MOST_DETOURS:g}; got {self.detours_per_minute:g}."
            )
        if self.led_by is not None and self.detours_per_minute > 0:
            raise ConfigError("Animals are led by a model or led astray, not both: leave out one of the two.")


def record(config: RecordConfig, instruments: Instruments | None = None, *, quiet: bool = False) -> list[Place]:
    """Record ``episodes`` x ``worlds`` episodes and return their places, in order of seed and world.

    Those that are there already, of a recording that was interrupted, are kept as they are. The data card beside them
    is brought up to date. With several workers a script needs the usual ``if __name__ == "__main__":``.

    Args:
        config: what to record and where.
        instruments: what watches the animals; None records them alone.
        quiet: without a progress bar.

    Raises:
        UnknownNameError: when there is no such biome.
        EpisodeError: when another episode of the same name is there, another process records there, or the disk is
            full.
        CheckpointError: when the model that is to lead cannot be read.
        MissingExtraError: when animals are to be led and torch is not installed, or Ray is asked for and is not.
        Eco1Error: when workers are killed again and again.
    """
    load_biome(config.biome)
    leading.leader(config.led_by, config.detours_per_minute)  # a model that cannot be read is found before all else
    watching = instruments or NoInstruments()
    world = Ecosystem(config.biome, worlds=config.worlds, animals=config.animals, threads=1)
    seeds = range(config.first_seed, config.first_seed + config.episodes)
    infos = [_info(world, config, watching, seed, index) for seed in seeds for index in range(config.worlds)]
    wanted = {_place(config, info): info for info in infos}
    with only_writer(config.out):
        steps = round(config.seconds / world.dt_s)
        missing = {place: info for place, info in wanted.items() if not _is_there(place, info, config, steps)}
        if len(missing) < len(wanted) and not quiet:
            Console().print(f"{len(wanted) - len(missing)} of {len(wanted)} episodes were there already and are kept.")
        _record_all(_tasks(config, watching, missing), config, quiet)
        write_card(config.out)
    return list(wanted)


def _record_all(tasks: list[SeedTask], config: RecordConfig, quiet: bool) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TimeRemainingColumn(), disable=quiet or not tasks, transient=True) as progress:
        bar = progress.add_task("recording", total=sum(len(task.missing) for task in tasks))
        for count in _crew(config)(record_seed, tasks):
            progress.advance(bar, count)


def _crew(config: RecordConfig) -> Any:
    if config.engine == "ray":
        return partial(crews.on_ray, workers=config.workers)
    return crews.alone if config.workers == 1 else partial(crews.processes, workers=config.workers)


def _tasks(config: RecordConfig, instruments: Instruments, missing: dict[Place, EpisodeInfo]) -> list[SeedTask]:
    return [
        SeedTask(
            seed=seed,
            missing=tuple((place, info) for place, info in missing.items() if info.seed == seed),
            instruments=instruments,
            biome=config.biome,
            worlds=config.worlds,
            animals=config.animals,
            burn_in_s=config.burn_in_s,
            seconds=config.seconds,
            detours_per_minute=config.detours_per_minute,
            led_by=config.led_by,
            threads=config.threads or max(1, (os.cpu_count() or 1) // config.workers),
        )
        for seed in sorted({info.seed for info in missing.values()})
    ]


def _place(config: RecordConfig, info: EpisodeInfo) -> Place:
    return child(config.out, episode_name(info.biome, info.seed, info.world))


def _is_there(place: Place, info: EpisodeInfo, config: RecordConfig, steps: int) -> bool:
    if not is_complete(place):
        return False
    stored = read_manifest(place)
    found, wanted = _facts(stored.info, stored.frames, stored.animals), _facts(info, steps, config.animals)
    changed = [f"{key} is {found.get(key)!r}, wanted {wanted.get(key)!r}" for key in differing(found, wanted)]
    if changed:
        raise EpisodeError(
            f"{place} exists already and is another recording: {'; '.join(changed)}. It was left as it is. "
            "Record elsewhere, or other seeds: eco1 record --out OTHER, eco1 record --first-seed 10000"
        )
    return True


def _facts(info: EpisodeInfo, frames: int, rows: int) -> dict[str, Any]:
    return {**asdict(info), **info.provenance, "provenance": None, "frames": frames, "animals": rows}


def _info(world: Ecosystem, config: RecordConfig, instruments: Instruments, seed: int, index: int) -> EpisodeInfo:
    return EpisodeInfo(
        biome=config.biome,
        seed=seed,
        world=index,
        dt_s=world.dt_s,
        species_names=world.species_names,
        behavior_names=world.behavior_names,
        provenance={
            "source": "simulation",
            "generator": f"eco1 {__version__}",
            "animals": str(config.animals),
            "burn_in_s": f"{config.burn_in_s:g}",
            "detours_per_minute": f"{config.detours_per_minute:g}",
            **_leading_facts(config),
            **instruments.facts,
            "licence": "Apache-2.0",
        },
    )


def _leading_facts(config: RecordConfig) -> dict[str, str]:
    """Return what a led recording depends on beyond its seed: whoever leads throws dice for all worlds at once."""
    if config.led_by is None and config.detours_per_minute == 0:
        return {}
    return {"worlds": str(config.worlds), **({} if config.led_by is None else {"led_by": str(config.led_by)})}
