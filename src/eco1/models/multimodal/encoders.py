"""An encoder for each sense: from what instruments brought back to tokens, then through a transformer.

Shape letters: b clips, t frames, c moments, n tokens of a moment, d width.
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from eco1.core.errors import ConfigError
from eco1.models.multimodal.config import MultimodalConfig, Sense
from eco1.models.multimodal.motion import Motion
from eco1.models.multimodal.neighbourhood import Neighbourhood
from eco1.models.multimodal.perceived import SenseTokens
from eco1.models.nn.points import Clouds, PointTokens
from eco1.models.nn.vit import Encoder, Patches
from eco1.models.nn.vit.patches import Tokens


class SenseEncoder(nn.Module):
    """Looks at tokens of any number of moments; each latent knows of the tokens given, and of no others.

    Where it ``looks_back``, latents know of no later moment.
    """

    looks_back = False

    def __init__(self, config: MultimodalConfig, sense: Sense) -> None:
        super().__init__()
        size = config.encoder(sense)
        self.width = size.width
        self.encoder = Encoder(size)
        self.leave = nn.Identity() if size.width == config.width else nn.Linear(size.width, config.width)

    def forward(self, tokens: SenseTokens) -> SenseTokens:
        """Return a latent for each token."""
        latent = self.leave(self.encoder(tokens.flat(), tokens.may_look(back=self.looks_back)))
        return tokens.replaced(latent.unflatten(1, tokens.real.shape[1:]))


class PatchedSense(SenseEncoder):
    """Video, and spectrograms as pictures whose time runs down: patches, ``each`` of a moment, one after the other."""

    def __init__(self, config: MultimodalConfig, sense: Sense, patch: tuple[int, int, int], each: int) -> None:
        super().__init__(config, sense)
        self.patches = Patches(3 if sense == "video" else 1, patch, self.width)
        self.each, self.down = each, sense == "audio"

    def tokens(self, x: Float[Tensor, "b t ch y x"]) -> SenseTokens:
        """Return one token per patch. Time comes first in a clip's tokens, so moments are stretches of them."""
        patches: Tokens = self.patches(x)
        shape = (-1, self.each)
        value, position = patches.value.unflatten(1, shape), patches.position.unflatten(1, shape)
        if self.down:
            position = position[..., [1, 0, 2]]
        real = torch.ones(value.shape[:3], dtype=torch.bool, device=x.device)
        return SenseTokens(value=value, position=position, real=real)


class MotionSense(SenseEncoder):
    """Every animal of the scene as a token: where it is, how it moves, what it is and does, what is around it.

    A moment knows of those before it and not of later ones, so that all of them can tell what comes next.
    """

    looks_back = True

    def __init__(self, config: MultimodalConfig, features: int) -> None:
        super().__init__(config, "motion")
        self.enter = nn.Linear(features, self.width)
        self.dropout = config.species_dropout
        self.species = nn.Embedding(config.species_rows, self.width)  # row 0: unknown
        self.behaviors = nn.Embedding(len(config.behavior_names) + 1, self.width)
        traits = torch.tensor(config.species_traits) if config.species_traits else torch.zeros(1, 1)
        self.register_buffer("traits", nn.functional.pad(traits, (0, 0, 1, 0)))
        row = torch.arange(len(config.species_names) + 1).clamp(max=len(traits))
        self.register_buffer("row", row, persistent=False)  # of traits, for each species
        self.of_traits = nn.Linear(traits.shape[1], self.width, bias=False)
        self.neighbourhood = Neighbourhood(self.width)
        nn.init.normal_(self.species.weight, std=0.5)
        nn.init.normal_(self.behaviors.weight, std=0.5)

    traits: Tensor
    row: Tensor

    def tokens(self, motion: Motion) -> SenseTokens:
        """Return one token per animal and moment.

        Of a species that is unknown (row 0) no traits are known either.
        """
        named = motion.species
        if self.training and self.dropout > 0:
            kept = torch.rand(named.shape[0], 1, named.shape[2], device=named.device) >= self.dropout
            named = named * kept
        traits = self.of_traits(self.traits)[self.row]
        kinds = self.species(named) + traits[motion.species] + self.behaviors(motion.behavior).mean(2)
        known = self.species.weight[: len(traits)] + traits
        names = (self.neighbourhood.narrowed(table) for table in (known, self.behaviors.weight))
        around = self.neighbourhood(kinds, motion.view, *names)
        value = self.enter(motion.features) + kinds + around
        moment = torch.arange(value.shape[1], device=value.device, dtype=torch.float32)
        position = torch.zeros(*value.shape[:3], 3, device=value.device)
        position[..., 0] = moment[:, None]
        return SenseTokens(value=value, position=position, real=motion.real)


class PointSense(SenseEncoder):
    """A lidar's clouds: groups of neighbours, each told where its middle lies."""

    def __init__(self, config: MultimodalConfig) -> None:
        super().__init__(config, "points")
        self.groups = PointTokens(config.groups, config.group_points, self.width)
        self.where = nn.Sequential(nn.Linear(3, self.width), nn.GELU(), nn.Linear(self.width, self.width))

    def tokens(self, clouds: Clouds) -> SenseTokens:
        """Return one token per group of each moment's cloud; a cloud of too few points tells nothing.

        Raises:
            ConfigError: when no cloud could ever have enough, for lack of beams.
        """
        fewest, beams = max(self.groups.centres, self.groups.neighbours), clouds.there.shape[-1]
        if beams < fewest:
            raise ConfigError(f"A cloud has {beams} beams; the model needs {fewest}: record with more beams.")
        enough = clouds.there.sum(-1) >= fewest
        there = clouds.there | ~enough[..., None]
        groups = self.groups(clouds.position.flatten(0, 1), there.flatten(0, 1))
        value = (groups.value + self.where(groups.position)).unflatten(0, enough.shape)
        position = torch.zeros(*value.shape[:3], 3, device=value.device)
        position[..., 0] = torch.arange(value.shape[1], device=value.device, dtype=torch.float32)[:, None]
        return SenseTokens(value=value, position=position, real=enough[..., None].expand(value.shape[:3]))


class TextSense(SenseEncoder):
    """Words about a clip, which belong to no moment of it in particular."""

    def __init__(self, config: MultimodalConfig) -> None:
        super().__init__(config, "text")
        self.embedding = nn.Embedding(config.vocabulary, self.width)
        nn.init.normal_(self.embedding.weight, std=0.5)

    def tokens(self, words: Int[Tensor, "b n"], real: Bool[Tensor, "b n"]) -> SenseTokens:
        """Return one token per piece of a word."""
        value = self.embedding(words)[:, None]
        position = torch.zeros(*value.shape[:3], 3, device=value.device)
        position[..., 0] = torch.arange(words.shape[1], device=value.device, dtype=torch.float32)
        return SenseTokens(value=value, position=position, real=real[:, None])
