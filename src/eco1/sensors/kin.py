"""Where an animal's own kind is and heads, however many others stand between them."""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from eco1.sensors.channels import CLOSEST_BODY_LENGTHS, KIN_REACH
from eco1.sensors.scene import Scene, to_body

_NOBODY = 1e-9  # keeps means finite where there is no kin


def kin_of(scene: Scene, apart_m: Float[Tensor, "*b n n"]) -> Float[Tensor, "*b n 17"]:
    """Return the channels from ``kin_ahead`` to ``herd_log_distance`` of ``channels.OWN``; 0 for who is alone.

    ``apart_m`` are the ``distances``. The middle of the kin and their mean heading count an animal at distance d (body
    lengths) by 1 / (1 + (d / 10)^2); then the nearest one, and the middle of all of its kind.
    """
    length, heading = scene.body_length_m[..., None], scene.heading_rad[..., None]
    distance = apart_m / length
    same = (scene.species[..., :, None] == scene.species[..., None, :]) & scene.alive[..., None, :] & apart_m.isfinite()
    facing = torch.stack([torch.cos(scene.heading_rad), torch.sin(scene.heading_rad)], dim=-1)
    share = same / (1.0 + (distance / KIN_REACH).square())
    near = share.sum(-1, keepdim=True)
    middle, heads = _means(share, scene.position_m[..., :2], facing)
    herd, _ = _means(same.to(share.dtype), scene.position_m[..., :2], facing)
    nearest = torch.where(same, distance, torch.inf).argmin(-1)[..., None]
    gap = _of(scene.position_m, nearest) - scene.position_m
    faster = _of(scene.velocity_mps[..., :2], nearest) - scene.velocity_mps[..., :2]
    middle, herd, gap, mate = middle / length, herd / length, gap / length, [_of(facing, nearest), faster / length]
    flat = torch.stack([middle, heads, gap[..., :2], *mate, herd], dim=-2)
    middle, heads, toward, faces, faster, herd = to_body(flat, heading).unbind(-2)
    present = same.any(-1, keepdim=True).to(share.dtype)
    columns = [
        *_place(middle, middle.norm(dim=-1, keepdim=True)), present, heads, torch.log1p(near),
        *_place(toward, gap.norm(dim=-1, keepdim=True)), faces, torch.asinh(faster),
        *_place(herd, herd.norm(dim=-1, keepdim=True)),
    ]  # fmt: skip
    return torch.where(present > 0, torch.cat(columns, dim=-1), 0.0)


def distances(scene: Scene) -> Float[Tensor, "*b n n"]:
    """Return distances between all rows, m, to oneself infinite.

    Axis by axis: arrays of offsets would be three times as large.
    """
    square = [(x[..., None, :] - x[..., :, None]).square() for x in scene.position_m.unbind(-1)]
    oneself = torch.eye(scene.alive.shape[-1], dtype=torch.bool, device=scene.alive.device)
    return (square[0] + square[1] + square[2]).sqrt().masked_fill(oneself, torch.inf)


def _means(
    share: Float[Tensor, "*b n m"], place: Float[Tensor, "*b n 2"], facing: Float[Tensor, "*b n 2"]
) -> tuple[Float[Tensor, "*b n 2"], Float[Tensor, "*b n 2"]]:
    """Return the offset to the middle (m) and the mean heading vector of all others, each by its share.

    As products of matrices, and in full precision: coordinates have more digits than bfloat16.
    """
    with torch.autocast(share.device.type, enabled=False):
        summed = share @ torch.cat([place, facing], dim=-1)
    middle, heads = (summed / share.sum(-1, keepdim=True).clamp(min=_NOBODY)).split(2, dim=-1)
    return middle - place, heads


def _of(value: Float[Tensor, "*b n c"], row: Int[Tensor, "*b n 1"]) -> Float[Tensor, "*b n c"]:
    """Return the value of other rows."""
    return value.gather(-2, row.expand_as(value))


def _place(toward: Float[Tensor, "*b n 2"], distance: Float[Tensor, "*b n 1"]) -> tuple[Tensor, Tensor]:
    """Return direction and log distance."""
    return toward / (distance + CLOSEST_BODY_LENGTHS), torch.log1p(distance)
