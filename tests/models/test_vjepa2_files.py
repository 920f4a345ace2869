"""V-JEPA 2 without a peer: its files, its pictures, and every refusal."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from eco1.core.errors import CheckpointError, ConfigError
from eco1.models.nn.vit import ViTConfig
from eco1.models.nn.vit.vjepa2 import VJepa2, VJepa2Config, load_vjepa2, save_vjepa2

torch.set_num_threads(1)


def tiny() -> VJepa2:
    torch.manual_seed(0)
    encoder = ViTConfig(width=24, layers=2, heads=2, hidden=48)
    predictor = ViTConfig(width=12, layers=1, heads=2, hidden=48)
    model = VJepa2(
        VJepa2Config(encoder=encoder, predictor=predictor, patch=8, pixels=16, frames=4, mask_kinds=2)
    ).eval()
    with torch.no_grad():
        model.predictor.mask_tokens.normal_()
    return model


@pytest.mark.parametrize("shard_bytes", [3000, 10**9])
def test_what_is_saved_reads_the_same(tmp_path: Path, shard_bytes: int):
    model, clip = tiny(), torch.randn(2, 4, 3, 16, 16)
    again = load_vjepa2(save_vjepa2(model, tmp_path, shard_bytes=shard_bytes))
    shown, asked = torch.tensor([[0, 2], [1, 5]]), torch.tensor([[3], [4]])
    assert again.config == model.config
    assert torch.equal(again(clip), model(clip))
    assert torch.equal(again.predict(clip, shown, asked), model.predict(clip, shown, asked))


def test_a_picture_is_a_still_clip():
    model, picture = tiny(), torch.randn(1, 1, 3, 16, 16)
    assert torch.equal(model(picture), model(picture.repeat(1, 2, 1, 1, 1)))


def test_masks_of_another_kind_ask_another_question():
    model, clip = tiny(), torch.randn(1, 4, 3, 16, 16)
    shown, asked = torch.tensor([[0, 2]]), torch.tensor([[3]])
    assert not torch.allclose(model.predict(clip, shown, asked, 0), model.predict(clip, shown, asked, 1))


def test_tensors_that_do_not_belong_are_named(tmp_path: Path):
    path = save_vjepa2(tiny(), tmp_path) / "model.safetensors"
    stored = load_file(path)
    bias = stored.pop("encoder.layernorm.bias")
    stored["encoder.layernorm.weight"] = torch.ones(7)
    save_file({**stored, "pooler.query": bias}, path)
    with pytest.raises(
        CheckpointError, match=r"missing: encoder.layernorm.bias.*pooler.query.*weight \[7\] \(expected \[24\]\)"
    ):
        load_vjepa2(tmp_path)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"model_type": "vit"}, "'vit'"),
        ({"hidden_size": None}, "lacks hidden_size"),
        ({"hidden_act": "relu"}, "hidden_act"),
        ({"qkv_bias": False}, "qkv_bias"),
        ({"num_attention_heads": 5}, "heads"),
    ],
)
def test_configs_that_cannot_be_built_are_refused(tmp_path: Path, change: dict, words: str):
    path = save_vjepa2(tiny(), tmp_path) / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(ConfigError, match=words):
        load_vjepa2(tmp_path)


def test_a_clip_shorter_than_a_tubelet_is_said():
    with pytest.raises(ConfigError, match="3 frames"):
        tiny()(torch.randn(1, 3, 3, 16, 16))
