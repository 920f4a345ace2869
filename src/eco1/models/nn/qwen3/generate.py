"""Reading long prompts in pieces, and writing on from them token by token.

Shape letters: b sequences, t tokens, d width, v vocabulary.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from eco1.core.errors import ConfigError
from eco1.models.nn.qwen3.cache import Cache
from eco1.models.nn.qwen3.decoder import Qwen3, RouterBias


@dataclass(frozen=True, kw_only=True)
class Sampling:
    """How the next token is drawn.

    Args:
        temperature: what logits are divided by; 0 takes the likeliest token.
        top_p: the draw is among the likeliest tokens that together reach this probability: Holtzman et al. (2019),
            arXiv 1904.09751, section 3.1.

    Raises:
        ConfigError: when one is out of range.
    """

    temperature: float = 0.0
    top_p: float = 1.0

    def __post_init__(self) -> None:
        if not self.temperature >= 0:
            raise ConfigError(f"temperature is {self.temperature}; it must be 0 (the likeliest token) or more.")
        if not 0 < self.top_p <= 1:
            raise ConfigError(f"top_p is {self.top_p}; it must be above 0 and at most 1.")

    def draw(self, logits: Float[Tensor, "b v"], generator: torch.Generator | None) -> Int[Tensor, " b"]:
        """Return a token for each sequence."""
        if self.temperature == 0:
            return logits.argmax(-1)
        probability = (logits.float() / self.temperature).softmax(-1)
        if self.top_p < 1:
            probability = _nucleus(probability, self.top_p)
        return torch.multinomial(probability, 1, generator=generator)[:, 0]


GREEDY = Sampling()


@torch.no_grad()
def prefill(
    model: Qwen3,
    x: Int[Tensor, "b t"] | Float[Tensor, "b t d"],
    cache: Cache,
    chunk: int = 512,
    bias: Float[Tensor, "b t e"] | None = None,
) -> Float[Tensor, "b v"]:
    """Read tokens or vectors into a cache, ``chunk`` at a time, and return the logits of the token after the last.

    Pieces bound the memory that a long prompt takes; the result is that of one pass. ``bias`` is added to what routers
    say of each token.

    Raises:
        ConfigError: when there is nothing to read or ``chunk`` is below 1.
    """
    if x.shape[1] < 1 or chunk < 1:
        raise ConfigError(f"A prompt needs at least 1 token and chunks of at least 1; got {x.shape[1]} and {chunk}.")
    latent = None
    pieces = x.split(chunk, dim=1)
    leanings = [None] * len(pieces) if bias is None else [RouterBias(bias=part) for part in bias.split(chunk, dim=1)]
    for piece, leaning in zip(pieces, leanings, strict=True):
        latent = model.read(piece, cache, leaning, only_last=True).latent[:, -1]
    assert latent is not None  # there was at least one piece
    return model.logits(latent)


@torch.no_grad()
def generate(
    model: Qwen3,
    prompt: Int[Tensor, "b t"] | Float[Tensor, "b t d"],
    limit: int,
    *,
    sampling: Sampling = GREEDY,
    stop: Collection[int] = (),
    cache: Cache | None = None,
    generator: torch.Generator | None = None,
    bias: Float[Tensor, "b t e"] | None = None,
) -> Iterator[Int[Tensor, " b"]]:
    """Yield up to ``limit`` tokens of each sequence as they are drawn.

    A sequence that drew a token of ``stop`` repeats it until all have; then the stream ends.

    Args:
        model: the model, whose mode is left as it is.
        prompt: tokens, or vectors in their place, behind what the cache holds.
        limit: most tokens to draw.
        sampling: how to draw; the likeliest token when not given.
        stop: tokens that end a sequence.
        cache: what was read before, one of many branches of a prefix for instance. It takes in the prompt and every
            token drawn but the last.
        generator: random stream of the draws.
        bias: what is added to the routers' logits of the prompt; of words drawn, that of the prompt's last token.

    Raises:
        ConfigError: when the prompt is empty.
    """
    cache = model.new_cache(prompt.shape[1] + limit) if cache is None else cache
    logits = prefill(model, prompt, cache, bias=bias)
    after = None if bias is None else bias[:, -1:]
    ends = torch.tensor(sorted(stop), dtype=torch.long, device=logits.device)
    token = sampling.draw(logits, generator)
    for drawn in range(1, limit + 1):
        yield token
        over = torch.isin(token, ends)
        if drawn == limit or bool(over.all()):
            return
        following = sampling.draw(prefill(model, token[:, None], cache, bias=after), generator)
        token = torch.where(over, token, following)


def _nucleus(probability: Float[Tensor, "b v"], top_p: float) -> Float[Tensor, "b v"]:
    """Return the probabilities with those of the unlikely rest set to 0. The likeliest token always stays."""
    ordered, order = probability.sort(-1, descending=True)
    rest: Bool[Tensor, "b v"] = ordered.cumsum(-1) - ordered >= top_p
    return probability.masked_fill(torch.zeros_like(rest).scatter(-1, order, rest), 0.0)
