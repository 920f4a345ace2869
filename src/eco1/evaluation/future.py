"""What every baseline is fitted on: an animal's recent motion and where it then went."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float32, Int64

from eco1.core.records import Observation
from eco1.evaluation.body_frame import mean_step
from eco1.evaluation.windows import Windows, first_frames

_BATCH = 64
_MOST_PAIRS = 3000


@dataclass(frozen=True, kw_only=True)
class FuturePairs:
    """M animals: their mean step (metres a frame) and their way (metres from the last position) over S frames."""

    step_m: Float32[np.ndarray, "m 3"]
    future_m: Float32[np.ndarray, "m s 3"]
    species: Int64[np.ndarray, " m"]
    species_count: int

    def of(self, species: int) -> "FuturePairs":
        """Return the pairs of one species."""
        mine = self.species == species
        return FuturePairs(
            step_m=self.step_m[mine],
            future_m=self.future_m[mine],
            species=self.species[mine],
            species_count=self.species_count,
        )


def present_throughout(observation: Observation, first: int, frames: int) -> Bool[np.ndarray, "b n"]:
    """Say which rows are alive, with one identity and finite positions, in ``frames`` frames from ``first``."""
    span = observation[:, first : first + frames]
    one = (span.identity == span.identity[:, :1]).all(1)
    return span.alive.all(1) & one & np.isfinite(span.position_m).all((1, 3))


def way_ahead(observation: Observation, history_frames: int, steps: int) -> Float32[np.ndarray, "b steps n 3"]:
    """Return where every row goes from its last history position, in metres and world axes."""
    last = observation.position_m[:, history_frames - 1 : history_frames]
    return observation.position_m[:, history_frames : history_frames + steps] - last


def collect_pairs(windows: Windows, history_frames: int, steps: int, over: int) -> FuturePairs:
    """Return an even sample of at most a few thousand animals from the windows."""
    rows = max(int(e.observation.position_m.shape[1]) for e in windows.episodes)
    step: list[np.ndarray] = []
    future: list[np.ndarray] = []
    species: list[np.ndarray] = []
    for batch in windows.thin(max(1, 4 * _MOST_PAIRS // rows)).batches(_BATCH):
        seen = batch.clip.observation
        here = present_throughout(seen, 0, history_frames + steps)
        history = first_frames(batch.clip, history_frames)
        step.append(mean_step(history, over)[here])
        future.append(np.moveaxis(way_ahead(seen, history_frames, steps), 1, 2)[here])
        species.append(seen.species[:, history_frames - 1][here])
    keep = slice(None, None, max(1, sum(map(len, species)) // _MOST_PAIRS))
    return FuturePairs(
        step_m=np.concatenate(step)[keep].astype(np.float32),
        future_m=np.concatenate(future)[keep].astype(np.float32),
        species=np.concatenate(species)[keep].astype(np.int64),
        species_count=len(windows.episodes[0].info.species_names),
    )
