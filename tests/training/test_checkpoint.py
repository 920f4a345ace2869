import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from tiny_world import WEIGHTS, build_tiny, tiny

from eco1.core import files
from eco1.core.errors import CheckpointError
from eco1.training.checkpoint import load_checkpoint
from eco1.training.config import TrainConfig
from eco1.training.manifest import Progress, read_manifest
from eco1.training.sealing import save_checkpoint

TRAIN = TrainConfig(loss_weights=WEIGHTS)


def save(folder: Path, seed: int, step: int) -> Path:
    optimizer = {"exp_avg/head.weight": torch.full((3, 8), float(step))}
    return save_checkpoint(folder, tiny(seed), train_config=TRAIN, progress=Progress(step=step), optimizer=optimizer)


def holds(folder: Path, seed: int, step: int) -> bool:
    loaded = load_checkpoint(folder, build_tiny)
    same = all(torch.equal(value, loaded.model.state_dict()[name]) for name, value in tiny(seed).state_dict().items())
    return same and loaded.progress.step == step


def test_what_is_saved_is_loaded(tmp_path):
    save(tmp_path, 3, 40)
    loaded = load_checkpoint(tmp_path, build_tiny)
    assert holds(tmp_path, 3, 40)
    assert loaded.train_config == TRAIN
    assert loaded.model.config == tiny().config
    assert json.loads((tmp_path / "config-00000040.json").read_text())["versions"]["torch"] == torch.__version__


def test_a_newer_save_replaces_the_older_and_leaves_nothing_behind(tmp_path):
    save(tmp_path, 1, 10)
    save(tmp_path, 2, 20)
    assert holds(tmp_path, 2, 20)
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {
        "manifest.json", "config-00000020.json", "weights-00000020.safetensors", "optimizer-00000020.safetensors"
    }  # fmt: skip


class Killed(BaseException):
    """Stands for a kill: nothing catches it."""


@pytest.mark.parametrize("operation", range(8))
def test_a_save_cut_short_anywhere_leaves_a_whole_checkpoint(tmp_path, monkeypatch, operation):
    """Four files are written, each with an fsync and a rename: stop before each of the eight."""
    save(tmp_path, 1, 10)
    calls = iter(range(100))

    def counted(original):
        def call(*arguments):
            if next(calls) == operation:
                raise Killed
            return original(*arguments)

        return call

    with monkeypatch.context() as patch:
        patch.setattr(files.os, "replace", counted(os.replace))
        patch.setattr(files, "flush", counted(files.flush))
        with pytest.raises(Killed):
            save(tmp_path, 2, 20)
    assert holds(tmp_path, 1, 10)
    save(tmp_path, 3, 30)
    assert holds(tmp_path, 3, 30)
    assert len(list(tmp_path.iterdir())) == 4


@pytest.mark.slow
def test_a_real_kill_during_a_save(tmp_path):
    save(tmp_path, 1, 10)
    script = f"""
import os, signal, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
import test_checkpoint
from eco1.training import sealing
sealing.write_durably = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
test_checkpoint.save(Path({str(tmp_path)!r}), 2, 20)
"""
    done = subprocess.run([sys.executable, "-c", script], check=False)
    assert done.returncode == -signal.SIGKILL
    assert (tmp_path / "weights-00000020.safetensors").exists()
    assert holds(tmp_path, 1, 10)


def test_a_full_disk_is_one_clear_message(tmp_path, monkeypatch):
    save(tmp_path, 1, 10)

    def full(path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "flush", full)
    with pytest.raises(CheckpointError, match=r"No space left on device\. An older one there is still whole"):
        save(tmp_path, 2, 20)
    monkeypatch.undo()
    assert holds(tmp_path, 1, 10)
    assert not list(tmp_path.glob("*.part"))


def test_a_missing_checkpoint(tmp_path):
    with pytest.raises(CheckpointError, match=r"No checkpoint in .*nowhere: the folder does not exist"):
        load_checkpoint(tmp_path / "nowhere", build_tiny)
    with pytest.raises(CheckpointError, match=r"there is no manifest\.json"):
        load_checkpoint(tmp_path, build_tiny)
    save(tmp_path / "best", 1, 10)
    with pytest.raises(CheckpointError, match=r"did you mean .*best"):
        load_checkpoint(tmp_path, build_tiny)


@pytest.mark.parametrize("name", ["weights-00000010.safetensors", "config-00000010.json"])
def test_a_truncated_file(tmp_path, name):
    path = save(tmp_path, 1, 10) / name
    path.write_bytes(path.read_bytes()[:-7])
    with pytest.raises(CheckpointError, match=rf"{name} has \d+ bytes; \d+ were written"):
        load_checkpoint(tmp_path, build_tiny)


def test_a_changed_byte(tmp_path):
    path = save(tmp_path, 1, 10) / "weights-00000010.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(CheckpointError, match="is damaged"):
        load_checkpoint(tmp_path, build_tiny)


def test_a_file_that_is_gone(tmp_path):
    (save(tmp_path, 1, 10) / "weights-00000010.safetensors").unlink()
    with pytest.raises(CheckpointError, match="is missing from the checkpoint"):
        load_checkpoint(tmp_path, build_tiny)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "eco1-checkpoint", "version": 1}', '{"version": 1}'])
def test_a_damaged_manifest(tmp_path, text):
    (save(tmp_path, 1, 10) / "manifest.json").write_text(text)
    with pytest.raises(CheckpointError, match="is damaged"):
        load_checkpoint(tmp_path, build_tiny)


def test_a_newer_version(tmp_path):
    path = save(tmp_path, 1, 10) / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "version": 2}))
    with pytest.raises(CheckpointError, match=r"version 2; this eco1 reads up to 1\. Upgrade eco1"):
        load_checkpoint(tmp_path, build_tiny)


def test_weights_of_another_model(tmp_path):
    save(tmp_path, 1, 10)
    with pytest.raises(CheckpointError, match="weights of another model"):
        load_checkpoint(tmp_path, lambda config: tiny(width=6))


def test_a_config_the_builder_does_not_know(tmp_path):
    save(tmp_path, 1, 10)
    with pytest.raises(CheckpointError, match="cannot be built by this version of eco1"):
        load_checkpoint(tmp_path, lambda config: build_tiny({**config, "depth": 3}))


def test_a_manifest_cannot_point_outside_its_folder(tmp_path):
    save(tmp_path / "a", 1, 10)
    save(tmp_path / "b", 2, 10)
    path = tmp_path / "b" / "manifest.json"
    path.write_text(path.read_text().replace("weights-00000010", "../a/weights-00000010"))
    manifest = read_manifest(tmp_path / "b")
    assert manifest.files["weights"].name.startswith("..")
    assert holds(tmp_path / "b", 2, 10)
