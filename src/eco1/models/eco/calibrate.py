"""What is measured on training data rather than learned by gradient.

The motion codebook's bins, the scale of each feature, the range of speeds of each species, how a heading follows its
course, and the ridge solution of the autoregressive path.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import torch
from jaxtyping import Float, Int
from torch import Tensor

from eco1.models.eco.network import EcoNetwork
from eco1.models.eco.path_fit import PathRows, fit_path
from eco1.models.eco.targets import STILL, body_velocities, displacements, motion_changes, velocity_history
from eco1.sensors.scene import Scene, wrap
from eco1.sensors.trace import Linked, link, no_trace

_HIGHEST = 0.999  # quantile of speed that imagination may reach
_FEWEST = 64  # samples below which a species borrows the pooled numbers
_MOST_ROWS = 200_000  # per quantile; more changes it by nothing noticeable
_SMALL_TURN_RAD = 1.0  # larger turns of slow animals say nothing about how the heading follows


@dataclass(kw_only=True)
class _Measured:
    """Rows gathered over all clips; species are shifted by one."""

    change: list[Tensor] = field(default_factory=list[Tensor])
    turned: list[Tensor] = field(default_factory=list[Tensor])
    change_species: list[Tensor] = field(default_factory=list[Tensor])
    speed: list[Tensor] = field(default_factory=list[Tensor])
    speed_species: list[Tensor] = field(default_factory=list[Tensor])
    own: list[Tensor] = field(default_factory=list[Tensor])
    other: list[Tensor] = field(default_factory=list[Tensor])
    paths: list[PathRows] = field(default_factory=list[PathRows])


@torch.no_grad()
def calibrate(network: EcoNetwork, scenes: Iterable[Scene]) -> None:
    """Fit everything that is measured on scenes (b, t, n) of training data."""
    measured = _Measured()
    for scene in scenes:
        linked = link(scene, no_trace(scene.alive.shape[0], scene.alive.shape[2], scene.alive.device))
        _gather_motion(measured, scene, linked)
        _gather_features(measured, network, scene, linked)
        _gather_paths(measured, network, scene, linked)
    change, species = torch.cat(measured.change), torch.cat(measured.change_species)
    fit_motion_codebook(network, change, species)
    _fit_heading(network, change[:, 1], torch.cat(measured.turned), species)
    _fit_limits(network, torch.cat(measured.speed), torch.cat(measured.speed_species))
    network.encoder.own_scale.fit(torch.cat(measured.own))
    network.encoder.other_scale.fit(torch.cat(measured.other))
    network.update_target(0.0)
    fit_path(network.path_base, measured.paths)


def fit_motion_codebook(network: EcoNetwork, change: Float[Tensor, "m 3"], species: Int[Tensor, " m"]) -> None:
    """Set the bins of the motion tokens from observed changes of species, shifted by one."""
    network.codebook.fit(change[:, : network.config.motion_factors], species)


def _gather_motion(measured: _Measured, scene: Scene, linked: Linked) -> None:
    change, known = motion_changes(scene, linked)
    measured.change.append(change[known])
    velocity = scene.velocity_mps / scene.body_length_m[..., None]
    speed = torch.stack([velocity[..., :2].norm(dim=-1), velocity[..., 2].abs()], dim=-1)
    turned = wrap(scene.heading_rad[:, 1:] - scene.heading_rad[:, :-1])
    moving = speed[:, 1:, :, 0] > STILL
    measured.turned.append(torch.where(moving, turned, torch.nan)[known])
    measured.change_species.append(scene.species[:, :-1][known] + 1)
    measured.speed.append(speed[scene.alive])
    measured.speed_species.append(scene.species[scene.alive] + 1)


def _gather_features(measured: _Measured, network: EcoNetwork, scene: Scene, linked: Linked) -> None:
    frames = torch.arange(0, scene.alive.shape[1], 4, device=scene.alive.device)
    view = network.view(scene, linked).map(lambda x: x[:, frames])
    measured.own.append(view.own[view.alive])
    measured.other.append(view.neighbours[view.neighbour_present & view.alive[..., None]][::4])


def _gather_paths(measured: _Measured, network: EcoNetwork, scene: Scene, linked: Linked) -> None:
    """Keep anchors with a full history and a full path."""
    config, device = network.config, scene.alive.device
    last = scene.alive.shape[1] - config.path_frames
    anchors = torch.arange(config.history_frames - 1, max(last, config.history_frames - 1), config.knot_frames)
    anchors = anchors.to(device)
    history = velocity_history(scene, linked, anchors, config.history_frames)
    history = body_velocities(history, scene.heading_rad[:, anchors], scene.body_length_m[:, anchors])
    truth = displacements(scene, linked, anchors, torch.tensor(config.knots, device=device))
    whole = truth.valid.all(-1) & (linked.age[:, anchors] >= config.history_frames - 1)
    species = scene.species[:, anchors][whole] + 1
    measured.paths.append(PathRows(history=history[whole], path=truth.value[whole], species=species))


def _fit_heading(network: EcoNetwork, turn: Tensor, turned: Tensor, species: Tensor) -> None:
    """Least squares of the heading's turn on the course's, through 0, between 0 and 1."""
    usable = turned.isfinite() & (turn.abs() < _SMALL_TURN_RAD)
    for row in range(network.heading_gain.shape[0]):
        mine = usable & (species == row)
        if int(mine.sum()) >= _FEWEST:
            gain = (turn[mine] * turned[mine]).sum() / turn[mine].square().sum().clamp(min=1e-9)
            network.heading_gain[row] = gain.clamp(0.0, 1.0)


def _fit_limits(network: EcoNetwork, speed: Tensor, species: Tensor) -> None:
    for row in range(network.speed_limit.shape[0]):
        mine = speed[species == row]
        rows = mine if mine.shape[0] >= _FEWEST else speed
        rows = rows[:: rows.shape[0] // _MOST_ROWS + 1]
        if rows.shape[0]:
            top = rows.quantile(_HIGHEST, dim=0)
            network.speed_limit[row], network.climb_limit[row] = top[0], top[1]
