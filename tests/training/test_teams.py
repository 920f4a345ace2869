"""Two ranks learn what one process learns, whatever they divide, and take up each other's checkpoints."""

import contextlib
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.training.ranks import on_ranks
from tests.training.team_models import SOURCES, BrokenAt, Stopped, StoppingAt, model_of, settings

from eco1.core.errors import CheckpointError
from eco1.training.checkpoint import read_tensors
from eco1.training.loop import train
from eco1.training.manifest import read_manifest
from eco1.training.metrics import read_metrics
from eco1.training.parallel.config import ParallelConfig
from eco1.training.parallel.state import gathered
from eco1.training.parallel.team import ALONE, Team, team_of
from eco1.training.saving import take_up
from eco1.training.step import Trainer

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:.*functional collectives.*")]

TEAMS = {
    "shared-clips": ParallelConfig(),
    "sharded": ParallelConfig(shard=True),
    "experts": ParallelConfig(experts=2),
    "heads": ParallelConfig(tensor=2),
    "both": ParallelConfig(experts=2, tensor=2),
}
RUNS = [
    *(("words", team) for team in TEAMS),
    *((kind, team) for kind in ("film", "tiny") for team in ("shared-clips", "sharded")),
    *(("eco", team) for team in ("shared-clips", "sharded", "experts")),
]
STOP = 3


def learn(kind: str, folder: Path, team: Team = ALONE, *, stop: int | None = None, resume: bool = False) -> None:
    source = SOURCES[kind]()
    with contextlib.suppress(Stopped):
        train(
            model_of(kind),
            source if stop is None else StoppingAt(source, stop),
            settings(kind),
            folder,
            held_out=SOURCES[kind](),
            resume=resume,
            team=team,
        )


def weights_after(kind: str, folder: Path, team: Team = ALONE) -> dict[str, torch.Tensor]:
    """What a trainer holds once it has taken up a checkpoint, made whole; so on every rank."""
    trainer = Trainer(model_of(kind), settings(kind), torch.device("cpu"), team=team)
    take_up(folder / "last", trainer)
    return {
        name: t.clone() for name, t in gathered(trainer.model.state_dict(), trainer.spread.orders, keep=True).items()
    }


def skip(folder: Path, team: Team = ALONE) -> None:
    """Learn from batches of which one is bad on the last rank only."""
    train(model_of("tiny"), BrokenAt(SOURCES["tiny"](), 1), settings("tiny", skips_in_a_row=1), folder, team=team)


def scenario(folder: Path) -> dict[str, Any]:
    """All that ranks do: learn to the end; stop and resume; take up what one process has left; leave shards."""
    said: dict[str, Any] = {}
    for kind, name in RUNS:
        team = team_of(TEAMS[name], "cpu")
        learn(kind, folder / f"{kind}-{name}", team)
    for name in ("shared-clips", "sharded"):
        skip(folder / f"skip-{name}", team_of(TEAMS[name], "cpu"))
    for name in TEAMS:
        team = team_of(TEAMS[name], "cpu")
        place = folder / f"cut-{name}"
        learn("words", place, team, stop=STOP)
        said[f"cut-{name}"] = weights_after("words", place, team)
        said[f"from-one-{name}"] = weights_after("words", folder / "one-cut", team)
        learn("words", place, team, resume=True)
        learn("words", folder / f"shards-{name}", team, stop=STOP)
    return said


@pytest.fixture(scope="module")
def ranks(tmp_path_factory):
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("ranks")
    learn("words", folder / "one-cut", stop=STOP)
    return folder, on_ranks(scenario, folder)


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    folder = tmp_path_factory.mktemp("alone")
    for kind in SOURCES:
        learn(kind, folder / kind)
    skip(folder / "skip")
    return folder


def lines(folder: Path) -> list[dict[str, Any]]:
    return [{k: v for k, v in line.items() if k != "seconds"} for line in read_metrics(folder / "metrics.jsonl")]


def whole(folder: Path) -> dict[str, torch.Tensor]:
    return read_tensors(folder / "last", read_manifest(folder / "last"), "weights")


@pytest.mark.parametrize(("kind", "team"), RUNS, ids=[f"{kind}-{team}" for kind, team in RUNS])
def test_two_ranks_learn_what_one_process_learns(ranks, alone, kind, team):
    together, one = lines(ranks[0] / f"{kind}-{team}"), lines(alone / kind)
    assert [line["step"] for line in together] == [line["step"] for line in one] == [0, 1, 2, 3, 4, 4]
    for ours, theirs in zip(together, one, strict=True):
        assert ours.keys() == theirs.keys()
        for name in ours.keys() - {"split"}:
            assert ours[name] == pytest.approx(theirs[name], rel=1e-4 if "rank" in name else 1e-5, abs=1e-5), name
    ours, theirs = whole(ranks[0] / f"{kind}-{team}"), whole(alone / kind)
    assert ours.keys() == theirs.keys()
    for name, tensor in ours.items():
        if name != "steps":  # counts losses, of which each rank sees half
            assert torch.allclose(*(that_matters(name, part.float()) for part in (tensor, theirs[name])), atol=1e-5), (
                name
            )


def that_matters(name: str, tensor: torch.Tensor) -> torch.Tensor:
    """Leave out the bias of keys: attention does not depend on it, its gradient is rounding that AdamW makes large."""
    return tensor.view(3, -1)[[0, 2]] if name.endswith("attention.qkv.bias") else tensor


@pytest.mark.parametrize("team", ["shared-clips", "sharded"])
def test_a_batch_that_is_bad_on_one_rank_is_skipped_by_all(ranks, alone, team):
    together, one = lines(ranks[0] / f"skip-{team}"), lines(alone / "skip")
    assert [(line["split"], line["step"]) for line in together] == [
        ("train", 1),
        ("skipped", 2),
        ("train", 3),
        ("train", 4),
    ]
    assert together[1]["reason"] == one[1]["reason"]
    assert together[3]["total"] == pytest.approx(one[3]["total"], abs=1e-5)
    ours, theirs = whole(ranks[0] / f"skip-{team}"), whole(alone / "skip")
    assert all(torch.allclose(ours[name], theirs[name], atol=1e-5) for name in theirs)


@pytest.mark.parametrize("team", TEAMS)
def test_a_resumed_team_goes_on_exactly(ranks, team):
    folder = ranks[0]
    assert lines(folder / f"cut-{team}") == lines(folder / f"words-{team}")
    cut, never = whole(folder / f"cut-{team}"), whole(folder / f"words-{team}")
    assert all(torch.equal(cut[name], never[name]) for name in never)


@pytest.mark.parametrize("team", TEAMS)
def test_one_process_takes_up_what_two_ranks_have_left(ranks, team, tmp_path):
    folder = ranks[0] / f"shards-{team}"
    manifest = read_manifest(folder / "last")
    assert ("shards" in manifest.files) == TEAMS[team].divides_weights
    found = weights_after("words", folder)
    for rank in range(2):
        held = ranks[1][rank][f"cut-{team}"]
        assert all(torch.equal(found[name], held[name]) for name in found)
    learn("words", folder, resume=True)
    theirs = lines(ranks[0] / f"words-{team}")
    assert [line["total"] for line in lines(folder)] == pytest.approx([line["total"] for line in theirs], abs=1e-5)


@pytest.mark.parametrize("team", TEAMS)
def test_two_ranks_take_up_what_one_process_has_left(ranks, team):
    left = whole(ranks[0] / "one-cut")
    for rank in range(2):
        found = ranks[1][rank][f"from-one-{team}"]
        assert found.keys() == left.keys()
        assert all(torch.equal(found[name], left[name]) for name in left)


def test_a_run_that_ended_leaves_one_file_and_no_shards(ranks):
    last = ranks[0] / "words-both" / "last"
    assert not list(last.glob("shards*"))
    assert set(read_manifest(last).files) == {"weights", "optimizer", "config"}


def test_shards_are_not_mistaken_for_weights(ranks):
    folder = ranks[0] / "words-sharded"
    manifest = read_manifest(folder / "last")
    assert "weights" in manifest.files
    with pytest.raises(CheckpointError, match="has no shards file; it has config, optimizer, weights"):
        read_tensors(folder / "last", manifest, "shards")
