"""How far single lives are from recordings."""

from dataclasses import replace

import numpy as np
import pytest

from eco1.core.errors import ConfigError
from eco1.core.fakes import FakeSimulator
from eco1.core.records import Observation
from eco1.evaluation.life_rivals import nearer_by
from eco1.evaluation.lives import joined, life_samples, life_score

DT_S = 0.1


def recording(steps: int = 40) -> Observation:
    simulator = FakeSimulator(animals=4, dt_s=DT_S)
    state, seen = simulator.reset(0), []
    for _ in range(steps):
        seen.append(simulator.observe(state)[0])
        state = simulator.step(state, None)
    return Observation.stack(seen)


def test_a_recording_is_at_no_distance_from_itself():
    seen = recording()
    samples = life_samples(seen, seen.alive, DT_S, 2)
    score = life_score(samples, samples, DT_S)
    assert (score.behavior, score.speed, score.turning) == (0, 0, 0)
    assert score.animal_seconds == pytest.approx(4 * 39 * DT_S)


def test_samples_are_those_of_frames_that_were_chosen_one_after_the_other():
    seen = recording(6)
    chosen = np.zeros((6, 4), bool)
    chosen[1:4, 2] = True
    chosen[5, 2] = True
    (samples,) = life_samples(seen, chosen, DT_S, 2).values()
    assert samples.frames == 2
    assert samples.speed == pytest.approx(np.linalg.norm(seen.velocity_mps[2:4, 2], axis=-1))
    turned = np.abs(np.diff(seen.heading_rad[1:4, 2].astype(float)))
    assert samples.turning == pytest.approx(np.minimum(turned, 2 * np.pi - turned) / DT_S)
    assert samples.behavior.sum() == 2


def test_distances_by_hand():
    seen = recording()
    fast = replace(seen, velocity_mps=2 * seen.velocity_mps, behavior=np.zeros_like(seen.behavior))
    one, other = (life_samples(each, each.alive, DT_S, 2) for each in (fast, seen))
    score = life_score(one, other, DT_S)
    walks = np.mean([(seen.behavior[1:, kind::2] == 1).mean() for kind in (0, 1)])
    assert score.behavior == pytest.approx(walks)
    assert score.mean_speed[0] == pytest.approx(2 * score.mean_speed[1])
    assert score.speed > 0
    assert score.turning == 0


def test_species_count_as_long_as_they_were_driven():
    seen = recording()
    some = seen.alive & (np.arange(4) == 1)
    driven = joined([life_samples(seen, some, DT_S, 2)] * 2)
    assert list(driven) == [1]
    assert driven[1].frames == 2 * 39
    with pytest.raises(ConfigError, match="None of the 1 species that were driven"):
        life_score(driven, {0: driven[1]}, DT_S)


def test_whoever_lives_nearer_to_others_is_said_to_and_how_surely():
    seen = recording()
    fast = replace(seen, velocity_mps=2 * seen.velocity_mps)
    near, far = (
        [life_samples(each[start : start + 20], each.alive[start : start + 20], DT_S, 2) for start in range(0, 20, 4)]
        for each in (seen, fast)
    )
    others = joined(near)
    found = nearer_by(near, far, others, DT_S)
    assert found["speed"].mean == pytest.approx(
        life_score(joined(far), others, DT_S).speed - life_score(joined(near), others, DT_S).speed
    )
    assert 0 < found["speed"].low <= found["speed"].mean <= found["speed"].high
    assert found["turning"].mean == found["turning"].low == 0
    assert nearer_by(near, near, others, DT_S)["behavior"].high == 0
    assert np.isnan(nearer_by(near[:1], far[:1], others, DT_S)["speed"].low)
    assert nearer_by([*near, {}], [*far, {}], others, DT_S) == found, "lives that tell nothing"
    with pytest.raises(ConfigError, match="5 lives cannot be paired with 4"):
        nearer_by(near, far[:4], others, DT_S)
