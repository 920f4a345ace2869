import json

import pytest

from eco1.cli import VERBS, main


def run(capsys, *words: str) -> tuple[int, str, str]:
    """Return exit code, standard output and standard error."""
    code = 0
    try:
        main(words)
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.mark.parametrize("verb", VERBS)
def test_help_ends_with_one_real_example(verb, capsys):
    code, out, _ = run(capsys, verb, "--help")
    assert code == 0
    example = out.strip().splitlines()[-1]
    assert example == f"Example:  {VERBS[verb][1]}"
    assert example.split()[1:3] == ["eco1", verb]


def test_every_value_of_a_species_has_unit_and_source(capsys):
    code, out, _ = run(capsys, "list", "species", "--json")
    species = json.loads(out)
    assert code == 0
    assert len(species) == 12
    mass = next(s for s in species if s["name"] == "lion")["body"]["mass"]
    assert mass["unit"] == "kg"
    assert mass["source"]


def test_output_ends_with_the_next_command(capsys):
    for words in (("list", "biomes"), ("list", "behaviors"), ("simulate", "--seconds", "1", "--animals", "16")):
        code, out, _ = run(capsys, *words)
        assert code == 0
        assert out.strip().splitlines()[-1].startswith("Next:  eco1 ")


def test_doctor_speaks_json(capsys):
    code, out, _ = run(capsys, "doctor", "--json")
    findings = {finding["name"]: finding for finding in json.loads(out)}
    assert code == 0
    assert findings["numba"]["ok"]
    assert findings["catalog"]["detail"].startswith("12 species")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("simulate", "--biome", "savana"), "Did you mean 'savanna'?"),
        (("record", "--biome", "savana"), "Did you mean 'savanna'?"),
        (("record", "--seconds", "0"), "longer than 0 s"),
        (("train", "--episodes", "nowhere"), "eco1 record"),
        (("eval",), "--model CHECKPOINT"),
        (("eval", "--model", "nowhere"), "nowhere"),
        (("film", "--episode", "nowhere.zarr"), "nowhere.zarr"),
        (("play", "--model", "nowhere"), "nowhere"),
        (("import", "nowhere.csv"), "nowhere.csv"),
        (("import", "tracks.xlsx"), "'.xlsx'"),
        (("frobnicate",), "frobnicate"),
        (("list", "planets"), "planets"),
    ],
)
def test_a_users_error_is_one_message_and_exit_code_2(words, says, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, err = run(capsys, *words)
    assert code == 2
    assert says in err
    assert "Traceback" not in err
