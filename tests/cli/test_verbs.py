import errno
import json
import os
import shlex
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import zarr
from bad_files import CHECKPOINT_DAMAGES, EPISODE_DAMAGES, contents, small_checkpoint, small_recording, tracks

from eco1.catalog.loader import SHIPPED, load_species
from eco1.cli import VERBS, main
from eco1.cli.train_verb import left_out, settings_of
from eco1.core import files
from eco1.core.errors import UnknownNameError
from eco1.data.store import list_episodes, read_episode
from eco1.recipes.sensed_life import LifeReport

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture(scope="module", name="recorded")
def _recorded(tmp_path_factory):
    return small_recording(tmp_path_factory.mktemp("recorded") / "savanna")


@pytest.fixture(scope="module", name="trained")
def _trained(tmp_path_factory):
    return small_checkpoint(tmp_path_factory.mktemp("trained") / "last")


@pytest.fixture(name="here")
def _here(tmp_path, recorded, trained, monkeypatch):
    """A working folder with a recording, a checkpoint and tracks."""
    shutil.copytree(recorded, tmp_path / "savanna")
    shutil.copytree(trained, tmp_path / "model" / "last")
    monkeypatch.chdir(tmp_path)
    return tmp_path


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
    assert len(species) == 50
    mass = next(s for s in species if s["name"] == "lion")["body"]["mass"]
    assert mass["unit"] == "kg"
    assert mass["source"]


def test_sizes_of_models_are_listed_with_what_they_cost(capsys):
    code, out, _ = run(capsys, "list", "models", "--json")
    sizes = {size["name"]: size for size in json.loads(out)}
    assert code == 0
    assert list(sizes) == ["nano", "tiny", "small", "base", "7b", "32b", "70b"]
    large = sizes["32b"]
    assert large["parameters"] == sum(part["total"] for part in large["parts"].values())
    assert large["senses"]["video"]["width"] == 1280
    memory = {bits: sum(parts.values()) for bits, parts in large["inference_bytes_by_bits"].items()}
    assert memory["16"] > memory["8"] > memory["4"] > 16e9 > memory["3"]
    code, out, _ = run(capsys, "list", "models")
    assert code == 0
    assert all(name in out for name in sizes)


def test_a_bench_of_experts_is_a_table_or_json(capsys, monkeypatch):
    from eco1.recipes import bench_experts, memory_speed

    def of_nano(threads, repeats):
        return measured("nano", threads=threads, repeats=repeats)

    measured = bench_experts.bench_experts
    monkeypatch.setattr(memory_speed, "_READ_BYTES", 2**20)
    monkeypatch.setattr(bench_experts, "bench_experts", of_nano)
    code, out, _ = run(capsys, "bench", "experts", "--threads", "1", "--repeats", "2", "--json")
    assert code == 0
    assert [layer["bits"] for layer in json.loads(out)["layers"]] == [16, 16, 8, 8, 4, 4, 3, 3]
    code, out, _ = run(capsys, "bench", "experts", "--threads", "1", "--repeats", "2")
    assert code == 0
    assert "a layer of nano for one token" in out
    code, _, err = run(capsys, "bench", "experts", "--threads", "0")
    assert code == 2
    assert "at least 1 thread and 1 run" in err


def test_output_ends_with_the_next_command(capsys):
    for words in (
        ("list", "biomes"),
        ("list", "behaviors"),
        ("list", "models"),
        ("simulate", "--seconds", "1", "--animals", "16"),
    ):
        code, out, _ = run(capsys, *words)
        assert code == 0
        assert out.strip().splitlines()[-1].startswith("Next:  eco1 ")


def test_doctor_speaks_json(capsys):
    code, out, _ = run(capsys, "doctor", "--json")
    findings = {finding["name"]: finding for finding in json.loads(out)}
    assert code == 0
    assert findings["numba"]["ok"]
    assert findings["catalog"]["detail"].startswith("50 species, 5 biomes")


def refused(capsys, says: str, *words: str) -> str:
    """Run a verb that must end in one message and exit code 2, and lose nothing that lies here."""
    before = contents(Path.cwd())
    code, out, err = run(capsys, *words)
    assert code == 2
    assert says in err
    assert "Traceback" not in out + err
    assert "Next:" not in out
    after = contents(Path.cwd())
    assert {name: after.get(name) for name in before} == before
    return err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("trian", "Did you mean 'train'?"),
        ("xyzzy", "Allowed: ablate, ask, bench"),
        ("list planets", "planets"),
        ("list --jsn", "--json"),
        ("train --epsodes savanna", "--episodes"),
        ("train --settings patch=8", "--size"),
        ("train --model v-jepa --settings patch", "NAME=VALUE"),
        ("ablate --variants dence --episodes nowhere", "Did you mean 'dense'"),
        ("train --size huge", "huge"),
        ("simulate --seconds soon", "--seconds"),
        ("simulate --biome savana", "Did you mean 'savanna'?"),
        ("record --biome savana", "Did you mean 'savanna'?"),
        ("film --model None --biome savana", "Did you mean 'savanna'?"),
        ("play --model None --biome savana", "Did you mean 'savanna'?"),
        ("record --episodes 0", "at least 1 episode"),
        ("record --detours-per-minute nan", "Detours per minute"),
        ("simulate --animals 0", "at least 1"),
        ("train --episodes nowhere", "eco1 record"),
        ("train --episodes savanna --steps 0", "steps is 0"),
        ("train --episodes savanna --batch 0", "0"),
        ("train --episodes savanna --lr nan", "lr is nan"),
        ("train --episodes savanna --out new --resume", "without --resume"),
        ("train --episodes savanna --out model", "eco1 train --resume"),
        ("train --episodes savanna --start-from nowhere", "nowhere"),
        ("train --episodes savanna --start-from model/last", "--start-from"),
        ("eval", "runs/model/last"),
        ("eval --fish --model model/last", "either --model"),
        ("eval --fish --senses video", "may live by --senses"),
        ("eval --model model/last --episodes savanna --senses video", "Only a model of senses"),
        ("eval --model model/last --episodes savanna --senses video --lives 0", "--lives is 0; allowed: 1 or more"),
        ("bench brain --size smal --senses video", "Did you mean 'small'?"),
        ("eval --model nowhere", "nowhere"),
        ("eval --model model --episodes savanna", "did you mean model/last"),
        ("film --episode nowhere.zarr", "nowhere.zarr"),
        ("film --model nowhere --seconds 1", "nowhere"),
        ("play --model nowhere", "nowhere"),
        ("play --model None --port 70000", "0 to 65535"),
        ("import nowhere.csv", "nowhere.csv"),
        ("import tracks.xlsx", "'.xlsx'"),
        ("record --workers 0", "--workers is 0"),
        ("record --out s4://bucket/zoo", "protocol 's4'"),
        ("export nowhere --to mp4", "nowhere"),
        ("export savanna --to mp4", "No camera recorded"),
        ("export savanna --to minari", "--species lion"),
        ("export savanna --to movement --species lyon", "Did you mean 'lion'?"),
        ("export savanna --to parquet", "parquet"),
        ("demo --minutes 1", "--minutes is 1"),
        ("demo --minutes nan", "--minutes is nan"),
        ("demo --out savanna", "nothing was deleted"),
    ],
)
def test_a_users_error_is_one_message_and_exit_code_2(words, says, capsys, here):
    refused(capsys, says, *words.split())


@pytest.mark.parametrize("verb", ["simulate", "record", "film --model None"])
@pytest.mark.parametrize("seconds", ["nan", "inf", "-inf", "0", "-3"])
def test_a_length_of_time_is_finite_and_above_0(verb, seconds, capsys, here):
    refused(capsys, "--seconds is", *verb.split(), "--seconds", seconds)


@pytest.mark.parametrize(
    "words",
    [
        "simulate --seed -1",
        "film --model None --seed -1",
        "play --model None --seed -1",
        "record --first-seed -1",
        "simulate --seed 9999999999999999999999",
        "train --episodes savanna --seed -1",
    ],
)
def test_a_seed_is_never_negative_nor_too_long(words, capsys, here):
    assert "seed is" in refused(capsys, "allowed: ", *words.split())


@pytest.mark.parametrize("damage", EPISODE_DAMAGES)
def test_a_bad_episode_is_refused(damage, capsys, here):
    spoil, says = EPISODE_DAMAGES[damage]
    episode = list_episodes(here / "savanna")[0]
    spoil(episode)
    refused(capsys, says, "film", "--episode", str(episode))
    if damage != "unfinished":  # those are left out of a folder
        refused(capsys, says, "train", "--episodes", str(episode))


@pytest.mark.parametrize("damage", CHECKPOINT_DAMAGES)
def test_a_bad_checkpoint_is_refused(damage, capsys, here):
    spoil, says = CHECKPOINT_DAMAGES[damage]
    spoil(here / "model" / "last")
    refused(capsys, says, "play", "--model", "model/last", "--port", "0")
    refused(capsys, says, "eval", "--model", "model/last", "--episodes", "savanna")


def test_a_model_that_does_not_know_the_species_is_refused(capsys, here):
    refused(capsys, "Unknown species 'african_elephant'", "eval", "--model", "model/last", "--episodes", "savanna")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('name = "lion"', 'name = "lion', "not valid TOML"),
        ("max_speed =", "max_sped =", "Did you mean 'max_speed'?"),
        ("[senses]", "[sences]", "Did you mean 'senses'?"),
    ],
)
def test_a_malformed_catalog_is_refused_with_file_and_line(old, new, says, capsys, here, monkeypatch):
    shutil.copytree(SHIPPED, here / "catalog", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    lion = here / "catalog" / "species" / "lion.toml"
    lion.write_text(lion.read_text().replace(old, new))
    monkeypatch.setattr("eco1.recipes.listing.species_table", lambda: load_species("lion", here / "catalog"))
    assert "lion.toml:" in refused(capsys, says, "list", "species", "--json")


@pytest.mark.parametrize(
    ("rows", "flags", "says"),
    [
        (["0,a,nan,nan", "0.1,a,nan,nan"], "--body-length 1", "no animal with known positions"),
        (["0,a,1,1", "0.1,a,2,1"], "", "--body-length"),
        (["0,a,1,1", "0,a,2,1", "0.1,a,3,1"], "--body-length 1", "second position"),
        (["0,a,1,1"], "--body-length 1", "--fps"),
        (["0,a,one,1", "0.1,a,2,1"], "--body-length 1", "wanted a number"),
        (["0.1,a,1,1", "0,a,2,1"], "--body-length 1", "back in time"),
        (["0,a,1,1", "0.1,a,2,1"], "--body-length 1 --fps 0", "--fps"),
        (["0,a,1,1", "0.1,a,2,1"], "--body-length 1 --units-per-m -2", "--units-per-m"),
        ([], "--body-length 1", "no rows"),
    ],
)
def test_bad_tracks_are_refused(rows, flags, says, capsys, here):
    tracks(here / "tracks.csv", *rows)
    refused(capsys, says, "import", "tracks.csv", *flags.split())
    assert not (here / "tracks.zarr").exists()


def test_tracks_that_count_frames_need_a_rate(capsys, here):
    tracks(here / "tracks.csv", "0,a,1,1", "1,a,2,1", header="frame,id,x,y")
    refused(capsys, "--fps", "import", "tracks.csv", "--body-length", "1")


def test_gaps_and_a_single_animal_are_welcome(capsys, here):
    tracks(here / "tracks.csv", "0,a,1,1", "0.1,a,2,1", "0.2,a,,", "0.3,a,4,1", "0.4,a,5,1")
    code, out, _ = run(capsys, "import", "tracks.csv", "--body-length", "1")
    assert code == 0
    assert out.strip().endswith("eco1 train --episodes tracks.zarr")
    assert read_episode(here / "tracks.zarr").observation.alive[:, 0].tolist() == [True, False, False, True]
    refused(capsys, "exists", "import", "tracks.csv", "--body-length", "1")
    refused(capsys, "no landscape", "film", "--episode", "tracks.zarr")


def test_a_full_disk_keeps_what_was_recorded(capsys, here, monkeypatch):
    def full(*_args, **_kwargs):
        raise FULL

    tracks(here / "tracks.csv", "0,a,1,1", "0.1,a,2,1", "0.2,a,3,1")
    monkeypatch.setattr(zarr.Array, "append", full)
    refused(capsys, "disk is full", "record", "--out", "savanna", "--first-seed", "5", "--seconds", "1")
    refused(capsys, "disk is full", "import", "tracks.csv", "--body-length", "1")
    monkeypatch.undo()
    monkeypatch.chdir(here)
    assert [path.name for path in list_episodes(here)] == [path.name for path in list_episodes(here / "savanna")]
    monkeypatch.setattr(files, "flush", full)
    refused(capsys, os.strerror(errno.ENOSPC), "demo", "--out", "new")


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.ENOSPC, "Free space"),
        (errno.EACCES, "read and write"),
        (errno.EROFS, "read and write"),
        (errno.ENOTDIR, "move it"),
        (errno.EEXIST, "move it"),
        (errno.EIO, "eco1 doctor"),
    ],
)
def test_whatever_the_machine_refuses_is_one_message(number, remedy, capsys, here, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise OSError(number, os.strerror(number), "runs/there")

    monkeypatch.setattr("eco1.recipes.fit.fit", refuse)
    err = refused(capsys, remedy, "train")
    assert "runs/there" in err
    assert os.strerror(number) in err


def test_a_file_in_the_way_of_a_folder(capsys, here):
    (here / "file").write_text("of mine")
    refused(capsys, "file", "record", "--out", "file/x", "--seconds", "1")
    refused(capsys, "file", "train", "--episodes", "savanna", "--out", "file/x", "--steps", "1")
    refused(capsys, "file", "demo", "--out", "file")


def episode_of(here: Path) -> str:
    return str(list_episodes(here / "savanna")[0])


def test_a_port_in_use_is_refused(capsys, here):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        before = run(capsys, "play", "--model", "None", "--port", str(port))
    assert before[0] == 2
    assert before[1] == "", "no address is shown before it is served"
    assert f"--port {port + 1}" in before[2]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["film.mp4", "picture.png"])
def test_a_film_that_cannot_be_written_leaves_the_earlier_one(name, capsys, here, monkeypatch):
    def full(*_args):
        raise FULL

    (here / name).write_text("an earlier one")
    monkeypatch.setattr(Path, "replace", full)
    refused(capsys, "eco1 film --out", "film", "--episode", episode_of(here), "--seconds", "0.1", "--out", name)
    assert not list(here.glob("*.partial"))


_WITHOUT_LEARNING = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("torch", "safetensors", "sklearn"):
            raise ModuleNotFoundError(name, name=name)

sys.meta_path.insert(0, Absent())
from eco1.cli import main
main(sys.argv[1:])
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("record --out plain --episodes 1 --seconds 0.5 --animals 16", 0),
        ("record --out led --episodes 1 --seconds 0.5 --animals 16 --detours-per-minute 5", 2),
        ("train --episodes plain", 2),
    ],
)
def test_worlds_need_no_torch_and_learning_says_that_it_does(words, code, here):
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT_LEARNING, *words.split()], capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stderr
    assert ("pip install 'eco1[learn]'" in done.stderr) == (code == 2)
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_film_needs_no_display(here):
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    words = ["film", "--episode", episode_of(here), "--seconds", "0.1", "--out", "film.mp4"]
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from eco1.cli import main; main(sys.argv[1:])", *words],
        env={**environment, "MPLBACKEND": "TkAgg"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (here / "film.mp4").stat().st_size > 1000


@pytest.mark.parametrize(
    ("words", "function", "says"),
    [
        ("train", "eco1.recipes.fit.fit", "--resume"),
        ("record", "eco1.recipes.record.record", "Complete episodes are kept"),
        ("eval --fish", "eco1.recipes.judge.judge_fish", "--fish"),
        ("ablate", "eco1.recipes.ablation.ablate", "Models judged so far are kept"),
        ("demo", "eco1.recipes.demo.demo", "left in its folder"),
        ("simulate", "eco1.recipes.simulate.simulate", "Nothing was written"),
    ],
)
def test_ctrl_c_says_in_one_line_what_is_kept(words, function, says, capsys, here, monkeypatch):
    def interrupt(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(function, interrupt)
    code, _, err = run(capsys, *words.split())
    assert code == 130
    assert says in err
    assert err.count("\n") == 1


def test_a_reader_that_goes_away_is_no_error():
    listing = f'{sys.executable} -c \'from eco1.cli import main; main(["list", "species", "--json"])\''
    done = subprocess.run(f"{listing} | head -1", shell=True, capture_output=True, text=True, check=False)
    assert done.stdout == "[\n"
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("words", "function", "result", "following"),
    [
        (
            "train --episodes 'my worlds'",
            "eco1.recipes.fit.fit",
            Path("runs/model/last"),
            "eco1 eval --model runs/model/last --episodes 'my worlds'",
        ),
        (
            "eval --model m/last --senses video audio",
            "eco1.recipes.sensed_life.sensed_life",
            (LifeReport(biome="reef", seconds=60.0, lives=8, compared=32, scores={}, nearer={}), Path("life.json")),
            "eco1 bench brain --senses video audio",
        ),
        ("film --model m/last", "eco1.recipes.films.film_run", Path("film.mp4"), "eco1 play --model m/last"),
        ("play --model m/last --seed 3", "eco1.recipes.play.play", None, "eco1 film --model m/last --seed 3"),
        ("record --out there", "eco1.recipes.record.record", [], "eco1 train --episodes there"),
    ],
)
def test_the_next_command_goes_on_with_the_same_things(words, function, result, following, capsys, here, monkeypatch):
    monkeypatch.setattr(function, lambda *_args, **_kwargs: result)
    code, out, _ = run(capsys, *shlex.split(words))
    assert code == 0
    assert out.strip().splitlines()[-1] == f"Next:  {following}"


@pytest.mark.parametrize(
    ("words", "function", "result"),
    [
        ("train", "eco1.recipes.fit.fit", Path("last")),
        ("eval --fish --json", "eco1.recipes.judge.judge_fish", ({}, Path("evaluation.json"))),
    ],
)
def test_progress_is_drawn_beside_the_results(words, function, result, capsys, here, monkeypatch):
    consoles = []

    def catch(*_args, console):
        consoles.append(console)
        return result

    monkeypatch.setattr(function, catch)
    assert run(capsys, *words.split())[0] == 0
    assert consoles[0].stderr


def test_settings_are_json_or_words():
    assert settings_of(("patch=8", "targets=sigreg", 'senses=["text"]')) == {
        "patch": 8,
        "targets": "sigreg",
        "senses": ["text"],
    }


def test_objectives_are_named_by_what_counts():
    assert left_out(("alignment",)) == ("zjepa", "language", "behavior", "balance")
    assert left_out(("language", "behavior")) == ("zjepa", "alignment")
    with pytest.raises(UnknownNameError, match=r"Unknown objective 'alignement'. Did you mean 'alignment'"):
        left_out(("alignement",))


def test_other_models_have_objectives_of_their_own(capsys):
    code, _, said = run(
        capsys, "train", "--model", "v-jepa", "--episodes", "none", "--out", "none", "--objectives", "alignment"
    )
    assert code == 2
    assert "--objectives are for --model eco1; v-jepa has its own" in " ".join(said.split())
