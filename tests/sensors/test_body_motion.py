import numpy as np
import pytest
from made_up_bodies import BEHAVIORS, BODIES, NAMES, RIGS, TABLE, built, carried_on, held, seen, settled

from eco1.core.errors import UnknownNameError
from eco1.core.records import Observation, empty_surroundings
from eco1.sensors.bodies import postures
from eco1.sensors.bodies.posing import Carried, no_motion, pose, seen_of
from eco1.sensors.bodies.postures import POSTURES, posture_table
from eco1.sensors.bodies.rhythm import cycles_hz, tail_beat_hz, wing_beat_hz
from eco1.sensors.bodies.rigs import rig_table
from eco1.sensors.bodies.seen import DRY_M
from eco1.sensors.bodies.skeleton import TAIL, TAIL_MID, TAIL_TIP


def posture(name, behavior="", **fields):
    """What an animal that has done the same for a while looks like, by name."""
    row = seen(name, behavior, **fields)
    return dict(zip(POSTURES, settled(row)["posture"][0], strict=True))


def look_at(name, z_m, *, bottom_m=0.0, surface_m=DRY_M, **fields):
    """See one adult at a height over what carries it."""
    plain = {"alive": True, "carcass": False, "behavior": -1, "speed": 0.0, "length": BODIES[name].length_m} | fields
    observation = Observation(
        position_m=np.array([[3.0, 4.0, z_m]], np.float32),
        velocity_mps=np.array([[plain["speed"], 0.0, 0.0]], np.float32),
        heading_rad=np.zeros(1, np.float32),
        alive=np.array([plain["alive"]]),
        carcass=np.array([plain["carcass"]]),
        identity=np.array([2], np.int64),
        species=np.array([NAMES.index(name)], np.int16),
        behavior=np.array([plain["behavior"]], np.int16),
        body_length_m=np.array([plain["length"]], np.float32),
        surroundings=empty_surroundings(1),
    )
    carried = Carried(bottom_m=np.array([bottom_m]), surface_m=np.array([surface_m]), slope=np.array([[0.1, 0.3]]))
    return seen_of(observation, carried, RIGS)[0]


def test_tails_beat_as_bainbridge_found_and_not_at_rest():
    assert tail_beat_hz(0.3 * (3 * 8 - 4) / 4, 0.3) == pytest.approx(8)
    assert tail_beat_hz(1e-6, 0.3) == pytest.approx(0, abs=1e-4)
    slow, fast = (tail_beat_hz(2.75 * (1 + e), 1.0) for e in (-1e-9, 1e-9))
    assert slow == pytest.approx(fast)  # both laws meet


def test_wings_of_heavier_birds_beat_more_slowly():
    assert wing_beat_hz(1.0) == pytest.approx(3.98)
    assert wing_beat_hz(0.03) > 3 * wing_beat_hz(5.5)


def test_the_number_of_cycles_grows_with_what_carries_the_body():
    fish = seen("fish", speed_mps=0.6, in_water=True)[0]
    assert cycles_hz(RIGS[fish["species"]], fish, False, False) == pytest.approx(tail_beat_hz(0.6, 0.3))
    bird = seen("sparrow", "fly", speed_mps=8.0, lifted=True)
    before = settled(bird)
    beats = carried_on(bird, before, dt_s=0.1)["phase"] - before["phase"]
    assert beats[0] / 0.1 == pytest.approx(wing_beat_hz(0.03), rel=0.06)


@pytest.mark.parametrize("name", ["fish", "eel", "dolphin", "seal", "snake"])
def test_waves_run_tailwards(name):
    in_water = name != "snake"
    row = seen(name, speed_mps=2 * BODIES[name].length_m, in_water=in_water)
    phases = np.linspace(0, 1, 100, endpoint=False)
    state = {"swim": 1.0} if in_water else {}
    turns = [pose(RIGS, row, held(phase, **state), time_s=0.0).rotation[0] for phase in phases]
    axis = 2 if name == "dolphin" else 1  # the component of the backward axis that sways
    sway = np.array([[-turn[part, axis, 0] for part in (TAIL, TAIL_MID, TAIL_TIP)] for turn in turns])
    late = np.diff(phases[sway.argmax(0)]) % 1.0
    assert np.all((late > 0.1) & (late < 0.3))
    if name in ("fish", "dolphin"):
        assert np.all(np.diff(np.ptp(sway, axis=0)) > 0.1)  # and grow on their way


def test_faster_fish_beat_their_tails_wider():
    def swing(speed):
        row = seen("fish", speed_mps=speed, in_water=True)
        tips = [pose(RIGS, row, held(phase, swim=1.0), time_s=0.0).rotation[0, TAIL_TIP, 1, 0] for phase in (0.2, 0.7)]
        return abs(tips[0] - tips[1])

    assert swing(0.8) > 1.5 * swing(0.1) > 0


def test_every_posture_belongs_to_a_behavior_of_the_ethogram():
    assert set(postures._OF_BEHAVIOR) <= set(BEHAVIORS)
    assert np.count_nonzero(TABLE.any(1)) == len(postures._OF_BEHAVIOR)
    assert not posture_table(("graze", "unheard_of"))[1:].any()


def test_newcomers_are_in_their_posture_and_others_settle_into_it():
    lying = seen("monkey", "sleep", identity=5)
    fresh = carried_on(lying, no_motion(1))
    assert fresh["posture"][0, postures.LIE] == 1
    rising = carried_on(seen("monkey", "explore", identity=5), fresh, dt_s=0.1)
    assert 0.5 < rising["posture"][0, postures.LIE] < 1
    another = carried_on(seen("monkey", "explore", identity=6), fresh, dt_s=0.1)
    assert another["posture"][0, postures.LIE] == 0
    assert fresh["posture"][0, postures.LIE] == 1  # memory is not written to


def test_the_same_moments_give_the_same_motion():
    row = seen("vulture", "fly", speed_mps=9.0, lifted=True)
    np.testing.assert_array_equal(settled(row), settled(row))


def test_nobody_lies_or_sits_while_walking_on():
    assert posture("monkey", "rest")["lie"] > 0.99
    assert posture("monkey", "rest", speed_mps=1.0)["lie"] < 0.01
    assert posture("mongoose", "vigilant")["upright"] > 0.99
    assert posture("antelope", "vigilant")["upright"] == 0
    assert posture("person", "rest")["lie"] == 0


def test_birds_perch_fly_glide_and_stoop():
    assert posture("sparrow", "perch", lifted=True)["fly"] < 0.01
    assert posture("sparrow", "flee", speed_mps=8.0, lifted=True)["fly"] > 0.99
    assert posture("sparrow", "forage", speed_mps=0.5)["fly"] == 0
    soaring = posture("vulture", "soar", speed_mps=9.0, lifted=True)
    climbing = posture("vulture", "fly", speed_mps=9.0, climb_mps=2.0, lifted=True)
    assert soaring["flap"] < 0.2 < 0.9 < climbing["flap"]
    assert posture("vulture", "swoop", speed_mps=15.0, climb_mps=-6.0, lifted=True)["swoop"] > 0.99
    beats = [
        carried_on(seen("vulture", "fly", speed_mps=9.0, lifted=True), no_motion(1), time_s=t)["posture"][0]
        for t in range(8)
    ]
    assert np.ptp([beat[postures.FLAP] for beat in beats]) > 0.4  # beats and glides in turns


def test_what_only_some_bodies_do():
    assert posture("octopus", "camouflage", in_water=True)["crouch"] > 0.99
    assert posture("fish", "ambush", in_water=True)["crouch"] == 0
    assert posture("octopus", "flee", speed_mps=1.0, in_water=True)["jet"] > 0.99
    assert posture("snake", "ambush")["lie"] > 0.99  # coils
    assert posture("bee", "recruit")["waggle"] > 0.99
    assert posture("antelope", "recruit")["waggle"] == 0
    assert posture("sloth", "rest", lifted=True)["hang"] > 0.99
    assert posture("sparrow", "swing", lifted=True)["swing"] == 0


def test_what_carries_a_body_is_seen():
    assert look_at("sparrow", 6.0)["lifted"]
    assert look_at("bee", 0.05)["lifted"]  # for so small a body
    assert not look_at("antelope", 0.05)["lifted"]
    assert look_at("antelope", 0.0)["rise"] == pytest.approx(0.1)
    dolphin = look_at("dolphin", -4.0, bottom_m=-10.0, surface_m=0.0)
    assert dolphin["in_water"]
    assert dolphin["position_m"][2] == -4
    assert not look_at("seal", 0.0)["in_water"]  # on ice


def test_bodies_sink_into_water_as_far_as_they_do():
    def depth(name, deep_m, **fields):
        return -look_at(name, 0.0, bottom_m=-deep_m, surface_m=0.0, **fields)["position_m"][2]

    tall = BODIES["antelope"].height_m
    assert depth("antelope", 0.2) == pytest.approx(0.2)  # stands on the bottom
    assert depth("antelope", 3.0) == pytest.approx(0.5 * tall)  # swims
    assert depth("antelope", 3.0, alive=False, carcass=True) == pytest.approx(0.12 * tall)
    assert 0 < depth("vulture", 3.0) < 0.3 * BODIES["vulture"].height_m  # floats
    assert 0.5 * 0.5 < depth("dolphin", 9.0) < 0.5  # the back is awash


def test_empty_rows_are_not_shown_and_forget_who_was_there():
    row = look_at("antelope", 0.0, alive=False, length=0.0)
    assert not row["shown"]
    motion = carried_on(np.array([row]), settled(seen("antelope")))
    assert motion["identity"][0] == no_motion(1)["identity"][0]


@pytest.mark.parametrize(("field", "near"), [({"swims": "sidewards"}, "sideways"), ({"wings_at_rest": "bck"}, "back")])
def test_an_unknown_way_of_moving_is_named_with_its_nearest_match(field, near):
    body = built(1.0, 0.2, {"torso": (0, 0, 0.1)}, **field)
    with pytest.raises(UnknownNameError, match=near):
        rig_table([body])
