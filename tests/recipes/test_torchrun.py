"""The command line on two ranks, as a user starts it."""

import os
import subprocess
import sys

import pytest
from tests.training.ranks import free_port

from eco1.recipes.fit import FitConfig, fit
from eco1.recipes.record import RecordConfig, record
from eco1.training.metrics import read_metrics

pytestmark = pytest.mark.slow
STEPS = 3


@pytest.fixture(scope="module", name="recordings")
def _recordings(tmp_path_factory):
    out = tmp_path_factory.mktemp("recordings") / "savanna"
    record(RecordConfig(out=out, episodes=3, seconds=8, worlds=1, animals=12, burn_in_s=2), quiet=True)
    return out


def torchrun(*words: str) -> subprocess.CompletedProcess[str]:
    # not torchrun itself: it may be on no path, and --standalone looks for a host name
    launch = ["-m", "torch.distributed.run", "--nproc-per-node", "2", "--master-port", str(free_port())]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, *launch, "-m", "eco1", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=200)


def test_two_ranks_train_what_one_process_trains(recordings, tmp_path):
    common = ["--episodes", str(recordings), "--steps", str(STEPS), "--batch", "2", "--shard"]
    done = torchrun("train", *common, "--workers", "1", "--out", str(tmp_path / "two"))
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.count("eco1 eval --model") == 1, "one rank speaks for all"
    fit(FitConfig(episodes=recordings, out=tmp_path / "one", steps=STEPS, batch=2, accumulation=2))
    two, one = (read_metrics(tmp_path / name / "metrics.jsonl") for name in ("two", "one"))
    assert [line["total"] for line in two] == pytest.approx([line["total"] for line in one], rel=1e-3)
    assert two[0]["total"] == pytest.approx(one[0]["total"], abs=1e-5)


def test_ranks_that_make_no_crews_are_told(recordings, tmp_path):
    done = torchrun("train", "--episodes", str(recordings), "--out", str(tmp_path / "none"), "--experts-over", "3")
    assert done.returncode != 0
    assert "2 ranks do not make crews of 3 (experts=3, tensor=1)" in " ".join(done.stderr.split())
