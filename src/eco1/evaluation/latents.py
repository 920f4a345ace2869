"""Reading latents off a model."""

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float32

from eco1.core.records import Clip, Episode
from eco1.evaluation.windows import cut_windows, frames_in

_BATCH = 16


@runtime_checkable
class Embedder(Protocol):
    """A model whose latents of a clip can be read."""

    def embed_clip(self, clip: Clip) -> Any:
        """Return one latent vector for each animal and frame (B, T, N, D), as an array or a tensor.

        Each knows its own frame and those before it.
        """
        ...


def last_latents(model: Embedder, clip: Clip) -> Float32[np.ndarray, "b n d"]:
    """Return every animal's latent in the last frame of a clip."""
    latent = model.embed_clip(clip)[:, -1]
    if hasattr(latent, "detach"):  # a tensor, perhaps on another device
        latent = latent.detach().float().cpu().numpy()
    return np.asarray(latent, np.float32)


def collect_latents(
    model: Embedder, episodes: Sequence[Episode], *, history_s: float, rows: int = 2000
) -> Float32[np.ndarray, "m d"]:
    """Return the latents of about ``rows`` living animals, each from the last frame of a window."""
    windows = cut_windows(episodes, frames=frames_in(history_s, episodes[0].info.dt_s) + 1, stride=1)
    animals = int(episodes[0].observation.position_m.shape[1])
    found = [
        last_latents(model, batch.clip)[batch.clip.observation.alive[:, -1]]
        for batch in windows.thin(max(4, rows // animals)).batches(_BATCH)
    ]
    return np.concatenate(found)[:rows]
