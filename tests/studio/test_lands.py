"""Every kind of land: recognised, drawn, and told from the others at a glance."""

import numpy as np
import pytest
from studio_scenes import SIZE_M, landscape

from eco1.catalog.loader import load_biome, load_ethogram
from eco1.sim.ecosystem import Ecosystem
from eco1.studio.camera import Camera
from eco1.studio.city_plan import plan_of
from eco1.studio.houses import fronts
from eco1.studio.looks import LOOKS, look_of
from eco1.studio.renderer import Renderer
from eco1.studio.season import Season, season_of
from eco1.studio.shade_maps import shadow_tops, share_of_sun
from eco1.studio.stage import in_the_way
from eco1.studio.stages import props_of
from eco1.studio.terrain import build_terrain
from eco1.studio.vantage import standing_place

BIOMES = ("reef", "canopy", "savanna", "tundra", "urban")


@pytest.fixture(scope="module")
def lands():
    return {biome: _land(biome) for biome in BIOMES}


def _land(biome):
    world = Ecosystem(biome, worlds=1, animals=64 if biome == "urban" else 8)  # one block alone may be a park
    return world.landscape(world.reset(3))


def picture(land, biome, daylight, season=None):
    names = tuple(sorted(resident.species for resident in load_biome(biome).residents))
    renderer = Renderer(
        land, names, load_ethogram().names, width_px=160, height_px=90, seed=1, biome=biome, season=season
    )
    world = Ecosystem(biome, worlds=1, animals=8)
    seen = world.observe(world.reset(3))[0]
    moment = renderer.cast.moment(seen, seen, 0.0, 1.0)
    renderer.cast.advance(moment, 0.1)
    free = np.argwhere(renderer.terrain.roof_m < 0 if renderer.terrain.roof_m is not None else land.height_m > -1)
    spot = (free[len(free) // 2][::-1] + 0.5) * land.size_m / len(land.height_m)
    point = np.append(spot, renderer.terrain.height_at(spot) + 3.0)
    eye = standing_place(point, point, 1.0, renderer.terrain)
    target = eye + np.array([8.0, 5.0, -0.6])
    camera = Camera(eye_m=eye.astype(np.float32), target_m=target.astype(np.float32), field_of_view_rad=0.8)
    return renderer.draw(moment, camera, daylight, season=season).astype(float)


def test_each_biome_is_recognised_by_its_parts(lands):
    assert {biome: look_of(land).kind for biome, land in lands.items()} == {biome: biome for biome in BIOMES}
    assert set(LOOKS) == set(BIOMES)


def test_pictures_of_lands_differ_and_nights_are_darker(lands):
    days = {biome: picture(land, biome, 0.9) for biome, land in lands.items()}
    for biome, day in days.items():
        assert day.std() > 12, biome
        assert picture(lands[biome], biome, 0.0).mean() < 0.8 * day.mean(), biome
    for k, first in enumerate(BIOMES):
        for second in BIOMES[k + 1 :]:
            assert np.abs(days[first] - days[second]).mean() > 8, (first, second)
    sea = days["reef"].mean((0, 1))
    assert sea[2] > sea[0] + 40  # water takes the red


def test_under_water_light_fades_as_far_as_the_catalog_says(lands):
    clear = load_biome("reef").sea
    assert clear is not None
    look = look_of(lands["reef"], "reef")
    taken = np.exp(-np.array(look.palette.haze_per_m) * float(clear.visibility))
    assert taken[0] < taken[1] < 0.25
    assert look_of(lands["reef"]).palette != look.palette


def test_snow_and_ice_follow_the_season(lands):
    year = [season_of("tundra", 3, float(t)) for t in np.arange(0, 300, 10)]
    ice, snow = np.array([[s.ice, s.snow] for s in year]).T
    assert ice.max() > 0.9
    assert ice.min() < 0.3
    assert snow.max() == 1.0
    assert snow.min() == 0.0
    assert season_of("savanna", 3, 50.0) == Season()
    summer, winter = (build_terrain(lands["tundra"], 1, season=Season(ice=s, snow=s)) for s in (0.0, 1.0))
    assert winter.albedo.mean() > 1.5 * summer.albedo.mean()
    sea = np.argwhere(lands["tundra"].freezing < 1)[0][::-1] + 0.5
    at = sea * lands["tundra"].size_m / len(lands["tundra"].freezing)
    assert winter.frozen_at(at)
    assert not summer.frozen_at(at)


def test_a_wall_throws_a_shadow_away_from_the_sun():
    tops = np.full((40, 40), -1e6, np.float32)
    tops[18:22, 20] = 10.0
    sun = np.array([1.0, 0.0, 1.0], np.float32) / np.sqrt(2)
    shade = share_of_sun(shadow_tops(tops, 1.0, sun.astype(np.float32)), np.zeros((40, 40)))
    assert shade[20, 15] == 0  # five metres west of a wall of ten metres, the sun in the east at 45 degrees
    assert shade[20, 5] == 1
    assert shade[20, 25] == 1
    assert shade[5, 15] == 1


def test_streets_run_where_no_house_stands_and_fronts_enclose_every_house(lands):
    city = lands["urban"]
    plan = plan_of(city)
    cells = len(city.building_height_m)
    cell = city.size_m / cells
    rows, columns = np.nonzero(city.building_height_m > 0)
    houses = np.column_stack([(columns + 0.5) * cell, (rows + 0.5) * cell])
    assert plan.road_share(houses).max() < 0
    edges = fronts(city)
    perimeter = np.abs(edges[:, 2] - edges[:, 0]).sum() + np.abs(edges[:, 3] - edges[:, 1]).sum()
    house = np.pad(city.building_height_m > 0, 1)
    sides = np.abs(np.diff(house.astype(int), axis=0)).sum() + np.abs(np.diff(house.astype(int), axis=1)).sum()
    assert perimeter == pytest.approx(sides * cell, rel=1e-6)
    assert set(np.unique(np.abs(edges[:, 4]) + np.abs(edges[:, 5]))) == {1.0}


def test_cameras_stay_in_the_water_and_out_of_houses(lands):
    reef = build_terrain(lands["reef"], 1)
    assert reef.surface_m is not None
    middle = np.array([0.5, 0.5]) * lands["reef"].size_m
    high = standing_place(np.append(middle, 80.0), np.append(middle, 9.0), 1.0, reef)
    low = standing_place(np.append(middle, -9.0), np.append(middle, 1.0), 1.0, reef)
    assert reef.height_at(high[:2]) < high[2] < reef.surface_m
    assert low[2] > reef.height_at(low[:2]) + 0.3
    city = lands["urban"]
    terrain = build_terrain(city, 1)
    inside = np.argwhere(city.building_height_m > 0)
    rng = np.random.Generator(np.random.Philox(2))
    for row, column in inside[rng.permutation(len(inside))[:40]]:
        wall = (np.array([column, row]) + 0.5) * city.size_m / len(city.building_height_m)
        street = np.array([0.0, wall[1]])
        street[0] = _nearest_free(terrain, wall)
        if abs(street[0] - wall[0]) < 2.0:
            continue
        eye = standing_place(np.append(wall, 1.5), np.append(street, 0.5), 1.0, terrain)
        assert terrain.roof_at(eye[:2]) < eye[2]


def _nearest_free(terrain, wall):
    x = np.arange(0.3, terrain.size_m, 0.5)
    free = x[terrain.roof_at(np.column_stack([x, np.full_like(x, wall[1])])) < 0]
    return free[np.abs(free - wall[0]).argmin()]


def test_leaves_between_camera_and_animal_are_left_out():
    eye, target = np.zeros(3), np.array([10.0, 0, 0])
    at = np.array([[5.0, 0, 0], [5.0, 4, 0], [15.0, 0, 0], [-5.0, 0, 0]])
    np.testing.assert_array_equal(in_the_way(at, np.ones(4), eye, target, 1.0), [True, False, False, False])


def test_every_land_has_something_standing_and_nothing_below_ground(lands):
    for biome, land in lands.items():
        terrain = build_terrain(land, 1)
        props = props_of(biome, land, terrain, 1, Season(ice=0.6, snow=0.5))
        assert sum(len(p.copies.mesh) for p in props) > 5, biome
        for p in props:
            assert p.copies.mesh.max(initial=0) < len(p.meshes)
            below = p.copies.position_m[:, 2] - terrain.height_at(p.copies.position_m[:, :2])
            assert below.min(initial=0) > -1.0, biome


def test_a_world_without_more_than_hills_is_a_savanna():
    land = landscape()
    assert look_of(land).kind == "savanna"
    assert build_terrain(land, 1).surface_m is None
    assert land.size_m == SIZE_M
