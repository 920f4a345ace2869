"""Every mistake in a catalog file is refused with file, line and what to do."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eco1.catalog.document import find_lines
from eco1.catalog.loader import load_biome, load_ethogram, load_species, species_names
from eco1.core.errors import CatalogError, Eco1Error, UnknownNameError

Edit = Callable[[str, str, str], int]
LION = "species/lion.toml"
MASS = 'mass = { value = 158.6, unit = "kg", range = [111, 230]'
SPEED = 'max_speed = { value = 65, unit = "km/h", range = [48, 80]'

SPECIES_CASES: dict[str, tuple[str, str, type[Eco1Error], str]] = {
    "malformed TOML": ('name = "lion"', 'name = "lion', CatalogError, "lion.toml:{line}: not valid TOML"),
    "key twice": ("begs = false", "begs = false\nbegs = true", CatalogError, "not valid TOML"),
    "unknown key": (
        "max_speed =",
        "max_sped =",
        UnknownNameError,
        "Unknown key 'max_sped' in lion.toml:{line}. Did you mean 'max_speed'?",
    ),
    "unknown section": (
        "[senses]",
        "[sences]",
        UnknownNameError,
        "Unknown key 'sences' in lion.toml:{line}. Did you mean 'senses'?",
    ),
    "unknown key in a quantity": (
        MASS,
        MASS.replace("unit", "units"),
        UnknownNameError,
        "Unknown key 'units' in lion.toml:{line}. Did you mean 'unit'?",
    ),
    "missing key": ("begs = false\n", "", CatalogError, "[diet] lacks 'begs'."),
    "missing unit": (
        MASS,
        MASS.replace('unit = "kg", ', ""),
        CatalogError,
        "lion.toml:{line}: [body.mass] lacks 'unit'.",
    ),
    "missing range": (
        SPEED,
        SPEED.replace(", range = [48, 80]", ""),
        CatalogError,
        "lion.toml:{line}: [locomotion.max_speed] lacks 'range'.",
    ),
    "bare number": (
        "acceleration = {",
        "acceleration = 9.0 # {",
        CatalogError,
        "lion.toml:{line}: locomotion.acceleration must be a table",
    ),
    "unit of the wrong dimension": (
        SPEED,
        SPEED.replace("km/h", "kg"),
        CatalogError,
        "lion.toml:{line}: locomotion.max_speed: Unit 'kg' does not measure this. Allowed: m/s, km/h.",
    ),
    "unknown unit": (
        SPEED,
        SPEED.replace("km/h", "kmh"),
        UnknownNameError,
        "Unknown unit 'kmh' in lion.toml:{line}. Did you mean 'km/h'?",
    ),
    "value outside its range": (
        SPEED,
        SPEED.replace("value = 65", "value = 85"),
        CatalogError,
        "lion.toml:{line}: locomotion.max_speed is 85 km/h, outside its range [48, 80].",
    ),
    "value that is text": (
        SPEED,
        SPEED.replace("value = 65", 'value = "fast"'),
        CatalogError,
        "lion.toml:{line}: locomotion.max_speed must be a finite number, got 'fast'.",
    ),
    "value that is not a number": (
        SPEED,
        SPEED.replace("value = 65", "value = nan"),
        CatalogError,
        "lion.toml:{line}: locomotion.max_speed must be a finite number, got nan.",
    ),
    "range of three": (
        SPEED,
        SPEED.replace("[48, 80]", "[48, 65, 80]"),
        CatalogError,
        "lion.toml:{line}: range of locomotion.max_speed must be [low, high]",
    ),
    "negative mass": (
        MASS,
        MASS.replace("158.6", "-5").replace("111", "-10"),
        CatalogError,
        "lion.toml:{line}: body.mass is impossible: -5 kg with range [-10, 230]. Possible: [1e-06, 200000] kg.",
    ),
    "field of view beyond the circle": (
        "range = [180, 240]",
        "range = [180, 400]",
        CatalogError,
        "lion.toml:{line}: senses.field_of_view is impossible: 200 deg with range [180, 400]. Possible: [0, 360] deg.",
    ),
    "fraction above one": (
        "range = [0.75, 0.88]",
        "range = [0.75, 1.2]",
        CatalogError,
        "lion.toml:{line}: activity.rest_fraction is impossible",
    ),
    "cruises faster than it runs": (
        'cruise_speed = { value = 4, unit = "km/h", range = [2.5, 5]',
        'cruise_speed = { value = 66, unit = "km/h", range = [2.5, 70]',
        CatalogError,
        "lion.toml:{line}: locomotion.cruise_speed (18.3333 in SI units) exceeds locomotion.max_speed (18.0556).",
    ),
    "born heavier than grown": (
        'birth_mass = { value = 1.292, unit = "kg", range = [0.904, 1.81]',
        'birth_mass = { value = 200, unit = "kg", range = [1, 300]',
        CatalogError,
        "lion.toml:{line}: body.birth_mass (200 in SI units) exceeds body.mass (158.6).",
    ),
    "a day of more than 24 hours": (
        'feeding_fraction = { value = 0.04, unit = "1", range = [0.02, 0.08]',
        'feeding_fraction = { value = 0.3, unit = "1", range = [0.02, 0.4]',
        CatalogError,
        "lion.toml:{line}: rest_fraction and feeding_fraction add up to 1.12, more than a day.",
    ),
    "unknown prey": (
        '"plains_zebra", ',
        '"plain_zebra", ',
        UnknownNameError,
        "Unknown species 'plain_zebra' in lion.toml:{line}. Did you mean 'plains_zebra'? See: eco1 list species",
    ),
    "unknown threat": (
        "threats = []",
        'threats = ["xyzzy"]',
        UnknownNameError,
        "Unknown species 'xyzzy' in lion.toml:{line}. Allowed: african_elephant, ",
    ),
    "eats itself": (
        '"plains_zebra", ',
        '"lion", ',
        CatalogError,
        "lion.toml:{line}: diet.prey names the species itself.",
    ),
    "prey twice": (
        '"plains_zebra", ',
        '"giraffe", ',
        CatalogError,
        "lion.toml:{line}: diet.prey names something twice",
    ),
    "hunter without a style": (
        'hunting_style = "stalk"',
        'hunting_style = "none"',
        CatalogError,
        "lion.toml:{line}: hunting_style is 'none' but prey is",
    ),
    "fears but never flees": (
        "threats = []",
        'threats = ["spotted_hyena"]',
        CatalogError,
        "diet.flight_distance is 0; with these prey and threats it must be above 0.",
    ),
    "unknown plan": (
        'plan = "felid"',
        'plan = "feline"',
        UnknownNameError,
        "Unknown plan 'feline' in lion.toml:{line}. Did you mean 'felid'?",
    ),
    "unknown food": (
        'eats = ["flesh", "carrion"]',
        'eats = ["flesh", "carion"]',
        UnknownNameError,
        "Unknown eats 'carion' in lion.toml:{line}. Did you mean 'carrion'?",
    ),
    "prey that is not eaten": (
        'eats = ["flesh", "carrion"]',
        'eats = ["carrion"]',
        CatalogError,
        "'plains_zebra', 'thomsons_gazelle'] but eats ['carrion']; prey is 'flesh'.",
    ),
    "climbs without a speed": (
        'modes = ["walk"]',
        'modes = ["walk", "climb"]',
        CatalogError,
        "climb_speed is 0; with modes ['walk', 'climb'] it must be above 0.",
    ),
    "moves in no way": (
        'modes = ["walk"]',
        "modes = []",
        CatalogError,
        "lion.toml:{line}: locomotion.modes is empty; allowed are walk, climb, swing, fly, swim.",
    ),
    "unknown style": (
        '"stalk"',
        '"stalking"',
        UnknownNameError,
        "Unknown hunting_style 'stalking' in lion.toml:{line}. Did you mean 'stalk'?",
    ),
    "unknown pattern": (
        '"nocturnal"',
        '"noctural"',
        UnknownNameError,
        "Unknown pattern 'noctural' in lion.toml:{line}.",
    ),
    "unknown family": (
        "hunting = 2.0",
        "huntin = 2.0",
        UnknownNameError,
        "Unknown family 'huntin' in lion.toml:{line}. Did you mean 'hunting'?",
    ),
    "experts of no source": (
        '[experts]\nsource = "estimate: hunts',
        '[experts]\n# "estimate: hunts',
        CatalogError,
        "lion.toml:{line}: [experts] lacks 'source'. Write: source = \"estimate: <from what>\".",
    ),
    "experts of a doubtful source": (
        '[experts]\nsource = "estimate: hunts',
        '[experts]\nsource = "they hunt',
        CatalogError,
        "source of experts must name a publication and its year, or say 'estimate: <from what>'",
    ),
    "negative expert": ("hunting = 2.0", "hunting = -2.0", CatalogError, "lion.toml:{line}: experts.hunting is -2.0"),
    "colour by name": (
        'coat = "#c39a5b"',
        'coat = "tawny"',
        CatalogError,
        "lion.toml:{line}: body.coat must be a colour such as #c8a060, got 'tawny'.",
    ),
    "flag as text": (
        "begs = false",
        'begs = "no"',
        CatalogError,
        "lion.toml:{line}: diet.begs must be true or false, got 'no'.",
    ),
    "empty name": (
        'common_name = "Lion"',
        'common_name = " "',
        CatalogError,
        "lion.toml:{line}: common_name must be text",
    ),
    "territory of no owner": (
        "territorial = true",
        "territorial = false",
        CatalogError,
        "territorial is False but territory_radius is 4000.",
    ),
    "name of another file": (
        'name = "lion"',
        'name = "tiger"',
        CatalogError,
        "lion.toml:{line}: name is 'tiger' but the file is lion.toml.",
    ),
    "newer format": (
        "format = 2",
        "format = 3",
        CatalogError,
        "lion.toml:{line}: format 3 is not known; this version reads format 2.",
    ),
    "no format": ("format = 2\n", "", CatalogError, "the file lacks 'format'. Write: format = 2."),
}


@pytest.mark.parametrize("case", SPECIES_CASES)
def test_species_mistakes_are_refused(case: str, broken: Path, edit: Edit) -> None:
    old, new, kind, message = SPECIES_CASES[case]
    if case in ("name of another file", "malformed TOML"):
        old, new = "\n" + old, "\n" + new
        line = edit(LION, old, new) + 1
    else:
        line = edit(LION, old, new)
    with pytest.raises(kind) as caught:
        load_species("lion", broken)
    assert message.format(line=line) in str(caught.value)
    assert "lion.toml:" in str(caught.value)


def with_source(text: str) -> str:
    return f'height = {{ value = 1.1, unit = "m", range = [0.9, 1.28], source = "{text}" }}'


@pytest.mark.parametrize("source", ["a friend told me", "estimate", "estimate: ", "estimate 1972", "Schaller", "   "])
def test_sources_without_a_year_or_an_estimate_are_refused(source: str, broken: Path) -> None:
    path = broken / LION
    lines = path.read_text(encoding="utf-8").splitlines()
    index = next(i for i, line in enumerate(lines) if line.startswith("height ="))
    lines[index] = with_source(source)
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(CatalogError, match=rf"^lion\.toml:{index + 1}: .*source"):
        load_species("lion", broken)


BIOME_CASES: dict[str, tuple[str, str, type[Eco1Error], str]] = {
    "unknown resident": (
        "cheetah = 1",
        "cheeta = 1",
        UnknownNameError,
        "Unknown species 'cheeta' in savanna.toml:{line}. Did you mean 'cheetah'? See: eco1 list species",
    ),
    "no resident at all": (
        "cheetah = 1",
        "cheetah = 0",
        CatalogError,
        "savanna.toml:{line}: residents.cheetah must be a whole number above 0, got 0.",
    ),
    "residents of no source": (
        '[residents]\nsource = "estimate: ',
        '[residents]\n# "estimate: ',
        CatalogError,
        "savanna.toml:{line}: [residents] lacks 'source'. Write: source = \"estimate: <from what>\".",
    ),
    "half a resident": ("cheetah = 1", "cheetah = 1.5", CatalogError, "savanna.toml:{line}: residents.cheetah must be"),
    "too many residents": (
        "cheetah = 1",
        "cheetah = 30",
        CatalogError,
        "residents are 87 per 64 rows; allowed are 1 to 64.",
    ),
    "more water than ground": (
        "range = [0.5, 6]",
        "range = [0.5, 160]",
        CatalogError,
        "savanna.toml:{line}: water_fraction is impossible",
    ),
    "a swing as a temperature": (
        'value = 7, unit = "delta_degC"',
        'value = 7, unit = "degC"',
        CatalogError,
        "savanna.toml:{line}: temperature_swing: Unit 'degC' does not measure this. Allowed: delta_K, delta_degC.",
    ),
    "unknown key": (
        "relief =",
        "releif =",
        UnknownNameError,
        "Unknown key 'releif' in savanna.toml:{line}. Did you mean 'relief'?",
    ),
    "too small for its animals": (
        'value = 700, unit = "m", range = [400, 1500]',
        'value = 15, unit = "m", range = [12, 1500]',
        CatalogError,
        "savanna.toml:{line}: size is 15 m, too small: 58 animals that keep their distance need at least 22 m.",
    ),
    "a city in part": (
        "[residents]",
        "[city]\nstreets = 3\n\n[residents]",
        UnknownNameError,
        "Unknown key 'streets' in savanna.toml:",
    ),
    "nothing grows": (
        'value = 256, unit = "g/m^2", range = [138, 294]',
        'value = 0, unit = "g/m^2", range = [0, 294]',
        CatalogError,
        "blue_wildebeest finds nothing to eat in savanna: it wants ground_plants. Offered: invertebrates, leaves;",
    ),
    "other name": (
        'name = "savanna"',
        'name = "tundra"',
        CatalogError,
        "savanna.toml:{line}: name is 'tundra' but the file is savanna.toml.",
    ),
}


@pytest.mark.parametrize("case", BIOME_CASES)
def test_biome_mistakes_are_refused(case: str, broken: Path, edit: Edit) -> None:
    old, new, kind, message = BIOME_CASES[case]
    line = edit("biomes/savanna.toml", old, new)
    with pytest.raises(kind) as caught:
        load_biome("savanna", broken)
    assert message.format(line=line) in str(caught.value)


def keep_residents(root: Path, kept: set[str]) -> None:
    path = root / "biomes/savanna.toml"
    head, rows = path.read_text(encoding="utf-8").split("[residents]\n")
    lines = [line for line in rows.splitlines() if line.split(" = ")[0] in kept | {"source"}]
    path.write_text(head + "[residents]\n" + "\n".join(lines), encoding="utf-8")


def test_a_hunter_without_its_prey_is_refused(broken: Path) -> None:
    keep_residents(broken, {"cheetah", "african_elephant"})
    with pytest.raises(CatalogError, match=r"^savanna\.toml:\d+: cheetah finds nothing to eat in savanna: it wants"):
        load_biome("savanna", broken)


def test_hunters_that_live_on_each_other_alone_are_refused(broken: Path) -> None:
    for one, other in (("cheetah", "lion"), ("lion", "cheetah")):
        path = broken / f"species/{one}.toml"
        text = re.sub(r"prey = \[.*\]", f'prey = ["{other}"]', path.read_text(encoding="utf-8"))
        path.write_text(re.sub(r"\beats = \[.*\]", 'eats = ["flesh"]', text), encoding="utf-8")
    keep_residents(broken, {"cheetah", "lion"})
    with pytest.raises(
        CatalogError, match=r"eats only \w+, and nobody along that way lives on plants \(\w+ eats \w+\)"
    ):
        load_biome("savanna", broken)


def test_ethogram_mistakes_are_refused(broken: Path, edit: Edit) -> None:
    line = edit("ethogram.toml", 'name = "stalk"', 'name = "prowl"')
    with pytest.raises(CatalogError, match=rf"^ethogram\.toml:{line}: behavior 'prowl' stands here twice"):
        load_ethogram(broken)


def test_ethogram_refuses_unknown_families(broken: Path) -> None:
    path = broken / "ethogram.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('family = "mating"', 'family = "matin"', 1), encoding="utf-8")
    with pytest.raises(UnknownNameError, match=r"Unknown family 'matin' in ethogram\.toml:\d+\. Did you mean 'mating'"):
        load_ethogram(broken)


def test_unknown_names_show_the_nearest_and_the_command() -> None:
    with pytest.raises(
        UnknownNameError, match=r"Unknown species 'lyon'\. Did you mean 'lion'\? See: eco1 list species"
    ):
        load_species("lyon")
    with pytest.raises(
        UnknownNameError, match=r"Unknown biome 'savana'\. Did you mean 'savanna'\? See: eco1 list biomes"
    ):
        load_biome("savana")


def test_files_that_are_not_text_are_refused(broken: Path) -> None:
    (broken / LION).write_bytes(b"format = 2\n# caf\xe9\n")
    with pytest.raises(CatalogError, match=r"^lion\.toml:2: not UTF-8 text"):
        load_species("lion", broken)


def test_a_missing_file_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"ethogram\.toml: cannot be read \(No such file or directory\)\."):
        load_ethogram(tmp_path)


def test_a_new_species_is_one_file(broken: Path) -> None:
    text = (broken / "species/cheetah.toml").read_text(encoding="utf-8")
    (broken / "species/leopard.toml").write_text(text.replace('"cheetah"', '"leopard"'), encoding="utf-8")
    assert "leopard" in species_names(broken)
    assert load_species("leopard", broken).name == "leopard"
    assert "leopard" not in species_names()


KEYS = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=8)


@given(st.lists(st.tuples(KEYS, st.lists(KEYS, unique=True, max_size=4)), max_size=5, unique_by=lambda s: s[0]))
def test_lines_are_found_for_every_key(sections: list[tuple[str, list[str]]]) -> None:
    rows: list[str] = []
    expected: dict[tuple[str, ...], int] = {}
    for section, keys in sections:
        rows += ["# a comment = with an equals sign", f"[{section}]"]
        expected[(section,)] = len(rows)
        for key in keys:
            rows.append(f'{key} = {{ value = 1, unit = "m" }}')
            expected[(section, key)] = len(rows)
    assert find_lines("\n".join(rows)) == expected
