"""What the shipped catalog says is complete, sourced and biologically sane."""

import json
import math
import re
from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from eco1.catalog.listing import behavior_table, biome_table, species_table
from eco1.catalog.loader import (
    actor_names,
    biome_names,
    inhabitant_names,
    load_biome,
    load_ethogram,
    load_species,
    species_names,
)
from eco1.catalog.records import FAMILIES, Quantity, Species

SAVANNA = {
    "lion",
    "spotted_hyena",
    "cheetah",
    "african_wild_dog",
    "plains_zebra",
    "blue_wildebeest",
    "thomsons_gazelle",
    "african_elephant",
    "giraffe",
    "ostrich",
    "white_backed_vulture",
    "meerkat",
}
SPECIES_PER_BIOME = {"canopy": 10, "reef": 10, "savanna": 12, "tundra": 9, "urban": 9}
SECTIONS = ("body", "locomotion", "senses", "diet", "sociality", "activity", "life")


def quantities(record: Any) -> dict[str, Quantity]:
    return {f.name: v for f in fields(record) if isinstance(v := getattr(record, f.name), Quantity)}


def all_quantities() -> dict[str, Quantity]:
    found = {f"{biome}.{key}": q for biome in biome_names() for key, q in quantities(load_biome(biome)).items()}
    for biome in map(load_biome, biome_names()):
        for feature in filter(None, (biome.sea, biome.canopy, biome.ice, biome.city)):
            found |= {f"{biome.name}.{type(feature).__name__}.{key}": q for key, q in quantities(feature).items()}
    for name in inhabitant_names():
        if (voice := load_species(name).voice) is not None:
            found |= {f"{name}.voice.{key}": q for key, q in quantities(voice).items()}
        for section in SECTIONS:
            rows = quantities(getattr(load_species(name), section))
            found |= {f"{name}.{section}.{key}": q for key, q in rows.items()}
    return found


#: Body plans whose heat comes from around them.
COLD_BLOODED = {
    *("shark", "fish", "barracuda", "eel", "octopus", "ray", "turtle", "snake", "ant", "butterfly", "bee"),
}
#: a, b, h and i of v = a M^b (1 - exp(-h M^i)), km/h and kg: Hirt et al. 2017, doi:10.1038/s41559-017-0241-4.
HIRT = {"walk": (25.5, 0.26, 22.0, -0.6), "fly": (142.8, 0.24, 2.4, -0.72), "swim": (11.2, 0.36, 19.5, -0.56)}


def hirt_speed_mps(mass_kg: float, mode: str = "walk") -> float:
    """Top speed of running, flying or swimming from mass; parameters of the paper's Supplementary Table 4."""
    a, b, h, i = HIRT[mode]
    return a * mass_kg**b * (1 - math.exp(-h * mass_kg**i)) / 3.6


def test_fifty_species_live_in_five_biomes() -> None:
    homes = {name: {resident.species for resident in load_biome(name).residents} for name in biome_names()}
    assert {name: len(living - set(actor_names())) for name, living in homes.items()} == SPECIES_PER_BIOME
    assert set().union(*homes.values()) == set(inhabitant_names())
    assert len(species_names()) == 50
    assert actor_names() == ("person",)


def test_the_savanna_species_are_all_there_in_a_fixed_order() -> None:
    assert set(species_names()) >= SAVANNA
    assert list(species_names()) == sorted(species_names())
    assert "savanna" in biome_names()


@pytest.mark.parametrize("name", species_names())
def test_every_species_loads_under_its_own_name(name: str) -> None:
    species = load_species(name)
    assert species.name == name
    assert len([q for section in SECTIONS for q in quantities(getattr(species, section))]) == 36


def test_loading_twice_returns_the_same_object() -> None:
    assert load_species("lion") is load_species("lion")


def test_every_number_has_a_unit_a_range_and_a_source() -> None:
    found = all_quantities()
    assert len(found) >= 50 * 36 + 16
    for where, quantity in found.items():
        assert quantity.low <= quantity.value <= quantity.high, where
        assert quantity.unit, where
        estimate = re.match(r"estimate: \S", quantity.source)
        assert estimate or re.search(r"\b(18|19|20)\d\d\b", quantity.source), f"{where}: {quantity.source}"


def test_numbers_arrive_in_si() -> None:
    cheetah = load_species("cheetah")
    assert cheetah.locomotion.max_speed.value == pytest.approx(25.9)
    assert cheetah.life.gestation.value == pytest.approx(92.2 * 86_400)
    assert cheetah.senses.field_of_view.value == pytest.approx(math.radians(210))
    assert load_biome("savanna").temperature_mean.value == pytest.approx(273.15 + 22)


def test_prey_know_their_hunters_and_flee_them() -> None:
    for name in species_names():
        for prey in load_species(name).diet.prey:
            assert name in load_species(prey).diet.threats, f"{prey} does not fear {name}"
            assert load_species(prey).diet.flight_distance.value > 0


def test_threats_are_hunters_or_rivals_for_meat() -> None:
    meat = {"flesh", "carrion"}
    for name in species_names():
        species = load_species(name)
        for threat in species.diet.threats:
            other = load_species(threat)
            if threat in actor_names():
                continue
            assert meat & set(other.diet.eats)
            assert other.body.mass.value > 0.4 * species.body.mass.value or name in other.diet.prey


def fastest_mode(species: Species) -> str | None:
    """Return the way of moving that its top speed belongs to.

    None for climbers, and for those that row or jet: the swimmers of the law are mostly fish and whales.
    """
    modes = species.locomotion.modes
    if species.body.plan in ("octopus", "turtle"):
        return None
    if "fly" in modes:
        return "fly"
    if modes[0] == "swim":
        return "swim"
    return "walk" if modes[0] == "walk" and "climb" not in modes else None


def movers() -> list[Species]:
    return [s for s in map(load_species, species_names()) if fastest_mode(s) is not None]


@pytest.mark.parametrize("species", movers(), ids=lambda s: s.name)
def test_top_speed_agrees_with_allometry(species: Species) -> None:
    ratio = species.locomotion.max_speed.value / hirt_speed_mps(species.body.mass.value, str(fastest_mode(species)))
    assert 1 / 3.0 < ratio < 3.0


WARM = [s for s in map(load_species, species_names()) if s.body.plan not in COLD_BLOODED]
#: Watts of a mammal or bird: 3.39 M^0.75, M in kg: Kleiber 1947, doi:10.1152/physrev.1947.27.4.511.
KLEIBER_W, KLEIBER_POWER = 3.39, 0.75


@pytest.mark.parametrize("name", species_names())
def test_resting_power_lies_on_the_allometry_of_its_class(name: str) -> None:
    body = load_species(name).body
    of_kleiber = body.resting_power.value / (KLEIBER_W * body.mass.value**KLEIBER_POWER)
    low, high = (0.03, 0.3) if body.plan in COLD_BLOODED else (0.4, 2.3)
    assert low < of_kleiber < high


def test_resting_power_grows_with_three_quarters_of_mass() -> None:
    mass, power = (np.log([getattr(s.body, part).value for s in WARM]) for part in ("mass", "resting_power"))
    assert np.polyfit(mass, power, 1)[0] == pytest.approx(KLEIBER_POWER, abs=0.06)


def test_the_arms_race_of_wilson_2018_holds() -> None:
    """Lion and zebra, cheetah and gazelle: the hunter is faster and accelerates and brakes harder than its prey."""
    for hunter, prey in (("lion", "plains_zebra"), ("cheetah", "thomsons_gazelle")):
        fast, slow = load_species(hunter).locomotion, load_species(prey).locomotion
        assert fast.max_speed.value > slow.max_speed.value
        assert fast.acceleration.value > 1.2 * slow.acceleration.value
        assert fast.deceleration.value > 1.4 * slow.deceleration.value
        assert fast.sprint_duration.value < slow.sprint_duration.value


def test_larger_species_live_longer_and_turn_more_slowly_at_the_extremes() -> None:
    elephant, meerkat = load_species("african_elephant"), load_species("meerkat")
    assert elephant.life.lifespan.value > 4 * meerkat.life.lifespan.value
    assert elephant.locomotion.turn_rate.value < 0.2 * meerkat.locomotion.turn_rate.value


def test_residents_leave_rows_for_births() -> None:
    assert {resident.species for resident in load_biome("savanna").residents} == SAVANNA
    for name in biome_names():
        assert 50 <= sum(resident.count for resident in load_biome(name).residents) <= 58


@pytest.mark.parametrize("name", biome_names())
def test_the_clock_shows_a_day_and_some_years_in_ten_minutes(name: str) -> None:
    biome = load_biome(name)
    assert biome.physiology_rate.value * biome.day_length.value == pytest.approx(86_400)
    year_s = 365.25 * 86_400 / biome.life_rate.value
    assert 100 < year_s < 600


def test_ethogram_covers_all_families() -> None:
    ethogram = load_ethogram()
    assert len(ethogram.behaviors) == 49
    assert {behavior.family for behavior in ethogram.behaviors} == set(FAMILIES)
    assert ethogram.names[0] == "prowl"
    assert ethogram.index("flee") == ethogram.names.index("flee")


def test_counts_and_priors_have_a_source() -> None:
    sources = [load_biome(name).residents_source for name in biome_names()]
    sources += [load_species(name).experts_source for name in species_names()]
    assert all(source.startswith("estimate: ") or re.search(r"\b(18|19|20)\d\d\b", source) for source in sources)


def test_experts_are_families_with_positive_priors() -> None:
    for name in inhabitant_names():
        experts = load_species(name).experts
        assert experts
        assert set(experts) <= set(FAMILIES)
        assert all(weight > 0 for weight in experts.values())


def test_tables_are_json_and_show_numbers_as_written() -> None:
    rows = {str(row["name"]): row for row in json.loads(json.dumps(species_table()))}
    speed = rows["spotted_hyena"]["locomotion"]["max_speed"]
    assert (speed["value"], speed["unit"], speed["range"]) == (60.0, "km/h", [50.0, 65.0])
    assert speed["source"].startswith("estimate: ")
    assert rows["lion"]["diet"]["prey"] == list(load_species("lion").diet.prey)
    savanna = next(row for row in json.loads(json.dumps(biome_table())) if row["name"] == "savanna")
    assert savanna["residents"][0] == {"species": "lion", "count": 3}
    assert savanna["temperature_mean"]["value"] == 22
    assert [row["name"] for row in behavior_table()] == list(load_ethogram().names)
