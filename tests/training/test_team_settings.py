"""Teams that cannot be formed are refused before anything is divided."""

import pytest
from tests.training.team_models import model_of

from eco1.core.errors import ConfigError
from eco1.training.parallel.config import ParallelConfig
from eco1.training.parallel.plans import check_fit, joined_rows, row_orders
from eco1.training.parallel.team import ALONE, gathered_team


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (ParallelConfig(experts=3), r"4 experts of words\.blocks\.0\.feed cannot be .* 3 ranks .* Allowed: 1, 2, 4\."),
        (ParallelConfig(experts=8), r"4 experts of words\.blocks\.0\.feed cannot be .* 8 ranks .* Allowed: 1, 2, 4\."),
        (ParallelConfig(tensor=3), r"2 kv_heads of words\.blocks\.0\.attention cannot .* \(tensor=3\)\. Allowed: 1, 2"),
    ],
)
def test_what_cannot_be_divided_evenly_is_named(config, message):
    with pytest.raises(ConfigError, match=message):
        check_fit(model_of("words"), config)


def test_what_is_not_there_cannot_be_divided():
    with pytest.raises(ConfigError, match="JepaModel has no Experts layer to divide; leave experts at 1"):
        check_fit(model_of("film"), ParallelConfig(experts=2))


def test_crews_must_be_whole(monkeypatch):
    with pytest.raises(ConfigError, match="experts=2 and tensor=4 are the same ranks"):
        ParallelConfig(experts=2, tensor=4)
    with pytest.raises(ConfigError, match="tensor is 0 ranks; it must be 1 or more"):
        ParallelConfig(tensor=0)
    monkeypatch.setenv("WORLD_SIZE", "6")
    with (
        pytest.raises(ConfigError, match=r"6 ranks do not make crews of 4 .*torchrun --nproc-per-node 4"),
        gathered_team(ParallelConfig(experts=4), "cpu"),
    ):
        pass


def test_without_torchrun_a_process_is_alone(monkeypatch):
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    with gathered_team(ParallelConfig(shard=True), "cpu") as (team, device):
        assert (team.mesh, team.is_first, device, team.divides_weights) == (None, True, "cpu", False)
    with (
        pytest.raises(ConfigError, match="1 ranks do not make crews of 2"),
        gathered_team(ParallelConfig(tensor=2), "cpu"),
    ):
        pass


def test_alone_learns_from_every_part():
    assert list(ALONE.own_parts(3)) == [0, 1, 2]
    assert ALONE.mean({"total": 2.0}) == {"total": 2.0}


def test_each_rank_gets_its_rows_of_every_joined_matrix():
    orders = row_orders(joined_rows(model_of("words")), 2)
    order = orders["words.blocks.0.attention.qkv.weight"].tolist()
    assert order == [*range(12), *range(24, 28), *range(32, 36), *range(12, 24),
                     *range(28, 32), *range(36, 40)]  # fmt: skip
    assert sorted(order) == list(range(40))
    assert row_orders(joined_rows(model_of("words")), 1) == {}
