"""What one animal perceived and did, step by step, as reinforcement learning wants it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float32, Int64

from eco1.core.records import Episode
from eco1.data.export.lives import Life, only_species
from eco1.sensors.egocentric import NEIGHBOUR, OWN, egocentric
from eco1.sensors.scene import scene_of
from eco1.sensors.trace import link, no_trace, trace_of

#: Neighbours in an observation: the nearest of all, then the nearest of other species.
NEAREST, STRANGERS = 8, 4
_FRAMES = 256  # perceived at a time, which bounds the memory


@dataclass(frozen=True, kw_only=True)
class Trajectory:
    """T steps of one life. Action t leads from observation t to observation t + 1.

    Observations are those of ``sensors.egocentric``: distances in body lengths, in the animal's own frame. The action
    is the velocity (ahead, left, up; m/s) in the frame of the body as it stood, and the behaviour shown, -1 unknown.
    """

    life: Life
    observations: Float32[np.ndarray, "t1 f"]
    velocity_mps: Float32[np.ndarray, "t 3"]
    behavior: Int64[np.ndarray, " t"]

    @property
    def terminations(self) -> np.ndarray:
        """(T,) True at the last step of an animal that died."""
        return self._at_the_end(self.life.died)

    @property
    def truncations(self) -> np.ndarray:
        """(T,) True at the last step of an animal that lived on unseen."""
        return self._at_the_end(not self.life.died)

    def _at_the_end(self, ended: bool) -> np.ndarray:
        flags = np.zeros(len(self.behavior), bool)
        flags[-1] = ended
        return flags


def feature_names(animals: int) -> list[str]:
    """Return what the columns of observations mean in a world of so many rows."""
    seen = min(NEAREST + STRANGERS, animals - 1)
    return [*OWN, *(f"neighbour_{k}_{name}" for k in range(seen) for name in ("present", *NEIGHBOUR))]


def trajectories_of(episode: Episode, species: str | None = None, where: str = "") -> Iterator[Trajectory]:
    """Return the lives of at least one step, of one species or of all.

    Raises:
        UnknownNameError: when no animal of that species lives in the episode.
    """
    lives = only_species(episode, species, where)
    perceived = _perceived(episode)
    seen = episode.observation
    for life in lives:
        if life.first == life.last:
            continue
        velocity = seen.velocity_mps[life.frames, life.row][1:]
        heading = seen.heading_rad[life.frames, life.row][:-1]
        yield Trajectory(
            life=life,
            observations=perceived[life.frames, life.row],
            velocity_mps=_ahead_left_up(velocity, heading),
            behavior=seen.behavior[life.frames, life.row][1:].astype(np.int64),
        )


def _perceived(episode: Episode) -> Float32[np.ndarray, "t n f"]:
    """Return what every animal perceived in every frame."""
    seen = episode.observation
    frames, animals = seen.alive.shape
    past = no_trace(1, animals)
    found: list[np.ndarray] = []
    for start in range(0, frames, _FRAMES):
        scene = scene_of(seen[start : start + _FRAMES])[None]
        linked = link(scene, past)
        past = trace_of(scene, linked)
        view = egocentric(scene, linked, dt_s=episode.info.dt_s, nearest=NEAREST, strangers=STRANGERS)[0]
        present = view.neighbour_present[..., None].to(view.neighbours.dtype)
        neighbours = torch.cat([present, view.neighbours], -1).flatten(-2)
        found.append(torch.cat([view.own, neighbours], -1).to(torch.float32).numpy())
    return np.concatenate(found)


def _ahead_left_up(
    velocity_mps: Float32[np.ndarray, "t 3"], heading_rad: Float32[np.ndarray, " t"]
) -> Float32[np.ndarray, "t 3"]:
    cos, sin = np.cos(heading_rad), np.sin(heading_rad)
    x, y, z = velocity_mps.T
    return np.stack([cos * x + sin * y, cos * y - sin * x, z], -1).astype(np.float32)
