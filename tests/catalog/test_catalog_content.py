"""What the shipped catalog says is complete, sourced and biologically sane."""

import json
import math
import re
from dataclasses import fields
from typing import Any

import pytest

from eco1.catalog.listing import behavior_table, biome_table, species_table
from eco1.catalog.loader import biome_names, load_biome, load_ethogram, load_species, species_names
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
SECTIONS = ("body", "locomotion", "senses", "diet", "sociality", "activity", "life")


def quantities(record: Any) -> dict[str, Quantity]:
    return {f.name: v for f in fields(record) if isinstance(v := getattr(record, f.name), Quantity)}


def all_quantities() -> dict[str, Quantity]:
    found = {f"savanna.{key}": q for key, q in quantities(load_biome("savanna")).items()}
    for name in species_names():
        for section in SECTIONS:
            rows = quantities(getattr(load_species(name), section))
            found |= {f"{name}.{section}.{key}": q for key, q in rows.items()}
    return found


def hirt_speed_mps(mass_kg: float) -> float:
    """Top running speed from mass; form of Hirt et al. 2017, doi:10.1038/s41559-017-0241-4, parameters unchecked."""
    return 25.5 * mass_kg**0.26 * (1 - math.exp(-22 * mass_kg**-0.6)) / 3.6


def test_the_savanna_species_are_all_there_in_a_fixed_order() -> None:
    assert set(species_names()) >= SAVANNA
    assert list(species_names()) == sorted(species_names())
    assert "savanna" in biome_names()


@pytest.mark.parametrize("name", species_names())
def test_every_species_loads_under_its_own_name(name: str) -> None:
    species = load_species(name)
    assert species.name == name
    assert len([q for section in SECTIONS for q in quantities(getattr(species, section))]) == 35


def test_loading_twice_returns_the_same_object() -> None:
    assert load_species("lion") is load_species("lion")


def test_every_number_has_a_unit_a_range_and_a_source() -> None:
    found = all_quantities()
    assert len(found) >= 12 * 35 + 16
    for where, quantity in found.items():
        assert quantity.low <= quantity.value <= quantity.high, where
        assert quantity.unit, where
        estimate = re.match(r"estimate: \S", quantity.source)
        assert estimate or re.search(r"\b(19|20)\d\d\b", quantity.source), f"{where}: {quantity.source}"


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
            assert meat & set(other.diet.eats)
            assert other.body.mass.value > 0.4 * species.body.mass.value or name in other.diet.prey


def running_mammals() -> list[Species]:
    loaded = [load_species(name) for name in species_names()]
    return [s for s in loaded if s.locomotion.modes == ("walk",) and s.body.plan != "ostrich"]


@pytest.mark.parametrize("species", running_mammals(), ids=lambda s: s.name)
def test_top_speed_agrees_with_allometry(species: Species) -> None:
    ratio = species.locomotion.max_speed.value / hirt_speed_mps(species.body.mass.value)
    assert 1 / 2.5 < ratio < 2.5


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
    biome = load_biome("savanna")
    assert {resident.species for resident in biome.residents} == SAVANNA
    assert sum(resident.count for resident in biome.residents) == 58


def test_the_clock_shows_a_day_and_some_years_in_ten_minutes() -> None:
    biome = load_biome("savanna")
    assert biome.physiology_rate.value * biome.day_length.value == pytest.approx(86_400)
    year_s = 365.25 * 86_400 / biome.life_rate.value
    assert 100 < year_s < 600


def test_ethogram_covers_all_families() -> None:
    ethogram = load_ethogram()
    assert len(ethogram.behaviors) == 28
    assert {behavior.family for behavior in ethogram.behaviors} == set(FAMILIES)
    assert ethogram.names[0] == "prowl"
    assert ethogram.index("flee") == ethogram.names.index("flee")


def test_counts_and_priors_have_a_source() -> None:
    sources = [load_biome(name).residents_source for name in biome_names()]
    sources += [load_species(name).experts_source for name in species_names()]
    assert all(source.startswith("estimate: ") or re.search(r"\b(19|20)\d\d\b", source) for source in sources)


def test_experts_are_families_with_positive_priors() -> None:
    for name in species_names():
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
    savanna = json.loads(json.dumps(biome_table()))[0]
    assert savanna["residents"][0] == {"species": "lion", "count": 3}
    assert savanna["temperature_mean"]["value"] == 22
    assert [row["name"] for row in behavior_table()] == list(load_ethogram().names)
