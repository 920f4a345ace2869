"""Both axes of the mesh at once: two crews that read other clips, in each two ranks that divide every layer."""

from pathlib import Path
from typing import Any

import pytest
import torch
from tests.training.ranks import on_ranks
from tests.training.team_models import model_of, settings
from tests.training.test_teams import learn, lines, weights_after, whole

from eco1.training.parallel.config import ParallelConfig
from eco1.training.parallel.team import team_of
from eco1.training.step import Trainer

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:.*functional collectives.*")]

TEAMS = {
    "crews": ParallelConfig(experts=2, tensor=2),
    "sharded-crews": ParallelConfig(shard=True, experts=2, tensor=2),
}
STOP = 3


def scenario(folder: Path) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name, config in TEAMS.items():
        team = team_of(config, "cpu")
        learn("words", folder / name, team)
        learn("words", folder / f"cut-{name}", team, stop=STOP)
        said[name] = weights_after("words", folder / f"cut-{name}", team)
        said[f"from-one-{name}"] = weights_after("words", folder / "alone", team)
        trainer = Trainer(model_of("words"), settings("words"), torch.device("cpu"), team=team)
        said[f"held-{name}"] = sum(p.to_local().numel() if hasattr(p, "to_local") else p.numel() for p in
                                   trainer.model.words.parameters())  # fmt: skip
    return said


@pytest.fixture(scope="module")
def ranks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("four")
    learn("words", folder / "alone")
    return folder, on_ranks(scenario, folder, ranks=4)


@pytest.mark.parametrize("team", TEAMS)
def test_four_ranks_learn_what_one_process_learns(ranks, team):
    folder = ranks[0]
    for ours, theirs in zip(lines(folder / team), lines(folder / "alone"), strict=True):
        for name in ours.keys() - {"split"}:
            assert ours[name] == pytest.approx(theirs[name], rel=1e-5, abs=1e-5), name
    ours, theirs = whole(folder / team), whole(folder / "alone")
    assert all(torch.allclose(ours[name], theirs[name], atol=1e-5) for name in theirs)


@pytest.mark.parametrize("team", TEAMS)
def test_one_process_takes_up_what_four_have_left(ranks, team):
    found = weights_after("words", ranks[0] / f"cut-{team}")
    for said in ranks[1]:
        assert all(torch.equal(found[name], said[team][name]) for name in found)


@pytest.mark.parametrize("team", TEAMS)
def test_four_ranks_take_up_what_one_process_has_left(ranks, team):
    left = whole(ranks[0] / "alone")
    for said in ranks[1]:
        assert all(torch.equal(left[name], said[f"from-one-{team}"][name]) for name in left)


def test_each_rank_holds_its_share(ranks):
    everything = sum(p.numel() for p in model_of("words").words.parameters())
    held = [said["held-sharded-crews"] for said in ranks[1]]
    assert max(held) < 0.5 * everything
    assert max(said["held-crews"] for said in ranks[1]) < 0.8 * everything
