"""What is measured on training data rather than learned by gradient.

The motion codebook's bins, the scale of each feature, the highest speeds of each species, how a heading follows its
course, how often which behaviour and motion follow, and the ridge solution of the autoregressive path.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import torch
from torch import Tensor

from eco1.models.eco.measure import (
    Moves,
    Sequels,
    Speeds,
    joined,
    moves_in,
    new_behaviors,
    next_behaviors,
    paths_in,
    speeds_in,
)
from eco1.models.eco.network import EcoNetwork
from eco1.models.eco.path_fit import PathRows, fit_path
from eco1.models.eco.targets import TURN
from eco1.sensors.scene import Scene
from eco1.sensors.trace import Linked, link, no_trace

_FEWEST = 64  # samples below which a species borrows the pooled numbers
_AT_A_TIME = 100_000  # steps put into tokens at a time, which takes several hundred bytes each
_SMALL_TURN_RAD = 1.0  # larger turns of slow animals say nothing about how the heading follows
_THINNING = 4  # every fourth frame of every fourth scene, and every fourth neighbour, show the scale of features


@dataclass(kw_only=True)
class _Measured:
    """What was gathered so far, one entry per batch of clips."""

    moves: list[Moves] = field(default_factory=list[Moves])
    speeds: list[Speeds] = field(default_factory=list[Speeds])
    following: list[Sequels] = field(default_factory=list[Sequels])
    coming: list[Sequels] = field(default_factory=list[Sequels])
    paths: list[PathRows] = field(default_factory=list[PathRows])
    own: list[Tensor] = field(default_factory=list[Tensor])
    other: list[Tensor] = field(default_factory=list[Tensor])


@torch.no_grad()
def calibrate(network: EcoNetwork, scenes: Iterable[Scene]) -> None:
    """Fit everything that is measured on scenes (b, t, n) of training data."""
    measured = _Measured()
    for number, scene in enumerate(scenes):
        linked = link(scene, no_trace(scene.alive.shape[0], scene.alive.shape[2], scene.alive.device))
        measured.moves.append(moves_in(scene, linked))
        measured.speeds.append(speeds_in(scene))
        measured.following.append(next_behaviors(scene, linked))
        measured.coming.append(new_behaviors(network.config, scene, linked))
        measured.paths.append(paths_in(network.config, scene, linked))
        if number % _THINNING == 0:
            _gather_features(measured, network, scene, linked)
    moves = joined(measured.moves)
    fit_motion_codebook(network, moves)
    _fit_priors(network, moves, joined(measured.following), joined(measured.coming))
    _fit_heading(network, moves)
    _fit_limits(network, joined(measured.speeds))
    network.encoder.own_scale.fit(torch.cat(measured.own))
    network.encoder.other_scale.fit(torch.cat(measured.other))
    if network.encoder.traits is not None:
        seen = torch.bincount(moves.species, minlength=network.speed_limit.shape[0])
        network.encoder.traits.meet(seen, _FEWEST)
    network.update_target(0.0)
    fit_path(network.path_base, measured.paths)


def fit_motion_codebook(network: EcoNetwork, moves: Moves) -> None:
    """Set the bins of the motion tokens."""
    network.codebook.fit(moves.change[:, : network.config.motion_factors], moves.species, moves.last)


def _gather_features(measured: _Measured, network: EcoNetwork, scene: Scene, linked: Linked) -> None:
    view = network.view(scene, linked).map(lambda x: x[:, ::_THINNING])
    measured.own.append(view.own[view.alive])
    measured.other.append(view.neighbours[view.neighbour_present & view.alive[..., None]][::_THINNING])


def _fit_priors(network: EcoNetwork, moves: Moves, following: Sequels, coming: Sequels) -> None:
    prior, rows = network.prior, moves.species.shape[0]
    prior.fit_behavior(prior.following, following.species, following.now, following.then)
    prior.fit_behavior(prior.coming, coming.species, coming.now, coming.then)
    parts = [_in_tokens(network, moves[first : first + _AT_A_TIME]) for first in range(0, max(rows, 1), _AT_A_TIME)]
    before, token = (torch.cat(column) for column in zip(*parts, strict=True))
    prior.fit_motion(moves.species, moves.behavior, before, token)


def _in_tokens(network: EcoNetwork, moves: Moves) -> tuple[Tensor, Tensor]:
    """Return the state before each step and the tokens of the step."""
    book, factors = network.codebook, network.config.motion_factors
    before = book.read(moves.before[:, :factors], moves.species, moves.last_before)[1]
    token = book.encode(moves.change[:, :factors], moves.species, moves.last)
    return torch.where(moves.has_before[:, None], before, book.nothing), token


def _fit_heading(network: EcoNetwork, moves: Moves) -> None:
    """Least squares of the heading's turn on the course's, through 0, between 0 and 1."""
    turn, turned = moves.change[:, TURN], moves.turned_rad
    usable = turned.isfinite() & (turn.abs() < _SMALL_TURN_RAD)
    for row in range(network.heading_gain.shape[0]):
        mine = usable & (moves.species == row)
        if int(mine.sum()) >= _FEWEST:
            gain = (turn[mine] * turned[mine]).sum() / turn[mine].square().sum().clamp(min=1e-9)
            network.heading_gain[row] = gain.clamp(0.0, 1.0)


def _fit_limits(network: EcoNetwork, speeds: Speeds) -> None:
    """Take the highest: the fastest flight is rare and short, and no quantile of a recording shows it."""
    for row in range(network.speed_limit.shape[0]):
        mine = speeds.speed[speeds.species == row]
        rows = mine if mine.shape[0] >= _FEWEST else speeds.speed
        if rows.shape[0]:
            network.speed_limit[row], network.climb_limit[row] = rows.amax(0)
