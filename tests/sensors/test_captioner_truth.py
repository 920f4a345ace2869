"""What is told happened: who did what to whom, checked against the arrays and against scenes made for it."""

import re
from dataclasses import replace

import numpy as np
import pytest
from described_worlds import BIOMES, described, recording

from eco1.core.records import Episode, EpisodeInfo, Observation, empty_surroundings
from eco1.data.text import pack_text, unpack_text
from eco1.sensors.captioner import describe

biomes = pytest.mark.parametrize("biome", BIOMES)
STEPS = 100
NAMES = ("plains_zebra", "lion")
BEHAVIORS = ("graze", "vigilant", "stalk", "chase", "strike", "eat_meat", "flee", "drink")


def scene(rows: int, species: list[int]) -> dict[str, np.ndarray]:
    """Return the arrays of ten seconds in which everyone stands a hundred metres apart and grazes."""
    position = np.zeros((STEPS, rows, 3), np.float32)
    position[..., 0] = 100 * np.arange(rows)
    return {
        "position_m": position,
        "velocity_mps": np.zeros((STEPS, rows, 3), np.float32),
        "heading_rad": np.zeros((STEPS, rows), np.float32),
        "alive": np.ones((STEPS, rows), bool),
        "carcass": np.zeros((STEPS, rows), bool),
        "identity": np.tile(np.arange(rows), (STEPS, 1)),
        "species": np.tile(np.array(species, np.int16), (STEPS, 1)),
        "behavior": np.zeros((STEPS, rows), np.int16),
        "body_length_m": np.full((STEPS, rows), 2.0, np.float32),
        "surroundings": empty_surroundings(STEPS, rows),
    }


def told(arrays, names=NAMES):
    info = EpisodeInfo(
        biome="savanna", seed=1, world=0, dt_s=0.1, species_names=names, behavior_names=BEHAVIORS, provenance={}
    )
    return describe(Episode(info=info, observation=Observation(**arrays)))


def of_kind(description, kind):
    return [event for event in description.events if event.kind == kind]


def shows(arrays, row, first, last, behavior):
    arrays["behavior"][first:last, row] = BEHAVIORS.index(behavior)


def test_a_hunt_that_ends_in_a_kill():
    arrays = scene(3, [0, 1, 0])
    arrays["position_m"][:, 1, 0] = np.concatenate([np.linspace(40, 2, 60), np.full(40, 2)])
    shows(arrays, 1, 0, 30, "stalk")
    shows(arrays, 1, 30, 58, "chase")
    shows(arrays, 1, 58, 66, "strike")
    shows(arrays, 1, 66, 100, "eat_meat")
    shows(arrays, 0, 30, 60, "flee")
    arrays["alive"][60:, 0], arrays["carcass"][60:, 0] = False, True
    description = told(arrays)
    assert [event.rows for event in of_kind(description, "stalk")] == [(1, 0)]
    assert [event.rows for event in of_kind(description, "kill")] == [(1, 0)]
    assert [event.rows for event in of_kind(description, "flee")] == [(0, 1)]
    assert of_kind(description, "eat_meat")[0].rows == (1, 0)
    (chase,) = of_kind(description, "chase")
    assert chase.rows == (1, 0)
    assert (chase.start_s, chase.end_s) == (3.0, pytest.approx(6.6, abs=0.9))
    assert not [event for event in description.events if event.kind in ("death", "escape")]
    captions = dict(zip(description.events, description.captions, strict=False))
    kill = captions[of_kind(description, "kill")[0]]
    assert re.search(r"lion .*zebra|zebra .* by (a|the) lion|zebra .* to (a|the) lion", kill.text), kill.text
    assert re.search(
        r"carcass of a (plains )?zebra|dead (plains )?zebra", captions[of_kind(description, "eat_meat")[0]].text
    )


def test_a_hunt_that_fails_is_an_escape():
    arrays = scene(2, [0, 1])
    arrays["position_m"][:, 1, 0] = 20.0
    shows(arrays, 1, 10, 50, "chase")
    description = told(arrays)
    assert [event.rows for event in of_kind(description, "escape")] == [(0, 1)]
    assert not of_kind(description, "kill")
    chase = next(
        caption.text
        for event, caption in zip(description.events, description.captions, strict=False)
        if event.kind == "chase"
    )
    assert "but" in chase


def test_a_hunt_that_the_recording_cuts_off_has_no_outcome():
    arrays = scene(2, [0, 1])
    arrays["position_m"][:, 1, 0] = 20.0
    shows(arrays, 1, 60, 100, "chase")
    description = told(arrays)
    assert of_kind(description, "chase")
    assert not [event for event in description.events if event.kind in ("kill", "escape")]


def test_a_death_without_a_hunter_near_is_no_kill():
    arrays = scene(2, [0, 1])
    shows(arrays, 1, 45, 60, "strike")  # a hundred metres away
    arrays["alive"][50:, 0], arrays["carcass"][50:, 0] = False, True
    description = told(arrays)
    assert [event.rows for event in of_kind(description, "death")] == [(0,)]
    assert not of_kind(description, "kill")


def test_a_row_that_is_taken_over_is_a_birth_beside_the_mother_and_another_animal():
    arrays = scene(3, [0, 1, 0])
    arrays["alive"][:50, 2] = False
    arrays["identity"][50:, 2] = 7
    arrays["position_m"][:, 2, 0] = 1.0
    arrays["body_length_m"][:, 2] = 0.9
    description = told(arrays)
    (birth,) = of_kind(description, "birth")
    assert (birth.rows, birth.start_s) == ((2, 0), 5.0)
    assert all(event.start_s >= 5.0 for event in description.events if 2 in event.rows)


def test_a_meal_that_is_eaten_up_was_still_a_carcass():
    arrays = scene(2, [0, 1])
    arrays["position_m"][:, 1, 0] = 2.0
    arrays["alive"][:, 0] = False
    arrays["carcass"][:40, 0] = True
    shows(arrays, 1, 0, 100, "eat_meat")
    description = told(arrays)
    assert [event.rows for event in of_kind(description, "eat_meat")] == [(1, 0)]
    assert re.search(r"carcass of a|dead", description.captions[0].text)
    arrays["carcass"][:] = False
    assert "prey" not in told(arrays).captions[0].text  # lions do not live on small fry


def test_flicker_is_no_event_and_glances_are_told_with_what_they_interrupt():
    arrays = scene(1, [0])
    shows(arrays, 0, 40, 43, "drink")  # too short to be true
    shows(arrays, 0, 60, 75, "vigilant")
    description = told(arrays)
    assert [(event.kind, event.start_s, event.end_s) for event in description.events] == [("graze", 0.0, 10.0)]
    shows(arrays, 0, 60, 95, "drink")
    assert [event.kind for event in told(arrays).events] == ["graze", "drink"]


def test_animals_far_apart_make_no_group():
    arrays = scene(3, [0, 0, 0])
    arrays["position_m"][:, 1, 0] = 5.0
    assert sorted(event.rows for event in of_kind(told(arrays), "graze")) == [(0, 1), (2,)]


def test_several_that_flee_at_once_raise_an_alarm():
    arrays = scene(5, [0, 0, 0, 0, 1])
    arrays["position_m"][..., 0] = 6.0 * np.arange(5)
    for row in range(4):
        shows(arrays, row, 30 + 3 * row, 70, "flee")
    (alarm,) = of_kind(told(arrays), "alarm")
    assert (alarm.rows, alarm.start_s) == ((0, 1, 2, 3, 4), 3.0)


@pytest.mark.parametrize("steps", [1, 3, 12])
def test_a_moment_is_described_too(steps):
    episode = recording("tundra")
    cut = replace(
        episode,
        observation=episode.observation.map(lambda array: array[:steps]),
        hidden=episode.hidden.map(lambda array: array[:steps]),
    )
    description = describe(cut)
    assert description.captions[-1].text.startswith("A second in the Arctic tundra by day showed thirteen northern")
    assert all(event.end_s <= steps / 10 for event in description.events)


def test_no_rows_at_all_are_described_too():
    assert told(scene(0, [])).captions[-1].text == "In ten seconds, no animal was to be seen."


def test_animals_that_come_late_are_counted_when_they_come():
    arrays = scene(2, [0, 0])
    arrays["alive"][:30] = False
    assert "showed two plains zebras" in told(arrays).captions[-1].text


def test_an_empty_scene_is_described_too():
    arrays = scene(2, [0, 1])
    arrays["alive"][:] = False
    description = told(arrays)
    assert (description.events, description.questions) == ((), ())
    assert description.captions[-1].text == "In ten seconds, no animal was to be seen."


@biomes
def test_every_kill_and_death_of_a_recording_is_told_with_its_hunter(biome):
    seen, hidden = recording(biome).observation, recording(biome).hidden
    strike = recording(biome).info.behavior_names.index("strike")
    frames, victims = np.nonzero(seen.alive[:-1] & seen.carcass[1:])
    events = {
        (event.kind, event.rows[-1]): event for event in described(biome).events if event.kind in ("kill", "death")
    }
    assert len(events) == len(frames)
    for frame, victim in zip(frames.tolist(), victims.tolist(), strict=True):
        after = slice(frame, frame + 2)
        struck = ((seen.behavior[after] == strike) & (hidden.target[after] == victim)).any(0)
        event = events["kill" if struck.any() else "death", victim]
        assert event.start_s <= (frame + 1) * 0.1 <= event.end_s
        if struck.any():
            assert struck[event.rows[0]]
            assert (hidden.target[after][:, event.rows[:-1]] == victim).any(0).all()


@biomes
def test_bouts_of_groups_are_what_the_log_says_all_along(biome):
    seen, names = recording(biome).observation, recording(biome).info.behavior_names
    checked = 0
    for event in described(biome).events:
        if event.kind in ("graze", "rest", "drink", "pick", "browse", "filter", "sleep") and event.place:
            span = slice(round(event.start_s * 10), round(event.end_s * 10))
            shown = seen.behavior[span, list(event.rows)]
            right = (shown == names.index(event.kind)) | (shown == names.index("vigilant"))
            assert right.mean() > 0.95, event
            assert len(set(seen.species[span.start, list(event.rows)])) == 1
            checked += 1
    assert checked > 5


@biomes
def test_without_hidden_the_prey_is_still_prey_and_no_need_is_known(biome):
    episode = recording(biome)
    description = describe(replace(episode, hidden=None))
    assert {"hungry", "thirsty", "tired"}.isdisjoint(" ".join(c.text for c in description.captions).split())
    kills = {event.rows[-1] for event in described(biome).events if event.kind == "kill"}
    assert kills == {event.rows[-1] for event in description.events if event.kind == "kill"}


def test_without_a_landscape_there_are_no_places():
    description = describe(replace(recording("tundra"), landscape=None))
    assert {event.place for event in description.events} == {""}
    assert "place" not in {question.kind for question in description.questions}


def test_positions_alone_are_told_as_movement():
    arrays = scene(4, [0, 0, 0, 0])
    arrays["behavior"][:] = -1
    arrays["position_m"][..., 1] = np.arange(STEPS)[:, None] * 0.5
    arrays["velocity_mps"][..., 1] = 5.0
    description = told(arrays, ("laboratory_minnow", "lion"))
    assert {event.kind for event in description.events} <= {"move", "move_together"}
    text = " ".join(caption.text for caption in description.captions)
    assert "laboratory minnows" in text
    assert "north" in text


def test_the_same_episode_gives_the_same_words_and_another_seed_other_words():
    episode = recording("reef")
    assert describe(episode) == described("reef")
    other = describe(replace(episode, info=replace(episode.info, seed=4)))
    assert other.events == described("reef").events
    assert other.captions != described("reef").captions


@biomes
def test_a_description_survives_storage(biome):
    assert unpack_text(pack_text(described(biome))) == described(biome)
