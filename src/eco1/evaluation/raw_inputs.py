"""What a model is shown, as plain numbers: the honest opponent of a probe on its latent.

Shape letters: B clips, T frames, N animals, F numbers.
"""

import numpy as np
from jaxtyping import Float32

from eco1.core.extras import require
from eco1.core.records import Clip

_NEAREST, _STRANGERS = 4, 2
#: A window is flattened at no more than this many frames, evenly spread, the last one included.
_WINDOW_FRAMES = 8


def raw_inputs(
    history: Clip, species: int, behaviors: int
) -> tuple[Float32[np.ndarray, "b n f"], Float32[np.ndarray, "b n g"]]:
    """Return every animal's egocentric view in the last frame, and that of the whole window flattened.

    Both hold the animal's own motion and surroundings, its species, behaviour and time spent in it, and its nearest
    neighbours (``sensors.egocentric``); the window adds the motion and behaviour of earlier frames.

    Raises:
        MissingExtraError: when torch is not installed.
    """
    require("torch", "Reading egocentric views")
    from eco1.sensors.egocentric import egocentric
    from eco1.sensors.scene import scene_of
    from eco1.sensors.trace import link, no_trace

    scene = scene_of(history.observation)
    batch, frames, animals = scene.alive.shape
    linked = link(scene, no_trace(batch, animals))
    dt_s = float(history.dt_s[0])
    view = egocentric(scene, linked, dt_s=dt_s, nearest=_NEAREST, strangers=_STRANGERS)
    neighbours = view.neighbours.numpy().reshape(batch, frames, animals, -1)
    behavior = _one_hot(view.behavior.numpy(), behaviors + 1)
    moving = np.concatenate([view.own.numpy(), behavior, neighbours], -1)
    kept = np.unique(np.linspace(0, frames - 1, min(frames, _WINDOW_FRAMES)).round().astype(int))
    fixed = np.concatenate(
        [
            _one_hot(view.species[:, -1].numpy(), species + 1),
            _one_hot(view.neighbour_species[:, -1].numpy(), species + 1).reshape(batch, animals, -1),
            _one_hot(view.neighbour_behavior[:, -1].numpy(), behaviors + 1).reshape(batch, animals, -1),
        ],
        -1,
    )
    window = np.moveaxis(moving[:, kept], 1, 2).reshape(batch, animals, -1)
    frame = np.concatenate([moving[:, -1], fixed], -1)
    return frame.astype(np.float32), np.concatenate([window, fixed], -1).astype(np.float32)


def _one_hot(index: np.ndarray, size: int) -> np.ndarray:
    return np.eye(size, dtype=np.float32)[np.clip(index, 0, size - 1)]
