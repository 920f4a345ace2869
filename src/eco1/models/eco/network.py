"""All learned parts of Eco-1 in one module, and the one way through them: scene to view to token to latent."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

from eco1.models.eco.codebook import MotionCodebook
from eco1.models.eco.config import EcoConfig
from eco1.models.eco.decoder import Decoder, RouterBias
from eco1.models.eco.futures import AutoregressivePath, FutureHead, LatentPredictor, OutlookHead, PathHead
from eco1.models.eco.heads import BehaviorHead, MotionHead
from eco1.models.eco.priors import CountedPrior
from eco1.models.eco.scene_encoder import SceneEncoder
from eco1.models.eco.targets import fading_before, motion_since
from eco1.models.nn.attention import KeyValue
from eco1.models.nn.ema import follow
from eco1.models.nn.routing import Routing
from eco1.sensors.egocentric import CUES, Egocentric, egocentric
from eco1.sensors.scene import Scene
from eco1.sensors.trace import Linked, Trace, link

_NO_LIMIT = 100.0  # body lengths/s, before ranges were measured
_RULED_OUT = -1e4  # a logit of no chance at all, yet finite


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A scene (b, t, n) as the network understands it.

    ``token`` is what each animal sees in a frame, ``latent`` what that means after all it has seen before; ``motion``
    are the tokens of the motion that led to each frame, ``recent`` its state (``codebook.read``) and the one before.
    """

    linked: Linked
    view: Egocentric
    cues: Float[Tensor, "b t n c"]
    token: Float[Tensor, "b t n d"]
    latent: Float[Tensor, "b t n d"]
    motion: Int[Tensor, "b t n f"]
    recent: Int[Tensor, "b t n 2 f"]
    cache: tuple[KeyValue, ...]
    routing: tuple[Routing, ...]


class EcoNetwork(nn.Module):
    """Encoder and its EMA target, decoder, heads, and the numbers that are measured rather than learned.

    ``speed_limit`` and ``climb_limit`` (body lengths/s, per species, 0 unknown) are the ranges observed in the training
    data; imagination keeps to them, so that it can never run away. ``heading_gain`` is the share of a turn by which the
    recorded heading follows the course within one frame (tracks of real animals have a smoothed heading).
    """

    speed_limit: Tensor
    climb_limit: Tensor
    heading_gain: Tensor

    def __init__(self, config: EcoConfig) -> None:
        super().__init__()
        self.config = config
        species = len(config.species_names)
        self.encoder = SceneEncoder(config)
        self.target = copy.deepcopy(self.encoder).requires_grad_(False)
        self.router_bias = RouterBias(config)
        self.decoder = Decoder(config)
        self.codebook = MotionCodebook(species, config.motion_factors, config.motion_bins_per_side)
        self.behavior = BehaviorHead(config)
        self.motion = MotionHead(config)
        self.prior = CountedPrior(config)
        self.predictor = LatentPredictor(config)
        self.outlook = OutlookHead(config)
        self.path_base = AutoregressivePath(config)
        self.path = PathHead(config)
        self.anticipation = FutureHead(config, max(len(config.behavior_names), 1))
        self.register_buffer("speed_limit", torch.full((species + 1,), _NO_LIMIT))
        self.register_buffer("climb_limit", torch.full((species + 1,), _NO_LIMIT))
        self.register_buffer("heading_gain", torch.ones(species + 1))

    @property
    def device(self) -> torch.device:
        """Return where the parameters live."""
        return self.speed_limit.device

    def view(self, scene: Scene, linked: Linked) -> Egocentric:
        """Return what each animal sees."""
        config = self.config
        return egocentric(
            scene, linked, dt_s=config.dt_s, nearest=config.max_neighbours, strangers=config.max_strangers
        )

    def motion_tokens(
        self, scene: Scene, linked: Linked, before: Int[Tensor, "b n f"] | None
    ) -> tuple[Int[Tensor, "b t n f"], Int[Tensor, "b t n 2 f"]]:
        """Return the tokens of the motion that led to each frame, and its state beside the one before.

        ``before`` is the state at the frame before the first. At an animal's first frame states are
        ``codebook.nothing`` and the token means nothing.
        """
        change = motion_since(scene, linked)[..., : self.config.motion_factors]
        token, state = self.codebook.read(change, scene.species + 1, fading_before(scene, linked))
        known = linked.has_past[..., None]
        state = torch.where(known, state, self.codebook.nothing)
        first = torch.full_like(state[:, :1], self.codebook.nothing) if before is None else before[:, None]
        earlier = torch.where(known, torch.cat([first, state[:, :-1]], dim=1), self.codebook.nothing)
        return token, torch.stack([state, earlier], dim=-2)

    def read(
        self,
        scene: Scene,
        past: Trace,
        *,
        frame: Int[Tensor, " b"],
        before: Int[Tensor, "b n f"] | None = None,
        cache: Sequence[KeyValue] = (),
        remember: bool = False,
        drop: bool = False,
    ) -> Reading:
        """Return the latents of a scene (b, t, n) that follows ``past``.

        ``before`` as in ``motion_tokens``, the other arguments as in ``Decoder.forward``.
        """
        linked = link(scene, past)
        view = self.view(scene, linked)
        token = self.encoder(view)
        decoded = self.decoder(
            token.transpose(1, 2),
            self.router_bias(view).transpose(1, 2),
            scene.alive.transpose(1, 2),
            linked.age.transpose(1, 2),
            frame=frame,
            cache=cache,
            remember=remember,
            drop=drop,
        )
        motion, recent = self.motion_tokens(scene, linked, before)
        return Reading(
            linked=linked,
            view=view,
            cues=self.encoder.own_scale(view.own)[..., CUES],
            token=token,
            latent=decoded.latent.transpose(1, 2),
            motion=motion,
            recent=recent,
            cache=decoded.cache,
            routing=decoded.routing,
        )

    def knots(
        self,
        latent: Float[Tensor, "m d"],
        future: Float[Tensor, "m h d"],
        history: Tensor,
        cues: Float[Tensor, "m c"],
        species: Int[Tensor, " m"],
        behavior: Int[Tensor, " m"],
    ) -> Float[Tensor, "m q 3"]:
        """Return displacements (body lengths, body frame) at the knots: autoregressive path plus what was learned."""
        residual = self.path(latent, future, history, cues, behavior)
        return self.path_base(history, species) + residual * self.path_base.path_scale(species)[:, None, None]

    def following(
        self, latent: Float[Tensor, "m d"], species: Int[Tensor, " m"], behavior: Int[Tensor, " m"]
    ) -> Float[Tensor, "m c"]:
        """Return logits of the next frame's behaviour; species and present behaviour are shifted by one."""
        return self.behavior(latent, self.prior.following[species, behavior])

    def coming(
        self,
        latent: Float[Tensor, "m d"],
        future: Float[Tensor, "m h d"],
        species: Int[Tensor, " m"],
        behavior: Int[Tensor, " m"],
    ) -> Float[Tensor, "m c"]:
        """Return logits of the behaviour that begins next; the present one (shifted by one) is ruled out."""
        logits = self.anticipation(latent, future).float() + self.prior.coming[species, behavior]
        ruled_out = functional.pad(torch.zeros_like(logits), (1, 0)).scatter(-1, behavior[:, None], _RULED_OUT)
        return logits + ruled_out[:, 1:]

    @torch.no_grad()
    def update_target(self, momentum: float) -> None:
        """Move the target encoder towards the encoder: target = momentum * target + (1 - momentum) * encoder."""
        follow(self.target, self.encoder, momentum)
