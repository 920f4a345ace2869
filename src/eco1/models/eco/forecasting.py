"""Whole futures from a memory: the expected path, sampled futures of the scene, and the behaviour that comes next."""

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from eco1.models.eco.living import decide, imagine_step
from eco1.models.eco.memory import EcoMemory
from eco1.models.eco.network import EcoNetwork
from eco1.models.eco.targets import body_velocities
from eco1.sensors.scene import to_world


def forecast(network: EcoNetwork, z: EcoMemory, steps: int) -> Float[Tensor, "b steps n 3"]:
    """Return expected positions (world axes, metres). Past the last knot the last stretch goes on."""
    scene = z.scene
    history = body_velocities(z.velocity_history, scene.heading_rad, scene.body_length_m)
    latent = z.latent.flatten(0, 1)
    future, cues = network.predictor(latent), z.cues.flatten(0, 1)
    kinds = (scene.species + 1).flatten(), (scene.behavior + 1).flatten()
    knots = network.knots(latent, future, history.flatten(0, 1), cues, *kinds)
    path = _between_knots(knots.unflatten(0, scene.alive.shape), network.config.knot_frames, steps)
    path = torch.where(scene.alive[..., None, None], path, 0.0) * scene.body_length_m[..., None, None]
    offset = torch.cat([to_world(path[..., :2], scene.heading_rad[..., None]), path[..., 2:]], dim=-1)
    return (scene.position_m[:, :, None] + offset).transpose(1, 2)


def sample_futures(
    network: EcoNetwork, z: EcoMemory, steps: int, samples: int, generator: Generator | None
) -> Float[Tensor, "b samples steps n 3"]:
    """Return positions of ``samples`` rollouts of every world."""
    worlds = z.batch
    z = z.repeat(samples)
    path: list[Tensor] = []
    for _ in range(steps):
        z = imagine_step(network, z, decide(network, z, generator))
        path.append(z.scene.position_m)
    return torch.stack(path, dim=1).unflatten(0, (worlds, samples))


def anticipate(network: EcoNetwork, z: EcoMemory) -> Float[Tensor, "b n c"]:
    """Return the probability that each behaviour is the next new one."""
    latent = z.latent.flatten(0, 1)
    species, behavior = (z.scene.species + 1).flatten(), (z.scene.behavior + 1).flatten()
    logits = network.coming(latent, network.predictor(latent), species, behavior)
    return logits.softmax(-1).unflatten(0, z.scene.alive.shape)


def _between_knots(knots: Float[Tensor, "b n q 3"], spacing: int, steps: int) -> Float[Tensor, "b n steps 3"]:
    """Return the path at every frame from 1 to ``steps`` by linear interpolation; the path starts at 0."""
    points = torch.cat([torch.zeros_like(knots[..., :1, :]), knots], dim=-2)
    frame = torch.arange(1, steps + 1, device=knots.device)
    left = ((frame - 1) // spacing).clamp(max=knots.shape[-2] - 1)
    share = (frame / spacing - left)[:, None].to(knots.dtype)
    start, end = points[..., left, :], points[..., left + 1, :]
    return start + share * (end - start)
