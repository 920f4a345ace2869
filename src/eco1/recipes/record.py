"""Simulate worlds and write what happens as episodes."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from rich.progress import track

from eco1 import __version__
from eco1.brains.detours import DetourBrain
from eco1.brains.drive import drive
from eco1.catalog.loader import load_biome
from eco1.core.errors import ConfigError
from eco1.core.records import Action, EpisodeInfo, Observation
from eco1.data.store import EpisodeRecorder
from eco1.sim.ecosystem import Ecosystem, EcosystemState

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

    def __post_init__(self) -> None:
        if self.episodes < 1 or self.worlds < 1 or self.animals < 2:
            raise ConfigError(
                f"A recording needs at least 1 episode, 1 world and 2 animals; got {self.episodes}, "
                f"{self.worlds} and {self.animals}."
            )
        if not self.seconds > 0:
            raise ConfigError(f"A recording lasts longer than 0 s; got {self.seconds:g} s.")
        if not 0 <= self.detours_per_minute <= _MOST_DETOURS:
            raise ConfigError(
                f"Detours per minute lie between 0 and {_MOST_DETOURS:g}; got {self.detours_per_minute:g}."
            )


def record(config: RecordConfig, *, quiet: bool = False) -> list[Path]:
    """Record ``episodes`` x ``worlds`` episodes and return their paths, in order of seed and world.

    Raises:
        UnknownNameError: when there is no such biome.
        EpisodeError: when an episode of the same name is already there, or the disk is full.
    """
    load_biome(config.biome)
    config.out.mkdir(parents=True, exist_ok=True)
    world = Ecosystem(config.biome, worlds=config.worlds, animals=config.animals)
    seeds = range(config.first_seed, config.first_seed + config.episodes)
    paths: list[Path] = []
    for seed in track(seeds, description="recording", disable=quiet, transient=True):
        paths += _record_seed(world, config, seed)
    return paths


def _record_seed(world: Ecosystem, config: RecordConfig, seed: int) -> list[Path]:
    state = world.reset(seed)
    for _ in range(round(config.burn_in_s / world.dt_s)):
        state = world.step(state)
    with ExitStack() as stack:
        landscape = world.landscape(state)
        paths = [config.out / f"{config.biome}-s{seed:05d}-w{index:03d}.zarr" for index in range(config.worlds)]
        recorders = [
            stack.enter_context(EpisodeRecorder(path, _info(world, config, seed, index), landscape))
            for index, path in enumerate(paths)
        ]
        steps = round(config.seconds / world.dt_s)
        for now, seen, action in islice(_moments(world, state, config, seed), steps):
            hidden = world.hidden(now)
            for index, recorder in enumerate(recorders):
                recorder.append(seen[index], hidden[index], None if action is None else action[index])
    return paths


def _moments(
    world: Ecosystem, state: EcosystemState, config: RecordConfig, seed: int
) -> Iterator[tuple[EcosystemState, Observation, Action | None]]:
    """Yield each state with what is seen in it and what animals are told: nothing, or to make a detour."""
    if config.detours_per_minute > 0:
        leader = DetourBrain(per_minute=float(config.detours_per_minute), dt_s=world.dt_s)
        for moment in drive(world, state, leader, seed=seed):
            yield moment.state, moment.observation, moment.action
    while True:
        yield state, world.observe(state), None
        state = world.step(state)


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
            "licence": "Apache-2.0",
        },
    )
