"""Tasks: what one animal is to manage, who else is there, and which species suits it in each biome."""

from dataclasses import dataclass

import numpy as np

from eco1.catalog.loader import load_biome, load_species
from eco1.catalog.records import Biome
from eco1.core.errors import ConfigError, unknown_name
from eco1.environments import rewards
from eco1.environments.menus import gathers, menu_of
from eco1.sim.fields import F32, I32, trait
from eco1.sim.traits import build_traits

BIOMES = ("savanna", "reef", "canopy", "tundra", "urban")


@dataclass(frozen=True, kw_only=True)
class Task:
    """One thing to manage. ``kin``, ``prey`` and ``hunters`` count who else is there.

    ``hunger`` lies in [0, 1]; ``apart`` is how far hunters begin from prey, in sides of the world. None: as it happens.

    ``species`` names who does it unless told otherwise, by biome.
    """

    name: str
    kind: int
    aim: str
    success: str
    species: dict[str, str]
    seconds: float
    kin: int = 0
    prey: int = 0
    hunters: int = 0
    hunger: float | None = None
    apart: float | None = None


TASKS = {
    task.name: task
    for task in (
        Task(
            name="hunt",
            kind=rewards.HUNT,
            aim="Catch prey and eat it.",
            success="at least one kill",
            species={
                "savanna": "cheetah",
                "reef": "great_barracuda",
                "canopy": "harpy_eagle",
                "tundra": "arctic_fox",
                "urban": "red_fox",
            },
            seconds=120.0,
            prey=3,
            hunger=0.7,
            apart=0.25,
        ),
        Task(
            name="evade",
            kind=rewards.EVADE,
            aim="Stay alive beside hungry hunters.",
            success="alive at the end",
            species={
                "savanna": "thomsons_gazelle",
                "reef": "bullethead_parrotfish",
                "canopy": "howler_monkey",
                "tundra": "collared_lemming",
                "urban": "brown_rat",
            },
            seconds=120.0,
            kin=1,
            hunters=2,
            hunger=0.1,
            apart=0.25,
        ),
        Task(
            name="forage",
            kind=rewards.FORAGE,
            aim="Eat as much as there is time for.",
            success="a tenth of a full gut gained",
            species={
                "savanna": "thomsons_gazelle",
                "reef": "bullethead_parrotfish",
                "canopy": "howler_monkey",
                "tundra": "muskox",
                "urban": "feral_pigeon",
            },
            seconds=60.0,
            kin=2,
            hunger=0.7,
        ),
        Task(
            name="herd",
            kind=rewards.HERD,
            aim="Keep up with the herd, and feed.",
            success="with the herd for four fifths of the time",
            species={
                "savanna": "blue_wildebeest",
                "reef": "bluestripe_snapper",
                "canopy": "spider_monkey",
                "tundra": "caribou",
                "urban": "feral_pigeon",
            },
            seconds=60.0,
            kin=5,
        ),
        Task(
            name="migrate",
            kind=rewards.MIGRATE,
            aim="Get to a place far off without wearing out.",
            success="arrived",
            species={
                "savanna": "plains_zebra",
                "reef": "reef_manta",
                "canopy": "scarlet_macaw",
                "tundra": "caribou",
                "urban": "carrion_crow",
            },
            seconds=120.0,
            kin=2,
        ),
        Task(
            name="patrol",
            kind=rewards.PATROL,
            aim="Mark the border of the territory all around.",
            success="half of the twelve sectors marked",
            species={
                "savanna": "lion",
                "reef": "clownfish",
                "canopy": "ocelot",
                "tundra": "arctic_wolf",
                "urban": "domestic_cat",
            },
            seconds=120.0,
            kin=1,
        ),
    )
}


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Who lives in a world: how many of each of ``names``, and which row the animal is in that everything is about."""

    names: tuple[str, ...]
    counts: I32
    traits: F32
    species: int
    me: int
    menu: tuple[int, ...]


def task_named(name: str) -> Task:
    """Return a task.

    Raises:
        UnknownNameError: when there is no such task.
    """
    if name not in TASKS:
        raise unknown_name("task", name, TASKS)
    return TASKS[name]


def cast_of(task: Task, biome_name: str, species: str | None) -> Cast:
    """Return who lives in the worlds of a task.

    Raises:
        UnknownNameError: no such biome, or the species does not live there.
        ConfigError: the species cannot do this.
    """
    biome = load_biome(biome_name)
    residents = sorted(resident.species for resident in biome.residents)
    hero = species or task.species.get(biome_name, "")
    if hero not in residents:
        raise unknown_name("species", hero, residents, where=biome_name, see="eco1 list species")
    one, fits = load_species(hero), _suited(task, biome)
    if hero not in fits:
        raise ConfigError(
            f"{hero!r} cannot {task.name} in {biome_name}. Allowed there: {', '.join(fits) or 'nobody'}. "
            f"Without species= it is {task.species.get(biome_name)!r}."
        )
    wanted = {hero: 1 + task.kin}
    if task.prey:
        prey = [name for name in residents if name in one.diet.prey]
        wanted[_commonest(biome, prey)] = task.prey
    if task.hunters:
        hunters = [name for name in residents if hero in load_species(name).diet.prey]
        wanted[_worst_threat(hunters)] = task.hunters
    names = tuple(sorted(wanted))
    traits, index = build_traits(names, biome), names.index(hero)
    counts = np.array([wanted[name] for name in names], np.int32)
    return Cast(
        names=names,
        counts=counts,
        traits=traits,
        species=index,
        me=int(counts[:index].sum()),
        menu=menu_of(traits, index),
    )


def _suited(task: Task, biome: Biome) -> list[str]:
    """Return the species of a biome that can do what a task asks for."""
    names = tuple(sorted(resident.species for resident in biome.residents))
    traits = build_traits(names, biome)
    relations = traits[:, trait.RELATION :]
    hunted = (relations == trait.PREY).any(0)
    fit = {
        rewards.HUNT: (relations == trait.PREY).any(1),
        rewards.EVADE: hunted,
        rewards.FORAGE: np.array([gathers(menu_of(traits, row)) for row in range(len(names))]),
        rewards.HERD: traits[:, trait.GROUP] > 1,
        rewards.MIGRATE: np.ones(len(names), bool),
        rewards.PATROL: traits[:, trait.TERRITORIAL] == 1,
    }[task.kind]
    return [name for name, fits in zip(names, fit, strict=True) if fits]


def _commonest(biome: Biome, names: list[str]) -> str:
    return max(names, key=lambda name: {r.species: r.count for r in biome.residents}[name])


def _worst_threat(names: list[str]) -> str:
    """Return the hunter whose chases end in a kill most often, the fast counting more."""
    hunters = {name: load_species(name) for name in names}
    return max(
        names, key=lambda name: float(hunters[name].diet.hunt_success) * float(hunters[name].locomotion.max_speed)
    )
