"""What animals see must not depend on where the world's origin lies, and never on rows that hold nobody."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from eco1.core.records import SURROUNDINGS, Observation
from eco1.sensors.egocentric import NEIGHBOUR, OWN, Egocentric, egocentric, nearest_rows
from eco1.sensors.kin import distances
from eco1.sensors.scene import Scene, mirrored, moved, observation_of, scene_of
from eco1.sensors.trace import link, no_trace, trace_of

DT_S = 0.1


def made_up(seed: int = 0, batch: int = 2, frames: int = 5, animals: int = 7) -> Observation:
    rng = np.random.default_rng(seed)
    shape = (batch, frames, animals)
    surroundings = rng.normal(0, 20, (*shape, len(SURROUNDINGS))).astype(np.float32)
    surroundings[..., 4:6] = np.nan
    return Observation(
        position_m=rng.normal(0, 15, (*shape, 3)).astype(np.float32),
        velocity_mps=rng.normal(0, 2, (*shape, 3)).astype(np.float32),
        heading_rad=rng.uniform(-np.pi, np.pi, shape).astype(np.float32),
        alive=np.ones(shape, bool),
        carcass=np.zeros(shape, bool),
        identity=np.broadcast_to(np.arange(animals), shape).copy(),
        species=np.broadcast_to(np.arange(animals) % 3, shape).astype(np.int16),
        behavior=rng.integers(0, 4, shape).astype(np.int16),
        body_length_m=rng.uniform(0.5, 3, shape).astype(np.float32),
        surroundings=surroundings,
    )


def view_of(observation: Observation, nearest: int = 3, strangers: int = 2) -> Egocentric:
    scene = scene_of(observation)
    linked = link(scene, no_trace(scene.alive.shape[0], scene.alive.shape[2]))
    return egocentric(scene, linked, dt_s=DT_S, nearest=nearest, strangers=strangers)


def turned(observation: Observation, angle: float, shift: tuple[float, float, float]) -> Observation:
    matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]], np.float32)

    def turn(vectors: np.ndarray, columns: slice) -> np.ndarray:
        result = vectors.copy()
        pairs = vectors[..., columns].reshape(*vectors.shape[:-1], -1, 2)
        result[..., columns] = (pairs @ matrix.T).reshape(vectors[..., columns].shape)
        return result

    return replace(
        observation,
        position_m=turn(observation.position_m, slice(0, 2)) + np.array(shift, np.float32),
        velocity_mps=turn(observation.velocity_mps, slice(0, 2)),
        heading_rad=observation.heading_rad + np.float32(angle),
        surroundings=turn(observation.surroundings, slice(0, 12)),
    )


@pytest.mark.parametrize("angle", [0.0, 0.7, 3.0])
def test_turning_and_shifting_the_world_changes_nothing(angle: float):
    seen = made_up()
    before, after = view_of(seen), view_of(turned(seen, angle, (120.0, -40.0, 7.0)))
    torch.testing.assert_close(after.own, before.own, atol=2e-4, rtol=1e-4)
    torch.testing.assert_close(after.neighbours, before.neighbours, atol=2e-4, rtol=1e-4)
    assert torch.equal(after.neighbour_species, before.neighbour_species)


def test_a_larger_world_of_larger_animals_looks_the_same_but_for_body_length():
    seen = made_up()
    grown = replace(
        seen,
        position_m=seen.position_m * 2,
        velocity_mps=seen.velocity_mps * 2,
        body_length_m=seen.body_length_m * 2,
        surroundings=seen.surroundings * np.float32([2 if n.endswith(("_m", "_mps")) else 1 for n in SURROUNDINGS]),
    )
    before, after = view_of(seen), view_of(grown)
    length = OWN.index("log_body_length")
    torch.testing.assert_close(after.own[..., length] - before.own[..., length], torch.full((2, 5, 7), np.log(2.0)))
    keep = [i for i in range(len(OWN)) if i != length]
    torch.testing.assert_close(after.own[..., keep], before.own[..., keep], atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(after.neighbours, before.neighbours, atol=1e-4, rtol=1e-4)


def test_a_mirror_turns_left_to_right_and_nothing_else():
    scene = scene_of(made_up())
    flipped = mirrored(scene, torch.tensor([True, False]))
    past = no_trace(2, 7)
    before = egocentric(scene, link(scene, past), dt_s=DT_S, nearest=4, strangers=0)
    after = egocentric(flipped, link(flipped, past), dt_s=DT_S, nearest=4, strangers=0)
    sideways = ("left_speed", "left_acceleration", "turn_rate", "slope_left", "water_left", "shelter_left",
                "forage_left", "barrier_left", "kin_left", "kin_heading_sin", "current_left", "nearest_kin_left",
                "nearest_kin_heading_sin", "nearest_kin_left_speed", "herd_left")  # fmt: skip
    own = torch.tensor([-1.0 if name in sideways else 1.0 for name in OWN])
    other = torch.tensor([-1.0 if n in ("left", "relative_left_speed", "heading_sin") else 1.0 for n in NEIGHBOUR])
    torch.testing.assert_close(after.own[0], before.own[0] * own, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(after.neighbours[0], before.neighbours[0] * other, atol=1e-4, rtol=1e-4)
    assert torch.equal(after.own[1], before.own[1])


def test_empty_rows_may_hold_anything():
    seen = made_up()
    seen.alive[:, :, 2] = False
    garbage = seen.map(np.copy)
    for name in ("position_m", "velocity_mps", "heading_rad", "body_length_m", "surroundings"):
        getattr(garbage, name)[:, :, 2] = np.nan
    garbage.behavior[:, :, 2] = 99
    before, after = view_of(seen), view_of(garbage)
    for name in ("own", "neighbours", "neighbour_species", "neighbour_behavior", "behavior"):
        assert torch.equal(getattr(after, name), getattr(before, name)), name
    assert after.own.isfinite().all()
    assert after.neighbours.isfinite().all()
    assert not after.own[:, :, 2].any()


def test_missing_things_are_absent_not_zero_metres_away():
    view = view_of(made_up())
    assert not view.own[..., OWN.index("forage_present")].any()
    assert view.own[..., OWN.index("water_present")].all()
    assert not view.own[..., OWN.index("forage_log_distance")].any()


def test_kin_is_the_middle_of_its_own_kind_and_where_it_heads():
    seen = made_up(batch=1, frames=1, animals=4)
    seen.position_m[0, 0] = [[0, 0, 0], [3, 3, 0], [3, -1, 0], [-9, 9, 0]]
    seen.heading_rad[0, 0] = [np.pi / 2, np.pi, np.pi, 0.0]
    seen = replace(seen, species=np.array([[[0, 0, 0, 1]]], np.int16), body_length_m=np.ones_like(seen.body_length_m))
    own = dict(zip(OWN, view_of(seen).own[0, 0, 0].tolist(), strict=True))
    middle = np.array([1.0, -3.0])  # one ahead and three to the right of an animal that looks along y
    away = np.linalg.norm(middle)
    np.testing.assert_allclose([own["kin_ahead"], own["kin_left"]], middle / away, atol=0.04)  # the nearer counts more
    np.testing.assert_allclose([own["kin_log_distance"], own["kin_present"]], [np.log1p(away), 1.0], atol=0.04)
    np.testing.assert_allclose([own["kin_heading_cos"], own["kin_heading_sin"]], [0.0, 1.0], atol=0.01)
    np.testing.assert_allclose(own["kin_near"], np.log1p(1 / 1.18 + 1 / 1.1), atol=1e-3)
    np.testing.assert_allclose([own["herd_ahead"], own["herd_left"]], middle / away, atol=1e-3)
    np.testing.assert_allclose(own["herd_log_distance"], np.log1p(away), atol=1e-5)
    nearest = np.array([-1.0, -3.0])  # the third one
    away = np.linalg.norm(nearest)
    np.testing.assert_allclose([own["nearest_kin_ahead"], own["nearest_kin_left"]], nearest / away, atol=1e-3)
    np.testing.assert_allclose(own["nearest_kin_log_distance"], np.log1p(away), atol=1e-5)
    np.testing.assert_allclose([own["nearest_kin_heading_cos"], own["nearest_kin_heading_sin"]], [0, 1], atol=1e-5)
    alone = dict(zip(OWN, view_of(seen).own[0, 0, 3].tolist(), strict=True))
    assert not any(alone[name] for name in OWN if "kin" in name or "herd" in name)


def test_kin_behind_a_crowd_of_others_is_known():
    seen = made_up(batch=1, frames=1, animals=40)
    seen.position_m[0, 0] = np.arange(40)[:, None] * np.array([0.1, 0, 0])
    seen = replace(seen, species=np.ones_like(seen.species), heading_rad=np.zeros_like(seen.heading_rad))
    seen.species[0, 0, [0, 39]] = 0
    own = dict(zip(OWN, view_of(seen, nearest=8, strangers=4).own[0, 0, 0].tolist(), strict=True))
    assert own["kin_present"] == 1
    assert own["kin_ahead"] == pytest.approx(1.0, abs=0.01)


def test_in_a_herd_the_lion_is_still_seen():
    seen = made_up(batch=1, frames=1, animals=9)
    seen.position_m[0, 0] = np.arange(9)[:, None] * np.array([1.0, 0, 0])
    seen.position_m[0, 0, 8] = [500.0, 0, 0]
    seen = replace(seen, species=np.zeros_like(seen.species))
    seen.species[0, 0, 8] = 1
    scene = scene_of(seen)
    index, present = nearest_rows(scene, distances(scene), 3, 2)
    assert set(index[0, 0, 0][present[0, 0, 0]].tolist()) == {1, 2, 3, 8}
    assert present[0, 0, 0].tolist() == [True, True, True, True, False]


def test_a_herd_of_another_kind_hides_no_lion():
    seen = made_up(batch=1, frames=1, animals=20)
    seen.position_m[0, 0] = np.arange(20)[:, None] * np.array([1.0, 0, 0])
    seen = replace(seen, species=np.ones_like(seen.species))
    seen.species[0, 0, [0, 19]] = [0, 2]
    scene = scene_of(seen)
    index, present = nearest_rows(scene, distances(scene), 3, 2)
    assert index[0, 0, 0][present[0, 0, 0]].tolist() == [1, 2, 3, 19]


def test_carcasses_are_seen_but_do_not_see():
    seen = made_up(batch=1, frames=1, animals=3)
    seen.alive[0, 0, 1], seen.carcass[0, 0, 1] = False, True
    view = view_of(seen, nearest=2, strangers=0)
    carcass = view.neighbours[0, 0, 0, :, NEIGHBOUR.index("carcass")]
    assert sorted(carcass.tolist()) == [0.0, 1.0]
    assert not view.alive[0, 0, 1]
    assert not view.own[0, 0, 1].any()


def test_few_animals_leave_places_empty():
    assert view_of(made_up(animals=1), nearest=8, strangers=4).neighbours.shape[-2] == 0
    view = view_of(made_up(animals=3), nearest=8, strangers=4)
    assert view.neighbours.shape[-2] == 2


def test_a_newborn_in_a_taken_over_row_has_no_past():
    seen = made_up(batch=1, frames=4, animals=2)
    seen.identity[0, 2:, 1] = 77
    scene = scene_of(seen)
    linked = link(scene, no_trace(1, 2))
    assert linked.has_past[0, :, 0].tolist() == [False, True, True, True]
    assert linked.has_past[0, :, 1].tolist() == [False, True, False, True]
    assert linked.age[0, :, 1].tolist() == [0, 1, 0, 1]
    acceleration = view_of(seen).own[0, 2, 1, OWN.index("forward_acceleration")]
    assert acceleration == 0


def test_ages_go_on_over_a_cut():
    seen = made_up(frames=6)
    seen.behavior[:, 1:4] = 1
    scene = scene_of(seen)
    whole = link(scene, no_trace(2, 7))
    early = link(scene[:, :3], no_trace(2, 7))
    late = link(scene[:, 3:], trace_of(scene[:, :3], early))
    for name in ("age", "behavior_age", "behavior_began", "has_past", "own_velocity_before_mps"):
        joined = torch.cat([getattr(early, name), getattr(late, name)], 1)
        assert torch.equal(joined, getattr(whole, name)), name


def test_the_world_moves_past_an_animal_that_moves():
    scene = scene_of(made_up(frames=1))[:, 0]
    scene = replace(scene, alive=scene.alive.clone())
    scene.alive[0, 0] = False
    after = moved(scene, scene.velocity_mps, scene.heading_rad + 9.0, scene.behavior, DT_S)
    step = after.position_m - scene.position_m
    assert not step[0, 0].any()
    torch.testing.assert_close(step[0, 1], scene.velocity_mps[0, 1] * DT_S)
    torch.testing.assert_close(scene.surroundings[..., :2] - after.surroundings[..., :2], step[..., :2])
    assert after.surroundings[..., 4:6].isnan().all()
    height, headroom = (SURROUNDINGS.index(name) for name in ("height_m", "headroom_m"))
    risen = after.surroundings - scene.surroundings
    torch.testing.assert_close(risen[..., height], step[..., 2], atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(risen[..., headroom], -step[..., 2], atol=1e-5, rtol=1e-4)
    assert after.heading_rad.abs().max() <= np.pi + 1e-5
    assert isinstance(after, Scene)


def test_a_current_carries_an_animal_but_is_none_of_its_own_motion():
    still = made_up(seed=3)
    still.surroundings[..., 10:12] = 0.0
    carried = still.map(np.copy)
    carried.surroundings[..., 10:12] = [0.7, -0.4]
    carried.velocity_mps[..., :2] += np.float32([0.7, -0.4])
    before, after = view_of(still), view_of(carried)
    current = [OWN.index("current_ahead"), OWN.index("current_left")]
    rest = [i for i in range(len(OWN)) if i not in current]
    torch.testing.assert_close(after.own[..., rest], before.own[..., rest], atol=1e-4, rtol=1e-4)
    felt = torch.sinh(after.own[..., current]).norm(dim=-1) * scene_of(carried).body_length_m
    torch.testing.assert_close(felt, torch.full_like(felt, float(np.hypot(0.7, 0.4))))


def test_records_survive_the_way_to_tensors_and_back():
    seen = made_up()
    back = observation_of(scene_of(seen))
    np.testing.assert_array_equal(back.position_m, seen.position_m)
    np.testing.assert_array_equal(back.behavior, seen.behavior)
    np.testing.assert_array_equal(back.surroundings, seen.surroundings)
