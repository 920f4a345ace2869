"""The ecosystem from outside: what it refuses, shows and lets others control."""

import numpy as np
import pytest

from eco1.core.errors import ConfigError, UnknownNameError
from eco1.core.records import DRIVES, SURROUNDINGS, Action, Landscape, Observation
from eco1.sim import behaviors as b
from eco1.sim.ecosystem import Ecosystem
from eco1.sim.fields import col, layer, trait


def orders(shape: tuple[int, int], rows: list[int], behavior: int, velocity: tuple[float, float]) -> Action:
    action = Action(
        velocity_mps=np.zeros((*shape, 3), np.float32),
        behavior=np.zeros(shape, np.int16),
        controlled=np.zeros(shape, bool),
    )
    action.velocity_mps[0, rows, :2] = velocity
    action.behavior[0, rows] = behavior
    action.controlled[0, rows] = True
    return action


def first_of(world: Ecosystem, state, species: str) -> int:
    return int(np.flatnonzero(state.integer_field(col.SPECIES)[0] == world.species_names.index(species))[0])


def test_an_unknown_biome_is_refused_with_the_nearest_name():
    with pytest.raises(UnknownNameError, match="Did you mean 'savanna'"):
        Ecosystem("savana")


@pytest.mark.parametrize("settings", [{"worlds": 0}, {"animals": 0}, {"threads": 0}, {"dt_s": 0.0}, {"dt_s": 3.0}])
def test_impossible_settings_are_refused(settings):
    with pytest.raises(ConfigError):
        Ecosystem(**settings)


def test_an_unknown_behaviour_is_refused():
    world = Ecosystem(worlds=1, animals=64)
    with pytest.raises(ConfigError, match="0 to 48"):
        world.step(world.reset(0), orders((1, 64), [0], 99, (0, 0)))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_velocity_that_is_no_number_is_refused_before_anything_moves(bad):
    world = Ecosystem(worlds=1, animals=64)
    state = world.reset(0)
    before = state.floats.copy()
    with pytest.raises(ConfigError, match=r"row 3 in world 0 is .*three finite numbers"):
        world.step(state, orders((1, 64), [3], b.EXPLORE, (bad, 0)))
    assert np.array_equal(state.floats, before)
    told = orders((1, 64), [3], b.EXPLORE, (1, 0))
    told.velocity_mps[0, 5] = bad  # a row that decides for itself
    world.step(state, told)


def test_actions_of_another_shape_are_refused():
    world = Ecosystem(worlds=2, animals=64)
    with pytest.raises(ConfigError, match=r"2 worlds of 64 rows take \(2, 64, 3\)"):
        world.step(world.reset(0), orders((1, 64), [0], b.REST, (0, 0)))


@pytest.mark.parametrize("animals", [1, 7, 64, 130])
def test_any_number_of_rows_is_a_world(animals):
    world = Ecosystem(worlds=1, animals=animals)
    state = world.reset(1)
    for _ in range(30):
        state = world.step(state)
    seen = world.observe(state)
    assert seen.alive.sum() > 0.8 * animals * 58 / 64 - 1
    assert np.isfinite(seen.position_m).all()


def test_residents_follow_the_catalog():
    world = Ecosystem(worlds=1, animals=128)
    seen = world.observe(world.reset(0))
    zebras = (seen.species == world.species_names.index("plains_zebra")) & seen.alive
    assert zebras.sum() == 18


def test_surroundings_are_offsets_to_real_places():
    world = Ecosystem(worlds=1, animals=64)
    state = world.reset(5)
    seen, landscape = world.observe(state), world.landscape(state)
    values = {name: seen.surroundings[0, :, i] for i, name in enumerate(SURROUNDINGS)}
    alive = seen.alive[0]
    cell = landscape.size_m / landscape.height_m.shape[0]
    shore = seen.position_m[0, :, :2] + np.stack([values["water_x_m"], values["water_y_m"]], -1)
    for x, y in shore[alive]:
        near = landscape.water_depth_m[
            max(0, int(y / cell) - 1) : int(y / cell) + 2, max(0, int(x / cell) - 1) : int(x / cell) + 2
        ]
        assert near.max() > 0
        assert near.min() == 0
    assert (np.hypot(values["barrier_x_m"], values["barrier_y_m"])[alive] <= landscape.size_m / 2).all()
    lion = alive & (seen.species[0] == world.species_names.index("lion"))
    assert np.isnan(values["forage_x_m"][lion]).all()
    grazer = alive & (seen.species[0] == world.species_names.index("plains_zebra"))
    assert np.isfinite(values["forage_x_m"][grazer]).all()
    assert set(np.unique(values["daylight"][alive])) == {np.float32(world.sky(state).daylight)}
    assert ((values["vegetation"] >= 0) & (values["vegetation"] <= 1))[alive].all()


def seen_channels(biome: str, steps: int) -> tuple[Ecosystem, dict, Observation, Landscape]:
    world = Ecosystem(biome, worlds=1, animals=64)
    state = world.reset(5)
    for _ in range(steps):
        state = world.step(state)
    seen = world.observe(state)
    alive = seen.alive[0]
    values = {name: seen.surroundings[0, alive, i] for i, name in enumerate(SURROUNDINGS)}
    return world, values, seen.map(lambda array: array[0, alive]), world.landscape(state)


def test_swimmers_see_how_deep_they_are_and_what_carries_them():
    _, values, seen, landscape = seen_channels("reef", 50)
    assert landscape.water_depth_m is not None
    cell = landscape.size_m / landscape.height_m.shape[0]
    row, column = (seen.position_m[:, [1, 0]] / cell).astype(int).T
    depth = values["height_m"] + values["headroom_m"]
    np.testing.assert_allclose(depth, landscape.water_depth_m[row, column], atol=0.5)  # the bed slopes within a cell
    assert (values["height_m"] >= -1e-3).all()
    current = np.stack([values["current_x_mps"], values["current_y_mps"]], -1)
    assert not current[values["height_m"] < 0.29].any(), "there is no current near the bed"
    assert (np.hypot(*current.T) > 0).mean() > 0.3
    own = seen.velocity_mps[:, :2] - current
    aside = own[:, 0] * np.sin(seen.heading_rad) - own[:, 1] * np.cos(seen.heading_rad)
    np.testing.assert_allclose(aside, 0, atol=1e-4)


def test_birds_see_how_high_they_are_and_walkers_see_walls():
    world, values, seen, landscape = seen_channels("urban", 50)
    assert landscape.building_height_m is not None
    pigeon = seen.species == world.species_names.index("feral_pigeon")
    cell = landscape.size_m / landscape.height_m.shape[0]
    row, column = (seen.position_m[:, [1, 0]] / cell).astype(int).T
    below = landscape.height_m[row, column] + landscape.building_height_m[row, column]
    np.testing.assert_allclose(values["height_m"][pigeon], (seen.position_m[:, 2] - below)[pigeon], atol=0.1)
    person = seen.species == world.species_names.index("person")
    assert np.isnan(values["height_m"][person]).all()
    offset = np.stack([values["barrier_x_m"], values["barrier_y_m"]], -1)[person]
    border = np.minimum(seen.position_m[:, :2], landscape.size_m - seen.position_m[:, :2]).min(-1)[person]
    assert (np.hypot(*offset.T) < border - 1.0).any(), "some wall is nearer than the border"
    for place in seen.position_m[person, :2][np.hypot(*offset.T) < border - 1.0]:
        nearest = offset[np.abs(seen.position_m[person, :2] - place).sum(-1) == 0][0]
        x, y = place + nearest
        near = landscape.building_height_m[int(y / cell) - 1 : int(y / cell) + 2, int(x / cell) - 1 : int(x / cell) + 2]
        assert near.max() > 0
        assert near.min() == 0


def test_hidden_needs_lie_between_0_and_1():
    world = Ecosystem(worlds=2, animals=64)
    state = world.reset(6)
    for _ in range(100):
        state = world.step(state)
    hidden = world.hidden(state)
    assert hidden.drives.shape == (2, 64, len(DRIVES))
    assert ((hidden.drives >= 0) & (hidden.drives <= 1)).all()
    assert ((hidden.personality >= 0) & (hidden.personality <= 1)).all()
    assert hidden.intent.max() < len(DRIVES)
    assert hidden.target.min() >= -1


def test_a_controlled_animal_walks_as_told_within_its_limits():
    world = Ecosystem(worlds=1, animals=64)
    state = world.reset(8)
    zebra = first_of(world, state, "plains_zebra")
    state.float_field(col.X)[0, zebra] = state.float_field(col.Y)[0, zebra] = 0.5 * state.ground.size
    for _ in range(40):
        state = world.step(state, orders((1, 64), [zebra], b.EXPLORE, (1.5, 0.0)))
    seen = world.observe(state)
    assert seen.behavior[0, zebra] == b.EXPLORE
    assert np.allclose(seen.velocity_mps[0, zebra, :2], [1.5, 0.0], atol=0.1)
    for _ in range(60):
        state = world.step(state, orders((1, 64), [zebra], b.FLEE, (500.0, 0.0)))
    speed = np.hypot(*world.observe(state).velocity_mps[0, zebra, :2])
    assert speed <= world.traits[world.species_names.index("plains_zebra"), trait.TOP] + 1e-3


def test_animals_that_are_told_what_they_did_anyway_go_the_same_way():
    world = Ecosystem(worlds=1, animals=64)
    state, again = world.reset(8), world.reset(8)
    for _ in range(100):
        state, again = world.step(state), world.step(again)
    lived = [world.observe(state)]
    for _ in range(30):
        state = world.step(state)
        lived.append(world.observe(state))
    for after in lived[1:]:
        told = Action(velocity_mps=after.velocity_mps, behavior=after.behavior, controlled=after.alive)
        again = world.step(again, told)
    there, here = world.observe(again), lived[-1]
    same = here.alive & there.alive & (here.identity == there.identity) & (here.identity == lived[0].identity)
    way = np.linalg.norm(here.position_m - lived[0].position_m, axis=-1)[same]
    off = np.linalg.norm(here.position_m - there.position_m, axis=-1)[same]
    assert same.mean() > 0.9
    assert way.max() > 10
    assert (off <= 0.02 + 0.001 * way).all(), (off / (way + 1)).max()


def test_drinking_quenches_thirst_only_at_water():
    world = Ecosystem(worlds=1, animals=64)
    state = world.reset(9)
    zebra, other = first_of(world, state, "plains_zebra"), first_of(world, state, "giraffe")
    maps, x, y = state.ground.maps, state.float_field(col.X), state.float_field(col.Y)
    middle = maps.shape[1] // 2
    x[0, zebra], y[0, zebra] = maps[layer.SHORE_X, middle, middle], maps[layer.SHORE_Y, middle, middle]
    along = np.arange(maps.shape[1]) * state.ground.cell
    far = np.argwhere(np.hypot(maps[layer.SHORE_X] - along[None, :], maps[layer.SHORE_Y] - along[:, None]) > 50)
    y[0, other], x[0, other] = (far[len(far) // 2] + 0.5) * state.ground.cell
    thirst = state.float_field(col.DRIVES + b.THIRST)
    thirst[0, [zebra, other]] = 0.9
    for _ in range(60):
        state = world.step(state, orders((1, 64), [zebra, other], b.DRINK, (0.0, 0.0)))
    assert thirst[0, zebra] < 0.6
    assert thirst[0, other] > 0.89


def test_a_released_animal_goes_at_once_where_the_behavior_it_was_told_leads():
    world = Ecosystem(worlds=1, animals=64)
    state = world.reset(8)
    zebra = first_of(world, state, "plains_zebra")
    state.float_field(col.DRIVES + b.THIRST)[0, zebra] = 0.9
    for led_steps in (20, 21):  # whether or not it would have been its turn to think
        for _ in range(led_steps):
            shore = world.observe(state).surroundings[0, zebra, :2]
            state = world.step(state, orders((1, 64), [zebra], b.GO_TO_WATER, -shore / np.linalg.norm(shore)))
        before = world.observe(state)
        state = world.step(state)
        after = world.observe(state)
        turn = (after.heading_rad - before.heading_rad + np.pi)[0, zebra] % (2 * np.pi) - np.pi
        assert after.behavior[0, zebra] == b.GO_TO_WATER
        assert abs(turn) > 0.2


def test_a_controlled_hunter_can_kill_and_eat():
    world = Ecosystem(worlds=1, animals=64)
    state = world.reset(10)
    lion, gazelle = first_of(world, state, "lion"), first_of(world, state, "thomsons_gazelle")
    x, y = state.float_field(col.X), state.float_field(col.Y)
    z = state.float_field(col.Z)
    energy = state.float_field(col.ENERGY)
    energy[0, lion] *= 0.8
    for _ in range(300):
        x[0, gazelle], y[0, gazelle], z[0, gazelle] = x[0, lion] + 1.0, y[0, lion], z[0, lion]
        state = world.step(state, orders((1, 64), [lion], b.STRIKE, (0.0, 0.0)))
        if state.integer_field(col.STATUS)[0, gazelle] == col.CARCASS:
            break
    assert state.integer_field(col.STATUS)[0, gazelle] == col.CARCASS
    before = energy[0, lion]
    for _ in range(50):
        state = world.step(state, orders((1, 64), [lion], b.EAT_MEAT, (0.0, 0.0)))
    assert energy[0, lion] > before


def test_the_sky_of_the_tundra_has_snow_and_ice_and_that_of_the_savanna_has_none():
    tundra, savanna = Ecosystem("tundra", worlds=1, animals=8), Ecosystem("savanna", worlds=1, animals=8)
    skies = [tundra.sky(tundra.reset(seed)) for seed in range(12)]
    assert max(sky.snow_m for sky in skies) > 0.1
    assert max(sky.ice for sky in skies) > 0.5
    deep = [sky.snow_m for sky in sorted(skies, key=lambda sky: abs(sky.year - 0.5))]
    assert deep == sorted(deep)
    assert savanna.sky(savanna.reset(0)).snow_m == savanna.sky(savanna.reset(0)).ice == 0.0
