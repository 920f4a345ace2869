"""Where an animal's own kind is and heads, however many others stand between them."""

import torch
from jaxtyping import Float
from torch import Tensor

from eco1.sensors.channels import CLOSEST_BODY_LENGTHS, KIN_REACH
from eco1.sensors.scene import Scene, to_body


def kin_of(scene: Scene) -> Float[Tensor, "*b n 17"]:
    """Return the channels from ``kin_ahead`` to ``herd_log_distance`` of ``channels.OWN``; 0 for who is alone.

    The middle of the kin and their mean heading count an animal at distance d (body lengths) by 1 / (1 + (d / 10)^2);
    then the nearest one, and the middle of all of its kind.
    """
    animals = scene.alive.shape[-1]
    length, heading = scene.body_length_m[..., None, None], scene.heading_rad[..., None]
    offset = (scene.position_m[..., None, :, :] - scene.position_m[..., :, None, :]) / length
    distance = offset.norm(dim=-1)
    apart = ~torch.eye(animals, dtype=torch.bool, device=distance.device)
    same = (scene.species[..., :, None] == scene.species[..., None, :]) & scene.alive[..., None, :] & apart
    share = same / (1.0 + (distance / KIN_REACH).square())
    facing = torch.stack([torch.cos(scene.heading_rad), torch.sin(scene.heading_rad)], dim=-1)
    near = share.sum(-1, keepdim=True)
    middle = _mean(share, offset[..., :2])
    heads = share @ facing / near.clamp(min=_NOBODY)
    herd = _mean(same.to(share.dtype), offset[..., :2])
    nearest = torch.where(same, distance, torch.inf).argmin(-1)[..., None]
    gap = offset.gather(-2, nearest[..., None].expand(*nearest.shape, 3))[..., 0, :]
    mate = [
        _of(facing, nearest),
        (_of(scene.velocity_mps[..., :2], nearest) - scene.velocity_mps[..., :2]) / length[..., 0],
    ]
    flat = torch.stack([middle, heads, gap[..., :2], *mate, herd], dim=-2)
    middle, heads, toward, faces, faster, herd = to_body(flat, heading).unbind(-2)
    present = same.any(-1, keepdim=True).to(share.dtype)
    columns = [
        *_place(middle, middle.norm(dim=-1, keepdim=True)), present, heads, torch.log1p(near),
        *_place(toward, gap.norm(dim=-1, keepdim=True)), faces, torch.asinh(faster),
        *_place(herd, herd.norm(dim=-1, keepdim=True)),
    ]  # fmt: skip
    return torch.where(present > 0, torch.cat(columns, dim=-1), 0.0)


_NOBODY = 1e-9


def _mean(share: Float[Tensor, "*b n m"], offset: Float[Tensor, "*b n m 2"]) -> Float[Tensor, "*b n 2"]:
    return (share[..., None] * offset).sum(-2) / share.sum(-1, keepdim=True).clamp(min=_NOBODY)


def _of(value: Float[Tensor, "*b n 2"], row: Tensor) -> Float[Tensor, "*b n 2"]:
    """Return the value of other rows (*b, n, 1)."""
    return value.gather(-2, row.expand(*row.shape[:-1], 2))


def _place(toward: Float[Tensor, "*b n 2"], distance: Float[Tensor, "*b n 1"]) -> tuple[Tensor, Tensor]:
    """Return direction and log distance."""
    return toward / (distance + CLOSEST_BODY_LENGTHS), torch.log1p(distance)
