"""The data card says what is in a dataset, the same for the same episodes."""

import json
from dataclasses import replace

import numpy as np
import pytest
from small_episodes import episode_of
from small_senses import record_senses

from eco1.core.errors import EpisodeError
from eco1.data.card import write_card
from eco1.data.store import write_episode


def simulated(seed: int):
    """Row 0 dies halfway; row 1 is born at frame 10."""
    episode = episode_of(40, seed=seed)
    episode.observation.alive[20:, 0] = False
    episode.observation.alive[:10, 1] = False
    facts = {"source": "simulation", "licence": "Apache-2.0", "generator": "eco1 0.1.0", "detours_per_minute": "0"}
    return replace(episode, info=replace(episode.info, provenance=facts))


@pytest.fixture(name="root")
def _root(tmp_path):
    for seed in (3, 4, 9):
        write_episode(tmp_path / "zoo" / f"e{seed}.zarr", simulated(seed))
    return tmp_path / "zoo"


def test_animals_behaviours_births_and_deaths_are_counted(root):
    card = write_card(root)
    seen = [simulated(seed).observation for seed in (3, 4, 9)]
    assert (card["episodes"], card["frames"], card["seconds"]) == (3, 120, 12.0)
    assert (card["births"], card["deaths"]) == (3, 3)
    assert card["seeds"] == [3, 4, 9]
    assert card["species"]["walker"]["individuals"] == 9
    lived = sum((one.alive & (one.species == 1)).sum() for one in seen)
    assert card["species"]["stroller"]["animal_hours"] == pytest.approx(lived * 0.1 / 3600, abs=1e-4)
    walking = sum((one.alive & (one.behavior == 1)).sum() for one in seen) / sum(one.alive.sum() for one in seen)
    assert card["behaviors"] == {
        "walk": pytest.approx(walking, abs=1e-5),
        "stand": pytest.approx(1 - walking, abs=1e-5),
    }
    assert json.loads((root / "card.json").read_text()) == card


def test_a_reader_finds_what_they_look_for(root):
    write_card(root)
    text = (root / "CARD.md").read_text()
    for part in (
        "3 episodes, 12 s in all, 120 frames.",
        "- Seeds: 3 to 4, 9",
        "- Born while recorded: 3, died: 3",
        "- Licence: Apache-2.0",
        "| walker | 9 |",
        "eco1 record --biome plain --seconds 4 --animals 6 --worlds 1 --first-seed 3 --episodes 2",
        "eco1 record --biome plain --seconds 4 --animals 6 --worlds 1 --first-seed 9 --episodes 1",
        "## Known limits",
    ):
        assert part in text, part


def test_the_same_episodes_give_the_same_card_and_more_another(root):
    write_card(root)
    before = [(root / name).read_bytes() for name in ("card.json", "CARD.md")]
    write_card(root)
    assert before == [(root / name).read_bytes() for name in ("card.json", "CARD.md")]
    write_episode(root / "e10.zarr", simulated(10))
    assert write_card(root)["seeds"] == [3, 4, 9, 10]


def test_instruments_are_listed_with_shape_and_size(tmp_path):
    path = record_senses(tmp_path / "zoo" / "e.zarr", 5)
    parts = write_card(tmp_path / "zoo")["modalities"]
    assert parts["video/herd/rgb"]["shapes"] == [[8, 12, 3]]
    assert parts["video/herd/rgb"]["type"] == "uint8"
    stored = sum(file.stat().st_size for file in (path / "video" / "herd" / "rgb").rglob("*") if file.is_file())
    assert parts["video/herd/rgb"]["stored_bytes"] == stored
    assert {"animals", "text", "audio/ears/samples", "points/lidar/position_m"} < parts.keys()
    assert "| video/herd/rgb | 1 | 8 x 12 x 3 uint8 |" in (tmp_path / "zoo" / "CARD.md").read_text()


def test_of_tracked_animals_nobody_is_born(tmp_path):
    episode = simulated(0)
    tracked = replace(episode.info, provenance={"source": "tracks.csv"}, behavior_names=())
    unknown = replace(episode.observation, behavior=np.full_like(episode.observation.behavior, -1))
    write_episode(tmp_path / "zoo" / "e.zarr", replace(episode, info=tracked, observation=unknown))
    card = write_card(tmp_path / "zoo")
    assert card["births"] is None
    assert card["behaviors"] == {}
    assert card["reproduce"] == ["imported from tracks.csv"]
    assert "Real tracks have gaps" in (tmp_path / "zoo" / "CARD.md").read_text()


def test_a_damaged_episode_has_no_card(root):
    (root / "e4.zarr" / "animals" / "alive" / "c" / "0" / "0").write_bytes(b"")
    with pytest.raises(EpisodeError, match="damaged"):
        write_card(root)
    assert not (root / "card.json").exists()
