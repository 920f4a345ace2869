"""Settings of Qwen3: what fits together, and what the public config says of it."""

from typing import Any

import pytest
from qwen3_models import EXPERTS, SIZES

from eco1.core.errors import ConfigError
from eco1.models.nn.qwen3 import Qwen3Config

#: As on the public pages of Qwen3-0.6B and Qwen3-30B-A3B, in the words of transformers 4.51.
PUBLIC_DENSE: dict[str, Any] = {
    "architectures": ["Qwen3ForCausalLM"],
    "attention_bias": False,
    "attention_dropout": 0.0,
    "head_dim": 128,
    "hidden_act": "silu",
    "hidden_size": 1024,
    "intermediate_size": 3072,
    "max_position_embeddings": 40960,
    "max_window_layers": 28,
    "model_type": "qwen3",
    "num_attention_heads": 16,
    "num_hidden_layers": 28,
    "num_key_value_heads": 8,
    "rms_norm_eps": 1e-06,
    "rope_scaling": None,
    "rope_theta": 1000000,
    "sliding_window": None,
    "tie_word_embeddings": True,
    "torch_dtype": "bfloat16",
    "use_sliding_window": False,
    "vocab_size": 151936,
}
PUBLIC_SPARSE = PUBLIC_DENSE | {
    "model_type": "qwen3_moe",
    "decoder_sparse_step": 1,
    "hidden_size": 2048,
    "intermediate_size": 6144,
    "mlp_only_layers": [],
    "moe_intermediate_size": 768,
    "norm_topk_prob": True,
    "num_attention_heads": 32,
    "num_experts": 128,
    "num_experts_per_tok": 8,
    "num_hidden_layers": 48,
    "num_key_value_heads": 4,
    "tie_word_embeddings": False,
}


def test_public_configs_are_read():
    dense = Qwen3Config.from_public(PUBLIC_DENSE)
    assert (dense.width, dense.heads, dense.kv_heads, dense.head_dim, dense.tied) == (1024, 16, 8, 128, True)
    assert (dense.theta, dense.longest, dense.experts) == (1e6, 40960, 0)
    sparse = Qwen3Config.from_public(PUBLIC_SPARSE)
    assert (sparse.experts, sparse.chosen, sparse.expert_hidden, sparse.norm_chosen) == (128, 8, 768, True)
    assert all(sparse.is_sparse(layer) for layer in range(48))


def test_newer_words_are_read_too():
    newer = {k: v for k, v in PUBLIC_SPARSE.items() if k not in ("rope_theta", "rope_scaling", "num_experts")}
    newer |= {"num_local_experts": 128, "rope_parameters": {"rope_theta": 1e6, "rope_type": "default"}}
    assert Qwen3Config.from_public(newer) == Qwen3Config.from_public(PUBLIC_SPARSE)


@pytest.mark.parametrize("kind", ["qwen3", "qwen3_moe"])
def test_a_head_dim_left_unsaid_is_the_public_default(kind: str):
    unsaid = {name: value for name, value in (PUBLIC_SPARSE | {"model_type": kind}).items() if name != "head_dim"}
    assert Qwen3Config.from_public(unsaid).head_dim == {"qwen3": 128, "qwen3_moe": 64}[kind]


@pytest.mark.parametrize(
    "changes", [{}, {"tied": True, "attention_bias": True}, EXPERTS, EXPERTS | {"sparse_step": 2, "dense_layers": (1,)}]
)
def test_what_is_written_reads_the_same(changes: dict[str, Any]):
    config = Qwen3Config(**SIZES | changes, theta=5e5, eps=1e-5, longest=77)
    assert Qwen3Config.from_public(config.to_public()) == config


def test_layers_are_sparse_where_the_config_says():
    config = Qwen3Config(**SIZES | EXPERTS | {"layers": 6, "sparse_step": 2, "dense_layers": (3,)})
    assert [config.is_sparse(layer) for layer in range(6)] == [False, True, False, False, False, True]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"model_type": "llama"}, "model_type is 'llama'; only 'qwen3' and 'qwen3_moe'"),
        ({"rope_scaling": {"rope_type": "yarn", "factor": 4.0}}, "rope scaling of type 'yarn'"),
        ({"rope_parameters": {"rope_type": "linear", "rope_theta": 1e6}}, "rope scaling of type 'linear'"),
        ({"rope_parameters": {"rope_theta": 1e6, "partial_rotary_factor": 0.5}}, "partial_rotary_factor"),
        ({"use_sliding_window": True}, "use_sliding_window"),
        ({"layer_types": ["full_attention", "sliding_attention"]}, "'sliding_attention'"),
        ({"hidden_act": "gelu"}, "hidden_act 'gelu'"),
        ({"attention_dropout": 0.1}, "attention_dropout"),
        ({"quantization_config": {"quant_method": "fp8"}}, "quantization_config"),
        ({"hidden_size": None, "vocab_size": None}, "lacks vocab_size, hidden_size"),
    ],
)
def test_public_configs_that_cannot_be_done_are_refused(changes: dict[str, Any], says: str):
    with pytest.raises(ConfigError, match=says):
        Qwen3Config.from_public(PUBLIC_DENSE | changes)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"width": 0}, "width is 0; it must be a whole number of at least 1"),
        ({"layers": True}, "layers is True"),
        ({"longest": 0}, "longest is 0"),
        ({"kv_heads": 4}, "6 heads cannot share 4 kv_heads evenly. Allowed kv_heads: 1, 2, 3, 6"),
        ({"head_dim": 5}, "head_dim is 5; rotary"),
        ({"experts": -1}, "experts is -1"),
        ({"experts": 4}, "expert_hidden is 0"),
        (EXPERTS | {"chosen": 6}, "chosen is 6; of 5 experts a token takes 1 to 5"),
        ({"dense_layers": (2,)}, "dense_layers names layer 2; there are layers 0 to 1"),
        ({"theta": 0.0}, "theta is 0.0; it must be above 0"),
        ({"eps": -1.0}, "eps is -1.0"),
    ],
)
def test_settings_that_do_not_fit_are_refused(changes: dict[str, Any], says: str):
    with pytest.raises(ConfigError, match=says):
        Qwen3Config(**SIZES | changes)
