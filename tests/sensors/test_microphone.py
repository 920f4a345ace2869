"""What a whole microphone brings back of a scene."""

import warnings
from dataclasses import replace

import numpy as np
import pytest
from tests.sensors.microphone_scenes import BEHAVIORS, CALM, animals, listen, microphone

from eco1.catalog.loader import load_biome, load_species
from eco1.core.errors import ConfigError, UnknownNameError
from eco1.core.records import Landscape
from eco1.core.senses import SAMPLE_RATE_HZ, Frames
from eco1.sensors.microphone import Circumstances, FixedPlace, OnAnimal, OnCamera
from eco1.sensors.microphone.ambience import HISSES, loudness_pa
from eco1.sensors.microphone.loudness import LOUDEST, peak_pa, to_samples
from eco1.sensors.microphone.memory import LISTENER_STATE

HERD = ("african_elephant", "lion", "plains_zebra")


@pytest.fixture
def no_ambience(monkeypatch: pytest.MonkeyPatch) -> None:
    silence = np.zeros_like(loudness_pa(load_biome("savanna"), CALM, np.inf))
    monkeypatch.setattr("eco1.sensors.microphone.microphone.loudness_pa", lambda *_: silence)


def herd(behavior: str = "challenge", count: int = 12, spread_m: float = 30.0):
    position_m = np.random.default_rng(2).normal(0, spread_m, (count, 3)) * [1, 1, 0]
    seen = animals(HERD, [k % 3 for k in range(count)], behavior, position_m)
    seen.behavior[::4] = BEHAVIORS.index("graze")
    return seen


def level_db(samples: np.ndarray, full_scale_db: float = 94.0) -> float:
    return 20 * np.log10(samples.astype(float).std() / (LOUDEST / np.sqrt(2))) + full_scale_db


@pytest.mark.parametrize(("dt_s", "steps"), [(3.0, 1), (0.25, 12), (0.04, 75)])
def test_a_recording_is_the_same_bytes_however_it_is_cut_into_steps(dt_s: float, steps: int):
    ears, rain = microphone(HERD), Circumstances(daylight=0.4, rain=0.5)
    _, by_tenths = listen(ears, herd(), 30, now=rain)
    _, otherwise = listen(ears, herd(), steps, dt_s, now=rain)
    assert by_tenths.std() > 50
    np.testing.assert_array_equal(by_tenths, otherwise)


def test_a_step_leaves_its_memory_as_it_was_and_can_be_taken_again():
    ears, seen = microphone(HERD), herd()
    memory, _ = listen(ears, seen, 10)
    kept = memory.copy()
    moved = replace(seen, position_m=seen.position_m + np.float32(0.3))
    (after, once), (_, again) = (ears.step(memory, moved, time_s=1.1, dt_s=0.1, circumstances=CALM) for _ in range(2))
    np.testing.assert_array_equal(once.samples, again.samples)
    for before, now in zip(kept, memory, strict=True):
        np.testing.assert_array_equal(before, now)
    assert (after.frame_m[-1] != memory.frame_m[-1]).any()


def test_the_seed_decides_and_nothing_else():
    seen = herd()
    first, same = (listen(microphone(HERD), seen, 10)[1] for _ in range(2))
    np.testing.assert_array_equal(first, same)
    other = microphone(HERD)
    other.seed = 6
    assert (listen(other, seen, 10)[1] != first).any()


def test_two_microphones_hear_the_same_calls(no_ambience: None):
    near, far = microphone(HERD), microphone(HERD, place=FixedPlace(position_m=(400.0, 0.0, 1.0)))
    calls = [listen(ears, herd(), 40)[0] for ears in (near, far)]
    assert (calls[0].onset > 0).any()
    np.testing.assert_array_equal(calls[0].onset, calls[1].onset)
    np.testing.assert_array_equal(calls[0].calls, calls[1].calls)


def test_sleeping_animals_and_empty_rows_are_silent(no_ambience: None):
    asleep = herd("sleep")
    asleep.behavior[:] = BEHAVIORS.index("sleep")
    assert not listen(microphone(HERD), asleep, 30)[1].any()
    gone = replace(herd(), alive=np.zeros(12, bool), carcass=np.arange(12) < 3)
    assert not listen(microphone(HERD), gone, 30)[1].any()


def test_where_nobody_is_the_ambience_remains():
    ears = microphone(HERD)
    empty = replace(herd(), alive=np.zeros(12, bool))
    _, heard = listen(ears, empty, 50)
    levels = loudness_pa(load_biome("savanna"), CALM, np.inf)
    expected = 20 * np.log10(np.sqrt((levels**2).sum()) / 20e-6)
    assert level_db(heard) == pytest.approx(expected, abs=4.0)


def test_numbers_that_mean_nothing_in_empty_rows_are_never_heard():
    seen, empty = herd(), np.arange(12) >= 8
    filled = replace(seen, alive=~empty)
    dirty = replace(
        filled,
        position_m=np.where(empty[:, None], np.nan, seen.position_m).astype(np.float32),
        velocity_mps=np.where(empty[:, None], np.inf, seen.velocity_mps).astype(np.float32),
        body_length_m=np.where(empty, np.nan, seen.body_length_m).astype(np.float32),
        species=np.where(empty, -7, seen.species).astype(np.int16),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        np.testing.assert_array_equal(listen(microphone(HERD), filled, 15)[1], listen(microphone(HERD), dirty, 15)[1])


def test_sixty_four_shouting_elephants_are_turned_down_but_never_clipped(no_ambience: None):
    shouting = animals(HERD, [0] * 64, "challenge", np.random.default_rng(0).normal(0, 4, (64, 3)) * [1, 1, 0])
    ears = microphone(HERD, loudest=64)
    memory, _ = listen(ears, shouting, 100)
    _, heard = listen(ears, shouting, 20, memory=memory, first=100)
    assert 20_000 < np.abs(heard.astype(int)).max() <= LOUDEST
    moving = np.flatnonzero(np.diff(heard[0]) != 0)
    assert np.diff(moving).max() < 12  # a clipped wave of 20 Hz would stand still for hundreds of samples


def test_leaving_out_the_inaudible_changes_the_sum_by_a_step_or_two(no_ambience: None):
    seen = herd("forage", 40, spread_m=120.0)
    seen = replace(seen, velocity_mps=np.full((40, 3), (1.0, 0.0, 0.0), np.float32))
    some, everything = microphone(HERD, loudest=40), microphone(HERD, loudest=40)
    everything._floor_pa = 0.0
    heard, whole = (listen(ears, seen, 30)[1].astype(int) for ears in (some, everything))
    assert np.abs(whole).max() > 20
    assert np.abs(heard - whole).max() <= 8
    assert 0 < (heard - whole).std() < 1.5


def test_no_more_than_the_loudest_are_heard(no_ambience: None):
    seen = herd("challenge", 30)
    memory, _ = listen(microphone(HERD, loudest=2), seen, 60)
    assert (memory.source[:, -3] > 0).sum() <= 4  # those that fade out are still there


def test_a_walk_and_a_gallop_of_one_zebra_can_be_told_apart(no_ambience: None):
    def heard(speed: float) -> np.ndarray:
        zebra = animals(HERD, [2], "forage", (0, 3, 0), (speed, 0, 0))
        return listen(microphone(HERD), zebra, 40)[1].astype(float)

    still, walk, gallop = (heard(speed) for speed in (0.0, 1.3, 11.0))
    assert still.std() < walk.std() < 0.5 * gallop.std()


def test_the_loudness_of_a_sample_is_known():
    for under_water, level, reference in ((False, 80.0, 20e-6), (True, 120.0, 1e-6)):
        wave = np.sqrt(2) * reference * 10 ** (level / 20) * np.sin(2 * np.pi * 440 * np.arange(1600) / SAMPLE_RATE_HZ)
        samples = np.zeros((2, 1600), np.int16)
        to_samples(samples, np.stack([wave, wave]), peak_pa(under_water), np.zeros(LISTENER_STATE), 0)
        assert level_db(samples, 140.0 if under_water else 94.0) == pytest.approx(level, abs=0.1)


def test_ears_go_with_the_animal_and_stay_where_it_died():
    ears, seen = microphone(HERD, place=OnAnimal(identity=3)), herd()
    memory, _ = listen(ears, seen, 2)
    width = np.linalg.norm(memory.ear_m[1] - memory.ear_m[0])
    assert width == pytest.approx(0.12 * seen.body_length_m[2])
    assert memory.ear_m[1, 1] < memory.ear_m[0, 1]  # it looks east: the right ear is in the south
    dead = replace(seen, alive=seen.identity != 3, position_m=seen.position_m + np.float32(5))
    after, sound = ears.step(memory, dead, time_s=0.3, dt_s=0.1, circumstances=CALM)
    np.testing.assert_array_equal(after.ear_m, memory.ear_m)
    np.testing.assert_allclose(sound.ear_m, memory.ear_m.mean(0), rtol=1e-6)


def test_a_cut_of_the_camera_makes_no_click(no_ambience: None):
    ears = microphone(HERD, place=OnCamera())
    seen = animals(HERD, [0] * 40, "court", np.random.default_rng(0).normal(0, 60, (40, 3)) * [1, 1, 0])
    memory, parts = ears.initial(40), []
    for step in range(60):
        east = 0.0 if step < 50 else 200.0
        picture = picture_from((east, 0.0, 1.5))
        memory, sound = ears.step(memory, seen, time_s=(step + 1) * 0.1, dt_s=0.1, circumstances=CALM, camera=picture)
        parts.append(sound.samples.astype(float))
    heard = np.concatenate(parts, axis=1)
    jumps = np.abs(np.diff(heard, axis=1))
    assert np.abs(heard[:, 79_500:80_000]).max() > 500
    assert jumps[:, 79_990:80_010].max() <= 1.5 * jumps[:, :79_990].max()


def picture_from(eye_m: tuple[float, float, float]) -> Frames:
    return Frames(
        rgb=np.zeros((2, 2, 3), np.uint8),
        depth_m=np.zeros((2, 2), np.float32),
        instance=np.zeros((2, 2), np.int16),
        flow_px=np.zeros((2, 2, 2), np.float32),
        eye_m=np.array(eye_m, np.float32),
        axes=np.eye(3, dtype=np.float32),
        field_of_view_rad=np.array(1.0, np.float32),
    )


def test_weather_day_and_water_are_heard():
    def loud(biome: str, layer: str, water_m: float = np.inf, **now: float) -> float:
        levels = loudness_pa(load_biome(biome), Circumstances(**{"daylight": 0.5} | now), water_m)
        return float(levels[HISSES.index(layer)])

    assert loud("savanna", "rain", rain=1.0) > loud("savanna", "rain", rain=0.3) > loud("savanna", "rain") == 0
    assert loud("tundra", "rain", rain=1.0, snow=1.0) == 0  # it snows
    assert loud("canopy", "wind", wind_mps=6.0) == pytest.approx(2 * loud("canopy", "wind", wind_mps=3.0))
    assert loud("savanna", "water", 10.0) > loud("savanna", "water", 80.0) > loud("savanna", "water") == 0
    assert loud("urban", "city", daylight=1.0) > loud("urban", "city", daylight=0.0) > loud("savanna", "city") == 0
    assert loud("reef", "sea") > 0


def test_who_wades_splashes(no_ambience: None):
    pond = np.full((4, 4), 0.6, np.float32)
    flat = np.zeros((4, 4), np.float32)
    nothing, heights = np.zeros((0, 3), np.float32), np.zeros(0, np.float32)
    water, meadow = (
        Landscape(
            size_m=100.0, height_m=flat, water_depth_m=depth, vegetation=flat, tree_position_m=nothing,
            tree_height_m=heights, shelter_position_m=nothing,
        )
        for depth in (pond, flat)
    )  # fmt: skip
    zebra = animals(HERD, [2], "forage", (50, 52, 0), (1.0, 0, 0))
    place = FixedPlace(position_m=(50.0, 50.0, 1.0))
    dry, wet = (listen(microphone(HERD, place=place, landscape=ground), zebra, 30)[1] for ground in (meadow, water))
    assert wet.std() > 2 * dry.std()


def test_bad_settings_are_named():
    ears, seen = microphone(HERD), herd()
    with pytest.raises(ConfigError, match=r"whole number of samples.*0\.033"):
        ears.step(ears.initial(12), seen, time_s=1.0, dt_s=1 / 30, circumstances=CALM)
    with pytest.raises(ConfigError, match="camera"):
        listen(microphone(HERD, place=OnCamera()), seen, 1)
    with pytest.raises(ConfigError, match="identity 99"):
        listen(microphone(HERD, place=OnAnimal(identity=99)), seen, 1)
    with pytest.raises(ConfigError, match="loudest"):
        microphone(HERD, loudest=-1)
    with pytest.raises(UnknownNameError, match="savanna"):
        microphone(HERD, biome="savana")
    with pytest.raises(UnknownNameError, match="lion"):
        microphone(("lionn",))


def test_a_honeybee_hums_only_while_it_flies(no_ambience: None):
    bee = ("honeybee",)
    place = FixedPlace(position_m=(0.0, 0.3, 0.0))
    flying, sitting = (
        listen(microphone(bee, "urban", place=place), animals(bee, [0] * 4, "pick", (0, 0, 0), (v, 0, 0)), 60)[1]
        for v in (2.0, 0.0)
    )
    assert level_db(flying) > level_db(sitting) + 6
    assert float(load_species("honeybee").voice.pitch) == 230
