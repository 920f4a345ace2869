"""The public folders of Qwen3: what is written reads the same, and damage is named."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from qwen3_models import EXPERTS, tiny, words
from safetensors.torch import load_file, save_file

from eco1.core.errors import CheckpointError, ConfigError
from eco1.models.nn.public import save as saving
from eco1.models.nn.qwen3 import Qwen3, load_public, save_public

KINDS: dict[str, dict[str, Any]] = {
    "dense": {},
    "tied and biased": {"tied": True, "attention_bias": True},
    "sparse": EXPERTS,
    "mixed": EXPERTS | {"layers": 3, "sparse_step": 2},
}
SINGLE, INDEX = "model.safetensors", "model.safetensors.index.json"


def assert_same(one: Qwen3, other: Qwen3) -> None:
    assert one.config == other.config
    theirs = other.state_dict()
    for name, tensor in one.state_dict().items():
        assert torch.equal(tensor, theirs[name]), name
    with torch.no_grad():
        assert torch.equal(one(words(2, 6)), other(words(2, 6)))


@pytest.mark.parametrize("shard_bytes", [10**9, 3000], ids=["one file", "shards"])
@pytest.mark.parametrize("changes", KINDS.values(), ids=KINDS)
def test_what_is_saved_loads_the_same(changes: dict[str, Any], shard_bytes: int, tmp_path: Path):
    model = tiny(**changes)
    loaded = load_public(save_public(model, tmp_path, shard_bytes=shard_bytes))
    assert_same(model, loaded)
    assert not loaded.training
    assert (tmp_path / INDEX).exists() == (shard_bytes == 3000)
    assert not list(tmp_path.glob("*.part"))


def test_shards_are_no_bigger_than_asked_and_indexed(tmp_path: Path):
    save_public(tiny(**EXPERTS), tmp_path, shard_bytes=3000)
    index = json.loads((tmp_path / INDEX).read_text())
    sizes: dict[str, int] = {}
    for path in tmp_path.glob("model-*.safetensors"):
        tensors = load_file(path)
        assert all(index["weight_map"][name] == path.name for name in tensors)
        sizes[path.name] = sum(tensor.nbytes for tensor in tensors.values())
    assert max(sizes.values()) <= 3000
    assert sum(sizes.values()) == index["metadata"]["total_size"]
    assert set(sizes) == {f"model-{n + 1:05d}-of-{len(sizes):05d}.safetensors" for n in range(len(sizes))}


def test_experts_are_stored_one_by_one_under_their_public_names(tmp_path: Path):
    model = tiny(**EXPERTS)
    stored = load_file(save_public(model, tmp_path) / SINGLE)
    ours = model.blocks[1].feed
    assert torch.equal(stored["model.layers.1.mlp.experts.3.gate_proj.weight"], ours.gate_up[3, :, :6].T)
    assert torch.equal(stored["model.layers.1.mlp.experts.3.up_proj.weight"], ours.gate_up[3, :, 6:].T)
    assert torch.equal(stored["model.layers.1.mlp.experts.3.down_proj.weight"], ours.down[3].T)
    assert torch.equal(stored["model.layers.1.self_attn.k_proj.weight"], model.blocks[1].attention.qkv.weight[24:32])


def test_stacked_experts_are_read_too(tmp_path: Path):
    model = tiny(**EXPERTS)
    stored = load_file(save_public(model, tmp_path) / SINGLE)
    kept = {name: tensor for name, tensor in stored.items() if ".experts." not in name}
    for layer, block in enumerate(model.blocks):
        name = f"model.layers.{layer}.mlp.experts"
        kept[f"{name}.gate_up_proj"] = block.feed.gate_up.detach().mT.contiguous()
        kept[f"{name}.down_proj"] = block.feed.down.detach().mT.contiguous()
    save_file(kept, tmp_path / SINGLE)
    assert_same(model, load_public(tmp_path))


def test_the_type_is_kept_or_cast(tmp_path: Path):
    model = tiny(**EXPERTS).to(torch.bfloat16)
    save_public(model, tmp_path)
    assert json.loads((tmp_path / "config.json").read_text())["torch_dtype"] == "bfloat16"
    kept, cast = load_public(tmp_path), load_public(tmp_path, dtype=torch.float32)
    assert {parameter.dtype for parameter in kept.parameters()} == {torch.bfloat16}
    assert {parameter.dtype for parameter in cast.parameters()} == {torch.float32}
    assert_same(model, kept)
    assert_same(model.float(), cast)


def test_a_tied_head_that_is_stored_all_the_same_is_passed_over(tmp_path: Path):
    model = tiny(tied=True)
    stored = load_file(save_public(model, tmp_path) / SINGLE)
    assert "lm_head.weight" not in stored
    save_file(stored | {"lm_head.weight": stored["model.embed_tokens.weight"].clone()}, tmp_path / SINGLE)
    assert_same(model, load_public(tmp_path))


def test_a_loaded_model_learns_and_leaves_its_file_alone(tmp_path: Path):
    loaded = load_public(save_public(tiny(), tmp_path))
    before = (tmp_path / SINGLE).read_bytes()
    loaded(words(1, 5)).sum().backward()
    with torch.no_grad():
        for parameter in loaded.parameters():
            assert parameter.grad is not None
            parameter.add_(parameter.grad)
    assert (tmp_path / SINGLE).read_bytes() == before


def edit(folder: Path, **changes: torch.Tensor | None) -> None:
    """Replace tensors of a single file by name, or take them out."""
    stored = load_file(folder / SINGLE)
    for name, tensor in changes.items():
        stored.pop(name, None)
        if tensor is not None:
            stored[name] = tensor
    save_file(stored, folder / SINGLE)


def test_tensors_that_do_not_fit_are_named(tmp_path: Path):
    save_public(tiny(), tmp_path)
    gate, query, extra = "model.layers.0.mlp.gate_proj.weight", "model.layers.1.self_attn.q_norm.weight", "model.bias"
    edit(tmp_path, **{gate: None, query: torch.ones(6), extra: torch.ones(2)})
    with pytest.raises(CheckpointError) as caught:
        load_public(tmp_path)
    told = str(caught.value)
    assert f"missing: {gate};" in told
    assert f"not part of the model: {extra};" in told
    assert f"of another shape: {query} [6] (expected [4])." in told


def test_a_long_list_of_names_is_cut(tmp_path: Path):
    save_public(tiny(), tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps(config | {"num_hidden_layers": 3}))
    with pytest.raises(CheckpointError, match=r"missing: model\.layers\.2\.input_layernorm\.weight, .* and 7 more"):
        load_public(tmp_path)


def test_quantised_tensors_are_refused(tmp_path: Path):
    save_public(tiny(), tmp_path)
    edit(tmp_path, **{"model.norm.weight": torch.ones(12, dtype=torch.int8)})
    with pytest.raises(CheckpointError, match=r"model\.norm\.weight is stored as torch\.int8"):
        load_public(tmp_path)


@pytest.mark.parametrize("size", [0, 6, 200, -1])
def test_a_file_that_was_cut_short_is_named(size: int, tmp_path: Path):
    path = save_public(tiny(), tmp_path) / SINGLE
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(CheckpointError, match=r"model\.safetensors is cut short or damaged"):
        load_public(tmp_path)


def test_a_missing_shard_is_named(tmp_path: Path):
    save_public(tiny(), tmp_path, shard_bytes=3000)
    next(tmp_path.glob("model-00002-*")).unlink()
    with pytest.raises(CheckpointError, match=r"Shard model-00002-of-\d+\.safetensors is missing"):
        load_public(tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("config.json", None, r"has no config\.json"),
        ("config.json", "{", r"config\.json is damaged"),
        ("config.json", "[]", r"config\.json holds a list"),
        (INDEX, None, "neither model.safetensors nor model.safetensors.index.json"),
        (INDEX, "not json", r"index\.json is damaged"),
        (INDEX, "{}", "no 'weight_map'"),
        (INDEX, '{"weight_map": []}', "no 'weight_map'"),
    ],
)
def test_a_missing_or_damaged_json_is_named(name: str, content: str | None, says: str, tmp_path: Path):
    save_public(tiny(), tmp_path, shard_bytes=3000)
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(CheckpointError, match=says):
        load_public(tmp_path)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(CheckpointError, match=r"nowhere has no config\.json"):
        load_public(tmp_path / "nowhere")


@pytest.mark.parametrize("sizes", [(3000, 10**9), (10**9, 3000), (3000, 6000)])
def test_a_newer_save_leaves_nothing_of_an_older_one(sizes: tuple[int, int], tmp_path: Path):
    save_public(tiny(), tmp_path, shard_bytes=sizes[0])
    fresh, names = tiny(layers=1), set(save_names(tmp_path / "fresh", sizes[1]))
    save_public(fresh, tmp_path, shard_bytes=sizes[1])
    assert {path.name for path in tmp_path.iterdir() if path.is_file()} == names
    assert_same(fresh, load_public(tmp_path))


def save_names(folder: Path, shard_bytes: int) -> list[str]:
    save_public(tiny(layers=1), folder, shard_bytes=shard_bytes)
    return [path.name for path in folder.iterdir()]


def test_a_save_that_fails_leaves_the_older_one_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    older = tiny()
    save_public(older, tmp_path)
    write, calls = saving.save_file, list[Path]()

    def full(tensors: Any, path: Path, metadata: Any) -> None:
        calls.append(path)
        if len(calls) == 3:
            raise OSError(28, "No space left on device")
        write(tensors, path, metadata=metadata)

    monkeypatch.setattr(saving, "save_file", full)
    with pytest.raises(CheckpointError, match=r"No space left on device\. Make room"):
        save_public(tiny(**EXPERTS), tmp_path, shard_bytes=3000)
    assert not list(tmp_path.glob("*.part"))
    assert_same(older, load_public(tmp_path))


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(CheckpointError, match=r"Could not write the model to .*taken"):
        save_public(tiny(), tmp_path / "taken")


def test_shards_of_nothing_are_refused(tmp_path: Path):
    with pytest.raises(ConfigError, match="shard_bytes is 0"):
        save_public(tiny(), tmp_path, shard_bytes=0)
