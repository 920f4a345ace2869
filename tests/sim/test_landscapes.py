"""Each biome has the ground that its section in the catalog describes."""

import numpy as np
import pytest

from eco1.catalog.loader import biome_names, load_biome
from eco1.sim.fields import layer
from eco1.sim.landscape import build_landscape

SEED = 3


@pytest.fixture(scope="module")
def built():
    return {name: (load_biome(name), *build_landscape(load_biome(name), 64, SEED)) for name in biome_names()}


def cells_of(points, ground):
    index = np.clip((points[:, :2] / ground.cell).astype(int), 0, ground.maps.shape[1] - 1)
    return index[:, 1], index[:, 0]


@pytest.mark.parametrize("name", biome_names())
def test_maps_are_finite_and_landscapes_repeat(name, built):
    biome, landscape, ground = built[name]
    assert np.isfinite(ground.maps).all()
    again, other = build_landscape(biome, 64, SEED)[0], build_landscape(biome, 64, SEED + 1)[0]
    assert np.array_equal(landscape.height_m, again.height_m)
    assert not np.array_equal(landscape.height_m, other.height_m)


def test_a_reef_lies_under_water_that_flows_without_sources(built):
    _, landscape, ground = built["reef"]
    assert landscape.water_depth_m.min() > 0
    assert np.ptp(landscape.water_depth_m + landscape.height_m) < 1e-4
    flow_x, flow_y = ground.maps[layer.FLOW_X], ground.maps[layer.FLOW_Y]
    sources = np.gradient(flow_x, ground.cell, axis=1) + np.gradient(flow_y, ground.cell, axis=0)
    shear = np.gradient(flow_x, ground.cell, axis=0)
    assert np.abs(sources[2:-2, 2:-2]).max() < 1e-3 * np.abs(shear).max()
    assert np.hypot(flow_x, flow_y).mean() == pytest.approx(0.15, rel=0.05)


def test_crowns_close_over_the_share_of_the_ground_that_the_catalog_says(built):
    biome, landscape, ground = built["canopy"]
    crown = landscape.crown_height_m
    assert (crown > 0).mean() == pytest.approx(float(biome.canopy.closure), abs=0.03)
    assert crown.max() == pytest.approx(float(biome.canopy.emergents))
    for quarter in range(4):
        fruit = np.stack([ground.maps[layer.FRUIT_X + 2 * quarter], ground.maps[layer.FRUIT_Y + 2 * quarter]], -1)
        apart = np.linalg.norm(fruit.reshape(-1, 1, 2) - landscape.tree_position_m[None, :, :2], axis=-1)
        assert apart.min(1).max() < 1e-3  # fruit hangs on trees


def test_the_sea_takes_its_share_of_the_coast_and_freezes_from_the_shore(built):
    biome, landscape, ground = built["tundra"]
    freezing = landscape.freezing
    sea = (freezing < 2) & (landscape.water_depth_m >= 0.8)
    assert sea.mean() == pytest.approx(float(biome.ice.sea_share), abs=0.02)
    first, last = sea & (freezing < 0.1), sea & (freezing > 0.9)
    assert landscape.water_depth_m[first].mean() < landscape.water_depth_m[last].mean()
    assert (landscape.water_depth_m[cells_of(landscape.hole_position_m, ground)] > 0).all()


def test_a_quarter_has_houses_streets_and_a_park(built):
    biome, landscape, ground = built["urban"]
    house = landscape.building_height_m > 0
    assert 0.2 < house.mean() < 0.7
    for points in (landscape.tree_position_m, landscape.refuse_position_m, landscape.flower_position_m):
        assert len(points) > 3
        assert not house[cells_of(points, ground)].any()
        assert (landscape.water_depth_m[cells_of(points, ground)] == 0).all()
    assert landscape.vegetation.max() > 10 * np.median(landscape.vegetation[landscape.vegetation > 0])
    assert landscape.building_height_m.max() < 2 * float(biome.city.building_height)
