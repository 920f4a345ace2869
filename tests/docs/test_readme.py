"""What the README shows is run as it stands."""

import functools
import re
import shlex
from pathlib import Path

import pytest

from eco1 import cli
from eco1.cli import VERBS, main

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))


def commands(text: str) -> list[str]:
    """Return every command with arguments, between backticks or on a line of its own, without a comment after it."""
    found = re.findall(r"`(eco1 [a-z]+ [^`\n]*)`|^\s*(eco1 [a-z].*)$", text, re.M)
    return [re.sub(r"\s+#.*", "", quoted or line).strip() for quoted, line in found]


EXAMPLES = sorted(
    {command for document in DOCUMENTS for command in commands(document.read_text(encoding="utf-8"))}
    | {example for _, example in VERBS.values()}
)


@pytest.fixture(name="parsed")
def _parsed(monkeypatch):
    """Let verbs only note that they were called."""
    called = []

    def only_parsed(function):
        @functools.wraps(function)
        def note(*_args, **_kwargs):
            called.append(function)

        return note

    verbs = {verb: (only_parsed(function), example) for verb, (function, example) in VERBS.items()}
    monkeypatch.setattr(cli, "VERBS", verbs)
    return called


@pytest.mark.parametrize("command", EXAMPLES)
def test_commands_in_the_documents_parse(command, parsed):
    main(shlex.split(command)[1:])
    assert parsed == [VERBS[command.split()[1]][0]]


def test_a_command_with_an_unknown_flag_would_be_noticed(parsed):
    assert commands("see `eco1 train --epochs 3` or\n    eco1 list biomes  # all of them\n") == [
        "eco1 train --epochs 3",
        "eco1 list biomes",
    ]
    with pytest.raises(SystemExit):
        main(["train", "--epochs", "3"])
    assert not parsed


@pytest.mark.slow
def test_the_python_example_runs(tmp_path, monkeypatch):
    (example,) = re.findall(r"```python\n(.*?)```", README, re.S)
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "README.md", "exec"), {})


def test_verbs_in_the_documents_exist():
    for document in DOCUMENTS:
        for verb in re.findall(r"\beco1 ([a-z]+)\b", document.read_text(encoding="utf-8")):
            assert verb in VERBS, f"{document.name}: eco1 {verb}"


def test_linked_files_exist():
    for document in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_make_targets_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`make ([a-z]+)`", README):
        assert re.search(rf"^{target}:", makefile, re.M)
