"""Simulate worlds and write what happens as episodes."""

from contextlib import ExitStack
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

from eco1 import __version__
from eco1.catalog.loader import load_biome
from eco1.core.errors import ConfigError, EpisodeError, differing
from eco1.core.records import EpisodeInfo
from eco1.data.schema import EPISODE_SUFFIX
from eco1.data.store import EpisodeRecorder, read_manifest
from eco1.recipes import leading
from eco1.recipes.limits import require_seconds, require_seed
from eco1.sim.ecosystem import Ecosystem

#: How often an animal is led astray in recordings made for that.
DETOURS_PER_MINUTE = 15.0
_MOST_DETOURS = 60.0


@dataclass(frozen=True, kw_only=True)
class RecordConfig:
    """What to record. One seed is one landscape; ``worlds`` are told apart by where and who the animals are."""

    out: Path
    biome: str = "savanna"
    episodes: int = 8
    seconds: float = 60.0
    first_seed: int = 0
    worlds: int = 1
    animals: int = 64
    burn_in_s: float = 20.0  # lets herds form and every animal settle into a bout of behaviour
    detours_per_minute: float = 0.0  # how often each animal is led astray, to show how it finds back
    led_by: Path | None = None  # a checkpoint that leads the animals, to show what they do where it gets to

    def __post_init__(self) -> None:
        if self.episodes < 1 or self.worlds < 1 or self.animals < 2:
            raise ConfigError(
                f"A recording needs at least 1 episode, 1 world and 2 animals; got {self.episodes}, "
                f"{self.worlds} and {self.animals}."
            )
        require_seconds(self.seconds)
        require_seed(self.first_seed, "--first-seed")
        if not 0 <= self.detours_per_minute <= _MOST_DETOURS:
            raise ConfigError(
                f"Detours per minute lie between 0 and {_MOST_DETOURS:g}; got {self.detours_per_minute:g}."
            )
        if self.led_by is not None and self.detours_per_minute > 0:
            raise ConfigError("Animals are led by a model or led astray, not both: leave out one of the two.")


def record(config: RecordConfig, *, quiet: bool = False) -> list[Path]:
    """Record ``episodes`` x ``worlds`` episodes and return their paths, in order of seed and world.

    Those that are there already, of a recording that was interrupted, are kept as they are.

    Raises:
        UnknownNameError: when there is no such biome.
        EpisodeError: when another episode of the same name is there, or the disk is full.
        CheckpointError: when the model that is to lead cannot be read.
        MissingExtraError: when animals are to be led and torch is not installed.
    """
    load_biome(config.biome)
    leader = _leader(config)
    world = Ecosystem(config.biome, worlds=config.worlds, animals=config.animals)
    seeds = range(config.first_seed, config.first_seed + config.episodes)
    wanted = [_info(world, config, seed, index) for seed in seeds for index in range(config.worlds)]
    missing = [info for info in wanted if not _is_there(_path(config, info), info, config, _steps(config, world))]
    if len(missing) < len(wanted) and not quiet:
        Console().print(f"{len(wanted) - len(missing)} of {len(wanted)} episodes were there already and are kept.")
    for seed in track(sorted({info.seed for info in missing}), "recording", disable=quiet, transient=True):
        _record_seed(world, leader, config, seed, [info for info in missing if info.seed == seed])
    return [_path(config, info) for info in wanted]


def episode_name(biome: str, seed: int, world: int = 0) -> str:
    """Return the name of the folder that holds one recorded world."""
    return f"{biome}-s{seed:05d}-w{world:03d}{EPISODE_SUFFIX}"


def _path(config: RecordConfig, info: EpisodeInfo) -> Path:
    return config.out / episode_name(info.biome, info.seed, info.world)


def _steps(config: RecordConfig, world: Ecosystem) -> int:
    return round(config.seconds / world.dt_s)


def _is_there(path: Path, info: EpisodeInfo, config: RecordConfig, steps: int) -> bool:
    if not path.exists():
        return False
    stored = read_manifest(path)
    found, wanted = _facts(stored.info, stored.frames, stored.animals), _facts(info, steps, config.animals)
    changed = [f"{key} is {found.get(key)!r}, wanted {wanted.get(key)!r}" for key in differing(found, wanted)]
    if changed:
        raise EpisodeError(
            f"{path} exists already and is another recording: {'; '.join(changed)}. It was left as it is. "
            "Record elsewhere, or other seeds: eco1 record --out OTHER, eco1 record --first-seed 10000"
        )
    return True


def _facts(info: EpisodeInfo, frames: int, rows: int) -> dict[str, Any]:
    return {**asdict(info), **info.provenance, "provenance": None, "frames": frames, "animals": rows}


def _record_seed(
    world: Ecosystem, leader: leading.Leader, config: RecordConfig, seed: int, missing: list[EpisodeInfo]
) -> None:
    state = world.reset(seed)
    for _ in range(round(config.burn_in_s / world.dt_s)):
        state = world.step(state)
    with ExitStack() as stack:
        landscape = world.landscape(state)
        recorders = {
            info.world: stack.enter_context(EpisodeRecorder(_path(config, info), info, landscape)) for info in missing
        }
        for now, seen, action in islice(leader(world, state, seed), _steps(config, world)):
            hidden = world.hidden(now)
            for index, recorder in recorders.items():
                recorder.append(seen[index], hidden[index], None if action is None else action[index])


def _leader(config: RecordConfig) -> leading.Leader:
    if config.led_by is not None:
        return leading.model(config.led_by)
    return leading.detours(config.detours_per_minute) if config.detours_per_minute > 0 else leading.nobody


def _info(world: Ecosystem, config: RecordConfig, seed: int, index: int) -> EpisodeInfo:
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
            "licence": "Apache-2.0",
        },
    )


def _leading_facts(config: RecordConfig) -> dict[str, str]:
    """Return what a led recording depends on beyond its seed: whoever leads throws dice for all worlds at once."""
    if config.led_by is None and config.detours_per_minute == 0:
        return {}
    return {"worlds": str(config.worlds), **({} if config.led_by is None else {"led_by": str(config.led_by)})}
