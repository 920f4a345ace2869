"""What probes of tokens find, and what they must not find."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from eco1.evaluation import attentive, sense_probes
from eco1.evaluation.attentive import fit_attentive
from eco1.evaluation.sense_probes import evaluate_sense_probes
from eco1.evaluation.sense_rows import SenseRows, Truth

torch.set_num_threads(1)
TOKENS, WIDTH = 6, 16


def planted(seed: int, clips: int, classes: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """One token of a clip tells its class, marked by its first number; another, somewhere, tells the opposite.

    So the mean over tokens knows nothing.
    """
    rng = np.random.default_rng(seed)
    label = rng.integers(0, classes, clips)
    code = np.random.default_rng(99).normal(0, 2, (classes, WIDTH - 1))
    tokens = rng.normal(0, 0.3, (clips, TOKENS, WIDTH))
    for row, tells in enumerate(rng.permuted(np.tile(np.arange(TOKENS), (clips, 1)), axis=1)[:, :2]):
        tokens[row, tells[0]] = [4.0, *code[label[row]]]
        tokens[row, tells[1]] = [-4.0, *-code[label[row]]]
    return tokens.astype(np.float32), label


def rows_of(tokens: np.ndarray, label: np.ndarray, count: np.ndarray | None = None, **patches: np.ndarray) -> SenseRows:
    spread = np.zeros(len(label)) if count is None else count.astype(np.float64)
    truth = Truth(
        species=label, behavior=np.full(len(label), -1), count=spread,
        depth=patches.get("depth"), flow=patches.get("flow"),
    )  # fmt: skip
    return SenseRows(tokens={"model": tokens}, patches={"model": tokens}, truth=truth)


@pytest.fixture(autouse=True)
def _fewer_steps(monkeypatch):
    monkeypatch.setattr(attentive, "_STEPS", 200)


def test_attention_reads_a_token_that_the_mean_hides():
    report = evaluate_sense_probes(rows_of(*planted(0, 400)), rows_of(*planted(1, 150)))
    score = report.scores["model"]["species"]
    assert score.attentive is not None
    assert score.linear is not None
    assert score.attentive > 0.9
    assert score.linear < 0.5
    assert report.chance["species"] == pytest.approx(1 / 3, abs=0.12)
    assert (report.train_clips, report.test_clips, report.width["model"]) == (400, 150, WIDTH)


def test_noise_tells_nothing():
    def noise(seed: int, clips: int) -> SenseRows:
        rng = np.random.default_rng(seed)
        tokens = rng.normal(size=(clips, TOKENS, WIDTH)).astype(np.float32)
        depth, flow = (rng.normal(size=(clips, TOKENS, k)).astype(np.float32) for k in (1, 2))
        return rows_of(tokens, rng.integers(0, 3, clips), rng.uniform(0, 9, clips), depth=depth, flow=flow)

    scores = evaluate_sense_probes(noise(0, 300), noise(1, 200)).scores["model"]
    assert scores["species"].linear == pytest.approx(1 / 3, abs=0.12)
    assert scores["species"].attentive == pytest.approx(1 / 3, abs=0.12)
    for task in ("count", "depth", "flow"):
        assert scores[task].linear == pytest.approx(0.0, abs=0.1)
    assert scores["count"].attentive == pytest.approx(0.0, abs=0.15)


def test_patches_are_read_one_by_one_and_unknown_ones_left_out():
    def made(seed: int, clips: int) -> SenseRows:
        tokens = np.random.default_rng(seed).normal(size=(clips, TOKENS, WIDTH)).astype(np.float32)
        depth, flow = tokens[..., :1] * 2 + 1, tokens[..., 1:3].copy()
        flow[:, 0] = np.nan
        return rows_of(tokens, np.zeros(clips, int), tokens[:, :, 5].mean(1) + 9, depth=depth, flow=flow)

    scores = evaluate_sense_probes(made(0, 60), made(1, 30)).scores["model"]
    assert scores["depth"].linear > 0.99
    assert scores["flow"].linear > 0.99
    assert scores["depth"].attentive is None


def test_what_too_few_clips_have_is_not_asked():
    tokens, _ = planted(0, 40)
    rare = np.where(np.arange(40) < 7, 1, -1)
    unknown = np.full((40, TOKENS, 1), np.nan, np.float32)
    report = evaluate_sense_probes(rows_of(tokens, rare, depth=unknown), rows_of(tokens, rare, depth=unknown))
    for task in ("species", "behavior", "depth"):
        assert report.scores["model"][task].linear is None
    assert report.chance == {"species": None, "behavior": None}


def test_rank_counts_directions_and_not_one_column_of_a_grid(monkeypatch):
    monkeypatch.setattr(sense_probes, "_MOST_ROWS_OF_RANK", 64)
    rng = np.random.default_rng(0)
    tokens = np.zeros((128, 4, 8), np.float32)
    tokens[:, 1:] = rng.normal(size=(128, 3, 8))  # every fourth token, and so every eighth one, is the same
    label = np.arange(128) % 2
    rank = evaluate_sense_probes(rows_of(tokens, label), rows_of(tokens, label)).rank_me["model"]
    assert rank > 6


def test_a_probe_depends_on_its_seed_alone_and_leaves_the_global_stream():
    tokens, label = planted(0, 60)
    held, known = np.arange(60) >= 48, torch.from_numpy(label)

    def loss(output: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
        return functional.cross_entropy(output, known[rows])

    torch.manual_seed(5)
    first = torch.rand(1)
    torch.manual_seed(5)
    answers = [fit_attentive(tokens, loss, 3, held, tokens[:7], seed=seed) for seed in (0, 0, 1)]
    assert torch.equal(torch.rand(1), first)
    assert np.array_equal(answers[0], answers[1])
    assert not np.array_equal(answers[0], answers[2])
    assert answers[0].shape == (7, 3)
