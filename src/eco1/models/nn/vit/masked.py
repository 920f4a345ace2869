"""The task of joint-embedding models: say the latents of what is hidden from those of what is shown.

Shape letters: b clips, n tokens, d width.
"""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor

from eco1.models.nn.masking import Split
from eco1.models.nn.vit.encoder import Encoder
from eco1.models.nn.vit.patches import Tokens, gathered
from eco1.models.nn.vit.predictor import Predictor

Distance = Callable[[Tensor, Tensor], Tensor]


def masked_error(
    encoder: Encoder,
    predictor: Predictor,
    tokens: Tokens,
    target: Float[Tensor, "b n d"],
    split: Split,
    distance: Distance,
) -> Float[Tensor, ""]:
    """Return the distance of predicted latents from the target's, mean over the sets asked for."""
    context = tokens.only(split.shown.to(target.device))
    context = Tokens(value=encoder(context), position=context.position)
    errors: list[Tensor] = []
    for hidden in split.hidden:
        asked = hidden.to(target.device)
        predicted = predictor(context, gathered(tokens.position, asked), split.kind)
        errors.append(distance(predicted, gathered(target, asked)))
    return torch.stack(errors).mean()
