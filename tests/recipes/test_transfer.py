"""One model of several biomes, and what it makes of species it never saw."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from eco1.core.errors import ConfigError, UnknownNameError
from eco1.evaluation.evaluate import EvaluationSize
from eco1.models.registry import build_model
from eco1.recipes.judge import JudgeConfig, judge, report_rows
from eco1.recipes.kinds import all_species, species_traits
from eco1.recipes.record import RecordConfig, record
from eco1.recipes.relabelled import Relabelled
from eco1.recipes.splits import learning_split
from eco1.recipes.transfer import TransferConfig, transfer, without_species
from eco1.sim.ecosystem import Ecosystem
from eco1.training.checkpoint import load_checkpoint

TINY = EvaluationSize(
    train_windows=20, test_windows=4, social_windows=2, train_questions=50, test_questions=20, probe_rows=100, samples=2
)


@pytest.fixture(scope="module", name="recordings")
def _recordings(tmp_path_factory):
    out = tmp_path_factory.mktemp("everywhere")
    for biome in ("savanna", "reef"):
        record(RecordConfig(out=out, biome=biome, episodes=3, seconds=9, animals=24, burn_in_s=3), quiet=True)
    return out


@pytest.fixture(scope="module", name="trial")
def _trial(recordings, tmp_path_factory):
    config = TransferConfig(
        episodes=recordings, out=tmp_path_factory.mktemp("trial"), unseen=("bullethead_parrotfish",), steps=2,
        further_steps=1, batch=1, windows=4, history_s=1.0, fit={"calibration_batches": 2},
    )  # fmt: skip
    return config, transfer(config)


def test_recordings_of_several_biomes_share_one_list_of_species(recordings):
    split = learning_split(recordings)
    names = {episode.info.species_names for episode in (*split.train, *split.held_out)}
    assert len(names) == 1
    assert len(names.pop()) == 22
    assert {episode.info.biome for episode in split.held_out} == {"savanna", "reef"}


def test_a_shared_list_keeps_its_order_and_others_are_joined():
    assert all_species([("b", "a"), ("b", "a")]) == ("b", "a")
    assert all_species([("b", "a"), ("c", "a")]) == ("a", "b", "c")


def test_traits_are_alike_for_like_animals():
    rows = np.array(species_traits(("lion", "cheetah", "bluestripe_snapper", "honeybee"))["species_traits"])
    apart = np.linalg.norm(rows[:, None] - rows[None], axis=-1)
    assert apart[0, 1] < 0.7 * min(apart[0, 2], apart[0, 3])
    assert species_traits(("unidentified",)) == {}


def test_left_out_species_are_as_if_they_had_not_been_there(recordings):
    (episode, *_) = learning_split(recordings).train
    name = episode.info.species_names[int(episode.observation.species[episode.observation.alive][0])]
    (left,) = without_species([episode], [name])
    index = episode.info.species_names.index(name)
    assert not (left.observation.alive & (left.observation.species == index)).any()
    others = episode.observation.alive & (episode.observation.species != index)
    assert (left.observation.alive == others).all()


def test_a_model_that_never_saw_a_species_knows_it_by_its_traits_alone(trial):
    config, _ = trial
    model = load_checkpoint(config.out / "zero_shot" / "last", build_model).model
    traits = model.network.encoder.traits
    row = model.config.species_names.index("bullethead_parrotfish") + 1
    assert not traits.known[row]
    assert traits.known[model.config.species_names.index("bluestripe_snapper") + 1]
    assert traits.rows[row].abs().sum() > 0


def test_the_report_has_both_shares_for_every_species(trial):
    config, report = trial
    written = json.loads((config.out / "transfer.json").read_text())
    assert written["zero_shot"]["by_species"].keys() == written["adapted"]["by_species"].keys()
    assert "bullethead_parrotfish" in report.zero_shot.by_species
    seen = [v for n, v in report.zero_shot.by_species.items() if n != "bullethead_parrotfish"]
    assert report.zero_shot.seen == pytest.approx(np.mean(seen), abs=1e-3)
    assert written["zero_shot_share"] == pytest.approx(report.zero_shot.unseen / report.zero_shot.seen)


def test_a_stopped_experiment_goes_on_where_it_was(trial):
    config, report = trial
    shutil.rmtree(config.out / "adapted")
    again = transfer(replace(config, resume=True))
    assert again == report


def test_a_species_that_is_not_there_cannot_be_left_out(recordings, tmp_path):
    with pytest.raises(UnknownNameError, match="Did you mean 'lion'"):
        transfer(TransferConfig(episodes=recordings, out=tmp_path, unseen=("lions",)))


def test_a_model_of_several_biomes_is_judged_in_each(trial, recordings):
    config, _ = trial
    settings = JudgeConfig(size=TINY, closed_loop_s=4.0, seeds=1, history_s=1.0)
    report, _ = judge(config.out / "adapted" / "last", recordings, settings)
    assert set(report) == {"savanna", "reef"}
    assert all(part["realism"] is not None for part in report.values())
    assert {row["what"].split()[0] for row in report_rows(report)} == {"savanna", "reef"}


def test_a_relabelled_world_shows_the_same_animals_by_the_longer_list():
    world = Ecosystem("reef", worlds=1, animals=24)
    names = tuple(sorted({*world.species_names, "lion"}))
    seen, renamed = world.observe(world.reset(0)), Relabelled(world, names).observe(world.reset(0))
    for before, after in zip(seen.species[seen.alive], renamed.species[renamed.alive], strict=True):
        assert world.species_names[before] == names[after]
    with pytest.raises(ConfigError, match="does not know"):
        Relabelled(world, ("lion",))
