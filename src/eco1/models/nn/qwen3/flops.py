"""What learning from tokens takes a decoder."""

from eco1.models.nn.qwen3.config import Qwen3Config

_PER_WEIGHT = 6  # a product and a sum forward, twice as many backward: PaLM, arXiv 2204.02311, appendix B


def training_flops(config: Qwen3Config, sequences: int, length: int) -> float:
    """Return the floating-point operations of a loss over all tokens and its gradient, dense products alone.

    PaLM counts 6 N + 12 L H Q T for a token; here N are the weights that a token meets (the chosen experts, the router,
    the head; an embedding is looked up, not multiplied), and all of the attention matrix is counted, as there.
    """
    attention = 2 * config.width * config.head_dim * (config.heads + config.kv_heads)
    met = config.width * config.vocabulary
    for layer in range(config.layers):
        sparse = config.width * (config.experts + 3 * config.chosen * config.expert_hidden)
        met += attention + (sparse if config.is_sparse(layer) else 3 * config.width * config.hidden)
    pairs = 2 * _PER_WEIGHT * config.layers * config.heads * config.head_dim * length
    return float(sequences * length * (_PER_WEIGHT * met + pairs))
