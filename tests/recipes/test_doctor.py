"""The doctor says what is so."""

import os

import pytest

from eco1.data.fish import fish_paths
from eco1.recipes.doctor import doctor


def said() -> dict[str, str]:
    return {finding.name: finding.detail for finding in doctor()}


@pytest.fixture(autouse=True)
def _cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def test_fish_are_there_only_when_their_episodes_are(tmp_path):
    (tmp_path / "eco1" / "sim-0123").mkdir(parents=True)  # what a compiled simulator leaves
    assert "not fetched yet" in said()["fish"]
    first, second = fish_paths().values()
    first.mkdir(parents=True)
    assert "not fetched yet" in said()["fish"]
    second.mkdir()
    assert said()["fish"] == "real fish tracks are in the cache"


def test_cores_are_counted_on_every_system(monkeypatch):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    assert said()["cores"] == "6 usable"
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert said()["cores"] == "unknown usable"


def test_without_a_browser_a_tunnel_is_named(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert "ssh -L 8080:localhost:8080" in said()["browser"]
