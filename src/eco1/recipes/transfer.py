"""What a model makes of species it never saw: at once, and after a hundred steps among them."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field, replace
from json import dumps
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from eco1.core.errors import ConfigError, unknown_name
from eco1.core.files import write_result
from eco1.core.records import Episode
from eco1.data.splits import Split
from eco1.evaluation.baselines import fit_constant_velocity
from eco1.evaluation.motion import evaluate_motion
from eco1.evaluation.remembering import RememberingForecaster
from eco1.evaluation.windows import cut_windows, frames_in
from eco1.models.registry import build_model
from eco1.recipes.fit import FitConfig, fit_on
from eco1.recipes.judge import HISTORY_S
from eco1.recipes.kinds import UNSEEN
from eco1.recipes.splits import learning_split, undisturbed
from eco1.training.checkpoint import load_checkpoint
from eco1.training.manifest import MANIFEST

_NAMES_WITHHELD = 0.5  # of the time, so that traits alone must do
_RIVAL = "constant velocity"


@dataclass(frozen=True, kw_only=True)
class TransferConfig:
    """One experiment. ``steps`` are learned without the unseen species, ``further_steps`` among all.

    With ``resume`` trainings that an earlier call began in ``out`` go on from their last checkpoints.
    """

    episodes: Path
    out: Path
    unseen: tuple[str, ...] = UNSEEN
    steps: int = 4000
    further_steps: int = 100
    further_lr: float = 5e-4
    batch: int = 4
    seed: int = 0
    resume: bool = False
    horizon_s: float = 1.0
    history_s: float = HISTORY_S
    windows: int = 96
    fit: dict[str, Any] = field(default_factory=dict)  # other settings of both fits


@dataclass(frozen=True, kw_only=True)
class Skill:
    """By which share the model's ADE lies below that of constant velocity, 1 at best, for each species.

    ``unseen`` and ``seen`` are means over species, ``share`` the one over the other.
    """

    by_species: dict[str, float]
    unseen: float
    seen: float

    @property
    def share(self) -> float:
        """Return how much of the skill with seen species is left with unseen ones."""
        return self.unseen / self.seen


@dataclass(frozen=True, kw_only=True)
class TransferReport:
    """Skill with species the model never saw, and after further steps among them."""

    unseen: tuple[str, ...]
    zero_shot: Skill
    adapted: Skill
    further_steps: int

    def to_json(self) -> str:
        """Return everything as JSON text, with both shares."""
        shares = {"zero_shot_share": self.zero_shot.share, "adapted_share": self.adapted.share}
        return dumps({**asdict(self), **shares}, indent=2)


def transfer(config: TransferConfig, *, console: Console | None = None) -> TransferReport:
    """Train without some species, judge with all, train on a little with all, judge again; write ``transfer.json``.

    Raises:
        UnknownNameError: when an unseen species does not occur in the recordings.
        ConfigError: when no species is left to learn from, or recordings do not go together.
    """
    split = learning_split(config.episodes)
    _check(config, split)
    learned, watched = (without_species(part, config.unseen) for part in (split.train, split.held_out))
    first = _fit_config(config, "zero_shot", config.steps, None)
    zero_shot = fit_on(learned, watched, first, console=console)
    before = skill(zero_shot, split.held_out, config)
    further = _fit_config(config, "adapted", config.further_steps, zero_shot)
    adapted = fit_on(split.train, split.held_out, further, console=console)
    after = skill(adapted, split.held_out, config)
    report = TransferReport(
        unseen=config.unseen, zero_shot=before, adapted=after, further_steps=config.further_steps
    )  # fmt: skip
    write_result(config.out / "transfer.json", report.to_json())
    return report


def without_species(episodes: Sequence[Episode], names: Collection[str]) -> tuple[Episode, ...]:
    """Return the episodes with the rows of some species empty, as if those had not been there."""
    return tuple(_without(episode, names) for episode in episodes)


def _without(episode: Episode, names: Collection[str]) -> Episode:
    left_out = [index for index, name in enumerate(episode.info.species_names) if name in names]
    seen = episode.observation
    kept = ~np.isin(seen.species, left_out)
    return replace(episode, observation=replace(seen, alive=seen.alive & kept, carcass=seen.carcass & kept))


def skill(checkpoint: Path, held_out: Sequence[Episode], config: TransferConfig) -> Skill:
    """Return the skill of a model with each species of the held-out recordings, biome by biome."""
    model = load_checkpoint(checkpoint, build_model).model.eval()
    free = undisturbed(held_out)
    by_species: dict[str, list[float]] = {}
    for biome in sorted({episode.info.biome for episode in free}):
        for name, value in _in_biome(model, [e for e in free if e.info.biome == biome], config).items():
            by_species.setdefault(name, []).append(value)
    means = {name: round(float(np.mean(values)), 4) for name, values in sorted(by_species.items())}
    unseen, seen = (
        [v for n, v in means.items() if n in config.unseen],
        [v for n, v in means.items() if n not in config.unseen],
    )
    return Skill(by_species=means, unseen=float(np.mean(unseen)), seen=float(np.mean(seen)))


def _in_biome(model: Any, episodes: Sequence[Episode], config: TransferConfig) -> dict[str, float]:
    dt_s = episodes[0].info.dt_s
    frames, steps = frames_in(config.history_s, dt_s) + 1, frames_in(config.horizon_s, dt_s)
    windows = cut_windows(episodes, frames=frames + steps, stride=1, limit=config.windows)
    rivals = {
        _RIVAL: fit_constant_velocity(windows, history_frames=frames, steps=steps),
        "model": RememberingForecaster(model, steps),
    }
    scores = evaluate_motion(rivals, {}, windows, history_frames=frames).scores
    ours, theirs = scores["model"].per_species, scores[_RIVAL].per_species
    return {name: 1.0 - ours[name].ade_m / theirs[name].ade_m for name in ours if theirs[name].ade_m > 0}


def _fit_config(config: TransferConfig, name: str, steps: int, start_from: Path | None) -> FitConfig:
    settings: dict[str, Any] = {"model": {"species_dropout": _NAMES_WITHHELD}, **config.fit}
    if start_from is not None:
        settings["lr"] = config.further_lr
    return FitConfig(
        episodes=config.episodes, out=config.out / name, steps=steps, batch=config.batch, seed=config.seed,
        start_from=start_from, resume=config.resume and (config.out / name / "last" / MANIFEST).exists(), **settings,
    )  # fmt: skip


def _check(config: TransferConfig, split: Split[Episode]) -> None:
    names = split.held_out[0].info.species_names
    for name in config.unseen:
        if name not in names:
            raise unknown_name("species", name, names, where=str(config.episodes), see="eco1 list species")
    if set(names) <= set(config.unseen):
        raise ConfigError(f"All {len(names)} species are to be unseen; leave some to learn from: --unseen NAME ...")
