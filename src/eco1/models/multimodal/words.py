"""Text as tokens: a byte-level BPE tokenizer kept inside the model's config, and what is said of a clip.

Sennrich et al. (2016), arXiv 1508.07909, on bytes as in GPT-2.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from eco1.core.errors import ConfigError
from eco1.core.extras import require

#: Marks with a meaning of their own. ``<say>`` asks for a caption, ``<ask>`` begins a question, ``<tell>`` its answer.
MARKS = ("<pad>", "<end>", "<say>", "<ask>", "<tell>")
PAD, END, SAY, ASK, TELL = range(len(MARKS))


def learn_tokenizer(texts: Iterable[str], vocabulary: int) -> str:
    """Return a tokenizer learned on texts, as JSON.

    Raises:
        MissingExtraError: when tokenizers is not installed.
        ConfigError: when the vocabulary is too small for bytes and marks.
    """
    require("tokenizers", "Learning a tokenizer")
    if vocabulary < 256 + len(MARKS):
        raise ConfigError(f"A vocabulary of {vocabulary} cannot hold 256 bytes and {len(MARKS)} marks.")
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer: Any = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary, special_tokens=list(MARKS), initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer.to_str()


@lru_cache(maxsize=4)
def _tokenizer(content: str) -> Any:
    require("tokenizers", "Reading words")
    from tokenizers import Tokenizer

    try:
        tokenizer: Any = Tokenizer.from_str(content)
    except Exception as error:  # tokenizers raises plain exceptions
        raise ConfigError(f"The tokenizer of this model cannot be read: {error}.") from error
    tokenizer.encode_special_tokens = True  # marks written in a text are letters
    return tokenizer


@dataclass(frozen=True)
class Words:
    """Translates between texts and tokens.

    Raises:
        ConfigError: when the tokenizer lacks the marks or knows more pieces than the model.
    """

    content: str
    vocabulary: int

    def __post_init__(self) -> None:
        tokenizer = _tokenizer(self.content)
        found = [tokenizer.token_to_id(mark) for mark in MARKS]
        if found != list(range(len(MARKS))):
            raise ConfigError(f"The tokenizer has the marks {', '.join(MARKS)} as {found}; they must be 0 to 4.")
        if tokenizer.get_vocab_size() > self.vocabulary:
            raise ConfigError(
                f"The tokenizer knows {tokenizer.get_vocab_size()} pieces, the model {self.vocabulary}: "
                "it belongs to another model."
            )

    def encode(self, text: str) -> list[int]:
        """Return the tokens of a text. Marks written in it are read as letters."""
        return _tokenizer(self.content).encode(text).ids

    def decode(self, tokens: Sequence[int]) -> str:
        """Return the text of tokens, marks left out."""
        return _tokenizer(self.content).decode([token for token in tokens if token >= len(MARKS)])


def padded(
    rows: Sequence[Sequence[int]], longest: int, device: torch.device
) -> tuple[Int[Tensor, "b n"], Bool[Tensor, "b n"]]:
    """Return token rows of equal length, at most ``longest``, and which tokens are real."""
    length = max(min(max((len(row) for row in rows), default=1), longest), 1)
    tokens = torch.full((len(rows), length), PAD, dtype=torch.long)
    for line, row in zip(tokens, rows, strict=True):
        line[: min(len(row), length)] = torch.tensor(row[:length], dtype=torch.long)
    real = torch.arange(length) < torch.tensor([len(row) for row in rows])[:, None]
    return tokens.to(device), real.to(device)
