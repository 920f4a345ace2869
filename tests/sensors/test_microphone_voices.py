"""Each species must sound as its catalog file says, and call when its behaviour lets it."""

from dataclasses import replace

import numpy as np
import pytest
from tests.sensors.microphone_scenes import BEHAVIORS, animals

from eco1.catalog.loader import load_species, species_names
from eco1.core.records import Observation
from eco1.core.senses import SAMPLE_RATE_HZ
from eco1.sensors.microphone.behaviors import behavior_table
from eco1.sensors.microphone.calls import LENGTH, LOG_GLIDE, PITCH, SYLLABLES, TICK, schedule
from eco1.sensors.microphone.memory import Memory, empty_memory
from eco1.sensors.microphone.scene import rows_of
from eco1.sensors.microphone.species import species_table
from eco1.sensors.microphone.voice_kernels import VOICE_STATE, utter

VOICES = {name: load_species(name).voice for name in species_names() if load_species(name).voice is not None}
TONAL = [name for name, voice in VOICES.items() if voice.kind in ("harmonic", "whistle", "hum", "clicks")]
BREATHY = [name for name, voice in VOICES.items() if voice.kind == "noise"]
AIR_MPS = 343.2


def calls_of(seen: Observation, name: str, ticks: int, daylight: float = 0.5, seed: int = 7):
    """Return the memory after some ticks and every call that began, as (row, first sample, fields)."""
    table, behaviors = species_table((name,), under_water=False), behavior_table(BEHAVIORS)
    rows, _, _ = rows_of(seen, table, behaviors, None, sea=False, city=False, snow=0.0)
    memory: Memory = empty_memory(len(seen.alive), 1, 1, 1)
    begun: list[tuple[int, int, np.ndarray]] = []
    for tick in range(ticks):
        schedule(memory.onset, memory.stop, memory.calls, table, behaviors, rows, seed, tick, daylight, AIR_MPS)
        for row, slot in np.argwhere(memory.onset >= tick * TICK):
            begun.append((int(row), int(memory.onset[row, slot]), memory.calls[row, slot].copy()))
    return memory, begun


def courting(name: str, count: int = 24) -> Observation:
    return animals((name,), [0] * count, "court", (0, 0, 0), (1.0, 0, 0))


def sound_of(name: str, call: np.ndarray, onset: int, identity: int) -> np.ndarray:
    """Return one call at 1 m, Pa."""
    table, length = species_table((name,), under_water=False), int(call[LENGTH])
    out = np.zeros(length + 500, np.float32)
    utter(
        out, 0, onset, onset + len(out), onset, onset + length, call, table.kind[0], identity, np.zeros(VOICE_STATE)
    )  # fmt: skip
    return out


def middle_of_a_syllable(call: np.ndarray) -> slice:
    """Return where the pitch stands in the middle of its glide; in long bouts, in the strongest syllable."""
    count = float(call[SYLLABLES])
    sounding, syllable, power = 1.0 if count < 1.5 else 0.65, 0, 1.0
    if count >= 8 and call[LENGTH] > SAMPLE_RATE_HZ * count:
        syllable, power = int(count * 0.3**1.25), 0.8
    begin, end = (((syllable + u * sounding) / count) ** power * call[LENGTH] for u in (0.4, 0.6))
    return slice(int(begin), int(end))


def spectrum(samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    size = 1 << 15
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), size)) ** 2
    return np.fft.rfftfreq(size, 1 / SAMPLE_RATE_HZ), power


@pytest.mark.parametrize("name", TONAL)
def test_the_strongest_partial_of_a_voice_is_the_pitch_of_the_catalog(name: str):
    begun = calls_of(courting(name), name, 900)[1][:24]
    pitches, errors, levels = [call[PITCH] for *_, call in begun], [], []
    if name == "bottlenose_dolphin":  # every dolphin has its own pitch, and most lie above what can be heard
        assert np.std(np.log(pitches)) > 0.15
        return
    for row, onset, call in begun:
        sound = sound_of(name, call, onset, row)
        clicks = VOICES[name].kind == "clicks"
        heard = sound[: int(0.03 * SAMPLE_RATE_HZ)] if clicks else sound[middle_of_a_syllable(call)]
        hertz, power = spectrum(heard)
        errors.append(hertz[power.argmax()] / call[PITCH])
        levels.append(20 * np.log10(heard.std() / species_table((name,), under_water=False).pressure_pa[0]))
    assert np.median(pitches) == pytest.approx(float(VOICES[name].pitch), rel=0.04)
    assert np.median(errors) == pytest.approx(1.0, abs=0.03)
    if VOICES[name].kind != "clicks":
        assert abs(np.median(levels)) < 2.0


@pytest.mark.parametrize("name", BREATHY)
def test_breath_lies_around_the_pitch_of_the_catalog_and_is_as_loud(name: str):
    call = calls_of(courting(name), name, 1800)[1][0][2]
    parts = [sound_of(name, call, 12_345, identity)[middle_of_a_syllable(call)] for identity in range(200)]
    hertz = spectrum(parts[0])[0]
    power = np.mean([spectrum(part)[1] for part in parts], axis=0)
    width = int(0.1 * call[PITCH] / hertz[1]) | 1
    loud = hertz[np.convolve(power, np.ones(width) / width, "same") > 0.5 * power.max()]
    assert np.sqrt(loud[0] * loud[-1]) == pytest.approx(call[PITCH], rel=0.05)
    level = 20 * np.log10(np.std(parts) / species_table((name,), under_water=False).pressure_pa[0])
    assert abs(level) < 3.0  # a call may be 2 dB louder or fainter than the last


def test_a_whistle_of_a_dolphin_rises_through_what_can_be_heard_of_it():
    call = calls_of(courting("bottlenose_dolphin"), "bottlenose_dolphin", 300)[1][0][2]
    call[PITCH], call[SYLLABLES], call[LOG_GLIDE] = 5000.0, 1.0, np.log2(1.6)
    sound = sound_of("bottlenose_dolphin", call, 0, 1)
    early, late = (sound[int(share * call[LENGTH]) :][:800] for share in (0.2, 0.75))
    first, second = (spectrum(part)[0][spectrum(part)[1].argmax()] for part in (early, late))
    assert 4000 < first < 4900
    assert 5200 < second < 6500


def test_the_young_call_higher():
    name, grown = "african_elephant", courting("african_elephant", 64)
    young = replace(grown, body_length_m=grown.body_length_m / 2)
    pitches = [np.median([call[PITCH] for *_, call in calls_of(seen, name, 600)[1]]) for seen in (grown, young)]
    assert pitches[1] / pitches[0] == pytest.approx(2**1.2, rel=0.05)


def test_calls_come_as_often_as_the_catalog_and_the_behaviour_say():
    def calls_per_s(behavior: str) -> float:
        seen = animals(("blue_wildebeest",), [0] * 64, behavior, (0, 0, 0))
        return len(calls_of(seen, "blue_wildebeest", 1200)[1]) / 64 / 120

    usual = 1 / float(VOICES["blue_wildebeest"].interval)
    assert calls_per_s("go_to_water") == pytest.approx(usual, rel=0.12)
    assert calls_per_s("challenge") == pytest.approx(6 * usual, rel=0.12)
    assert calls_per_s("rest") == pytest.approx(0.5 * usual, rel=0.25)
    for silent in ("sleep", "stalk", "ambush", "camouflage"):
        assert calls_per_s(silent) == 0


def test_lions_roar_by_night():
    seen = animals(("lion",), [0] * 64, "patrol", (0, 0, 0))
    by_day, by_night = (len(calls_of(seen, "lion", 1800, daylight)[1]) for daylight in (1.0, 0.0))
    assert by_night > 4 * by_day


def test_who_falls_asleep_breaks_off_its_call():
    name, awake = "lion", animals(("lion",), [0] * 8, "challenge", (0, 0, 0))
    table, behaviors = species_table((name,), under_water=False), behavior_table(BEHAVIORS)
    memory, _ = calls_of(awake, name, 400)
    assert (memory.stop > 400 * TICK).any()
    asleep = replace(awake, behavior=np.full(8, BEHAVIORS.index("sleep"), np.int16))
    rows, _, _ = rows_of(asleep, table, behaviors, None, sea=False, city=False, snow=0.0)
    schedule(memory.onset, memory.stop, memory.calls, table, behaviors, rows, 7, 400, 0.5, AIR_MPS)
    assert (memory.stop <= 400 * TICK).all()


def test_animals_differ_from_each_other_and_stay_themselves():
    _, begun = calls_of(courting("carrion_crow", 40), "carrion_crow", 900)
    own = [[np.log(call[PITCH]) for row, _, call in begun if row == which] for which in range(40)]
    own = [pitches for pitches in own if len(pitches) > 2]
    assert len(own) > 10
    assert np.std([np.mean(pitches) for pitches in own]) > 1.2 * np.mean([np.std(pitches) for pitches in own])
