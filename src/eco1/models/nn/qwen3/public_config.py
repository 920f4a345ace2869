"""What the public ``config.json`` of Qwen3 and Qwen3-MoE calls our settings, and what of it we cannot do.

Names and defaults are those of ``Qwen3Config`` and ``Qwen3MoeConfig`` in transformers 4.51 to 5.23.
"""

from collections.abc import Mapping
from typing import Any

from eco1.core.errors import ConfigError

_SIZES = {
    "vocab_size": "vocabulary",
    "hidden_size": "width",
    "num_hidden_layers": "layers",
    "num_attention_heads": "heads",
    "num_key_value_heads": "kv_heads",
    "head_dim": "head_dim",
    "intermediate_size": "hidden",
}
_EXPERT_SIZES = {"num_experts": "experts", "num_experts_per_tok": "chosen", "moe_intermediate_size": "expert_hidden"}
_OPTIONS = {
    "rms_norm_eps": ("eps", 1e-6),
    "tie_word_embeddings": ("tied", False),
    "max_position_embeddings": ("longest", 32_768),
    "attention_bias": ("attention_bias", False),
}
_EXPERT_OPTIONS = {"norm_topk_prob": ("norm_chosen", False), "decoder_sparse_step": ("sparse_step", 1)}
_MODELS = {"qwen3": "Qwen3ForCausalLM", "qwen3_moe": "Qwen3MoeForCausalLM"}


def settings_from_public(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return our settings by name.

    Raises:
        ConfigError: when it is another model's, lacks a size, or asks for something this decoder cannot do.
    """
    kind = content.get("model_type")
    if kind not in _MODELS:
        raise ConfigError(f"model_type is {kind!r}; only {' and '.join(map(repr, _MODELS))} can be built.")
    _refuse(content)
    sparse = kind == "qwen3_moe"
    present = {**_older_names(content, sparse), **content}
    sizes = {**_SIZES, **(_EXPERT_SIZES if sparse else {})}
    missing = [name for name in sizes if present.get(name) is None]
    if missing:
        raise ConfigError(f"The config of {_MODELS[kind]} lacks {', '.join(missing)}.")
    settings: dict[str, Any] = {ours: present[public] for public, ours in sizes.items()}
    for public, (ours, default) in {**_OPTIONS, **(_EXPERT_OPTIONS if sparse else {})}.items():
        settings[ours] = content.get(public, default)
    if sparse:
        settings["dense_layers"] = tuple(content.get("mlp_only_layers") or ())
    settings["theta"] = float(_rope(content).get("rope_theta", content.get("rope_theta", 10_000.0)))
    return settings


def public_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the public ``config.json`` of our settings, in the words that every version of transformers reads."""
    sparse = settings["experts"] > 0
    kind = "qwen3_moe" if sparse else "qwen3"
    content: dict[str, Any] = {"architectures": [_MODELS[kind]], "model_type": kind, "hidden_act": "silu"}
    content |= {public: settings[ours] for public, ours in _SIZES.items()}
    content |= {public: settings[ours] for public, (ours, _) in _OPTIONS.items()}
    content |= {"rope_theta": settings["theta"], "rope_scaling": None}
    content |= {"use_sliding_window": False, "sliding_window": None, "attention_dropout": 0.0}
    if sparse:
        content |= {public: settings[ours] for public, ours in _EXPERT_SIZES.items()}
        content |= {public: settings[ours] for public, (ours, _) in _EXPERT_OPTIONS.items()}
        content["mlp_only_layers"] = list(settings["dense_layers"])
    return content


def _older_names(content: Mapping[str, Any], sparse: bool) -> dict[str, Any]:
    """Return what a config may leave unsaid or say in another version's words."""
    width, heads = content.get("hidden_size"), content.get("num_attention_heads")
    head_dim = width // heads if sparse and width and heads else 128  # the two public classes differ in this
    return {"num_experts": content.get("num_local_experts"), "head_dim": head_dim}


def _rope(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the settings of rotary embedding that stand in a table of their own (transformers 5), if there are any."""
    return content.get("rope_parameters") or content.get("rope_scaling") or {}


def _refuse(content: Mapping[str, Any]) -> None:
    rope, layers = _rope(content), set(content.get("layer_types") or ())
    kind = rope.get("rope_type", rope.get("type", "default"))
    asked = {
        f"rope scaling of type {kind!r}": kind != "default",
        "partial_rotary_factor": rope.get("partial_rotary_factor", 1.0) != 1.0,
        "use_sliding_window": bool(content.get("use_sliding_window")),
        f"layer_types {sorted(layers)}": bool(layers - {"full_attention"}),
        f"hidden_act {content.get('hidden_act')!r}": content.get("hidden_act", "silu") != "silu",
        "attention_dropout": bool(content.get("attention_dropout")),
        "quantization_config": bool(content.get("quantization_config")),
    }
    wanted = [name for name, is_asked in asked.items() if is_asked]
    if wanted:
        raise ConfigError(
            f"The config asks for {', '.join(wanted)}, which this decoder cannot do. It has full attention, plain "
            "rotary embedding, SiLU and unquantised weights."
        )
