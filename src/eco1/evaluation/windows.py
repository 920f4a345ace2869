"""Equally long cuts from episodes, always the same ones: what is evaluated must not depend on chance."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Int64

from eco1.core.errors import ConfigError
from eco1.core.records import Clip, Episode, Hidden, Observation


@dataclass(frozen=True, kw_only=True)
class WindowBatch:
    """A clip and, for each of its rows, the index of the episode it was cut from and its first frame there."""

    clip: Clip
    first: Int64[np.ndarray, " b"]
    episode: Int64[np.ndarray, " b"]


@dataclass(frozen=True, kw_only=True)
class Windows:
    """Places to cut: ``starts`` holds (episode, first frame) pairs, ``frames`` the length of every cut."""

    episodes: tuple[Episode, ...]
    frames: int
    starts: tuple[tuple[int, int], ...]

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def dt_s(self) -> float:
        """Seconds between frames."""
        return self.episodes[0].info.dt_s

    def batches(self, size: int, *, hidden: bool = False) -> Iterator[WindowBatch]:
        """Yield clips of at most ``size`` windows; a batch holds only episodes with equally many rows."""
        for group in self._by_rows():
            for first in range(0, len(group), size):
                yield self._cut(group[first : first + size], hidden=hidden)

    def split(self, last_share: float) -> "tuple[Windows, Windows]":
        """Return the earlier windows and the last share of them, leaving out those that would overlap the cut."""
        if len(self.starts) < 2:
            return self, self
        cut = max(1, min(len(self.starts) - 1, round(len(self.starts) * (1 - last_share))))
        late = self.starts[cut:]
        episode, frame = late[0]
        early = tuple(s for s in self.starts[:cut] if s[0] != episode or s[1] + self.frames <= frame)
        return self._with(early or self.starts[:cut]), self._with(late)

    def shortened(self, frames: int) -> "Windows":
        """Return windows with the same beginnings and fewer frames."""
        return Windows(episodes=self.episodes, frames=frames, starts=self.starts)

    def thin(self, limit: int) -> "Windows":
        """Return at most ``limit`` windows, evenly spread."""
        return self._with(evenly(self.starts, limit))

    def _with(self, starts: tuple[tuple[int, int], ...]) -> "Windows":
        return Windows(episodes=self.episodes, frames=self.frames, starts=starts)

    def _by_rows(self) -> list[list[tuple[int, int]]]:
        groups: dict[int, list[tuple[int, int]]] = {}
        for start in self.starts:
            rows = self.episodes[start[0]].observation.position_m.shape[1]
            groups.setdefault(rows, []).append(start)
        return list(groups.values())

    def _cut(self, starts: list[tuple[int, int]], *, hidden: bool) -> WindowBatch:
        seen: list[Observation] = []
        unseen: list[Hidden] = []
        for episode, first in starts:
            span = slice(first, first + self.frames)
            seen.append(self.episodes[episode].observation[span])
            truth = self.episodes[episode].hidden
            if hidden and truth is not None:
                unseen.append(truth[span])
        clip = Clip(
            observation=Observation.stack(seen),
            dt_s=np.array([self.episodes[e].info.dt_s for e, _ in starts], np.float32),
            hidden=Hidden.stack(unseen) if len(unseen) == len(seen) else None,
        )
        episode, first = np.array(starts, np.int64).T
        return WindowBatch(clip=clip, episode=episode, first=first)


def cut_windows(
    episodes: Sequence[Episode], *, frames: int, stride: int, limit: int | None = None, offset: int = 0
) -> Windows:
    """Return every window of ``frames`` frames that begins on a multiple of ``stride``, evenly thinned to ``limit``.

    Raises:
        ConfigError: when the episodes differ in frame rate or names, or none is long enough.
    """
    check_alike(episodes)
    starts = tuple(
        (index, first)
        for index, episode in enumerate(episodes)
        for first in range(offset, length(episode) - frames + 1, stride)
    )
    if not starts:
        longest = max(length(episode) for episode in episodes)
        raise ConfigError(
            f"No episode is long enough: {frames} frames are needed (history and horizon), the longest has {longest}. "
            "Ask for a shorter horizon, or record longer episodes."
        )
    windows = Windows(episodes=tuple(episodes), frames=frames, starts=starts)
    return windows if limit is None else windows.thin(limit)


def check_alike(episodes: Sequence[Episode]) -> None:
    """Check that episodes may be evaluated together.

    Raises:
        ConfigError: when there is none, or when they differ in frame rate, species names or behaviour names.
    """
    if not episodes:
        raise ConfigError("No episodes to evaluate: got an empty list, at least one is needed. See: eco1 record --help")
    first = episodes[0].info
    for episode in episodes[1:]:
        info = episode.info
        if abs(info.dt_s - first.dt_s) > 1e-6:
            raise ConfigError(
                f"Episodes of different frame rates cannot be evaluated together: {1 / first.dt_s:.4g} and "
                f"{1 / info.dt_s:.4g} frames/s. Evaluate them one after the other."
            )
        if info.species_names != first.species_names or info.behavior_names != first.behavior_names:
            raise ConfigError("Episodes with different species or behaviour names cannot be evaluated together.")


def length(episode: Episode) -> int:
    """Return the number of frames."""
    return int(episode.observation.position_m.shape[0])


def frames_in(seconds: float, dt_s: float) -> int:
    """Return how many frame intervals a time span holds, at least one."""
    return max(1, round(seconds / dt_s))


def evenly(items: Sequence[Any], limit: int) -> tuple[Any, ...]:
    """Return at most ``limit`` items, evenly spread and in order."""
    if len(items) <= limit:
        return tuple(items)
    chosen = np.linspace(0, len(items) - 1, limit).round().astype(int)
    return tuple(items[i] for i in chosen)


def first_frames(clip: Clip, frames: int) -> Clip:
    """Return the beginning of every row of a clip: the history, without what comes after."""
    hidden = None if clip.hidden is None else clip.hidden[:, :frames]
    return Clip(observation=clip.observation[:, :frames], dt_s=clip.dt_s, hidden=hidden)
