"""Record the worlds of one seed: the unit of work of a recording, done here or by a worker."""

from contextlib import ExitStack
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path

from eco1.core.records import EpisodeInfo
from eco1.data.places import Place
from eco1.data.schema import EPISODE_SUFFIX
from eco1.data.uploads import recorder_at
from eco1.recipes import leading
from eco1.recipes.instruments import Instruments
from eco1.sim.ecosystem import Ecosystem


@dataclass(frozen=True, kw_only=True)
class SeedTask:
    """The missing episodes of one seed, by place, and all that their bytes depend on."""

    seed: int
    missing: tuple[tuple[Place, EpisodeInfo], ...]
    instruments: Instruments
    biome: str
    worlds: int
    animals: int
    burn_in_s: float
    seconds: float
    detours_per_minute: float
    led_by: Path | None
    threads: int


def record_seed(task: SeedTask) -> int:
    """Record the missing worlds of a seed and return how many.

    Raises:
        EpisodeError: when another episode of the same name is there, or the disk is full.
        CheckpointError: when the model that is to lead cannot be read.
        MissingExtraError: when animals are to be led and torch is not installed.
    """
    world = _world(task.biome, task.worlds, task.animals, task.threads)
    leader = leading.leader(task.led_by, task.detours_per_minute)
    state = world.reset(task.seed)
    for _ in range(round(task.burn_in_s / world.dt_s)):
        state = world.step(state)
    landscape = world.landscape(state)
    with ExitStack() as stack:
        recorders = [
            (
                info.world,
                stack.enter_context(recorder_at(place, info, landscape)),
                task.instruments(world, landscape, info),
            )
            for place, info in task.missing
        ]
        for now, seen, action in islice(leader(world, state, task.seed), round(task.seconds / world.dt_s)):
            hidden, sky = world.hidden(now), world.sky(now)
            for index, recorder, watch in recorders:
                told = None if action is None else action[index]
                senses = watch.sense(seen[index], hidden[index], sky)
                recorder.append(seen[index], hidden[index], told, senses)
        for _, recorder, watch in recorders:
            recorder.describe(watch.describe())
    return len(task.missing)


def episode_name(biome: str, seed: int, world: int = 0) -> str:
    """Return the name of the folder that holds one recorded world."""
    return f"{biome}-s{seed:05d}-w{world:03d}{EPISODE_SUFFIX}"


@lru_cache(maxsize=1)
def _world(biome: str, worlds: int, animals: int, threads: int) -> Ecosystem:
    """Return a world; a worker keeps the one it had for the next seed."""
    return Ecosystem(biome, worlds=worlds, animals=animals, threads=threads)
