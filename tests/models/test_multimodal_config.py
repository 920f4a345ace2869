"""What a model of five senses is made of, and what does not fit."""

import json
from dataclasses import asdict

import pytest
import torch
from five_senses import config, model, perceived_clip, tokenizer

from eco1.core.errors import ConfigError, UnknownNameError
from eco1.models.multimodal import SENSES, MultimodalConfig, MultimodalModel
from eco1.models.multimodal.counting import count
from eco1.models.multimodal.ladder import LADDER, rung
from eco1.models.registry import build_model
from eco1.training.checkpoint import load_checkpoint
from eco1.training.sealing import save_checkpoint


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"frames": 9}, "9 frames do not fall into 4 moments"),
        ({"moments": 0}, "one that is over and one to come"),
        ({"moments": 0}, "0 moments"),
        ({"senses": ()}, "some of the senses video, audio, points, motion, text, each once"),
        ({"senses": ("motion", "motion")}, "each once"),
        ({"species_rows": 2}, "2 species names do not fit into 2 rows"),
        ({"environment_rows": 2}, "2 environment names do not fit"),
        ({"encoders": ((32, 1, 2),) * 4}, "4 encoders are given"),
        ({"encoders": ((30, 1, 4),) * 5}, "heads"),
        ({"pixels": 20}, "20 rows do not fall into patches of 8"),
        ({"bands": 18}, "18 columns do not fall into patches of 4"),
        ({"bands": 3}, "3 columns do not fall into patches of 0"),
        ({"behavior_words": ("keep still",)}, "behavior_words has 1 rows for 2 behavior_names"),
        ({"species_traits": ((1.0,),)}, "species_traits has 1 rows for 2 species_names"),
        ({"species_expert_bias": ((0.0,) * 8,) * 3}, "species_expert_bias has 3 rows for 2"),
        ({"behavior_expert": (1,)}, "behavior_expert has 1 rows for 2 behavior_names"),
        ({"chosen": 9}, "9"),
    ],
)
def test_what_does_not_fit_is_said(changes, says):
    with pytest.raises(ConfigError, match=says):
        config(**changes)


def test_an_unknown_sense_is_named():
    known = config()
    object.__setattr__(known, "senses", ("video", "adio"))  # tests check types, users' JSON is not checked
    with pytest.raises(UnknownNameError, match=r"Unknown sense 'adio'. Did you mean 'audio'"):
        known.__post_init__()


def test_a_model_comes_back_from_its_checkpoint(tmp_path):
    one, clip = model(3), perceived_clip()
    save_checkpoint(tmp_path / "last", one)
    again = load_checkpoint(tmp_path / "last", build_model).model
    assert isinstance(again, MultimodalModel)
    assert again.config == one.config
    assert torch.equal(again.embed_clip(clip), one.embed_clip(clip))
    assert again.words.encode("two walkers") == one.words.encode("two walkers")
    losses = [one.loss(clip, torch.Generator().manual_seed(0)).terms for one in (one, again)]
    assert all(torch.equal(losses[0][name], losses[1][name]) for name in losses[0])


def test_settings_survive_json():
    assert build_model(json.loads(json.dumps(asdict(config())))).config == config()


#: How much what joins decoder and encoders adds to what the ladder counts.
_JOINTS = {"nano": 0.35, "tiny": 0.26, "small": 0.16, "base": 0.085, "7b": 0.035, "32b": 0.012, "70b": 0.005}


@pytest.mark.parametrize("name", LADDER)
def test_every_size_of_the_ladder_can_be_built_and_is_as_large_as_it_says(name):
    names = {"species_names": ("lion",), "behavior_names": ("rest",), "environment_names": ("savanna",)}
    settings = MultimodalConfig.of_size(name, **names, tokenizer=tokenizer())
    with torch.device("meta"):
        made = MultimodalModel(settings)
    size = rung(name)
    assert settings.language.width == size.language.width
    assert [settings.encoder(sense).width for sense in SENSES[:4]] == [c.width for c in size.senses.values()]
    parameters = {part: sum(p.numel() for p in module.parameters()) for part, module in made.named_children()}
    motion = made.encoders["motion"].get_submodule("species").weight
    on_top = motion.numel() + made.prefix.place.weight.numel() + parameters["targets"]
    on_top += sum(p.numel() for p in made.encoders["text"].parameters())
    assert (motion.shape[0], made.prefix.place.num_embeddings) == (10_000, 5_000)
    counted = count(size).total
    assert counted < sum(parameters.values()) - on_top < counted * (1 + _JOINTS[name])


def test_single_settings_of_a_size_may_be_changed_and_unknown_sizes_are_named():
    names = {"species_names": ("lion",), "behavior_names": ("rest",), "environment_names": ("savanna",)}
    changed = MultimodalConfig.of_size("nano", **names, tokenizer=tokenizer(), experts=0, pixels=32)
    assert (changed.experts, changed.language.experts, changed.pixels) == (0, 0, 32)
    with pytest.raises(UnknownNameError, match="Did you mean 'nano'"):
        MultimodalConfig.of_size("nanno", **names, tokenizer=tokenizer())
