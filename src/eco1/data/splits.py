"""Keep what a model learns from apart from what it is judged on."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Generic, TypeVar

from eco1.core.errors import ConfigError
from eco1.core.records import Episode
from eco1.data.reader import read_manifest

E = TypeVar("E", Path, Episode)

#: The golden ratio's fraction of 2**64, made odd.
_GOLDEN_RATIO = 0x9E3779B97F4A7C15
_LARGEST = 2**64 - 1


@dataclass(frozen=True, kw_only=True)
class Split(Generic[E]):
    """Episodes to learn from and episodes never seen in training."""

    train: tuple[E, ...]
    held_out: tuple[E, ...]


def split_by_seed(episodes: Iterable[E], share: float = 0.8) -> Split[E]:
    """Split whole seeds: all worlds of one seed, which share their landscape, fall on the same side.

    About ``share`` of the seeds train, at least one on either side. A seed falls on the same side whatever it is
    beside, so that a model that goes on with more recordings is not judged on what it learned before. Only where all
    fall on one side, as two or three may, the nearest to the other is moved.

    Raises:
        ConfigError: when there are fewer than two seeds, or ``share`` is not in (0, 1).
    """
    _check_share(share)
    all_episodes = tuple(episodes)
    seeds = [_seed_of(episode) for episode in all_episodes]
    distinct = sorted(set(seeds), key=_place)
    if len(distinct) < 2:
        raise ConfigError(
            f"Splitting by seed needs episodes of at least 2 seeds; these have {distinct}. "
            "Record more: eco1 record --episodes 8"
        )
    count = sum(_place(seed) < share for seed in distinct)
    train = set(distinct[: min(max(count, 1), len(distinct) - 1)])
    return Split(
        train=tuple(e for e, seed in zip(all_episodes, seeds, strict=True) if seed in train),
        held_out=tuple(e for e, seed in zip(all_episodes, seeds, strict=True) if seed not in train),
    )


def split_in_time(episode: Episode, share: float = 0.8, gap_frames: int = 0) -> Split[Episode]:
    """Split one recording: its first ``share`` trains, the rest is held out.

    ``gap_frames`` are left out at the end of the training part, so that no training clip adjoins a held-out one.

    Raises:
        ConfigError: when either part would be empty, or ``share`` is not in (0, 1).
    """
    _check_share(share)
    frames = len(episode.observation.alive)
    boundary = int(share * frames)
    if not 0 <= gap_frames < boundary or boundary == frames:
        raise ConfigError(
            f"A recording of {frames} frames split at {share:g} with a gap of {gap_frames} leaves a part empty; "
            f"the gap may be 0 to {max(0, boundary - 1)} frames."
        )
    return Split(
        train=(_between(episode, 0, boundary - gap_frames),),
        held_out=(_between(episode, boundary, frames),),
    )


def _between(episode: Episode, start: int, stop: int) -> Episode:
    hidden = None if episode.hidden is None else episode.hidden[start:stop]
    action = None if episode.action is None else episode.action[start:stop]
    return replace(episode, observation=episode.observation[start:stop], hidden=hidden, action=action)


def _seed_of(episode: Path | Episode) -> int:
    return (episode if isinstance(episode, Episode) else read_manifest(episode)).info.seed


def _place(seed: int) -> float:
    """Return where in [0, 1) a seed falls; any run of seeds falls evenly (Knuth, TAOCP 3, section 6.4)."""
    return (seed * _GOLDEN_RATIO & _LARGEST) / (_LARGEST + 1)


def _check_share(share: float) -> None:
    if not 0 < share < 1:
        raise ConfigError(f"The share to train on is {share:g}; it has to lie between 0 and 1, such as 0.8.")
