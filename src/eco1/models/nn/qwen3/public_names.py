"""Which public tensor is which part of which of our parameters.

The public layout has a matrix (out, in) per projection and per expert. Ours joins query, key and value, and gate and
up, each in one matrix, and stacks experts as (experts, in, out).
"""

from collections.abc import Collection, Iterator

from eco1.models.nn.public import Piece
from eco1.models.nn.qwen3.config import Qwen3Config


def pieces(config: Qwen3Config, fused: Collection[int] = ()) -> Iterator[Piece]:
    """Yield all public tensors, those of one parameter in a row.

    Args:
        config: sizes of the model.
        fused: layers whose experts are stacked in the public tensors too, as transformers 5 holds them in memory.
    """
    yield Piece(public="model.embed_tokens.weight", parameter="embedding.weight")
    for layer in range(config.layers):
        ours, public = f"blocks.{layer}", f"model.layers.{layer}"
        yield Piece(public=f"{public}.input_layernorm.weight", parameter=f"{ours}.attention_norm.weight")
        yield from _attention(config, f"{ours}.attention", f"{public}.self_attn")
        yield Piece(public=f"{public}.post_attention_layernorm.weight", parameter=f"{ours}.feed_norm.weight")
        if not config.is_sparse(layer):
            yield from _dense(config, f"{ours}.feed", f"{public}.mlp")
            continue
        yield Piece(public=f"{public}.mlp.gate.weight", parameter=f"{ours}.feed.router.weight")
        one_layer = _stacked if layer in fused else _experts
        yield from one_layer(config, f"{ours}.feed", f"{public}.mlp.experts")
    yield Piece(public="model.norm.weight", parameter="norm.weight")
    if not config.tied:
        yield Piece(public="lm_head.weight", parameter="head.weight")


def fused_layers(config: Qwen3Config, names: Collection[str]) -> set[int]:
    """Return the layers whose experts are stacked in the public tensors of these names."""
    return {n for n in range(config.layers) if f"model.layers.{n}.mlp.experts.gate_up_proj" in names}


def _attention(config: Qwen3Config, ours: str, public: str) -> Iterator[Piece]:
    query, key = config.heads * config.head_dim, config.kv_heads * config.head_dim
    places = {"q": slice(0, query), "k": slice(query, query + key), "v": slice(query + key, query + 2 * key)}
    for kind in ("weight", "bias") if config.attention_bias else ("weight",):
        for letter, rows in places.items():
            yield Piece(public=f"{public}.{letter}_proj.{kind}", parameter=f"{ours}.qkv.{kind}", rows=rows)
        yield Piece(public=f"{public}.o_proj.{kind}", parameter=f"{ours}.out.{kind}")
    yield Piece(public=f"{public}.q_norm.weight", parameter=f"{ours}.query_norm.weight")
    yield Piece(public=f"{public}.k_norm.weight", parameter=f"{ours}.key_norm.weight")


def _dense(config: Qwen3Config, ours: str, public: str) -> Iterator[Piece]:
    gate, up = slice(0, config.hidden), slice(config.hidden, 2 * config.hidden)
    yield Piece(public=f"{public}.gate_proj.weight", parameter=f"{ours}.gate_up.weight", rows=gate)
    yield Piece(public=f"{public}.up_proj.weight", parameter=f"{ours}.gate_up.weight", rows=up)
    yield Piece(public=f"{public}.down_proj.weight", parameter=f"{ours}.down.weight")


def _experts(config: Qwen3Config, ours: str, public: str) -> Iterator[Piece]:
    halves = {"gate": slice(0, config.expert_hidden), "up": slice(config.expert_hidden, 2 * config.expert_hidden)}
    for expert in range(config.experts):
        for kind, rows in halves.items():
            name = f"{public}.{expert}.{kind}_proj.weight"
            yield Piece(public=name, parameter=f"{ours}.gate_up", expert=expert, rows=rows, turned=True)
    for expert in range(config.experts):
        name = f"{public}.{expert}.down_proj.weight"
        yield Piece(public=name, parameter=f"{ours}.down", expert=expert, turned=True)


def _stacked(config: Qwen3Config, ours: str, public: str) -> Iterator[Piece]:
    yield Piece(public=f"{public}.gate_up_proj", parameter=f"{ours}.gate_up", turned=True)
    yield Piece(public=f"{public}.down_proj", parameter=f"{ours}.down", turned=True)
