"""Work is done whoever does it, and a worker that vanishes costs time and nothing else."""

import pytest
from crew_tasks import always_killed, double, full, killed_once

from eco1.core.errors import Eco1Error, EpisodeError
from eco1.recipes.crews import alone, on_ray, processes


def test_results_come_one_by_one():
    results = alone(double, [1, 2, 3])
    assert next(results) == 2
    assert list(results) == [4, 6]


def test_what_a_vanished_worker_was_at_is_done_again(tmp_path, caplog):
    tasks = [(str(tmp_path), number) for number in range(6)]
    assert sorted(processes(killed_once, tasks, workers=2)) == [0, 1, 2, 3, 4, 5]
    assert "A worker vanished" in caplog.text


def test_workers_that_vanish_again_and_again_end_the_run_with_one_message():
    with pytest.raises(Eco1Error, match=r"killed again and again.*Complete episodes are kept.*--workers 1"):
        list(processes(always_killed, [1], workers=1))


def test_what_a_task_runs_into_is_said_as_it_is():
    with pytest.raises(EpisodeError, match=r"^The disk is full at 1\.$"):
        list(processes(full, [1], workers=1))


@pytest.mark.slow
def test_ray_does_the_same(tmp_path):
    assert sorted(on_ray(double, list(range(5)), workers=2)) == [0, 2, 4, 6, 8]
    with pytest.raises(EpisodeError, match=r"^The disk is full at 1\.$"):
        list(on_ray(full, [1], workers=1))
    tasks = [(str(tmp_path), number) for number in range(4)]
    assert sorted(on_ray(killed_once, tasks, workers=2)) == [0, 1, 2, 3]
