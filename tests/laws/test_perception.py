"""Animals know of each other only what they see or hear, and at the limit of their reach only by chance."""

from itertools import pairwise

import numpy as np
import pytest
from two_animals import MIDDLE_M, Plain, plain

from eco1.sim import behaviors as b
from eco1.sim.fields import col, layer
from eco1.sim.kernels.begin import begin
from eco1.sim.laws import perception


@pytest.fixture(name="scene")
def _scene() -> Plain:
    return plain()


def glances(scene: Plain, count: int) -> list[bool]:
    later = (scene.now._replace(time=scene.now.time + n * perception.GLANCE_S) for n in range(count))
    return [scene.perceives(scene.zebra, scene.lion, now) for now in later]


def test_what_is_near_is_certain_what_is_far_is_chance_and_nothing_reaches_beyond_the_senses():
    chance = [perception.detection(share) for share in np.linspace(0.0, 1.2, 61)]
    assert all(nearer >= farther for nearer, farther in pairwise(chance))
    assert perception.detection(0.5) == 1.0
    assert 0.4 < perception.detection(0.85) < 0.6
    assert perception.detection(1.01) == 0.0


@pytest.mark.parametrize("share", [0.5, 0.82, 0.86, 0.9, 1.05])
def test_the_share_of_glances_that_notice_falls_with_distance_as_the_law_says(scene, share):
    scene.put(scene.zebra, 20.0)
    scene.put(scene.lion, 20.0 + share * scene.sight(scene.zebra))
    noticed = np.mean(glances(scene, 600))
    assert noticed == pytest.approx(perception.detection(share), abs=0.06)


def test_a_glance_does_not_flicker(scene):
    scene.put(scene.zebra, 20.0)
    scene.put(scene.lion, 20.0 + 0.85 * scene.sight(scene.zebra))
    steps = [scene.now._replace(time=scene.now.time + 0.1 * n) for n in range(600)]
    seen = np.array([scene.perceives(scene.zebra, scene.lion, now) for now in steps])
    changes = np.count_nonzero(seen[1:] != seen[:-1])
    assert 5 < changes <= 600 * 0.1 / perception.GLANCE_S + 1


def test_a_still_lion_behind_is_not_noticed_a_running_one_is_heard(scene):
    scene.put(scene.lion, MIDDLE_M - 60.0)
    scene.sense(scene.zebra)
    assert scene.state.integers[0, col.THREAT, scene.zebra] == -1
    scene.put(scene.zebra, MIDDLE_M, heading=(-1.0, 0.0))
    scene.sense(scene.zebra)
    assert scene.state.integers[0, col.THREAT, scene.zebra] == scene.lion
    scene.put(scene.zebra, MIDDLE_M)
    scene.state.floats[0, col.SPEED, scene.lion] = 10.0
    scene.sense(scene.zebra)
    assert scene.state.integers[0, col.THREAT, scene.zebra] == scene.lion


def test_a_lion_behind_a_ridge_frightens_nobody(scene):
    for height, frightened in ((12.0, False), (0.0, True)):
        scene.raise_ridge(MIDDLE_M + 30.0, height)
        fear = scene.state.float_field(col.DRIVES + b.FEAR)
        fear[:] = 0.0
        for _ in range(12):
            scene.put(scene.zebra, MIDDLE_M)
            scene.put(scene.lion, MIDDLE_M + 60.0, heading=(-1.0, 0.0))
            scene.state = scene.world.step(scene.state)
        assert (fear[0, scene.zebra] > 0.05) == frightened


def test_cover_hides_a_still_body_but_not_a_moving_one(scene):
    scene.put(scene.zebra, 20.0)
    scene.put(scene.lion, 20.0 + 0.5 * scene.sight(scene.zebra))
    scene.state.ground.maps[layer.COVER] = 1.0
    assert not any(glances(scene, 50))
    scene.state.floats[0, col.SPEED, scene.lion] = 3.0
    assert all(glances(scene, 50))


@pytest.mark.parametrize(("offset", "found"), [(60.0, True), (-60.0, False)])
def test_a_search_leads_only_to_prey_that_is_perceived(scene, offset, found):
    scene.put(scene.lion, MIDDLE_M)
    scene.put(scene.zebra, MIDDLE_M + offset)
    state, lion = scene.state, scene.lion
    f, k = state.floats[0], state.integers[0]
    begin(f, k, scene.world.traits, state.forage[0], state.marks[0], state.ground, scene.now, lion, b.PROWL)
    led_to_prey = np.hypot(f[col.GOAL_X, lion] - f[col.X, scene.zebra], f[col.GOAL_Y, lion] - MIDDLE_M) < 1.0
    assert led_to_prey == found
    k[col.BEHAVIOR, lion] = b.PROWL
    scene.sense(lion)
    assert k[col.PREY, lion] == (scene.zebra if found else -1)


def test_an_animal_in_flight_does_not_forget_the_hunter_behind_it(scene):
    scene.put(scene.lion, MIDDLE_M - 60.0)
    k = scene.state.integers[0]
    k[col.BEHAVIOR, scene.zebra], k[col.TARGET, scene.zebra] = b.FLEE, scene.lion
    scene.sense(scene.zebra)
    assert k[col.THREAT, scene.zebra] == scene.lion
