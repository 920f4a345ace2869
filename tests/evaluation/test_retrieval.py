"""How well clips are found, where the answer is known."""

import numpy as np
import pytest

from eco1.evaluation.retrieval import evaluate_retrieval


def units(seed: int, clips: int, width: int = 64) -> np.ndarray:
    found = np.random.default_rng(seed).normal(size=(clips, width))
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


def test_the_same_vectors_find_each_other():
    found = evaluate_retrieval(units(0, 50), units(0, 50))
    assert (found.clips, found.recall_1, found.median_rank, found.times_chance) == (50, 1.0, 1.0, 50.0)


def test_unrelated_vectors_find_each_other_by_chance():
    found = evaluate_retrieval(units(0, 400), units(1, 400))
    assert found.recall_10 == pytest.approx(10 / 400, abs=0.02)
    assert found.median_rank == pytest.approx(200, abs=25)
    assert found.times_chance < 4


def test_ranks_by_hand():
    one = np.eye(3, dtype=np.float32)
    other = np.float32([[1, 0, 0], [0, 0, 1], [0, 0.6, 0.8]])
    found = evaluate_retrieval(one, other)
    # likeness, rows find columns: row 0 first; row 1: 0 and 0.6 right second; row 2: 1 is nearer than 0.8, second.
    # columns find rows: 0 first; 1: row 1 has 0, row 2 has 1, row 0 ties with 0, third; 2: 0.8 is nearest, first.
    assert found.recall_1 == pytest.approx(3 / 6)
    assert found.recall_5 == 1.0
    assert found.median_rank == pytest.approx(1.5)


def test_galleries_are_searched_by_themselves_and_averaged():
    one, other = units(0, 30), np.concatenate([units(0, 30)[:10], units(1, 20)])
    whole = evaluate_retrieval(one[:20], other[:20], among=10)
    parts = [evaluate_retrieval(one[part], other[part]) for part in (slice(0, 10), slice(10, 20))]
    assert (whole.clips, whole.galleries, parts[0].galleries) == (10, 2, 1)
    assert parts[0].recall_1 == 1.0
    assert whole.recall_1 == pytest.approx((parts[0].recall_1 + parts[1].recall_1) / 2)
    assert evaluate_retrieval(one[:25], other[:25], among=10) == whole, "a rest is left out"


@pytest.mark.parametrize("same", [np.ones((20, 4), np.float32) / 2, np.full((20, 4), np.nan, np.float32)])
def test_vectors_that_are_all_alike_or_no_numbers_find_nothing(same):
    found = evaluate_retrieval(same, same)
    assert (found.recall_1, found.recall_10) == (0.0, 0.0)
    assert found.median_rank == 20.0
