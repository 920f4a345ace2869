"""Without the extra, the message says what to install."""

import sys

import pytest

from eco1.core.errors import MissingExtraError
from eco1.environments import ecosystem_v0
from eco1.environments.registration import register_tasks


def test_tasks_need_gymnasium(monkeypatch):
    monkeypatch.setitem(sys.modules, "gymnasium", None)
    with pytest.raises(MissingExtraError, match=r"'gymnasium'.*pip install 'eco1\[environments\]'"):
        register_tasks()


def test_the_ecosystem_needs_pettingzoo(monkeypatch):
    monkeypatch.setitem(sys.modules, "pettingzoo", None)
    with pytest.raises(MissingExtraError, match=r"'pettingzoo'.*pip install 'eco1\[environments\]'"):
        ecosystem_v0.parallel_env()
