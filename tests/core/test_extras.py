"""A library that is not installed is named, with the command that installs it."""

import sys
import tomllib
from pathlib import Path

import pytest

from eco1.core.errors import MissingExtraError
from eco1.core.extras import EXTRAS, require


@pytest.mark.parametrize(("module", "package", "extra"), [("sklearn", "scikit-learn", "learn"), ("av", "av", "studio")])
def test_a_missing_library_is_named_with_its_pip_command(module, package, extra, monkeypatch):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=rf"This needs the package '{package}'.*pip install 'eco1\[{extra}\]'"):
        require(module, "This")


def test_an_installed_library_comes_as_it_is():
    assert require("sys", "This") is sys


def test_a_module_that_no_extra_brings_is_not_excused():
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        require("no_such_module", "This")


def test_every_optional_library_is_brought_by_its_extra():
    extras = tomllib.loads(Path("pyproject.toml").read_text())["project"]["optional-dependencies"]
    for package, extra in EXTRAS.values():
        assert package in {requirement.partition(">=")[0] for requirement in extras[extra]}
