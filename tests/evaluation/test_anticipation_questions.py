import numpy as np
import pytest
from made_up_episodes import clip_of, episode, straight

from eco1.core.errors import ConfigError
from eco1.core.records import Clip
from eco1.evaluation.anticipation import answers, evaluate_anticipation, score_answers
from eco1.evaluation.markov import fit_majority, fit_markov, fit_timed_markov, time_bin
from eco1.evaluation.onsets import find_questions, onsets, run_length

NAMES = ("graze", "rest", "flee", "drink", "play", "sleep", "sing")


def labelled(*rows: list[int], seed: int = 0):
    behavior = np.array(rows).T
    return episode(straight(*behavior.shape), behavior=behavior, behavior_names=NAMES, seed=seed)


def asked(label: list[int], *, history: int = 3, ahead: int = 4, lasts: int = 2, alive: list[bool] | None = None):
    behavior = np.array(label, np.int16)[:, None]
    living = np.ones(behavior.shape, bool) if alive is None else np.array(alive)[:, None]
    end, _ = onsets(behavior, living, np.zeros(behavior.shape, np.int64), history=history, ahead=ahead, lasts=lasts)
    return end.tolist()


def test_an_onset_after_a_constant_second_is_a_question():
    assert asked([0] * 8 + [1] * 4) == [4]


def test_an_onset_too_soon_after_another_change_is_none():
    assert asked([0] * 6 + [1] * 3 + [2] * 4) == [2]


def test_a_new_behaviour_that_does_not_last_is_none():
    assert asked([0] * 8 + [1] + [0] * 6) == []


def test_an_unknown_label_is_no_answer_and_no_beginning():
    assert asked([0] * 8 + [-1] * 4) == []
    assert asked([-1] * 8 + [1] * 4) == []


def test_history_must_fit_before_the_onset():
    assert asked([0] * 6 + [1] * 4, history=3) == [2]
    assert asked([0] * 6 + [1] * 4, history=4) == []


def test_an_animal_that_was_absent_or_dies_is_not_asked():
    label = [0] * 8 + [1] * 4
    assert asked(label, alive=[False] * 3 + [True] * 9) == []
    assert asked(label, alive=[False] * 2 + [True] * 10) == [4]
    assert asked(label, alive=[True] * 9 + [False] * 3) == []


def test_too_short_a_recording_asks_nothing():
    assert asked([0, 1]) == []


def test_run_length_breaks_with_label_identity_and_death():
    behavior = np.array([0, 0, 1, 1, 1, 1], np.int16)[:, None]
    alive = np.array([1, 1, 1, 0, 1, 1], bool)[:, None]
    identity = np.array([7, 7, 7, 7, 7, 8])[:, None]
    assert run_length(behavior, alive, identity)[:, 0].tolist() == [1, 2, 1, 0, 1, 1]


def test_questions_know_what_was_before_and_after():
    questions = find_questions([labelled([0] * 30 + [2] * 30, [1] * 45 + [3] * 15)], history_s=0.5)
    assert questions.end.tolist() == [20, 35]
    assert questions.before.tolist() == [0, 1]
    assert questions.after.tolist() == [2, 3]
    clips = [
        (clip.observation.behavior.shape, number.tolist(), row.tolist()) for clip, number, row in questions.batches(9)
    ]
    assert clips == [((2, 6, 2), [0, 1], [0, 1])]


def chain(frames: int, transition: np.ndarray, seed: int) -> list[int]:
    """Draw behaviours that each last 1.5 to 3 s and follow each other as ``transition`` says."""
    rng = np.random.default_rng(seed)
    label, now = [], 0
    while len(label) < frames:
        label += [now] * int(rng.integers(15, 30))
        now = int(rng.choice(len(transition), p=transition[now]))
    return label[:frames]


TRANSITION = np.array(
    [[0, 0.7, 0.3, 0, 0], [0.2, 0, 0.8, 0, 0], [0.1, 0.1, 0, 0.8, 0], [1, 0, 0, 0, 0], [1, 0, 0, 0, 0]]
)


def chained(seed: int):
    return labelled(*[chain(3000, TRANSITION, seed * 10 + i) for i in range(8)], seed=seed)


def test_markov_chain_recovers_the_transitions():
    fitted = fit_markov(find_questions([chained(s) for s in range(3)], history_s=0.5))
    np.testing.assert_allclose(fitted.transition[0, :4, :5], TRANSITION[:4], atol=0.04)
    np.testing.assert_allclose(fitted.transition.sum(-1), 1, atol=1e-9)
    np.testing.assert_allclose(np.diagonal(fitted.transition, axis1=1, axis2=2), 0, atol=1e-9)


def test_markov_beats_majority_and_nears_the_best_possible():
    train = find_questions([chained(s) for s in range(3)], history_s=0.5)
    test = find_questions([chained(8)], history_s=0.5)
    baselines = {"majority": fit_majority(train), "markov": fit_markov(train), "timed": fit_timed_markov(train)}
    report = evaluate_anticipation(baselines, test, ahead_s=1.0)
    best = TRANSITION.max(1)[test.before].mean()
    assert report.scores["markov"].top1 == pytest.approx(best, abs=0.03)
    assert report.scores["timed"].top1 == pytest.approx(best, abs=0.03)
    assert report.scores["majority"].top1 < best - 0.2
    assert report.scores["markov"].recall_at_5 == 1
    assert report.scores["markov"].families is None  # nothing in the ethogram sings


def test_time_spent_tells_what_the_plain_chain_cannot():
    short, long = [0] * 15 + [1] * 15, [0] * 29 + [2] * 15
    train = find_questions([labelled((short + long) * 8)], history_s=1.5)
    assert score_answers(answers(fit_timed_markov(train), train), train).top1 > 0.95
    assert score_answers(answers(fit_markov(train), train), train).top1 < 0.8


def test_time_bins_count_from_the_onset():
    clip = clip_of(labelled([1] * 10 + [0] * 11, [0] * 21, [1] * 20 + [0]))
    assert time_bin(clip)[0].tolist() == [1, 2, 0]


class Fixed:
    """Always gives the same scores."""

    def __init__(self, *scores: float) -> None:
        self.scores = np.array(scores, np.float32)

    def anticipate(self, history: Clip) -> np.ndarray:
        return np.broadcast_to(self.scores, (*history.observation.behavior[:, -1].shape, len(self.scores)))


def test_scores_by_hand_and_the_present_behaviour_is_no_answer():
    rows = [[0] * 30 + [1] * 10] * 12 + [[0] * 30 + [6] * 10] * 12
    questions = find_questions([labelled(*rows)], history_s=0.5)
    score = score_answers(answers(Fixed(9, 5, 4, 3, 2, 1, 0), questions), questions)
    assert score.questions == 24
    assert score.top1 == 0.5  # graze would have scored highest, but it is what they already do
    assert score.recall_at_5 == 0.5  # the class of singing is never among the first five
    assert score.classes == 2
    assert [(t.after, t.top1) for t in score.transitions] == [("rest", 1.0), ("sing", 0.0)]


def test_rare_classes_do_not_count_in_the_class_mean():
    rows = [[0] * 30 + [1] * 10] * 12 + [[0] * 30 + [6] * 10] * 2
    questions = find_questions([labelled(*rows)], history_s=0.5)
    assert score_answers(answers(Fixed(9, 5, 4, 3, 2, 1, 0), questions), questions).recall_at_5 == 1


def test_family_confusion_of_the_ethogram():
    from eco1.catalog.loader import load_ethogram

    names = load_ethogram().names
    flee, graze, chase = names.index("flee"), names.index("graze"), names.index("chase")
    behavior = np.full((40, 3), graze)
    behavior[30:, 0], behavior[30:, 1:] = flee, chase
    questions = find_questions([episode(straight(40, 3), behavior=behavior, behavior_names=names)], history_s=0.5)
    score = score_answers(answers(Fixed(*np.eye(len(names))[flee]), questions), questions)
    assert score.families is not None
    counts = np.array(score.families.counts)
    flocking, hunting = score.families.families.index("flocking"), score.families.families.index("hunting")
    assert counts[flocking, flocking] == 1
    assert counts[hunting, flocking] == 2
    assert counts.sum() == 3


def test_thinning_keeps_whole_scenes():
    questions = find_questions([chained(0)], history_s=0.5)
    fewer = questions.thin(50)
    assert 30 < len(fewer) < 80
    assert len(questions.thin(10**6)) == len(questions)


def test_no_onset_is_said():
    questions = find_questions([labelled([0] * 40)], history_s=0.5)
    with pytest.raises(ConfigError, match="no onset"):
        evaluate_anticipation({"fixed": Fixed(1, 2, 3, 4, 5, 6, 7)}, questions, ahead_s=1.0)
