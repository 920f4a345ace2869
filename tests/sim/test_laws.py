"""Single laws, as plain functions."""

import math
from dataclasses import replace

import numpy as np
import pytest

from eco1.catalog.loader import load_biome
from eco1.sim import behaviors as b
from eco1.sim.landscape import build_landscape
from eco1.sim.landscape.noise import fractal_noise
from eco1.sim.landscape.points import nearest_points
from eco1.sim.laws import (
    arrivals,
    choice,
    death,
    drives,
    energy,
    escape,
    herding,
    hunting,
    movement,
    predation,
    ranging,
    reproduction,
    weather,
)
from eco1.sim.traits import STYLES


def test_resting_power_follows_kleiber_up_to_that_of_an_adult():
    half_grown, adult = (energy.resting_power(mass, 16.0, 20.0, 1.0) for mass in (1.0, 16.0))
    assert adult / half_grown == pytest.approx(8.0, rel=1e-6)
    assert energy.resting_power(16.0, 16.0, 40.0, 1.0) == pytest.approx(2 * adult)


def test_a_big_hunter_goes_less_far_for_a_small_carcass():
    near, far = (predation.interest(meat, 6e4, 144.0) for meat in (0.03, 30.0))
    assert 0 < near < 0.05
    assert far == 1.0
    assert predation.interest(0.03, 1e3, 144.0) > near


def test_small_carcasses_vanish_first():
    left = [predation.rot(1.0, 1.0, mass, 1.0) for mass in (1e-5, 0.05, 20.0, 4000.0)]
    assert left == sorted(left)
    assert left[-1] == left[-2]


def test_strikes_reach_further_the_faster_the_hunter():
    assert predation.contact_m(1.6, 0.7, 0.1) < 1.0 < predation.contact_m(20.0, 1.0, 1.0) < 3.0


def test_the_last_free_rows_are_kept_for_the_rare():
    kept = int(reproduction.KEPT_FREE * 64)
    assert reproduction.has_room(3, 4, 1, 64)
    assert not reproduction.has_room(4, 4, kept, 64)
    assert reproduction.has_room(4, 4, kept + 1, 64)
    assert not reproduction.has_room(14, 10, 30, 64)


def test_more_come_in_the_more_are_missing_and_the_shorter_the_life():
    assert arrivals.chance(2, 100.0, 1.0) == 2 * arrivals.chance(1, 100.0, 1.0)
    assert arrivals.chance(1, 100.0, 1.0) > arrivals.chance(1, 1000.0, 1.0)


def test_growth_reaches_adult_mass_near_maturity():
    mass = 30.0
    for _ in range(1000):
        mass = energy.grow(mass, 235.0, 30.0, 100.0, 0.1)
    assert 0.9 * 235 < mass <= 235


def test_turning_is_limited_by_grip():
    assert movement.turn_limit(3.0, 5.0, 0.0) == 3.0
    assert movement.turn_limit(3.0, 5.0, 10.0) == pytest.approx(0.5)


@pytest.mark.parametrize("angle", np.linspace(-3.1, 3.1, 13))
def test_fast_angles_are_near_the_true_ones(angle):
    assert movement.angle_of(math.cos(angle), math.sin(angle)) == pytest.approx(angle, abs=0.005)
    if abs(angle) < 1.2:
        assert movement.rotate(1.0, 0.0, angle) == pytest.approx((math.cos(angle), math.sin(angle)), abs=0.005)


def test_push_falls_to_nothing_at_the_edge_of_the_zone():
    near, far = herding.push(0.25, 2.0), herding.push(3.9, 2.0)
    assert near > far > 0
    assert herding.push(4.0, 2.0) == 0.0


def test_a_sleeping_hunter_is_less_of_a_threat_than_a_chasing_one():
    asleep = escape.flight_distance(80.0, b.SLEEP, 0.5, 1.0)
    chasing = escape.flight_distance(80.0, b.CHASE, 0.5, 1.0)
    assert asleep < 0.3 * chasing
    assert escape.danger(0.5 * chasing, chasing, 0.0) == escape.DANGER
    assert escape.danger(1.3 * chasing, chasing, 2.0) == escape.WARY
    assert escape.danger(1.3 * chasing, chasing, 0.0) == escape.SAFE


def test_flight_bends_along_the_border():
    x, y = escape.off_the_border(1.0, 0.1, 695.0, 300.0, 700.0)
    assert x < 0.3
    assert math.hypot(x, y) == pytest.approx(1.0)
    assert escape.off_the_border(1.0, 0.0, 350.0, 350.0, 700.0) == (1.0, 0.0)


def test_a_chase_leads_to_strike_exhaustion_or_another_search():
    assert hunting.after_chase(1.0, 3.0, 40.0, 0.8, 2.0) == b.STRIKE
    assert hunting.after_chase(30.0, 3.0, 40.0, 0.05, 9.0) == b.REST
    assert hunting.after_chase(200.0, 3.0, 40.0, 0.9, 9.0) == b.PROWL
    assert hunting.after_chase(30.0, 3.0, 40.0, 0.8, 2.0) == b.CHASE


def test_pursuers_start_from_farther_than_stalkers():
    rush = [hunting.rush_distance(STYLES.index(style), 5.0, 16.0) for style in ("stalk", "pursuit")]
    assert rush[0] < rush[1]


def test_interception_aims_ahead_of_the_prey():
    x, y = hunting.intercept(20.0, 0.0, 0.0, 10.0, 15.0)
    assert y > 0.3
    assert math.hypot(x, y) == pytest.approx(1.0)


def test_companions_and_youth_help_a_strike():
    def share(growth, hunters):
        return np.mean([predation.strike_kills(0.3, growth, hunters, 1.0, u) for u in np.linspace(0, 1, 400)])

    assert share(1.0, 4) > share(1.0, 1)
    assert share(0.2, 1) > share(1.0, 1)


def test_vultures_circle_at_the_rim_of_a_thermal():
    x, y = ranging.soar_direction(32.0, 0.0, 0.0, 0.0)
    assert abs(x) < 0.05
    assert abs(y) == pytest.approx(1.0, abs=0.01)


def test_needs_rise_and_fall():
    assert drives.hunger(0.0, 10.0, 5.0) == 1.0
    assert drives.hunger(15.0, 10.0, 5.0) == 0.0
    assert drives.thirst(0.5, 100.0, False, 10.0, 0.5, 1.0) > 0.5 > drives.thirst(0.5, 100.0, True, 10.0, 0.5, 1.0)
    assert drives.fatigue(0.5, 0.5, True, 0.0, 144.0, 1.0) < 0.5 < drives.fatigue(0.5, 0.5, False, 0.0, 144.0, 1.0)
    assert drives.stamina(1.0, 16.0, 1.0, 16.0, 10.0, 1.0) == pytest.approx(0.9)


def test_worth_follows_need():
    assert choice.feed(0.9, 1.0) > choice.feed(0.1, 1.0)
    assert choice.drink(0.9, 500.0) > choice.feed(0.5, 1.0) > choice.drink(0.31, 500.0)
    assert choice.sleep(0.8, 0.0, 0.0) > choice.sleep(0.8, 1.0, 0.0)
    assert choice.play(0.5, 1.0, False) > choice.play(0.5, 1.0, True)


def test_mortality_rises_with_age():
    def share(age):
        return np.mean([death.dies_of_age(age, 100.0, 1.0, u) for u in np.linspace(0, 1, 2000)])

    assert share(100.0) > share(60.0)
    assert share(10.0) < 1e-3


def test_the_sun_rises_and_sets():
    assert weather.daylight(0.0) == 0.0
    assert weather.daylight(12.0) == 1.0
    assert 0 < weather.daylight(6.0) < 1


def test_the_afternoon_is_warmest_and_a_hotter_biome_burdens_more():
    savanna = load_biome("savanna")
    day = [weather.temperature(savanna, hour, 0.25) for hour in range(24)]
    assert np.argmax(day) == 15
    assert max(day) - min(day) == pytest.approx(2 * float(savanna.temperature_swing), rel=0.02)
    assert np.mean(day) == pytest.approx(float(savanna.temperature_mean))
    desert = replace(savanna, temperature_mean=replace(savanna.temperature_mean, value=273.15 + 32))
    burden = [[weather.heat(weather.temperature(one, hour, 0.25)) for hour in (3.0, 15.0)] for one in (savanna, desert)]
    assert burden[0] == pytest.approx([0.0, 1.0])
    assert burden[1][0] > 0.5
    assert burden[1][1] > 1.5


def test_heat_makes_thirst_and_drives_the_day_active_to_shade():
    cool, hot = 0.2, 1.0
    assert drives.thirst(0.3, 100.0, False, 10.0, hot, 1.0) > drives.thirst(0.3, 100.0, False, 10.0, cool, 1.0)
    assert choice.rest(0.3, hot, 0.0) > choice.rest(0.3, cool, 0.0)
    assert choice.shelter(0, 0.0, 1.0, hot, 1.0, 0.0) > choice.shelter(0, 0.0, 1.0, cool, 1.0, 0.0)


def test_rain_falls_as_often_as_the_biome_says():
    biome = load_biome("savanna")
    wet = np.mean([weather.is_raining(biome, 1, 60.0 * slot) for slot in range(2000)])
    assert wet == pytest.approx(float(biome.rain_probability), abs=0.02)


def test_nearest_points_are_nearest():
    rng = np.random.default_rng(0)
    points = rng.integers(0, 40, (12, 2)) + 0.5
    near_x, near_y = nearest_points(points, 40, 1.0)
    centre = np.stack(np.meshgrid(np.arange(40) + 0.5, np.arange(40) + 0.5), -1)
    true = np.linalg.norm(centre[:, :, None] - points, axis=-1).min(-1)
    found = np.hypot(near_x - centre[..., 0], near_y - centre[..., 1])
    assert np.abs(found - true).max() < 0.6
    assert (np.abs(found - true) < 1e-4).mean() > 0.98


def test_rougher_terrain_has_more_small_waves():
    def roughness(exponent):
        noise = fractal_noise(np.random.default_rng(1), 64, exponent)
        return np.abs(np.diff(noise, axis=0)).mean()

    assert roughness(1.0) > 2 * roughness(2.5)


def test_a_landscape_has_water_trees_and_dens_on_dry_ground():
    biome = load_biome("savanna")
    landscape, ground = build_landscape(biome, 64, 3)
    wet = (landscape.water_depth_m > 0).mean()
    assert wet == pytest.approx(float(biome.water_fraction), abs=0.005)
    cell = landscape.size_m / landscape.height_m.shape[0]
    for points in (landscape.tree_position_m, landscape.shelter_position_m):
        index = (points[:, :2] / cell).astype(int)
        assert (landscape.water_depth_m[index[:, 1], index[:, 0]] == 0).all()
    assert np.isfinite(ground.maps).all()
    assert build_landscape(biome, 256, 3)[0].size_m == pytest.approx(2 * landscape.size_m)
