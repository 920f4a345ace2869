"""The training objective, one function per named term.

Shape letters: b worlds, t frames, n animals, a anchors, h horizons, q knots, d width.
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn import functional

from eco1.core.protocols import Losses
from eco1.models.eco.monitors import latent_monitors, routing_monitors
from eco1.models.eco.network import EcoNetwork, Reading
from eco1.models.eco.targets import (
    body_velocities,
    coming_behavior,
    company,
    displacements,
    same_animal_ahead,
    told_until,
    velocity_history,
)
from eco1.sensors.scene import Scene
from eco1.sensors.trace import no_trace

#: What each term counts for unless a recipe says otherwise. Router terms as in ST-MoE (arXiv 2202.08906, section 3:
#: 0.01 and 0.001); the others chosen on short runs on the savanna (forecast against motion against the rest).
TERM_WEIGHTS = {
    "behavior": 1.0,
    "motion": 0.7,
    "anticipation": 0.5,
    "latent": 0.5,
    "company": 0.5,
    "doing": 0.5,
    "forecast": 3.0,
    "load_balance": 0.01,
    "router_z": 0.001,
}
_IGNORE = -100


def losses(network: EcoNetwork, scene: Scene, told: Bool[Tensor, "b t n"] | None, *, phase: int, drop: bool) -> Losses:
    """Return all terms on a scene (b, t, n).

    Args:
        network: the model.
        scene: the clips.
        told: where an animal did not decide itself what it did until the next frame: it is seen, but not learned from.
            None: they all did.
        phase: first anchor; anchors are the frames from which futures are predicted.
        drop: whether experts have a fixed capacity.
    """
    batch, frames, animals = scene.alive.shape
    device = scene.alive.device
    told = torch.zeros_like(scene.alive) if told is None else told
    frame = torch.zeros(batch, dtype=torch.long, device=device)
    reading = network.read(scene, no_trace(batch, animals, device), frame=frame, drop=drop)
    anchors = torch.arange(phase, max(frames - 1, phase + 1), network.config.anchor_stride, device=device)
    anchors = anchors.clamp(max=frames - 1)
    anchored = reading.latent[:, anchors].flatten(0, 2)
    future = network.predictor(anchored)
    own = reading.linked.has_past[:, 1:] & ~told[:, :-1]
    behavior, behavior_hit = _behavior(network, scene, reading, own)
    motion, motion_hit = _motion(network, scene, reading, own)
    anticipation, anticipation_hit = _anticipation(network, scene, reading, told)
    horizons = torch.tensor(network.config.horizon_frames, device=device)
    valid = same_animal_ahead(reading.linked, anchors, horizons) & ~told_until(told, anchors, horizons)
    wanted = (anchors[:, None] + horizons).clamp(max=frames - 1)
    latent, target = _latent(network, reading, valid, wanted, future)
    near, doing = _outlook(network, scene, reading, valid, anchored, wanted)
    routing = reading.routing
    return Losses(
        terms={
            "behavior": behavior,
            "motion": motion,
            "anticipation": anticipation,
            "latent": latent,
            "company": near,
            "doing": doing,
            "forecast": _forecast(network, scene, reading, told, anchors, anchored, future),
            "load_balance": torch.stack([r.load_balance() for r in routing]).mean(),
            "router_z": torch.stack([r.router_z() for r in routing]).mean(),
        },
        monitors={
            "behavior_accuracy": behavior_hit,
            "motion_accuracy": motion_hit,
            "anticipation_accuracy": anticipation_hit,
            **latent_monitors(reading.latent[scene.alive], target),
            **routing_monitors(routing),
        },
    )


def _behavior(network: EcoNetwork, scene: Scene, reading: Reading, own: Tensor) -> tuple[Tensor, Tensor]:
    known = own & (scene.behavior[:, 1:] >= 0)
    target = torch.where(known, scene.behavior[:, 1:], _IGNORE)
    species, behavior = reading.view.species[:, :-1].flatten(), reading.view.behavior[:, :-1].flatten()
    logits = network.following(reading.latent[:, :-1].flatten(0, 2), species, behavior)
    return _cross_entropy(logits, target.flatten())


def _motion(network: EcoNetwork, scene: Scene, reading: Reading, own: Tensor) -> tuple[Tensor, Tensor]:
    known = own.flatten()
    recent, token = reading.recent[:, :-1].flatten(0, 2), reading.motion[:, 1:].flatten(0, 2)
    following = torch.where(known, scene.behavior[:, 1:].flatten() + 1, 0)
    expected = network.prior.motion(reading.view.species[:, :-1].flatten(), following, recent[:, 0])
    given = torch.where(known[:, None], token, 0)
    latent, cues = reading.latent[:, :-1].flatten(0, 2), reading.cues[:, :-1].flatten(0, 2)
    logits = network.motion(latent, cues, following, recent, given, expected)
    target = torch.where(known[:, None], token, _IGNORE)
    scores = [_cross_entropy(each, target[:, factor]) for factor, each in enumerate(logits)]
    return torch.stack([s[0] for s in scores]).sum(), torch.stack([s[1] for s in scores]).mean()


def _anticipation(network: EcoNetwork, scene: Scene, reading: Reading, told: Tensor) -> tuple[Tensor, Tensor]:
    config = network.config
    frames = torch.arange(told.shape[1], device=told.device)
    decided = told_until(told, frames, torch.tensor([config.anticipation_frames[1]], device=told.device))[..., 0]
    target = coming_behavior(scene, reading.linked, config.anticipation_frames, config.lasting_frames)
    target = torch.where(decided, -1, target).flatten()
    asked = (target >= 0).nonzero()[:, 0]
    if asked.numel() == 0:
        asked = torch.zeros(1, dtype=torch.long, device=target.device)
    latent = reading.latent.flatten(0, 2).index_select(0, asked)
    species, behavior = reading.view.species.flatten()[asked], reading.view.behavior.flatten()[asked]
    logits = network.coming(latent, network.predictor(latent), species, behavior)
    return _cross_entropy(logits, torch.where(target[asked] >= 0, target[asked], _IGNORE))


def _latent(
    network: EcoNetwork,
    reading: Reading,
    valid: Bool[Tensor, "b a n h"],
    wanted: Int[Tensor, "a h"],
    future: Float[Tensor, "m h d"],
) -> tuple[Tensor, Tensor]:
    """L1 to the LayerNormed latents of the EMA target (V-JEPA 2, arXiv 2506.09985, equation 1), and these latents.

    ``wanted`` are the frames that lie ahead of each anchor, ``valid`` says where the same animal is there undisturbed.
    """
    needed, place = wanted.unique(return_inverse=True)
    with torch.no_grad():
        target = network.target(reading.view.map(lambda x: x[:, needed]))
        target = functional.layer_norm(target, target.shape[-1:])
    predicted = future.unflatten(0, valid.shape[:3])
    error = (predicted - target[:, place].transpose(2, 3)).abs().mean(-1)
    return _masked_mean(error, valid), target[reading.view.alive[:, needed]]


def _outlook(
    network: EcoNetwork,
    scene: Scene,
    reading: Reading,
    valid: Bool[Tensor, "b a n h"],
    latent: Float[Tensor, "m d"],
    wanted: Int[Tensor, "a h"],
) -> tuple[Tensor, Tensor]:
    """Cross-entropy of who will be near, summed over species, and of what an animal will be doing."""
    near, doing = network.outlook(latent)
    truth = company(reading.view, near.shape[-1])[:, wanted].transpose(2, 3)
    error = functional.binary_cross_entropy_with_logits(near.view_as(truth).float(), truth, reduction="none").sum(-1)
    behavior = scene.behavior[:, wanted].transpose(2, 3)
    target = torch.where(valid & (behavior >= 0), behavior, _IGNORE).flatten()
    return _masked_mean(error, valid), _cross_entropy(doing.flatten(0, 1), target)[0]


def _forecast(
    network: EcoNetwork,
    scene: Scene,
    reading: Reading,
    told: Bool[Tensor, "b t n"],
    anchors: Int[Tensor, " a"],
    latent: Float[Tensor, "m d"],
    future: Float[Tensor, "m h d"],
) -> Tensor:
    """Mean distance between predicted and true path, in units of the error of the autoregressive path alone.

    The Euclidean norm (not its square) is what ADE measures, so its minimiser is the best path for ADE.
    """
    config = network.config
    history = velocity_history(scene, reading.linked, anchors, config.history_frames)
    history = body_velocities(history, scene.heading_rad[:, anchors], scene.body_length_m[:, anchors])
    knots = torch.tensor(config.knots, device=anchors.device)
    truth = displacements(scene, reading.linked, anchors, knots)
    species, behavior = reading.view.species[:, anchors].flatten(), reading.view.behavior[:, anchors].flatten()
    cues = reading.cues[:, anchors].flatten(0, 2)
    path = network.knots(latent, future, history.flatten(0, 2), cues, species, behavior)
    error = (path.unflatten(0, truth.valid.shape[:3]) - truth.value).square().sum(-1).add(1e-12).sqrt()
    scale = network.path_base.path_scale(species).reshape(truth.valid.shape[:3])
    return _masked_mean(error / scale[..., None], truth.valid & ~told_until(told, anchors, knots))


def _cross_entropy(logits: Float[Tensor, "m c"], target: Int[Tensor, " m"]) -> tuple[Tensor, Tensor]:
    """Return the mean cross-entropy and accuracy over the entries that have a target (0 where none has)."""
    known = target != _IGNORE
    count = known.sum().clamp(min=1)
    total = functional.cross_entropy(logits.float(), target, ignore_index=_IGNORE, reduction="sum")
    return total / count, ((logits.detach().argmax(-1) == target) & known).sum() / count


def _masked_mean(value: Tensor, mask: Bool[Tensor, "..."]) -> Tensor:
    return torch.where(mask, value, 0.0).sum() / mask.sum().clamp(min=1)
