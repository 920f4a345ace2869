"""I-JEPA, V-JEPA and A-JEPA: one model, told apart by what they look at and how it is hidden.

An encoder sees some patches of a clip, a predictor says what a slow copy of the encoder makes of the others.
Assran et al. (2023), arXiv 2301.08243; Bardes et al. (2024), arXiv 2404.08471; Fei et al. (2023), arXiv 2311.15830.
Without a slow copy SIGReg holds the latents apart: Balestriero & LeCun (2025), arXiv 2511.08544.

Shape letters: b clips, n patches, d width.
"""

import copy

import torch
from jaxtyping import Float
from torch import Generator, Tensor, nn
from torch.nn import functional

from eco1.core.protocols import Losses
from eco1.core.records import Clip
from eco1.models.jepa.config import JepaConfig
from eco1.models.jepa.stacks import TERM_WEIGHTS
from eco1.models.jepa.views import view_of
from eco1.models.nn.crops import random_crops
from eco1.models.nn.draws import on_cpu
from eco1.models.nn.ema import follow
from eco1.models.nn.masking import BlockMasks, CurriculumMasks, PictureMasks, TubeMasks
from eco1.models.nn.rank import collapse_monitors
from eco1.models.nn.sigreg import sigreg_of_some
from eco1.models.nn.vit import Encoder, Patches, Predictor
from eco1.models.nn.vit.masked import masked_error


class JepaModel(nn.Module):
    """A joint-embedding predictive model of pictures, video or sound."""

    steps: Tensor

    def __init__(self, config: JepaConfig) -> None:
        super().__init__()
        self.config = config
        self.patches = Patches(config.channels, config.patch, config.width)
        self.encoder = Encoder(config.encoder)
        self.masks = masks_of(config)
        self.predictor = Predictor(config.predictor, config.width, mask_kinds=2)
        if config.targets == "slow":
            self.target_patches = copy.deepcopy(self.patches).requires_grad_(False)
            self.target = copy.deepcopy(self.encoder).requires_grad_(False)
        self.register_buffer("steps", torch.zeros((), dtype=torch.long))
        self.term_weights = dict(TERM_WEIGHTS[config.targets])

    def loss(self, clip: Clip, generator: Generator | None) -> Losses:
        """Return the error of predicted latents on a batch of sensed clips. The generator draws the masks."""
        generator = on_cpu(generator)
        x = view_of(clip, self.config, self.device)
        if self.training and self.config.least_area < 1:
            x = random_crops(x, self.config.least_area, generator)
        tokens = self.patches(x)
        slow = self.config.targets == "slow"
        target = self.latents(x) if slow else self.encoder(tokens)
        progress = min(float(self.steps) / self.config.curriculum_steps, 1.0)
        splits = self.masks.draw(x.shape[0], self.config.grid, generator, progress)
        distance = self.config.distance(functional.smooth_l1_loss if self.config.smooth else functional.l1_loss)
        errors = [masked_error(self.encoder, self.predictor, tokens, target, s, distance) for s in splits]
        terms = {"latent": torch.stack(errors).mean()}
        if not slow:
            terms["sigreg"] = sigreg_of_some(target.flatten(0, 1), generator)
        return Losses(terms=terms, monitors=collapse_monitors(target.flatten(0, 1)))

    @torch.no_grad()
    def latents(self, x: Float[Tensor, "b t c y x"]) -> Float[Tensor, "b n d"]:
        """Return a latent per patch: what is predicted, and what probes read. A slow encoder's are normalised."""
        if self.config.targets == "sigreg":
            return self.encoder(self.patches(x))
        target = self.target(self.target_patches(x))
        return functional.layer_norm(target, target.shape[-1:])

    @torch.no_grad()
    def embed_clip(self, clip: Clip) -> Float[Tensor, "b n d"]:
        """Return the latents of a batch of sensed clips."""
        return self.latents(view_of(clip, self.config, self.device))

    def update_target(self, momentum: float) -> None:
        """Go on to the next step of the curriculum, and move the slow encoder, where there is one."""
        self.steps += 1
        if self.config.targets == "sigreg":
            return
        follow(self.target_patches, self.patches, momentum)
        follow(self.target, self.encoder, momentum)

    @property
    def device(self) -> torch.device:
        """Return where the model lives."""
        return self.patches.weight.device


def masks_of(config: JepaConfig) -> BlockMasks:
    """Return what draws the masks."""
    kinds: dict[str, BlockMasks] = {"blocks": PictureMasks(), "tubes": TubeMasks(), "curriculum": CurriculumMasks()}
    return kinds[config.masks]
