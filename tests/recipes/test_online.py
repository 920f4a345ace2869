"""Learning from a world while it lives."""

import numpy as np
import pytest
from interruptions import interrupted_at

from eco1.core.errors import ConfigError
from eco1.core.fakes import FakeSimulator
from eco1.core.records import Clip, Observation
from eco1.data.ring import Ring
from eco1.recipes.fit import FitConfig
from eco1.recipes.living_world import Living, LivingSource
from eco1.recipes.online import OnlineConfig, learn_online
from eco1.recipes.record import RecordConfig, record
from eco1.training.metrics import read_metrics
from eco1.training.step import Trainer

TINY = {"width": 16, "heads": 2, "kv_heads": 1, "head_dim": 8, "neighbour_width": 16, "expert_hidden": 16,
        "window_frames": 8, "motion_hidden": 16, "future_hidden": 16, "layers": 1}  # fmt: skip


@pytest.fixture(scope="module", name="recordings")
def _recordings(tmp_path_factory):
    out = tmp_path_factory.mktemp("recordings") / "savanna"
    record(RecordConfig(out=out, episodes=2, seconds=8, first_seed=500, animals=12, burn_in_s=2), quiet=True)
    return out


def config_of(recordings, out, world=None, **changes) -> OnlineConfig:
    training = {"log_every": 1, "eval_every": 2, "eval_batches": 1, "checkpoint_every": 2}
    settings = {"batch": 2, "steps": 4, "calibration_batches": 3, "model": TINY, "training": training}
    fixed = {"worlds": 1, "animals": 12, "burn_in_s": 2.0, "every": 20, "past_s": 12.0}
    fit = FitConfig(episodes=recordings, out=out, **{**settings, **changes})
    return OnlineConfig(fit=fit, **{**fixed, **(world or {})})


def chunk(first: int, frames: int = 4) -> Clip:
    """Frames whose animals stand where the clock says."""
    simulator = FakeSimulator(worlds=2, animals=3)
    seen = Observation.stack([simulator.observe(simulator.reset(0))] * frames, axis=1)
    seen.position_m[:] = (first + np.arange(frames, dtype=np.float32))[None, :, None, None]
    return Clip(observation=seen, dt_s=np.full(2, 0.1, np.float32))


def test_a_ring_keeps_the_last_frames_and_no_more_memory():
    ring = Ring(10)
    ring.append(chunk(0))
    size = ring.size_bytes
    for number in range(1, 9):
        ring.append(chunk(4 * number))
    assert ring.size_bytes == size == 10 / 4 * sum(a.nbytes for a in vars(chunk(0).observation).values())
    starts = set()
    for number in range(60):
        times = ring.cut(2, 5, 7, number).observation.position_m[:, :, 0, 0]
        assert (np.diff(times, axis=1) == 1).all(), "a cut has no seam"
        starts |= set(times[:, 0])
    assert starts == {26, 27, 28, 29, 30, 31}, "of 36 frames the last 10 are kept"


def test_a_ring_refuses_what_it_cannot_do():
    ring = Ring(10)
    with pytest.raises(ConfigError, match="Clips of 5 frames were asked for; the ring holds 0 so far"):
        ring.cut(1, 5, 0)
    with pytest.raises(ConfigError, match="A ring of 10 frames cannot take 12 at once"):
        ring.append(chunk(0, 12))


def source(*, lockstep: bool = True) -> LivingSource:
    living = Living(biome="savanna", worlds=1, animals=8, seed=3, burn_in_s=1.0, every=10)
    return LivingSource(living, 40, 10, 2, lockstep=lockstep)


@pytest.mark.slow
def test_a_batch_depends_on_seed_and_number_alone():
    with source() as one:
        straight = [one.batch_at(number) for number in range(6)]
        size = one.ring.size_bytes
    with source() as other:
        assert other.batch_at(5).observation.position_m.tolist() == straight[5].observation.position_m.tolist()
        assert other.batch_at(0).observation.position_m.tolist() == straight[0].observation.position_m.tolist()
        other.samples(2)
        assert other.ring.size_bytes == size
    moved = [np.abs(a.observation.position_m).sum() for a in straight]
    assert len(set(moved)) == 6


@pytest.mark.slow
def test_without_lockstep_nobody_waits():
    with source(lockstep=False) as free:
        for number in range(3):
            assert free.batch_at(number).observation.alive.shape == (2, 10, 8)


@pytest.mark.slow
def test_a_run_is_the_same_for_a_seed_and_can_be_resumed(recordings, tmp_path, monkeypatch):
    def lines(name):
        return [
            {k: v for k, v in line.items() if k != "seconds"}
            for line in read_metrics(tmp_path / name / "metrics.jsonl")
        ]

    learn_online(config_of(recordings, tmp_path / "one"))
    interrupted, _ = interrupted_at(4, Trainer.step)
    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "step", interrupted)
        with pytest.raises(KeyboardInterrupt):
            learn_online(config_of(recordings, tmp_path / "two"))
    learn_online(config_of(recordings, tmp_path / "two", resume=True))
    assert lines("one") == lines("two")
    assert [line["step"] for line in lines("one") if line["split"] == "held_out"] == [0, 2, 4]


@pytest.mark.slow
def test_what_is_learned_online_helps_on_recordings(recordings, tmp_path):
    training = {"log_every": 10, "eval_every": 30, "eval_batches": 2, "checkpoint_every": 30}
    learn_online(config_of(recordings, tmp_path, steps=30, lr=5e-3, training=training))
    held = [line["total"] for line in read_metrics(tmp_path / "metrics.jsonl") if line["split"] == "held_out"]
    assert held[-1] < 0.9 * held[0]


def test_settings_that_do_not_fit_are_refused(recordings, tmp_path):
    with pytest.raises(ConfigError, match="at least 1 world, 2 animals and 1 step"):
        config_of(recordings, tmp_path, {"every": 0})
    with pytest.raises(ConfigError, match=r"past_s=1 keeps 10 frames; clips of \d+ and stretches of 20 need"):
        learn_online(config_of(recordings, tmp_path, {"past_s": 1.0}))
    with pytest.raises(ConfigError, match=r"accumulation=2 is for recordings.*leave out --online"):
        config_of(recordings, tmp_path, accumulation=2)
    with pytest.raises(ConfigError, match="was not recorded in reef: species"):
        learn_online(config_of(recordings, tmp_path, {"biome": "reef"}))
