"""A private copy of the catalog that a test may break."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from eco1.catalog.loader import SHIPPED

Edit = Callable[[str, str, str], int]


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """Return a copy of the shipped catalog, without code."""
    root = tmp_path / "catalog"
    shutil.copytree(SHIPPED, root, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return root


@pytest.fixture
def edit(broken: Path) -> Edit:
    """Return a function that replaces a piece of one file and tells the line on which it stood."""

    def replace(file: str, old: str, new: str) -> int:
        path = broken / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} must stand once in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    return replace
