"""A scene as tensors: the same fields as ``core.records.Observation``, cleaned so that no NaN can reach a model."""

import math
from dataclasses import dataclass, fields, replace

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn import functional

from eco1.core.records import ArrayRecord, Observation

#: Channels of ``Observation.surroundings``: x, y offsets first, then slope and current, then single numbers.
OFFSET_CHANNELS = 8
SLOPE_CHANNELS = slice(8, 10)
CURRENT_CHANNELS = slice(10, 12)
FELT_CHANNELS = slice(12, 15)
HEIGHT_CHANNELS = slice(15, 17)
_LASTING = slice(OFFSET_CHANNELS, HEIGHT_CHANNELS.start)


@dataclass(frozen=True, kw_only=True)
class Scene(ArrayRecord):
    """Animals as rows of tensors; units and meaning as in ``Observation``. What does not exist stays NaN."""

    position_m: Float[Tensor, "*b n 3"]
    velocity_mps: Float[Tensor, "*b n 3"]
    heading_rad: Float[Tensor, "*b n"]
    alive: Bool[Tensor, "*b n"]
    carcass: Bool[Tensor, "*b n"]
    identity: Int[Tensor, "*b n"]
    species: Int[Tensor, "*b n"]
    behavior: Int[Tensor, "*b n"]
    body_length_m: Float[Tensor, "*b n"]
    surroundings: Float[Tensor, "*b n s"]

    @property
    def own_velocity_mps(self) -> Float[Tensor, "*b n 3"]:
        """Velocity in the medium that carries the animal: over ground, less the current."""
        current = functional.pad(self.surroundings[..., CURRENT_CHANNELS], (0, 1))
        return self.velocity_mps - torch.where(self.alive[..., None], current, 0.0)


def scene_of(observation: Observation, device: torch.device | None = None) -> Scene:
    """Return the observation as clean tensors: empty rows hold zeros, a body length of 1 m and no behaviour.

    What senses an observation may come with is left out.
    """
    raw = {f.name: torch.as_tensor(getattr(observation, f.name), device=device) for f in fields(Observation)}
    present = raw["alive"] | raw["carcass"]
    row = present[..., None]
    length = raw["body_length_m"]
    surroundings = raw["surroundings"]
    return Scene(
        position_m=torch.where(row, raw["position_m"], 0.0).nan_to_num(),
        velocity_mps=torch.where(raw["alive"][..., None], raw["velocity_mps"], 0.0).nan_to_num(),
        heading_rad=torch.where(present, raw["heading_rad"], 0.0).nan_to_num(),
        alive=raw["alive"],
        carcass=raw["carcass"],
        identity=raw["identity"],
        species=raw["species"].long(),
        behavior=torch.where(raw["alive"], raw["behavior"].long(), -1),
        body_length_m=torch.where(present & (length > 0), length, 1.0).nan_to_num(1.0),
        surroundings=torch.cat(
            [
                surroundings[..., :OFFSET_CHANNELS],
                surroundings[..., _LASTING].nan_to_num(),
                surroundings[..., HEIGHT_CHANNELS],
            ],
            dim=-1,
        ),
    )


def observation_of(scene: Scene) -> Observation:
    """Return the scene as the numpy record that crosses between rooms."""
    raw = {f.name: getattr(scene, f.name).detach().cpu().numpy() for f in fields(scene)}
    raw["species"] = raw["species"].astype("int16")
    raw["behavior"] = raw["behavior"].astype("int16")
    return Observation(**raw)


def mirrored(scene: Scene, mirror: Bool[Tensor, " b"]) -> Scene:
    """Return the scene with y turned to -y in the chosen batch entries: left becomes right, physics stays the same."""
    sign = torch.where(mirror, -1.0, 1.0).reshape(-1, *(1,) * (scene.heading_rad.ndim - 1))
    flip = torch.stack([torch.ones_like(sign), sign, torch.ones_like(sign)], dim=-1)
    around = torch.ones_like(sign)[..., None].repeat(*(1,) * sign.ndim, scene.surroundings.shape[-1])
    around[..., 1 : CURRENT_CHANNELS.stop : 2] = sign[..., None]
    return replace(
        scene,
        position_m=scene.position_m * flip,
        velocity_mps=scene.velocity_mps * flip,
        heading_rad=scene.heading_rad * sign,
        surroundings=scene.surroundings * around,
    )


def moved(
    scene: Scene,
    velocity_mps: Float[Tensor, "*b n 3"],
    heading_rad: Float[Tensor, "*b n"],
    behavior: Int[Tensor, "*b n"],
    dt_s: float,
) -> Scene:
    """Return the scene one step later: the living move, places move past, slope, current, plants and levels stay."""
    alive = scene.alive
    velocity = torch.where(alive[..., None], velocity_mps, 0.0)
    step = velocity * dt_s
    offsets = scene.surroundings[..., :OFFSET_CHANNELS] - step[..., :2].repeat(
        *(1,) * (step.ndim - 1), OFFSET_CHANNELS // 2
    )
    levels = scene.surroundings[..., HEIGHT_CHANNELS]
    levels = levels + step[..., 2:] * levels.new_tensor([1.0, -1.0])
    return replace(
        scene,
        position_m=scene.position_m + step,
        velocity_mps=velocity,
        heading_rad=torch.where(alive, wrap(heading_rad), scene.heading_rad),
        behavior=torch.where(alive, behavior, scene.behavior),
        surroundings=torch.cat([offsets, scene.surroundings[..., _LASTING], levels], dim=-1),
    )


def wrap(angle_rad: Tensor) -> Tensor:
    """Return the angle in [-pi, pi)."""
    return torch.remainder(angle_rad + math.pi, 2.0 * math.pi) - math.pi


def to_body(vector: Float[Tensor, "*b 2"], heading_rad: Tensor) -> Float[Tensor, "*b 2"]:
    """Return a horizontal vector of world axes in body axes: x ahead, y to the left."""
    c, s = torch.cos(heading_rad)[..., None], torch.sin(heading_rad)[..., None]
    left = torch.stack([vector[..., 1], -vector[..., 0]], dim=-1)
    return c * vector + s * left


def to_world(vector: Float[Tensor, "*b 2"], heading_rad: Tensor) -> Float[Tensor, "*b 2"]:
    """Return a horizontal vector of body axes in world axes."""
    return to_body(vector, -heading_rad)
