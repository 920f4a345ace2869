"""Eco-1 of five senses learns from two small recordings, goes on where it stopped, and meets strangers."""

import json
import logging
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from tests.models.tiny_eco1 import tiny

from eco1.core.errors import ConfigError, EpisodeError, UnknownNameError
from eco1.core.senses import SensedClip
from eco1.data.question_clips import recorded_questions
from eco1.models.multimodal import MultimodalConfig, MultimodalModel
from eco1.models.multimodal.answering import caption, perceived, score_choices
from eco1.models.registry import build_model
from eco1.recipes import ablation, multimodal_clips, multimodal_eval, multimodal_fit, sensing
from eco1.recipes.ablation import AblationConfig, ablate
from eco1.recipes.asking import ask_episode, caption_episode
from eco1.recipes.kinds import species_traits
from eco1.recipes.mixing import InTurn
from eco1.recipes.multimodal_clips import arrays_of, clips_with_questions
from eco1.recipes.multimodal_fit import MultimodalFitConfig, fit_multimodal
from eco1.recipes.multimodal_settings import multimodal_config
from eco1.recipes.record import RecordConfig, record
from eco1.recipes.running import RunOptions
from eco1.recipes.sensing import sensed_split
from eco1.recipes.strangers import ready_for
from eco1.recipes.watching import SimulatedSenses
from eco1.training.checkpoint import load_checkpoint
from eco1.training.sealing import save_checkpoint

_SMALL = {
    "frames": 8, "patch": 8, "bands": 16, "groups": 8, "group_points": 8, "words": 16, "encoders": ((32, 1, 2),) * 5,
    "width": 32, "predictor_width": 32, "predictor_layers": 1, "predictor_heads": 2, "embedding": 16, "vocabulary": 400,
    "language_width": 32, "language_layers": 1, "language_heads": 2, "language_kv_heads": 1, "language_head_dim": 16,
    "language_hidden": 32, "expert_hidden": 16, "species_rows": 60, "environment_rows": 10,
}  # fmt: skip


@pytest.fixture(scope="module", name="recordings")
def _recordings(tmp_path_factory):
    out = tmp_path_factory.mktemp("five") / "savanna"
    config = RecordConfig(out=out, episodes=2, seconds=3, animals=16, burn_in_s=1, threads=1)
    record(config, SimulatedSenses(size_px=16), quiet=True)
    return out


@pytest.fixture(name="config")
def _config(recordings, tmp_path):
    training = {"eval_batches": 1, "checkpoint_every": 1, "log_every": 1}
    return MultimodalFitConfig(
        episodes=recordings,
        out=tmp_path / "run",
        options=RunOptions(steps=3, batch=2, training=training),
        model=_SMALL,
    )


def of_steps(config: MultimodalFitConfig, steps: int) -> MultimodalFitConfig:
    return replace(config, options=replace(config.options, steps=steps))


def weights_of(folder) -> dict[str, torch.Tensor]:
    return load_checkpoint(folder, build_model).model.state_dict()


class _Stop(InTurn):
    """Breaks off at the third batch."""

    def batch_at(self, step: int, /):
        if step == 2:
            raise KeyboardInterrupt
        return super().batch_at(step)


def test_a_stopped_run_ends_where_one_that_was_never_stopped_does_whoever_makes_its_batches(config, monkeypatch):
    whole = weights_of(fit_multimodal(config))
    stopped = replace(config, out=config.out.parent / "stopped")
    monkeypatch.setattr(multimodal_clips, "InTurn", _Stop)
    with pytest.raises(KeyboardInterrupt):
        fit_multimodal(stopped)
    monkeypatch.undo()
    last = fit_multimodal(replace(stopped, workers=1, options=replace(stopped.options, resume=True)))
    again = weights_of(last)
    assert all(torch.equal(whole[name], again[name]) for name in whole)
    lines = [json.loads(line) for line in (last.parent / "metrics.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines if line["split"] == "train"] == [1, 2, 3]
    assert {"zjepa", "language", "behavior", "alignment", "balance"} <= lines[0].keys()


_NO_OTHERS = ("zjepa", "language", "behavior", "balance")
_SLOWER = {"encoders": 0.1, "summaries": 0.1, "alignment": 0.1}


def aligned(config: MultimodalFitConfig) -> MultimodalFitConfig:
    return replace(config, options=replace(config.options, batch=4, without=_NO_OTHERS))


def changed(before: dict[str, torch.Tensor], after: dict[str, torch.Tensor]) -> set[str]:
    return {name.split(".")[0] for name in after if not torch.equal(before[name], after[name])}


def test_senses_can_first_learn_to_find_each_other_and_nothing_else(config):
    alone = fit_multimodal(aligned(of_steps(config, 2)))
    loaded = load_checkpoint(alone, build_model)
    torch.manual_seed(0)
    untrained = MultimodalModel(loaded.model.config).state_dict()
    assert changed(untrained, weights_of(alone)) == {"alignment", "encoders", "summaries", "targets"}
    lines = [json.loads(line) for line in (alone.parent / "metrics.jsonl").read_text().splitlines()]
    trained = [line for line in lines if line["split"] == "train"]
    assert [line["step"] for line in trained] == [1, 2]
    assert all(line["alignment"] > 0 and line["zjepa"] == line["language"] == line["behavior"] == 0 for line in trained)
    assert loaded.train_config.clip_norm == 0.1  # the weight of the loss

    after = replace(of_steps(config, 1), out=config.out.parent / "after", start_from=alone, model={})
    last = fit_multimodal(after)
    assert loaded.train_config.rates == {}
    assert load_checkpoint(last, build_model).train_config.rates == _SLOWER
    on = replace(after, out=config.out.parent / "on", start_from=last)
    assert load_checkpoint(fit_multimodal(on), build_model).train_config.rates == {}


def test_a_model_that_was_aligned_goes_on_by_biome(config, monkeypatch):
    asked = []
    monkeypatch.setattr(
        multimodal_fit,
        "clips_by_biome",
        lambda *args, **rest: asked.append(args[1]) or multimodal_clips.clips_by_biome(*args, **rest),
    )
    first = fit_multimodal(aligned(of_steps(config, 1)))
    assert not asked
    again = replace(of_steps(config, 1), out=config.out.parent / "again", start_from=first, model={})
    last = fit_multimodal(aligned(again))
    split = sensed_split(config.episodes)
    assert asked == [split.train, split.held_out]
    assert changed(weights_of(first), weights_of(last)) == {"alignment", "encoders", "summaries", "targets"}


def test_batches_come_of_all_recordings_or_every_other_of_one_biome(monkeypatch):
    def sampler(_config, paths, *_):
        return SimpleNamespace(batch_at=lambda step: (step, "".join(path.stem for path in paths)))

    def manifest(path):
        return SimpleNamespace(info=SimpleNamespace(biome=path.stem))

    monkeypatch.setattr(multimodal_clips, "clips_with_senses", sampler)
    monkeypatch.setattr(multimodal_clips, "clips_with_questions", sampler)
    monkeypatch.setattr(sensing, "read_manifest", manifest)
    sensed, told = [Path("a.zarr"), Path("b.zarr")], [Path("c.zarr")]
    all_at_once, asked = (
        multimodal_clips.clips_in_turn(tiny().config, sensed, told, asked=answers, batch=2, seed=0)
        for answers in (None, recorded_questions)
    )
    assert [all_at_once.batch_at(step) for step in range(4)] == [(0, "ab"), (0, "c"), (1, "ab"), (1, "c")]
    assert [asked.batch_at(step) for step in range(4)] == [(0, "ab"), (0, "ab"), (0, "c"), (0, "c")]
    by_biome = multimodal_clips.clips_by_biome(tiny().config, sensed, batch=2, seed=0)
    assert [by_biome.batch_at(step) for step in range(4)] == [(0, "ab"), (0, "a"), (1, "ab"), (0, "b")]


def test_what_was_learned_perceives_tells_and_answers(config, caplog):
    last = fit_multimodal(of_steps(config, 1))
    model = load_checkpoint(last, build_model).model
    assert isinstance(model, MultimodalModel)
    known = model.config
    assert (known.camera, known.microphone, known.lidar, known.pixels) == ("follow", "camera", "camera", 16)
    assert "savanna" in known.environment_names
    assert len(known.species_traits) == len(known.species_names) == len(known.species_expert_bias)
    held_out = sensed_split(config.episodes).held_out
    asked = clips_with_questions(known, held_out, 2, 0)
    clip = asked.batch_at(0)
    seen = perceived(model, clip)
    assert set(seen.latents) == {"video", "audio", "points", "motion"}
    assert len(caption(model, seen)) == 2
    questions = [said.questions[0] for said in clip.said]
    scores = score_choices(model, seen, [q.question for q in questions], [q.choices for q in questions])
    assert all(len(score) == 4 and bool((score < 0).all()) for score in scores)
    with caplog.at_level(logging.WARNING):
        assert ready_for(model, held_out) is model
    assert not caplog.records


def test_species_that_a_model_was_not_made_for_are_known_by_their_traits_and_named_once(recordings, config, caplog):
    paths = [*sensed_split(recordings).train, *sensed_split(recordings).held_out]
    settings = multimodal_config(paths, (), "nano", _SMALL)
    missing = settings.species_names[3]
    fewer = [name for name in settings.species_names if name != missing]
    torch.manual_seed(0)
    narrow = replace(
        settings, species_names=tuple(fewer), species_traits=species_traits(tuple(fewer))["species_traits"],
        species_words=(), species_expert_bias=(),
    )  # fmt: skip
    with caplog.at_level(logging.WARNING):
        wider = ready_for(MultimodalModel(narrow).eval(), paths)
    assert [record.getMessage() for record in caplog.records] == [
        f"The model was not made for {missing}: it goes by traits alone."
    ]
    assert wider.config.species_names == (*fewer, missing)
    assert wider.config.species_traits[-1] == settings.species_traits[3]
    sampler = clips_with_questions(wider.config, paths, 2, 0)
    clip = sampler.batch_at(0)
    assert isinstance(clip, SensedClip)
    clip.observation.species[:] = len(fewer)
    assert wider.embed_clip(clip).isfinite().all()
    caplog.clear()
    last = save_checkpoint(config.out / "last", MultimodalModel(narrow))
    with caplog.at_level(logging.WARNING):
        answered = ask_episode(last, paths[0], "How many?", choices=("One", "Two"))
    assert sum(answered.choices.values()) == pytest.approx(1.0)
    assert len(caplog.records) == 1
    assert [(each.start_s, each.end_s) for each in caption_episode(last, paths[0])] == [(0.0, pytest.approx(3.0))]


def test_a_model_may_have_fewer_senses_than_were_recorded(config):
    changed = replace(of_steps(config, 1), model={**_SMALL, "senses": ("audio", "motion", "text")})
    model = load_checkpoint(fit_multimodal(changed), build_model).model
    assert isinstance(model, MultimodalModel)
    assert arrays_of(model.config) == ("audio/camera/samples",)
    assert set(model.encoders) == {"audio", "motion", "text"}


def test_recordings_of_words_alone_are_learned_from_too(config, tmp_path, recordings):
    told = tmp_path / "told"
    record(
        RecordConfig(out=told, episodes=2, seconds=3, animals=16, burn_in_s=1, threads=1, first_seed=0),
        SimulatedSenses(senses=("text",)),
        quiet=True,
    )
    assert fit_multimodal(replace(of_steps(config, 4), words=told)).name == "last"
    of_words = replace(of_steps(config, 1), episodes=told, out=tmp_path / "other")
    with pytest.raises(
        EpisodeError, match=r"No recording has instruments for video, audio, points.*motion and words alone"
    ):
        fit_multimodal(of_words)
    last = fit_multimodal(replace(of_words, model={**_SMALL, "senses": ("motion", "text")}))
    model = load_checkpoint(last, build_model).model
    assert isinstance(model, MultimodalModel)
    assert set(model.encoders) == {"motion", "text"}


def test_a_run_goes_on_from_what_another_has_learned_with_its_settings(config):
    once = of_steps(config, 1)
    first = fit_multimodal(once)
    on = replace(once, out=config.out.parent / "on", start_from=first, model={})
    on = replace(on, options=replace(on.options, lr=1e-12))
    before, after = weights_of(first), weights_of(fit_multimodal(on))
    assert all(torch.allclose(before[name], after[name], atol=1e-6) for name in before if name.startswith("language"))
    with pytest.raises(ConfigError, match="has settings of its own; width cannot be changed"):
        fit_multimodal(replace(on, model={"width": 64}))


def test_settings_that_do_not_exist_are_refused(config):
    with pytest.raises(UnknownNameError, match=r"Unknown setting of Eco-1 'widht'. Did you mean 'width'"):
        fit_multimodal(replace(config, model={**_SMALL, "widht": 3}))
    with pytest.raises(ConfigError, match="9 frames do not fall into 4 moments"):
        fit_multimodal(replace(config, model={**_SMALL, "frames": 9}))
    assert not config.out.exists()


@pytest.mark.slow
def test_variants_are_trained_and_judged_once_each(config, monkeypatch):
    monkeypatch.setattr(multimodal_eval, "_GALLERY", 32)
    wanted = AblationConfig(fit=of_steps(config, 1), variants=("no language", "dense"), seeds=(0,), questions=4)
    found, path = ablate(wanted)
    assert json.loads(path.read_text()) == found
    names = ("answers", "answers, given none", "retrieval", "information", "least share")
    assert set(names) == found["no language"].keys()  # 3 s: no questions about what comes next
    assert "information" not in found["dense"]
    made_for = load_checkpoint(config.out / "dense" / "0" / "last", build_model).model.config
    assert isinstance(made_for, MultimodalConfig)
    assert made_for.experts == 0
    kept = config.out / "dense" / "0" / "judged.json"
    kept.write_text(json.dumps({"answers": 0.125}))
    again, _ = ablate(wanted)
    assert again == {"no language": found["no language"], "dense": {"answers": [0.125]}}
    (config.out / "no-language" / "0" / "judged.json").unlink()
    assert ablate(wanted)[0]["no language"] == found["no language"], "what was trained is not trained again"
    assert ablation.report_rows(again)[1] == {"variant": "dense", **dict.fromkeys(names, "-"), "answers": "0.125"}


def test_unknown_variants_and_objectives_are_named(config):
    with pytest.raises(UnknownNameError, match="Did you mean 'dense'"):
        ablate(AblationConfig(fit=config, variants=("dence",)))
    with pytest.raises(UnknownNameError, match="Did you mean 'language'"):
        fit_multimodal(replace(config, options=replace(config.options, without=("langage",))))
