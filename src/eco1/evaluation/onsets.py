"""Questions for action anticipation: one second before a new behaviour begins, name it.

In the sense of EPIC-Kitchens (Damen et al. 2020, arXiv 2006.13256, section 4.4: anticipation time 1 s). A question is
asked for every onset at frame t: the label differs from that of frame t - 1 and then lasts; the history ends one second
before t; and the label did not change within that second, so that the asked-for behaviour is the next one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Int16, Int64

from eco1.core.records import Clip, Episode, Observation
from eco1.evaluation.windows import check_alike, evenly, frames_in

ANTICIPATION_S = 1.0  # Damen et al. 2020, section 4.4
LASTS_S = 0.5


@dataclass(frozen=True, kw_only=True)
class Questions:
    """Q onsets. ``end`` is the last frame of the history, ``before`` the behaviour then, ``after`` the answer."""

    episodes: tuple[Episode, ...]
    history_frames: int
    episode: Int64[np.ndarray, " q"]
    end: Int64[np.ndarray, " q"]
    animal: Int64[np.ndarray, " q"]
    species: Int16[np.ndarray, " q"]
    before: Int16[np.ndarray, " q"]
    after: Int16[np.ndarray, " q"]

    def __len__(self) -> int:
        return len(self.after)

    def take(self, rows: np.ndarray) -> "Questions":
        """Return some of the questions."""
        return Questions(
            episodes=self.episodes,
            history_frames=self.history_frames,
            episode=self.episode[rows],
            end=self.end[rows],
            animal=self.animal[rows],
            species=self.species[rows],
            before=self.before[rows],
            after=self.after[rows],
        )

    def thin(self, limit: int) -> "Questions":
        """Return at most about ``limit`` questions: whole scenes, evenly spread, since a scene is looked at once."""
        if len(self) <= limit:
            return self
        scene = self.episode * (1 << 32) + self.end
        scenes = np.unique(scene)
        kept = np.array(evenly(scenes.tolist(), max(1, round(limit * len(scenes) / len(self)))))
        return self.take(np.flatnonzero(np.isin(scene, kept)))

    def batches(self, size: int) -> Iterator[tuple[Clip, np.ndarray, np.ndarray]]:
        """Yield histories of at most ``size`` scenes, the questions' numbers, and the clip row of each of them."""
        rows = np.array([e.observation.position_m.shape[1] for e in self.episodes])[self.episode]
        for count in np.unique(rows):
            mine = np.flatnonzero(rows == count)
            scenes, row = np.unique(np.stack([self.episode[mine], self.end[mine]], 1), axis=0, return_inverse=True)
            for first in range(0, len(scenes), size):
                inside = (row >= first) & (row < first + size)
                yield self._clip(scenes[first : first + size]), mine[inside], row[inside] - first

    def _clip(self, scenes: np.ndarray) -> Clip:
        seen = [self.episodes[e].observation[t + 1 - self.history_frames : t + 1] for e, t in scenes]
        dt_s = np.array([self.episodes[e].info.dt_s for e, _ in scenes], np.float32)
        return Clip(observation=Observation.stack(seen), dt_s=dt_s)


def find_questions(episodes: Sequence[Episode], *, history_s: float, ahead_s: float = ANTICIPATION_S) -> Questions:
    """Return every question the episodes hold; animals must be there from the first history frame on.

    Raises:
        ConfigError: when the episodes differ in frame rate or names.
    """
    check_alike(episodes)
    dt_s = episodes[0].info.dt_s
    history, ahead, lasts = frames_in(history_s, dt_s) + 1, frames_in(ahead_s, dt_s), frames_in(LASTS_S, dt_s)
    parts: list[np.ndarray] = []
    for index, episode in enumerate(episodes):
        seen = episode.observation
        end, animal = onsets(seen.behavior, seen.alive, seen.identity, history=history, ahead=ahead, lasts=lasts)
        columns = seen.species[end, animal], seen.behavior[end, animal], seen.behavior[end + ahead, animal]
        parts.append(np.stack([np.full(len(end), index), end, animal, *columns]).astype(np.int64))
    episode, end, animal, species, before, after = np.concatenate(parts, axis=1)
    return Questions(
        episodes=tuple(episodes),
        history_frames=history,
        episode=episode,
        end=end,
        animal=animal,
        species=species.astype(np.int16),
        before=before.astype(np.int16),
        after=after.astype(np.int16),
    )


def onsets(
    behavior: Int16[np.ndarray, "t n"],
    alive: Bool[np.ndarray, "t n"],
    identity: Int64[np.ndarray, "t n"],
    *,
    history: int,
    ahead: int,
    lasts: int,
) -> tuple[Int64[np.ndarray, " q"], Int64[np.ndarray, " q"]]:
    """Return the last history frame and the row of every question.

    The label is one and the same from the last history frame to the frame before the onset, another one for ``lasts``
    frames from the onset on, both known; the row is alive with one identity from the first history frame to the last.
    """
    frames = len(behavior)
    first_onset, last_onset = history - 1 + ahead, frames - lasts
    if last_onset < first_onset:
        empty = np.zeros(0, np.int64)
        return empty, empty
    run = run_length(behavior, alive, identity)
    here = presence_length(alive, identity)
    onset = np.arange(first_onset, last_onset + 1)
    old, new = behavior[onset - 1], behavior[onset]
    asked = (old != new) & (old >= 0) & (new >= 0) & (run[onset] == 1)
    asked &= run[onset - 1] >= ahead
    asked &= run[onset + lasts - 1] == lasts
    asked &= here[onset + lasts - 1] >= history + ahead + lasts - 1
    at, animal = np.nonzero(asked)
    return onset[at].astype(np.int64) - ahead, animal.astype(np.int64)


def run_length(
    behavior: Int16[np.ndarray, "t n"], alive: Bool[np.ndarray, "t n"], identity: Int64[np.ndarray, "t n"]
) -> Int64[np.ndarray, "t n"]:
    """Return for how many frames, this one included, each row has shown its present behaviour; 0 while not alive."""
    return _lengths(alive, (behavior[1:] == behavior[:-1]) & (identity[1:] == identity[:-1]))


def presence_length(alive: Bool[np.ndarray, "t n"], identity: Int64[np.ndarray, "t n"]) -> Int64[np.ndarray, "t n"]:
    """Return for how many frames, this one included, each row has been alive as the same animal."""
    return _lengths(alive, identity[1:] == identity[:-1])


def _lengths(alive: np.ndarray, goes_on: np.ndarray) -> np.ndarray:
    """Count frames since the last break: where the row died, or where it does not go on from the frame before."""
    frames = np.arange(len(alive), dtype=np.int64)[:, None]
    starts = np.ones(alive.shape, bool)
    starts[1:] = ~(goes_on & alive[:-1])
    began = np.maximum.accumulate(np.where(starts, frames, 0), axis=0)
    return np.where(alive, frames - began + 1, 0)
