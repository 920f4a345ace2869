"""What a model of motion and content learns from.

Shape letters: b pictures, c channels, y rows, x columns, m latents, d width.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from eco1.models.nn.flow import WINDOW, edge_aware_smoothness, photometric_error, scaled_flow, warped
from eco1.models.nn.vicreg import covariance, invariance, variance

Levels = Sequence[Float[Tensor, "b _ _ _"]]


@dataclass(frozen=True, kw_only=True)
class Moved:
    """Pictures (0 to 1) with those before them, the features of both and the flow between, and the flow back."""

    before: Float[Tensor, "b c y x"]
    now: Float[Tensor, "b c y x"]
    features_before: Levels
    features_now: Levels
    flow: Levels
    flow_back: Levels


def motion_terms(moved: Moved) -> Mapping[str, Tensor]:
    """Return the terms of motion: MC-JEPA, arXiv 2307.12698, section 3.

    ``photometric`` and ``regression`` say how well the picture and its features are foretold by moving those before, at
    every level: a picture alone tells fine levels of small motion only (as in ARFlow, arXiv 2003.13045). ``cycle`` says
    how well features come back that are moved there and back, ``smoothness`` how uneven the flow is.
    ``level_variance`` and ``level_covariance`` keep features from becoming what is easiest to move: nothing.
    """
    flow = scaled_flow(moved.flow[0], *moved.now.shape[-2:])
    pairs = list(zip(moved.features_before, moved.features_now, moved.flow, moved.flow_back, strict=True))
    rows = [features.movedim(1, -1).flatten(0, 2) for features in moved.features_now]
    return {
        "photometric": _mean(
            [_photometric(moved, each) for each in (flow, *moved.flow) if min(each.shape[-2:]) >= WINDOW]
        ),
        "smoothness": edge_aware_smoothness(flow, moved.now),
        "regression": _mean([(now - warped(before, there)).square().mean() for before, now, there, _ in pairs]),
        "cycle": _mean([(now - warped(warped(now, back), there)).square().mean() for _, now, there, back in pairs]),
        "level_variance": _mean([variance(level) for level in rows]),
        "level_covariance": _mean([covariance(level) for level in rows]),
    }


def content_terms(one: Float[Tensor, "m d"], other: Float[Tensor, "m d"]) -> Mapping[str, Tensor]:
    """Return VICReg's terms on two views: variances are averaged and covariances added, as in the authors' code."""
    return {
        "invariance": invariance(one, other),
        "variance": (variance(one) + variance(other)) / 2.0,
        "covariance": covariance(one) + covariance(other),
    }


def _photometric(moved: Moved, flow: Float[Tensor, "b 2 q p"]) -> Float[Tensor, ""]:
    """Return the error of pictures as small as the flow."""
    rows, columns = flow.shape[-2:]
    now, before = (functional.adaptive_avg_pool2d(each, (rows, columns)) for each in (moved.now, moved.before))
    return photometric_error(now, warped(before, flow))


def _mean(values: list[Tensor]) -> Tensor:
    return torch.stack(values).mean()
