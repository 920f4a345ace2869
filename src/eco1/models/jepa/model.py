"""I-JEPA, V-JEPA and A-JEPA: one model, told apart by what they look at and how it is hidden.

An encoder sees some patches of a clip, a predictor says what a slow copy of the encoder makes of the others.
Assran et al. (2023), arXiv 2301.08243; Bardes et al. (2024), arXiv 2404.08471; Fei et al. (2023), arXiv 2311.15830.

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
from eco1.models.jepa.views import view_of
from eco1.models.nn.ema import follow
from eco1.models.nn.masking import BlockMasks, CurriculumMasks, PictureMasks, Split, TubeMasks
from eco1.models.nn.rank import effective_rank
from eco1.models.nn.vit import Encoder, Patches, Predictor, Tokens
from eco1.models.nn.vit.patches import gathered

TERM_WEIGHTS = {"latent": 1.0}


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
        self.target_patches = copy.deepcopy(self.patches).requires_grad_(False)
        self.target = copy.deepcopy(self.encoder).requires_grad_(False)
        self.register_buffer("steps", torch.zeros((), dtype=torch.long))
        self.term_weights = dict(TERM_WEIGHTS)

    def loss(self, clip: Clip, generator: Generator | None) -> Losses:
        """Return the error of predicted latents on a batch of sensed clips. The generator draws the masks."""
        x = view_of(clip, self.config, self.device)
        tokens, target = self.patches(x), self.latents(x)
        splits = self.masks.draw(x.shape[0], self.config.grid, generator, self._progress())
        errors = [self._error(tokens, target, split) for split in splits]
        flat = target.flatten(0, 1)
        monitors = {"feature_std": flat.std(0).mean(), "effective_rank": effective_rank(flat[: 4 * flat.shape[1]])}
        return Losses(terms={"latent": torch.stack(errors).mean()}, monitors=monitors)

    def _progress(self) -> float:
        """Return how far the curriculum has come; every loss in training is a step."""
        if self.training:
            self.steps += 1
        return min(float(self.steps) / self.config.curriculum_steps, 1.0)

    def _error(self, tokens: Tokens, target: Float[Tensor, "b n d"], split: Split) -> Tensor:
        context = tokens.only(split.shown.to(self.device))
        context = Tokens(value=self.encoder(context), position=context.position)
        off = functional.smooth_l1_loss if self.config.smooth else functional.l1_loss
        errors: list[Tensor] = []
        for hidden in split.hidden:
            asked = hidden.to(self.device)
            predicted = self.predictor(context, gathered(tokens.position, asked), split.kind)
            errors.append(off(predicted, gathered(target, asked)))
        return torch.stack(errors).mean()

    @torch.no_grad()
    def latents(self, x: Float[Tensor, "b t c y x"]) -> Float[Tensor, "b n d"]:
        """Return the normalised latents of the slow encoder, one per patch: what is predicted, and what probes read."""
        target = self.target(self.target_patches(x))
        return functional.layer_norm(target, target.shape[-1:])

    @torch.no_grad()
    def embed_clip(self, clip: Clip) -> Float[Tensor, "b n d"]:
        """Return the latents of a batch of sensed clips."""
        return self.latents(view_of(clip, self.config, self.device))

    def update_target(self, momentum: float) -> None:
        """Move the slow encoder towards the learned one."""
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
