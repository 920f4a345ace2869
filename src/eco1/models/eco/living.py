"""Eco-1 from step to step: taking in scenes, deciding, and imagining what was not seen."""

from dataclasses import dataclass, replace

import torch
from jaxtyping import Bool, Float, Int
from torch import Generator, Tensor

from eco1.models.eco.heads import pick
from eco1.models.eco.memory import EcoMemory, empty_memory
from eco1.models.eco.network import EcoNetwork, Reading
from eco1.models.eco.targets import CLIMB, SPEED, STILL, TURN, fading_motion, velocity_history
from eco1.sensors.scene import Scene, moved, to_world
from eco1.sensors.trace import no_trace, trace_of


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What every animal does next, in world axes."""

    velocity_mps: Float[Tensor, "b n 3"]
    heading_rad: Float[Tensor, "b n"]
    behavior: Int[Tensor, "b n"]


def take_in(network: EcoNetwork, z: EcoMemory, scene: Scene, is_first: Bool[Tensor, " b"]) -> EcoMemory:
    """Return the memory after one more scene (b, n); worlds that start anew have forgotten what was before."""
    past = replace(z.past, alive=z.past.alive & ~is_first[:, None])
    reading = network.read(
        scene.map(lambda x: x[:, None]), past, frame=z.frame, before=z.recent[:, :, 0], cache=z.cache, remember=True
    )
    fresh = ~reading.linked.has_past[:, 0]
    velocity = scene.velocity_mps[:, :, None]
    shifted = torch.cat([z.velocity_history[:, :, 1:], velocity], dim=2)
    history = torch.where(fresh[..., None, None], velocity, shifted)
    return _memory(scene, reading, history, z.frame + 1)


def take_in_clip(network: EcoNetwork, scene: Scene) -> EcoMemory:
    """Return the memory after a whole scene (b, t, n), as if its frames had been taken in one by one."""
    batch, frames, animals = scene.alive.shape
    device = scene.alive.device
    start = torch.zeros(batch, dtype=torch.long, device=device)
    reading = network.read(scene, no_trace(batch, animals, device), frame=start, remember=True)
    last = torch.tensor([frames - 1], device=device)
    history = velocity_history(scene, reading.linked, last, network.config.history_frames)[:, 0]
    return _memory(scene[:, -1], reading, history, start + frames, scene)


def decide(network: EcoNetwork, z: EcoMemory, generator: Generator | None) -> Decision:
    """Return what every animal does next: sampled, or the likeliest without a generator."""
    scene, factors = z.scene, network.config.motion_factors
    latent = z.latent.flatten(0, 1)
    chance = None if generator is None else _chances(latent.shape[0], 1 + 2 * factors, generator, latent.device)
    species, now = (scene.species + 1).flatten(), (scene.behavior + 1).flatten()
    wanted = pick(network.following(latent, species, now), None if chance is None else chance[:, 0])
    behavior = torch.where(now > 0, wanted, -1)
    recent = z.recent.flatten(0, 1)
    expected = network.prior.motion(species, behavior + 1, recent[:, 0])
    drawn = None if chance is None else chance[:, 1 : 1 + factors]
    token = network.motion.sample(latent, z.cues.flatten(0, 1), behavior + 1, recent, expected, drawn)
    place = torch.full_like(token, 0.5, dtype=latent.dtype) if chance is None else chance[:, 1 + factors :]
    last = fading_motion(z.past.turned_rad, z.past.own_velocity_mps, scene.body_length_m).flatten(0, 1)
    change = network.codebook.decode(token, species, last, place).unflatten(0, z.latent.shape[:2])
    return _decision(network, scene, change, behavior.view_as(scene.behavior))


def imagine_step(network: EcoNetwork, z: EcoMemory, decision: Decision) -> EcoMemory:
    """Return the memory one step later, had everyone moved as decided and nobody been born or died."""
    scene = moved(z.scene, decision.velocity_mps, decision.heading_rad, decision.behavior, network.config.dt_s)
    return take_in(network, z, scene, torch.zeros_like(z.frame, dtype=torch.bool))


def sized_for(network: EcoNetwork, z: EcoMemory, animals: int) -> EcoMemory:
    """Return the memory itself, or one with rows for ``animals`` when it has none yet."""
    if z.animals == 0 and animals:
        return empty_memory(network.config, z.batch, animals, network.device)
    return z


def _decision(network: EcoNetwork, scene: Scene, change: Tensor, behavior: Tensor) -> Decision:
    """Apply a turn and changes of speed (minus infinity: rest) and climb, within the ranges the species was seen in.

    They are told in the medium, the decision over ground: the current carries everybody on.
    """
    species = scene.species + 1
    length = scene.body_length_m
    limit, climb_limit = network.speed_limit[species], network.climb_limit[species]
    now = scene.own_velocity_mps / length[..., None]
    gain, turn = change[..., SPEED], change[..., TURN]
    speed = (now[..., :2].norm(dim=-1) + gain).clamp(min=STILL)
    speed = torch.where(gain == -torch.inf, 0.0, torch.minimum(speed, limit))
    climb = now[..., 2] + change[..., CLIMB] if change.shape[-1] > CLIMB else torch.zeros_like(speed)
    climb = torch.minimum(torch.maximum(climb, -climb_limit), climb_limit)
    ahead = to_world(torch.stack([speed, torch.zeros_like(speed)], dim=-1), scene.heading_rad + turn)
    heading = scene.heading_rad + torch.where(speed > 0, network.heading_gain[species], 1.0) * turn
    velocity = torch.cat([ahead, climb[..., None]], dim=-1) * length[..., None]
    velocity = velocity + scene.velocity_mps - scene.own_velocity_mps
    return Decision(velocity_mps=velocity, heading_rad=heading, behavior=behavior)


def _memory(scene: Scene, reading: Reading, history: Tensor, frame: Tensor, seen: Scene | None = None) -> EcoMemory:
    batch, frames, animals, _ = reading.latent.shape
    whole = scene.map(lambda x: x[:, None]) if seen is None else seen
    weights = torch.stack([r.weights() for r in reading.routing]).mean(0)
    return EcoMemory(
        scene=scene,
        past=trace_of(whole, reading.linked),
        velocity_history=history,
        cache=reading.cache,
        frame=frame,
        token=reading.token[:, -1],
        latent=reading.latent[:, -1],
        cues=reading.cues[:, -1],
        recent=reading.recent[:, -1],
        routing=weights.view(batch, animals, frames, -1)[:, :, -1],
    )


def _chances(rows: int, columns: int, generator: Generator, device: torch.device) -> Tensor:
    return torch.rand(rows, columns, generator=generator, device=generator.device).to(device)
