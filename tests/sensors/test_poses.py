import numpy as np
import pytest
from made_up_bodies import BEHAVIORS, BODIES, NAMES, RIGS, STANDING, SWIMMERS, TABLE, carried_on, held, seen, settled
from numba import njit
from numba.core.runtime import _nrt_python, rtsys

from eco1.sensors.bodies.motion import advance_animal
from eco1.sensors.bodies.pose import pose_animal
from eco1.sensors.bodies.posing import empty_placement, no_motion, pose
from eco1.sensors.bodies.skeleton import FIRST_LEG, FIRST_MID, FIRST_WING, HEAD, MID_REACH, PARTS, TAIL, TORSO

#: Where parts were, and their forward axis, before poses were compiled: body, postures, speed, phase,
#: look, time.
BEFORE = [
    ("antelope", {}, 1.2, 0.7, -0.3, 4.4, {
        "head": (0.634263, -0.042338, 1.26701, 0.955345, -0.295493, 0.000187),
        "left_fore_lower": (0.656635, 0.12, 0.444899, 0.999902, 0.0, 0.014021),
        "right_hind_lower": (-0.452604, -0.12, 0.378556, 0.901325, 0.0, 0.433144),
    }),
    ("antelope", {}, 9.5, 2.15, 0.1, 7.7, {
        "head": (0.723078, 0.017362, 1.179677, 0.987599, 0.099365, -0.121553),
        "tail": (-0.47543, 0.0, 0.883996, 0.673854, -0.116229, -0.729665),
        "left_fore_lower": (0.707469, 0.12, 0.497019, 0.819126, 0.0, -0.573614),
        "right_hind_lower": (-0.57266, -0.12, 0.454503, 0.925097, 0.0, -0.37973),
    }),
    ("antelope", {"head_down": 1.0}, 0.0, 0.3, 0.2, 1.3, {
        "head": (0.654288, 0.033304, 0.49424, 0.209954, 0.109451, -0.971566),
        "left_fore_lower": (0.577567, 0.12, 0.359255, 0.85537, 0.0, -0.518018),
    }),
    ("antelope", {"lie": 1.0, "curl": 1.0}, 0.0, 0.3, 0.2, 1.3, {
        "head": (0.832099, 0.049932, 0.314312, 0.756641, 0.169698, -0.631425),
        "tail": (-0.48, 0.0, 0.268, 0.825336, 0.0, -0.564642),
        "left_fore_lower": (-0.004318, 0.12, -0.04098, 0.120503, 0.0, 0.992713),
        "right_hind_lower": (0.003361, -0.12, 0.046435, 0.219007, 0.0, -0.975723),
    }),
    ("antelope", {"crouch": 0.75, "head_down": 0.18}, 0.6, 1.4, 0.0, 2.5, {
        "head": (0.792081, 0.0, 0.936372, 0.94312, 0.0, -0.332452),
        "left_fore_lower": (0.498902, 0.12, 0.194466, 0.456137, 0.0, -0.88991),
    }),
    ("mongoose", {"upright": 1.0, "head_up": 0.45}, 0.0, 0.2, 0.3, 3.1, {
        "head": (0.348219, 0.060185, 1.688976, 0.971266, 0.144923, -0.188785),
        "left_fore_lower": (0.339138, 0.12, 0.980544, 0.453596, 0.0, 0.891207),
        "right_hind_lower": (-0.355352, -0.12, 0.315667, 0.751588, 0.0, 0.659633),
    }),
    ("vulture", {"fly": 1.0, "flap": 0.8}, 11.0, 12.25, 0.1, -4.338552433, {
        "head": (0.58973, 0.011219, 0.478803, 0.861451, 0.09522, -0.498835),
        "tail": (-0.420464, 0.0, 0.419366, 0.954386, -0.28991, 0.071409),
        "right_hind_lower": (-0.213343, -0.1, 0.284363, -0.079121, 0.0, -0.996865),
        "left_wing_outer": (0.188949, 0.528042, 0.79262, 1.0, 0.0, 0.0),
    }),
]  # fmt: skip
PARENTS = {
    "neck": "torso", "head": "neck", "mane": "neck", "trunk_upper": "head", "trunk_lower": "trunk_upper",
    "tail": "torso", "tail_mid": "tail", "tail_tip": "tail_mid", "left_wing_inner": "torso",
    "right_wing_inner": "torso", "left_wing_outer": "left_wing_inner", "right_wing_outer": "right_wing_inner",
    **{name: "torso" for name in PARTS if name.endswith(("fore_upper", "hind_upper", "_mid")) and name != "tail_mid"},
    **{name: "torso" for name in PARTS if name.startswith("arm_")},
}  # fmt: skip
WAYS = [
    {"behavior": "explore", "speed_mps": 0.4},
    {"behavior": "flee", "speed_mps": 3.0, "rise": 0.2, "heading_rad": 2.0},
    {"behavior": "sleep"},
    {"behavior": "recruit"},
    {"behavior": "swing", "speed_mps": 1.0, "lifted": True, "scale": 0.6},
    {"behavior": "swoop", "speed_mps": 6.0, "climb_mps": -3.0, "lifted": True},
    {"behavior": "", "dead": True},
]


def posed(name, behavior="", *, time_s=6.0, motion=None, **fields):
    row = seen(name, behavior, **fields)
    return pose(RIGS, row, settled(row) if motion is None else motion, time_s=time_s)


def feet(name, placed):
    """World positions of the soles."""
    rig = BODIES[name].rig
    legs = range(4) if rig.six_legged or not rig.biped else range(2, 4)
    parts = [(FIRST_LEG + 2 * leg + 1, float(rig.lower_m[leg])) for leg in legs]
    if rig.six_legged:
        parts += [(FIRST_MID + k, MID_REACH * float(rig.upper_m[2] + rig.lower_m[2])) for k in range(2)]
    return np.array([placed.position_m[0, part] - placed.rotation[0, part, :, 2] * long for part, long in parts])


@pytest.mark.parametrize(("name", "postures", "speed", "phase", "look", "time_s", "expected"), BEFORE)
def test_animals_of_the_savanna_move_as_they_did(name, postures, speed, phase, look, time_s, expected):
    motion = held(phase, **postures)
    motion["look_rad"] = look
    placed = posed(name, motion=motion, speed_mps=speed, time_s=time_s)
    for part, numbers in expected.items():
        k = PARTS.index(part)
        np.testing.assert_allclose(placed.position_m[0, k], numbers[:3], atol=1e-5)
        np.testing.assert_allclose(placed.rotation[0, k, :, 0], numbers[3:], atol=1e-5)


@pytest.mark.parametrize("name", STANDING)
@pytest.mark.parametrize("speed", [0.0, 0.3, 0.7])
def test_feet_of_walkers_are_on_the_ground_or_above_it(name, speed):
    hip = float(RIGS["hip_m"][NAMES.index(name)])
    for phase in np.linspace(0, 1, 9):
        row = seen(name, speed_mps=speed * np.sqrt(hip), rise=0.15)
        heights = feet(name, pose(RIGS, row, held(phase), time_s=0.0))
        over = heights[:, 2] - 0.15 * heights[:, 0]
        assert over.min() > -0.02 * hip
        assert (np.abs(over) < 0.02 * hip).sum() >= (1 if BODIES[name].rig.biped else 2)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("way", WAYS)
def test_parts_hang_together(name, way):
    way = dict(way)
    placed = posed(name, way.pop("behavior"), in_water=name in SWIMMERS, **way)
    pivots, size = BODIES[name].rig.pivots_m, way.get("scale", 1.0)
    length = BODIES[name].length_m
    for child, parent in PARENTS.items():
        c, p = PARTS.index(child), PARTS.index(parent)
        if placed.scale[0, c] > 0:
            joint = placed.position_m[0, p] + size * placed.rotation[0, p] @ pivots[c]
            np.testing.assert_allclose(placed.position_m[0, c], joint, atol=1e-5 * length, err_msg=child)
    for leg in range(4):
        c = FIRST_LEG + 2 * leg
        if placed.scale[0, c] > 0:
            knee = placed.position_m[0, c] - size * BODIES[name].rig.upper_m[leg] * placed.rotation[0, c, :, 2]
            np.testing.assert_allclose(placed.position_m[0, c + 1], knee, atol=1e-5 * length)
    turned = placed.rotation[0]
    np.testing.assert_allclose(turned @ turned.transpose(0, 2, 1), np.tile(np.eye(3), (len(PARTS), 1, 1)), atol=1e-5)


@pytest.mark.parametrize("name", [n for n in NAMES if RIGS["has_wings"][NAMES.index(n)]])
def test_wings_beat_in_time_left_and_right(name):
    mirror = np.diag([1.0, -1.0, 1.0])
    state = {"swim": 1.0} if name in SWIMMERS else {"fly": 1.0, "flap": 0.8}
    heights = []
    for phase in np.linspace(0, 1, 8, endpoint=False):
        row = seen(name, in_water=name in SWIMMERS, lifted=True)
        placed = pose(RIGS, row, held(phase, **state), time_s=0.0)
        on_body = placed.rotation[0, TORSO].T @ placed.rotation[0, FIRST_WING : FIRST_WING + 4]
        np.testing.assert_allclose(on_body[2:], mirror @ on_body[:2] @ mirror, atol=1e-6)
        outer = on_body[1]
        heights.append(outer[2, 1])
    if RIGS["swims"][NAMES.index(name)] in (0, 3, 4):  # the others only hold their fins
        assert np.ptp(heights) > 0.5


@pytest.mark.parametrize("name", NAMES)
def test_the_dead_are_still_and_do_not_stand(name):
    row = seen(name, "flee", speed_mps=0.0, dead=True, in_water=name in SWIMMERS)
    motion = settled(row)
    first = pose(RIGS, row, motion, time_s=6.0)
    later = pose(RIGS, row, carried_on(row, motion, time_s=9.3, dt_s=3.3), time_s=9.3)
    for a, b in zip(first, later, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)
    up = first.rotation[0, TORSO, 2, 2]
    assert up < -0.99 if name in SWIMMERS else abs(up) < 0.2


def test_postures_point_the_right_way():
    def up(*args, **fields):
        return posed(*args, **fields).rotation[0, TORSO, 2, 2]

    assert up("antelope", "sleep") > 0.99
    assert up("sloth", "rest", lifted=True) < -0.99
    assert abs(up("mongoose", "vigilant")) < 0.3
    assert abs(up("sloth", "climb", climb_mps=0.2, lifted=True)) < 0.3  # along the trunk, no longer below a branch
    assert up("person", "explore", speed_mps=1.3) > 0.95


def test_noses_follow_the_way_through_water_air_and_up_trunks():
    def nose(name, behavior, climb, **fields):
        return posed(name, behavior, speed_mps=0.8, climb_mps=climb, **fields).rotation[0, TORSO, 2, 0]

    for name, behavior, fields in (
        ("dolphin", "surface", {"in_water": True}),
        ("butterfly", "fly", {"lifted": True}),
        ("monkey", "climb", {"lifted": True}),
    ):
        level = nose(name, behavior, 0.0, **fields)
        assert nose(name, behavior, 0.6, **fields) > level + 0.2
        assert nose(name, behavior, -0.6, **fields) < level - 0.2


def test_flyers_lean_into_a_turn():
    motion, dt_s = no_motion(1), 0.05
    for step in range(60):
        row = seen("vulture", "soar", speed_mps=12.0, lifted=True, heading_rad=0.5 * step * dt_s)
        motion = carried_on(row, motion, time_s=step * dt_s, dt_s=dt_s)
    left = pose(RIGS, row, motion, time_s=3.0).rotation[0, TORSO, 2, 1]
    assert left < -0.3  # turning left, the left side is down


def test_people_swing_arms_against_legs_and_raise_one_to_give():
    placed = posed("person", speed_mps=1.3, motion=held(0.0))
    arms, legs = (placed.rotation[0, FIRST_LEG + k : FIRST_LEG + k + 3 : 2, 0, 2] for k in (0, 4))
    assert (arms[0] - arms[1]) * (legs[0] - legs[1]) < 0
    hand = PARTS.index("right_fore_lower")
    resting, giving = posed("person", "rest"), posed("person", "give_food")
    assert giving.rotation[0, hand, 2, 2] < 0.4 < resting.rotation[0, hand, 2, 2]


def test_hands_of_a_swinging_monkey_are_at_the_branch():
    hands = [
        placed.position_m[0, FIRST_LEG + 1] - placed.rotation[0, FIRST_LEG + 1, :, 2] * 0.17
        for placed in (posed("monkey", "swing", speed_mps=1.5, lifted=True, time_s=t) for t in (6.0, 6.4))
    ]
    assert np.abs([hand[2] for hand in hands]).max() < 0.1
    assert posed("monkey", "swing", speed_mps=1.5, lifted=True).position_m[0, HEAD, 2] < 0


def test_folded_wings_and_missing_parts_are_not_shown():
    perched, flying = posed("sparrow", "perch", lifted=True), posed("sparrow", "fly", speed_mps=8.0, lifted=True)
    assert np.all(perched.scale[0, FIRST_WING : FIRST_WING + 4] == 0)
    assert np.all(flying.scale[0, FIRST_WING : FIRST_WING + 4] > 0.99)
    assert np.all(posed("fish", "rest", in_water=True).scale[0, FIRST_LEG : FIRST_LEG + 8] == 0)
    row = seen("antelope")
    row["shown"] = False
    hidden = pose(RIGS, row, no_motion(1), time_s=0.0)
    assert np.all(hidden.scale == 0)


def crowd():
    rows = [seen(NAMES[k % len(NAMES)], identity=k, speed_mps=0.1 * k, lifted=k % 3 == 0) for k in range(64)]
    scene = np.concatenate(rows)
    scene["behavior"] = np.arange(64) % 49
    scene["in_water"] = RIGS["swims"][scene["species"]] > 0
    return scene


def test_a_scene_equals_its_animals_one_by_one():
    scene = crowd()
    motion = settled(scene, for_s=1.0)
    together = pose(RIGS, scene, motion, time_s=1.0)
    for k in range(0, 64, 7):
        alone = pose(RIGS, scene[k : k + 1], settled(scene[k : k + 1], for_s=1.0), time_s=1.0)
        for a, b in zip(together, alone, strict=True):
            np.testing.assert_array_equal(a[k], b[0])


def test_every_body_can_do_everything_anywhere():
    rows = [
        seen(name, behavior, lifted=lifted, in_water=not lifted and name in SWIMMERS, speed_mps=speed, climb_mps=-speed)
        for name in NAMES
        for behavior in BEHAVIORS
        for lifted in (False, True)
        for speed in (0.0, 2.0)
    ]
    scene = np.concatenate(rows)
    placed = pose(RIGS, scene, carried_on(scene, no_motion(len(scene))), time_s=0.1)
    reach = np.abs(placed.position_m).max((1, 2)) / RIGS["adult_length_m"][scene["species"]]
    assert np.isfinite(placed.rotation).all()
    assert reach.max() < 2.5
    assert placed.scale.max() == 1


@njit
def _frames(count, rigs, scene, table, motion, placed):
    for frame in range(count):
        for i in range(len(scene)):
            rig = rigs[scene[i].species]
            advance_animal(rig, scene[i], table, motion[i], 0.1 * frame, 0.1)
            pose_animal(rig, scene[i], motion[i], 0.1 * frame, placed, i)


def test_another_kernel_poses_without_creating_arrays():
    scene, placed = crowd(), empty_placement(64)

    def created(frames):
        motion = no_motion(64)
        before = rtsys.get_allocation_stats().alloc
        _frames(frames, RIGS, scene, TABLE, motion, placed)
        return rtsys.get_allocation_stats().alloc - before

    _nrt_python.memsys_enable_stats()
    created(1)
    assert created(50) == created(1)
    assert np.isfinite(placed.position_m).all()
    assert placed.scale[:, TAIL].any()
