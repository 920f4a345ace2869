"""The predictor of an action-conditioned model: from frames so far, and what is done after each, to the next frame.

V-JEPA 2-AC, arXiv 2506.09985, section 3.1.

Shape letters: b clips, t frames, n patches of a frame, d width of the latents, a numbers of an action, s of a state.
"""

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from eco1.models.nn.vit.config import ViTConfig
from eco1.models.nn.vit.layer import Layer
from eco1.models.nn.vit.patches import Tokens
from eco1.models.nn.vit.places import Places, through

_BESIDE = 2  # tokens of a frame beside its patches: action and state


class ActionPredictor(nn.Module):
    """A transformer over the action, the state and the patches of each frame in turn.

    Every token knows of all tokens of its own frame and of those before. What it makes of a patch is what it expects
    there one frame later.
    """

    def __init__(self, config: ViTConfig, latent_width: int, action_width: int, state_width: int) -> None:
        super().__init__()
        self.places = Places(config)
        self.enter = nn.Linear(latent_width, config.width)
        self.enter_action = nn.Linear(action_width, config.width)
        self.enter_state = nn.Linear(state_width, config.width)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.layers))
        self.norm = nn.LayerNorm(config.width, eps=config.eps)
        self.leave = nn.Linear(config.width, latent_width)

    def forward(
        self,
        latents: Float[Tensor, "b t n d"],
        place: Float[Tensor, "n 3"],
        action: Float[Tensor, "b t a"],
        state: Float[Tensor, "b t s"],
        seen: Bool[Tensor, "b t"],
    ) -> Float[Tensor, "b t n d"]:
        """Return the latents expected one frame after each. Frames that were not ``seen`` tell the others nothing.

        ``place`` says where patches lie in a frame; actions and states are placed in time alone.
        """
        _, frames, patches, _ = latents.shape
        beside = [enter(x)[:, :, None] for enter, x in ((self.enter_action, action), (self.enter_state, state))]
        value = torch.cat([*beside, self.enter(latents)], dim=2).flatten(1, 2)
        tokens = Tokens(value=value, position=_positions(seen, place))
        x = through(self.layers, self.places, tokens, block_causal(seen, patches + _BESIDE)[:, None])
        return self.leave(self.norm(x.unflatten(1, (frames, patches + _BESIDE))[:, :, _BESIDE:]))


def _positions(seen: Bool[Tensor, "b t"], place: Float[Tensor, "n 3"]) -> Float[Tensor, "b m 3"]:
    """Return where all tokens are; time is counted from the first frame that was seen."""
    within = torch.cat([place.new_zeros(_BESIDE, 3), place])
    moment = (seen.cumsum(1) - 1).clamp_min(0)[..., None] * place.new_tensor([1.0, 0.0, 0.0])
    return (moment[:, :, None] + within).flatten(1, 2)


def block_causal(seen: Bool[Tensor, "b t"], tokens: int) -> Bool[Tensor, "b m m"]:
    """Return who may ask whom among frames of so many tokens: one's own frame, and those before that were seen."""
    frames = seen.shape[1]
    earlier = torch.ones(frames, frames, dtype=torch.bool, device=seen.device).tril()
    own = torch.eye(frames, dtype=torch.bool, device=seen.device)
    allowed = (earlier & seen[:, None, :]) | own
    return allowed.repeat_interleave(tokens, 1).repeat_interleave(tokens, 2)
