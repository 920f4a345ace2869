"""The Qwen3 decoder (arXiv 2505.09388, section 2): pre-norm layers of attention and a dense or sparse feed-forward.

Shape letters: b sequences, t tokens, d width, v vocabulary.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn import functional

from eco1.core.errors import ConfigError
from eco1.models.nn.attention import CausalAttention
from eco1.models.nn.mlp import SwiGLU
from eco1.models.nn.moe import Experts
from eco1.models.nn.norm import RMSNorm
from eco1.models.nn.qwen3.attention import attend, attend_cached
from eco1.models.nn.qwen3.branches import Branches
from eco1.models.nn.qwen3.cache import Cache, LayerCache
from eco1.models.nn.qwen3.config import Qwen3Config
from eco1.models.nn.qwen3.initial import initialise
from eco1.models.nn.rope import Rotation, rotation_at
from eco1.models.nn.routing import Routing


@dataclass(frozen=True, kw_only=True)
class Read:
    """What a decoder made of its input: the last layer's vectors, normalised, and the routing of each sparse layer.

    ``routing`` has an entry per layer, None for dense ones; its rows are the tokens of all sequences in order.
    """

    latent: Float[Tensor, "b t d"]
    routing: tuple[Routing | None, ...]


@dataclass(frozen=True, kw_only=True)
class RouterBias:
    """What is added to the routers' logits, and whether experts have a capacity beyond which they ``drop`` tokens."""

    bias: Float[Tensor, "b t e"]
    drop: bool = False


class Qwen3Block(nn.Module):
    """Attention, then a feed-forward or experts."""

    def __init__(self, config: Qwen3Config, layer: int) -> None:
        super().__init__()
        self.attention_norm = RMSNorm(config.width, config.eps)
        self.attention = CausalAttention(
            config.width,
            config.heads,
            config.kv_heads,
            config.head_dim,
            eps=config.eps,
            bias=config.attention_bias,
        )
        self.feed_norm = RMSNorm(config.width, config.eps)
        self.feed: Experts | SwiGLU
        if config.is_sparse(layer):
            self.feed = Experts(
                config.width, config.expert_hidden, config.experts, config.chosen, normalised=config.norm_chosen
            )
        else:
            self.feed = SwiGLU(config.width, config.hidden)

    def forward(
        self,
        x: Float[Tensor, "b t d"],
        rotation: Rotation,
        cache: LayerCache | None,
        router_bias: RouterBias | None = None,
        may_see: Bool[Tensor, "b 1 t t"] | None = None,
        *,
        only_last: bool = False,
    ) -> tuple[Float[Tensor, "b s d"], Routing | None]:
        """Return the tokens, or the last alone, and how they were routed; the cache, when given, takes all of them."""
        query, key, value = self.attention.project(self.attention_norm(x), rotation)
        if only_last:
            query, x = query[:, :, -1:], x[:, -1:]
        if cache is None:
            mixed = attend(query, key, value, may_see)
        else:
            cache.append(key, value)
            mixed = attend_cached(query, cache)
        x = x + self.attention.out(mixed.transpose(1, 2).flatten(2))
        normed = self.feed_norm(x)
        if isinstance(self.feed, SwiGLU):
            return x + self.feed(normed), None
        if router_bias is None:
            served, routing = self.feed(normed.flatten(0, 1))
        else:
            bias = router_bias.bias[:, -x.shape[1] :]
            served, routing = self.feed(normed.flatten(0, 1), bias.flatten(0, 1), drop=router_bias.drop)
        return x + served.view_as(x), routing


class Qwen3(nn.Module):
    """A language model whose input may also be vectors that were never words."""

    def __init__(self, config: Qwen3Config) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocabulary, config.width)
        self.blocks = nn.ModuleList(Qwen3Block(config, layer) for layer in range(config.layers))
        self.norm = RMSNorm(config.width, config.eps)
        self.head = None if config.tied else nn.Linear(config.width, config.vocabulary, bias=False)
        self.apply(initialise)

    def forward(
        self, x: Int[Tensor, "b t"] | Float[Tensor, "b t d"], cache: Cache | None = None
    ) -> Float[Tensor, "b t v"]:
        """Return the logits of the token after each. For arguments and errors see ``read``."""
        return self.logits(self.read(x, cache).latent)

    def read(
        self,
        x: Int[Tensor, "b t"] | Float[Tensor, "b t d"],
        cache: Cache | None = None,
        router_bias: RouterBias | None = None,
        branches: Branches | None = None,
        *,
        only_last: bool = False,
    ) -> Read:
        """Read tokens, or vectors in their place, behind what the cache holds, and add them to it.

        With ``only_last`` there is one latent, the last one's, and the last layer does no work for the others.

        Routers lean where they are told to; without ``router_bias`` they decide alone and serve every token.

        Words behind a prefix of vectors are ``torch.cat([prefix, model.embedding(tokens)], 1)``, or the prefix is read
        into a cache first. With ``branches`` several texts are read behind one trunk.

        Raises:
            ConfigError: when the sequence grows longer than the model can tell apart, the cache is of another batch,
                or a gradient is asked for through a cache.
        """
        vectors = x if x.is_floating_point() else self.embedding(x)
        past = 0 if cache is None else cache.length
        if branches is not None and (cache is not None or only_last):
            raise ConfigError("Branches are read in one go, without a cache, and all of them.")
        self._check(vectors, past, cache)
        position = torch.arange(past, past + vectors.shape[1], device=vectors.device)
        may_see = None
        if branches is not None:
            position, may_see = branches.position[:, None], branches.may_see  # the same for all heads
        rotation = rotation_at(position, self.config.head_dim, self.config.theta)
        routing: list[Routing | None] = []
        for layer, block in enumerate(self.blocks):
            held = None if cache is None else cache.layers[layer]
            ends_here = only_last and layer == len(self.blocks) - 1
            vectors, sent = block(vectors, rotation, held, router_bias, may_see, only_last=ends_here)
            routing.append(sent)
        return Read(latent=self.norm(vectors), routing=tuple(routing))

    def logits(self, latent: Float[Tensor, "*b d"]) -> Float[Tensor, "*b v"]:
        """Return the logits of the next token."""
        return functional.linear(latent, self.embedding.weight) if self.head is None else self.head(latent)

    def new_cache(self, room: int = 64) -> Cache:
        """Return an empty cache with room for so many tokens before it has to grow."""
        return Cache(self.config.layers, room)

    def _check(self, vectors: Tensor, past: int, cache: Cache | None) -> None:
        end = past + vectors.shape[1]
        if end > self.config.longest:
            raise ConfigError(f"The sequence is {end} tokens long; this model can tell {self.config.longest} apart.")
        if cache is None:
            return
        learning = vectors.requires_grad or any(parameter.requires_grad for parameter in self.parameters())
        if torch.is_grad_enabled() and learning:
            raise ConfigError("A cache holds no gradients. Read without one, or under torch.no_grad().")
        cache.expect(vectors.shape[0])
