"""Optical flow: pyramids of features, motion from coarse to fine, and what tells good motion from bad."""

from eco1.models.nn.flow.estimator import FlowEstimator
from eco1.models.nn.flow.judging import WINDOW, edge_aware_smoothness, photometric_error
from eco1.models.nn.flow.pyramid import Pyramid
from eco1.models.nn.flow.warping import correlation, scaled_flow, warped

__all__ = [
    "WINDOW",
    "FlowEstimator",
    "Pyramid",
    "correlation",
    "edge_aware_smoothness",
    "photometric_error",
    "scaled_flow",
    "warped",
]
