"""MC-JEPA: one encoder learns how things move and what they are. Nothing is masked, and there is no slow copy.

Bardes et al. (2023), arXiv 2307.12698.

Shape letters: b clips, t frames, c channels, y rows, x columns, k pairs of frames, n tokens, d width.
"""

import torch
from jaxtyping import Float
from torch import Generator, Tensor, nn

from eco1.core.errors import ConfigError
from eco1.core.protocols import Losses
from eco1.core.records import Clip
from eco1.models.jepa.motion.augmenting import random_view
from eco1.models.jepa.motion.config import McJepaConfig
from eco1.models.jepa.motion.terms import Moved, content_terms, motion_terms
from eco1.models.nn.draws import on_cpu
from eco1.models.nn.flow import FlowEstimator, Pyramid, scaled_flow
from eco1.models.nn.rank import collapse_monitors
from eco1.models.nn.vicreg import COVARIANCE, INVARIANCE, VARIANCE
from eco1.models.nn.views import normalised, pictures_of

_CONTENT, _LEVELS = 0.01, 0.01  # our choice: flow is learned from small errors
TERM_WEIGHTS = {
    # our choice
    "photometric": 1.0,
    "smoothness": 0.05,
    "regression": 0.1,
    "cycle": 0.1,
    "level_variance": _LEVELS * VARIANCE,
    "level_covariance": _LEVELS * COVARIANCE,
    "invariance": _CONTENT * INVARIANCE,
    "variance": _CONTENT * VARIANCE,
    "covariance": _CONTENT * COVARIANCE,
}


class McJepaModel(nn.Module):
    """A joint-embedding model of motion and content in video."""

    def __init__(self, config: McJepaConfig) -> None:
        super().__init__()
        self.config = config
        self.pyramid = Pyramid(3, config.widths)
        self.estimator = FlowEstimator(config.widths, config.hidden, config.radius)
        self.expander = _expander(config.widths[-1], config.expander)
        self.term_weights = dict(TERM_WEIGHTS)

    def loss(self, clip: Clip, generator: Generator | None) -> Losses:
        """Return the terms of motion and content on a batch of sensed clips. The generator draws the views.

        Raises:
            ConfigError: when there is only one clip, so that nothing can vary.
        """
        pictures = self._pictures(clip)
        if pictures.shape[0] < 2:
            raise ConfigError("Views are compared over a batch; it has 1 clip. Take batches of 2 clips or more.")
        generator = on_cpu(generator)
        moved = self._moved(pictures)
        one, other = (self._content(random_view(pictures[:, 0], generator)) for _ in range(2))
        tokens = moved.features_now[-1].movedim(1, -1).flatten(0, 2)
        terms = {**motion_terms(moved), **content_terms(one, other)}
        return Losses(terms=terms, monitors=collapse_monitors(tokens))

    @torch.no_grad()
    def flow(self, clip: Clip) -> Float[Tensor, "b t y x 2"]:
        """Return how far what is seen in a frame has moved since the one before: pixels right and down.

        Frames begin with the second one; compare with ``Frames.flow_px[:, 1:]`` of the recording.
        """
        pictures = self._pictures(clip)
        levels = [level.unflatten(0, pictures.shape[:2]) for level in self.pyramid(normalised(pictures.flatten(0, 1)))]
        before, now = ([level[:, part].flatten(0, 1) for level in levels] for part in (slice(-1), slice(1, None)))
        flow = scaled_flow(self.estimator(before, now)[0], *self.config.pixels)
        return flow.movedim(1, -1).unflatten(0, (pictures.shape[0], -1))

    @torch.no_grad()
    def embed_clip(self, clip: Clip) -> Float[Tensor, "b n d"]:
        """Return the features of the coarsest level, frame by frame, then row by row."""
        pictures = self._pictures(clip)
        coarse = self.pyramid(normalised(pictures.flatten(0, 1)))[-1]
        return coarse.movedim(1, -1).unflatten(0, pictures.shape[:2]).flatten(1, 3)

    def _moved(self, pictures: Float[Tensor, "b t c y x"]) -> Moved:
        """Return every pair of neighbouring frames, forwards and then backwards in time."""
        levels = [level.unflatten(0, pictures.shape[:2]) for level in self.pyramid(normalised(pictures.flatten(0, 1)))]
        features = [_both_ways(level) for level in levels]
        before, now = _both_ways(pictures)
        features_before, features_now = [pair[0] for pair in features], [pair[1] for pair in features]
        flow = self.estimator(features_before, features_now)
        flow_back = [torch.cat(level.chunk(2)[::-1]) for level in flow]
        return Moved(
            before=before,
            now=now,
            features_before=features_before,
            features_now=features_now,
            flow=flow,
            flow_back=flow_back,
        )

    def _content(self, view: Float[Tensor, "b c y x"]) -> Float[Tensor, "b d"]:
        return self.expander(self.pyramid(normalised(view))[-1].mean((2, 3)))

    def _pictures(self, clip: Clip) -> Float[Tensor, "b t c y x"]:
        return pictures_of(clip, self.config.instrument, self.config.size, self.device)

    @property
    def device(self) -> torch.device:
        """Return where the model lives."""
        return next(self.parameters()).device


def _both_ways(frames: Float[Tensor, "b t c y x"]) -> tuple[Float[Tensor, "k c y x"], Float[Tensor, "k c y x"]]:
    """Return pairs of neighbours, before and now: all forwards, then all backwards."""
    first, second = frames[:, :-1].flatten(0, 1), frames[:, 1:].flatten(0, 1)
    return torch.cat([first, second]), torch.cat([second, first])


def _expander(coming: int, width: int) -> nn.Sequential:
    """Three layers: VICReg, arXiv 2105.04906, section 4.2."""
    return nn.Sequential(
        nn.Linear(coming, width), nn.BatchNorm1d(width), nn.ReLU(),
        nn.Linear(width, width), nn.BatchNorm1d(width), nn.ReLU(),
        nn.Linear(width, width),
    )  # fmt: skip
