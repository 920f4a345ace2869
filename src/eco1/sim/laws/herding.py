"""Herding: repulsion, alignment and attraction in zones, Couzin et al. (2002), DOI 10.1006/jtbi.2002.3065."""

import math

from eco1.sim.compiled import inlined


@inlined
def push(d2: float, reach: float):
    """Return the weight of the offset to a body nearer than ``reach``: grows as it comes closer, 0 at the edge."""
    return (reach * reach - d2) / (reach * reach * (d2 + 0.04 * reach * reach))


@inlined
def blend(
    wish_x: float, wish_y: float, push_x: float, push_y: float, push_weight: float,
    flow_x: float, flow_y: float, align_weight: float, herd_x: float, herd_y: float, herd_weight: float,
):  # fmt: skip
    """Return the unit direction that mixes an own wish with the zones; repulsion is felt first."""
    x, y = wish_x + push_weight * push_x, wish_y + push_weight * push_y
    norm = math.sqrt(flow_x * flow_x + flow_y * flow_y)
    if norm > 0.1:
        x += align_weight * flow_x / norm
        y += align_weight * flow_y / norm
    norm = math.sqrt(herd_x * herd_x + herd_y * herd_y)
    if norm > 1.0:
        x += herd_weight * herd_x / norm
        y += herd_weight * herd_y / norm
    norm = math.sqrt(x * x + y * y)
    if norm < 1e-4:
        return 1.0, 0.0
    return x / norm, y / norm
