"""V-JEPA 2 against transformers, with the same random weights."""

from pathlib import Path
from typing import Any

import pytest
import torch

from eco1.models.nn.vit.vjepa2 import VJepa2, load_vjepa2, save_vjepa2

transformers = pytest.importorskip("transformers", reason="pip install transformers compares with it")
torch.set_num_threads(1)
SIZES: dict[str, dict[str, Any]] = {
    "plain": {},
    "odd heads": {"hidden_size": 60, "num_attention_heads": 3, "pred_hidden_size": 44, "pred_num_attention_heads": 2},
    "deep tubelets": {"tubelet_size": 4, "patch_size": 8, "mlp_ratio": 2.5},
    "one mask": {"pred_num_mask_tokens": 1, "layer_norm_eps": 1e-5},
}


@pytest.mark.parametrize("name", SIZES)
def test_latents_and_predictions_are_those_of_transformers(name: str, tmp_path: Path):
    theirs = peer(name)
    theirs.save_pretrained(tmp_path)
    ours = load_vjepa2(tmp_path)
    clip = torch.randn(2, 8, 3, 32, 32)
    count = theirs.config.frames_per_clip // theirs.config.tubelet_size * (32 // theirs.config.patch_size) ** 2
    order = torch.stack([torch.randperm(count) for _ in range(2)])
    shown, asked = order[:, : count // 3].sort(1).values, order[:, count // 3 :].sort(1).values
    with torch.no_grad():
        found = theirs(pixel_values_videos=clip, context_mask=[shown], target_mask=[asked])
        assert near(ours(clip), found.last_hidden_state)
        assert near(ours.predict(clip, shown, asked), found.predictor_output.last_hidden_state)


def test_what_is_saved_is_read_by_transformers(tmp_path: Path):
    theirs = peer("odd heads")
    theirs.save_pretrained(tmp_path / "theirs")
    ours = load_vjepa2(tmp_path / "theirs")
    again = transformers.VJEPA2Model.from_pretrained(save_vjepa2(ours, tmp_path / "ours"))
    clip = torch.randn(1, 8, 3, 32, 32)
    with torch.no_grad():
        assert near(ours(clip), again(pixel_values_videos=clip, skip_predictor=True).last_hidden_state)


def test_gradients_are_those_of_transformers(tmp_path: Path):
    theirs = peer("plain")
    theirs.save_pretrained(tmp_path)
    ours: VJepa2 = load_vjepa2(tmp_path)
    one = torch.randn(1, 8, 3, 32, 32, requires_grad=True)
    other = one.detach().clone().requires_grad_()
    ours(one).square().sum().backward()
    theirs(pixel_values_videos=other, skip_predictor=True).last_hidden_state.square().sum().backward()
    assert near(one.grad, other.grad)


def peer(name: str) -> Any:
    """Return a tiny model with weights that are random everywhere, mask tokens and norms too."""
    torch.manual_seed(len(name))
    sizes = {
        "hidden_size": 48, "num_attention_heads": 4, "num_hidden_layers": 2, "pred_hidden_size": 24,
        "pred_num_attention_heads": 2, "pred_num_hidden_layers": 2, "crop_size": 32, "patch_size": 16,
        "frames_per_clip": 8, "pred_num_mask_tokens": 3,
    }  # fmt: skip
    model = transformers.VJEPA2Model(transformers.VJEPA2Config(**{**sizes, **SIZES[name]})).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.randn_like(parameter) * 0.15 + (1.0 if parameter.ndim == 1 else 0.0))
    return model


def near(ours: Any, theirs: Any) -> bool:
    """Return whether the largest difference is at most 1e-4 of the largest value."""
    return bool((ours - theirs).abs().max() <= 1e-4 * theirs.abs().max())
