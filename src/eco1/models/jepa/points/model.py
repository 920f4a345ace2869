"""Point-JEPA and 3D-JEPA: say from parts of a point cloud what a slow copy of the encoder makes of others.

Saito et al. (2024), arXiv 2404.16432; Hu et al. (2024), arXiv 2409.15803. Without a slow copy SIGReg holds the latents
apart: arXiv 2511.08544.

Shape letters: b clips, k points, n tokens, d width.
"""

import copy
from functools import partial

import torch
from jaxtyping import Float
from torch import Generator, Tensor, nn
from torch.nn import functional

from eco1.core.protocols import Losses
from eco1.core.records import Clip
from eco1.models.jepa.points.config import PointJepaConfig
from eco1.models.jepa.stacks import TERM_WEIGHTS
from eco1.models.nn.draws import on_cpu
from eco1.models.nn.ema import follow
from eco1.models.nn.masking import BallMasks, RunMasks
from eco1.models.nn.points import Clouds, PointTokens, clouds_of
from eco1.models.nn.rank import collapse_monitors
from eco1.models.nn.sigreg import sigreg_of_some
from eco1.models.nn.vit import Encoder, FedPredictor, Predictor, Tokens
from eco1.models.nn.vit.masked import masked_error

_BETA = 2.0  # where the smooth L1 distance turns linear, as published


class PointJepaModel(nn.Module):
    """A joint-embedding predictive model of point clouds.

    Both encoders read the tokens of one learned tokenizer, as published; only the transformer has a slow copy.
    """

    def __init__(self, config: PointJepaConfig) -> None:
        super().__init__()
        self.config = config
        self.tokens = PointTokens(config.centres, config.neighbours, config.width)
        self.encoder = Encoder(config.encoder)
        in_space = config.form == "3d"
        self.predictor = (FedPredictor if in_space else Predictor)(config.predictor, config.width)
        if config.targets == "slow":
            self.target = copy.deepcopy(self.encoder).requires_grad_(False)
        self.masks = BallMasks() if in_space else RunMasks()
        self.term_weights = dict(TERM_WEIGHTS[config.targets])

    def loss(self, clip: Clip, generator: Generator | None) -> Losses:
        """Return the error of predicted latents on a batch of sensed clips. The generator draws the masks."""
        generator = on_cpu(generator)
        tokens = self._tokens(clip)
        slow = self.config.targets == "slow"
        target = self._latents(tokens) if slow else self.encoder(tokens)
        split = self.masks.draw(tokens.position, generator)
        to_slow = _between_directions if self.config.form == "3d" else partial(functional.smooth_l1_loss, beta=_BETA)
        distance = self.config.distance(to_slow)
        terms = {"latent": masked_error(self.encoder, self.predictor, tokens, target, split, distance)}
        if not slow:
            terms["sigreg"] = sigreg_of_some(target.flatten(0, 1), generator)
        return Losses(terms=terms, monitors=collapse_monitors(target.flatten(0, 1)))

    @torch.no_grad()
    def embed_clip(self, clip: Clip) -> Float[Tensor, "b n d"]:
        """Return a latent per centre. A slow encoder's are normalised."""
        return self._latents(self._tokens(clip))

    def update_target(self, momentum: float) -> None:
        """Move the slow encoder, where there is one, towards the learned one."""
        if self.config.targets == "slow":
            follow(self.target, self.encoder, momentum)

    def clouds(self, clip: Clip) -> Clouds:
        """Return the first cloud of every clip as the model sees it; errors as of ``clouds_of``."""
        config = self.config
        found = clouds_of(
            clip,
            config.instrument,
            slice(0, 1),
            range_m=config.range_m,
            fewest=config.fewest_points,
            device=self.device,
        )
        return found[:, 0]

    def _tokens(self, clip: Clip) -> Tokens:
        clouds = self.clouds(clip)
        return self.tokens(clouds.position, clouds.there)

    @torch.no_grad()
    def _latents(self, tokens: Tokens) -> Float[Tensor, "b n d"]:
        if self.config.targets == "sigreg":
            return self.encoder(tokens)
        latents = self.target(tokens)
        return functional.layer_norm(latents, latents.shape[-1:])

    @property
    def device(self) -> torch.device:
        """Return where the model lives."""
        return self.encoder.norm.weight.device


def _between_directions(predicted: Float[Tensor, "b n d"], target: Float[Tensor, "b n d"]) -> Float[Tensor, ""]:
    return 1.0 - functional.cosine_similarity(predicted, target, dim=-1).mean()
