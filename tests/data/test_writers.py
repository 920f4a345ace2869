"""Two writers never record to one dataset at a time, and a lock whose owner is gone binds nobody."""

import json
import os
import socket
import subprocess
import sys

import pytest

from eco1.core.errors import EpisodeError
from eco1.data.writers import LOCK_FILE, _began, only_writer

WAITING_WRITER = """
import sys
from pathlib import Path
from eco1.data.writers import only_writer
with only_writer(Path(sys.argv[1])):
    print("mine", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(params=["path", "url"], name="root")
def _root(request, tmp_path):
    return tmp_path / "savanna" if request.param == "path" else f"memory://{tmp_path.name}/savanna"


def locked_by(root, **changes):
    holder = {"pid": os.getpid(), "host": socket.gethostname(), "began": _began(os.getpid())} | changes
    root.mkdir(exist_ok=True)
    (root / LOCK_FILE).write_text(json.dumps(holder))


def test_the_second_writer_is_refused_and_the_first_goes_on(root):
    with only_writer(root):
        with pytest.raises(EpisodeError, match=rf"is being recorded by process {os.getpid()} on .*--out OTHER"):
            only_writer(root).__enter__()
        with pytest.raises(EpisodeError, match="is being recorded"):
            only_writer(root).__enter__()
    with only_writer(root):
        pass


def test_a_writer_that_failed_leaves_no_lock(root):
    def fail():
        with only_writer(root):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with only_writer(root):
        pass


def test_a_killed_writer_is_replaced(tmp_path, caplog):
    command = [sys.executable, "-c", WAITING_WRITER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"mine\n"
        with pytest.raises(EpisodeError, match=f"by process {process.pid} on"):
            only_writer(tmp_path).__enter__()
        process.kill()
    with only_writer(tmp_path):
        assert json.loads((tmp_path / LOCK_FILE).read_text())["pid"] == os.getpid()
    assert f"Process {process.pid}" in caplog.text
    assert not (tmp_path / LOCK_FILE).exists()


def test_a_number_given_out_anew_is_not_mistaken_for_the_old_process(tmp_path):
    locked_by(tmp_path, began="1")
    with only_writer(tmp_path):
        pass


@pytest.mark.parametrize("lock", [{"host": "elsewhere"}, {"pid": "?"}])
def test_a_lock_that_cannot_be_judged_is_left_and_its_file_named(tmp_path, lock):
    locked_by(tmp_path, **lock)
    with pytest.raises(EpisodeError, match=rf"delete .*{LOCK_FILE}"):
        only_writer(tmp_path).__enter__()
    assert (tmp_path / LOCK_FILE).exists()
