"""Attentive probes: what a small attention over frozen tokens, and nothing else learned, can tell.

One learned query per head looks at all tokens of a clip, a linear map reads what it found: the probe with which V-JEPA
was judged (Bardes et al. 2024, arXiv 2404.08471, section 4.2), of one layer here. Regularised by stopping early, at the
best loss on held rows.

Shape letters: m clips, n tokens, d width, o outputs.
"""

from collections.abc import Callable

import numpy as np
import torch
from jaxtyping import Bool, Float, Float32
from torch import Tensor, nn

from eco1.core.random import generator

_HEADS, _HEAD = 4, 24
_STEPS, _BATCH, _LOOK_EVERY, _PATIENCE = 600, 128, 25, 6
_LR, _DECAY = 2e-3, 0.05

#: Loss of outputs (b, o) against the truth of rows with these numbers.
RowLoss = Callable[[Tensor, Tensor], Tensor]


class AttentiveProbe(nn.Module):
    """Reads one vector of outputs from the tokens of a clip."""

    def __init__(self, width: int, outputs: int) -> None:
        super().__init__()
        self.query = nn.Parameter(0.02 * torch.randn(_HEADS, _HEAD))
        self.key = nn.Linear(width, _HEADS * _HEAD)
        self.value = nn.Linear(width, _HEADS * _HEAD)
        self.head = nn.Linear(_HEADS * _HEAD, outputs)

    def forward(self, tokens: Float[Tensor, "b n d"]) -> Float[Tensor, "b o"]:
        """Return the outputs."""
        key = self.key(tokens).unflatten(-1, (_HEADS, _HEAD))
        share = torch.einsum("bnhk,hk->bnh", key, self.query / _HEAD**0.5).softmax(1)
        found = torch.einsum("bnh,bnhk->bhk", share, self.value(tokens).unflatten(-1, (_HEADS, _HEAD)))
        return self.head(found.flatten(1))


def fit_attentive(
    tokens: Float32[np.ndarray, "m n d"],
    loss: RowLoss,
    outputs: int,
    held: Bool[np.ndarray, " m"],
    test: Float32[np.ndarray, "q n d"],
    seed: int = 0,
) -> Float32[np.ndarray, "q o"]:
    """Return what a probe learned on the rows that are not held says of the test rows.

    Args:
        tokens: standardised inputs.
        loss: of outputs against the truth of the rows numbered.
        outputs: how many numbers are asked for.
        held: rows on which it is decided when to stop.
        test: inputs to answer for.
        seed: of initial weights and batches.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        probe = AttentiveProbe(tokens.shape[-1], outputs)
    learned, watched = np.flatnonzero(~held), torch.from_numpy(np.flatnonzero(held))
    rows, asked = torch.from_numpy(tokens), torch.from_numpy(test)
    optimizer = torch.optim.AdamW(probe.parameters(), _LR, weight_decay=_DECAY)
    rng, best, kept, waited = generator(seed, 1), float("inf"), probe.state_dict(), 0
    for step in range(_STEPS):
        pick = torch.from_numpy(rng.choice(learned, min(_BATCH, len(learned)), replace=False))
        optimizer.zero_grad()
        loss(probe(rows[pick]), pick).backward()
        optimizer.step()
        if (step + 1) % _LOOK_EVERY:
            continue
        now = _watch(probe, rows, loss, watched)
        waited = 0 if now < best else waited + 1
        if now < best:
            best, kept = now, {name: value.clone() for name, value in probe.state_dict().items()}
        if waited == _PATIENCE:
            break
    probe.load_state_dict(kept)
    with torch.no_grad():
        return torch.cat([probe(part) for part in asked.split(_BATCH)]).numpy()


@torch.no_grad()
def _watch(probe: AttentiveProbe, rows: Tensor, loss: RowLoss, watched: Tensor) -> float:
    parts = watched.split(_BATCH)
    return sum(float(loss(probe(rows[part]), part)) * len(part) for part in parts) / max(len(watched), 1)
