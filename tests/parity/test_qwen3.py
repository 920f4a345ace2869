"""Our Qwen3 against the one of transformers, with the same random weights."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from eco1.models.nn.qwen3 import Qwen3, generate, load_public, save_public

transformers = pytest.importorskip("transformers", reason="parity needs transformers: pip install transformers")

#: What transformers says of itself while it is imported and run is not ours to mend.
pytestmark = pytest.mark.filterwarnings("default")

DENSE: dict[str, dict[str, Any]] = {
    "one key head per query head": {"num_attention_heads": 3, "num_key_value_heads": 3, "head_dim": 10},
    "two, tied": {"num_attention_heads": 4, "num_key_value_heads": 2, "tie_word_embeddings": True},
    "four, biased, other base": {"num_key_value_heads": 1, "attention_bias": True, "rope_theta": 1e6},
    "seven, wide heads": {"num_attention_heads": 7, "num_key_value_heads": 1, "head_dim": 16, "rms_norm_eps": 1e-5},
}
SPARSE: dict[str, dict[str, Any]] = {
    "3 experts, 1 chosen": {"num_experts": 3, "num_experts_per_tok": 1},
    "5 experts, 2 chosen, tied": {"num_experts": 5, "num_experts_per_tok": 2, "tie_word_embeddings": True},
    "8 experts, 3 chosen": {"num_experts": 8, "num_experts_per_tok": 3, "moe_intermediate_size": 16},
    "weights as they fall": {"num_experts": 5, "num_experts_per_tok": 3, "norm_topk_prob": False},
    "every second layer": {"num_experts": 4, "num_experts_per_tok": 2, "decoder_sparse_step": 2},
    "one layer dense, seven a group": {
        "num_experts": 4,
        "num_experts_per_tok": 2,
        "mlp_only_layers": [0],
        "num_attention_heads": 7,
        "num_key_value_heads": 1,
    },
}


def reference(settings: dict[str, Any]) -> Any:
    """Return a model of transformers with every parameter drawn at random, gains and biases too."""
    sparse = "num_experts" in settings
    sizes = {
        "vocab_size": 61,
        "hidden_size": 24,
        "intermediate_size": 44,
        "num_hidden_layers": 3,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 8,
    }
    if sparse:
        sizes |= {"moe_intermediate_size": 12, "norm_topk_prob": True}
    kind = "Qwen3Moe" if sparse else "Qwen3"
    config = getattr(transformers, f"{kind}Config")(**sizes | settings)
    torch.manual_seed(0)
    model = getattr(transformers, f"{kind}ForCausalLM")(config).eval()
    for name, parameter in model.named_parameters():
        torch.nn.init.uniform_(parameter, 0.5, 1.5) if "norm" in name else torch.nn.init.normal_(parameter, std=0.2)
    return model


def both(settings: dict[str, Any], folder: Path) -> tuple[Any, Qwen3]:
    theirs = reference(settings)
    theirs.save_pretrained(folder)
    return theirs, load_public(folder)


def assert_near(ours: Tensor, theirs: Tensor) -> None:
    assert (ours - theirs).abs().max() <= 1e-4 * theirs.abs().max()


@pytest.mark.parametrize("settings", [*DENSE.values(), *SPARSE.values()], ids=[*DENSE, *SPARSE])
@torch.no_grad()
def test_logits_are_theirs(settings: dict[str, Any], tmp_path: Path):
    theirs, ours = both(settings, tmp_path)
    for length in (1, 7, 65):
        tokens = torch.randint(61, (2, length), generator=torch.Generator().manual_seed(length))
        assert_near(ours(tokens), theirs(tokens).logits)


@pytest.mark.parametrize("settings", [*DENSE.values(), *SPARSE.values()], ids=[*DENSE, *SPARSE])
@torch.no_grad()
def test_what_is_written_on_is_theirs(settings: dict[str, Any], tmp_path: Path):
    theirs, ours = both(settings, tmp_path)
    tokens = torch.randint(61, (2, 7), generator=torch.Generator().manual_seed(1))
    expected = theirs.generate(tokens, max_new_tokens=12, do_sample=False, pad_token_id=0, eos_token_id=None)
    written = torch.stack(list(generate(ours, tokens, 12)), 1)
    assert torch.equal(written, expected[:, 7:])


@pytest.mark.parametrize("name", ["two, tied", "8 experts, 3 chosen"])
def test_gradients_are_theirs(name: str, tmp_path: Path):
    theirs, ours = both({**DENSE, **SPARSE}[name], tmp_path)
    vectors = torch.randn(2, 9, 24, generator=torch.Generator().manual_seed(2))
    gradients: list[Tensor] = []
    for run in (ours, lambda x: theirs(inputs_embeds=x).logits):
        x = vectors.clone().requires_grad_()
        run(x).logsumexp(-1).sum().backward()
        assert x.grad is not None
        gradients.append(x.grad)
    assert_near(*gradients)
    assert_near(ours.blocks[0].attention.out.weight.grad, theirs.model.layers[0].self_attn.o_proj.weight.grad)


@pytest.mark.parametrize("name", ["one key head per query head", "two, tied", "5 experts, 2 chosen, tied"])
@torch.no_grad()
def test_they_read_what_we_save(name: str, tmp_path: Path):
    theirs, ours = both({**DENSE, **SPARSE}[name], tmp_path / "theirs")
    save_public(ours, tmp_path / "ours", shard_bytes=20_000)
    again = type(theirs).from_pretrained(tmp_path / "ours").eval()
    tokens = torch.randint(61, (1, 20), generator=torch.Generator().manual_seed(3))
    assert again.dtype == torch.float32
    assert torch.equal(again(tokens).logits, theirs(tokens).logits)
