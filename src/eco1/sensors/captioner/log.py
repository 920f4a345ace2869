"""An episode as the captioner reads it: clean arrays, time first, and what is known of each kind of animal."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float32, Int16, Int64

from eco1.core.records import DRIVES, SURROUNDINGS, UNKNOWN_BEHAVIOR, Episode, Landscape
from eco1.sensors.captioner.kinds import Kind, kind_of

#: Behaviours of animals of which only positions are known, told by speed. They follow those of the episode.
MOVE, STAY = "move", "stay"
_MOVING_LENGTHS_PER_S = 0.4  # by eye: slower than this looks like standing
_SMOOTH_S = 0.5  # over which speeds are averaged before they are judged
_DARK = 0.25  # of full daylight, by eye
_DAYLIGHT = SURROUNDINGS.index("daylight")


@dataclass(frozen=True, kw_only=True)
class Log:
    """What happened, row by row. ``target`` and ``drives`` are None when nobody recorded what cannot be seen."""

    biome: str
    dt_s: float
    kinds: tuple[Kind, ...]
    behaviors: tuple[str, ...]
    position_m: Float32[np.ndarray, "t n 3"]
    velocity_mps: Float32[np.ndarray, "t n 3"]
    alive: Bool[np.ndarray, "t n"]
    carcass: Bool[np.ndarray, "t n"]
    identity: Int64[np.ndarray, "t n"]
    species: Int16[np.ndarray, "t n"]
    behavior: Int16[np.ndarray, "t n"]
    body_length_m: Float32[np.ndarray, "t n"]
    daylight: Float32[np.ndarray, " t"]
    target: Int16[np.ndarray, "t n"] | None
    drives: Float32[np.ndarray, "t n d"] | None
    landscape: Landscape | None

    @property
    def steps(self) -> int:
        """How many frames there are."""
        return len(self.alive)

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return self.steps * self.dt_s

    def code(self, behavior: str) -> int:
        """Return the index of a behaviour, -2 (which no frame has) when the episode does not know it."""
        return self.behaviors.index(behavior) if behavior in self.behaviors else -2

    def codes(self, *behaviors: str) -> tuple[int, ...]:
        """Return the indices of several behaviours."""
        return tuple(self.code(behavior) for behavior in behaviors)

    def kind(self, frame: int, row: int) -> Kind:
        """Return the kind of animal that a row is at a frame."""
        return self.kinds[int(self.species[frame, row])]

    def is_young(self, frame: int, row: int) -> bool:
        """Whether a body is clearly shorter than an adult's. The bound of 0.8 is judged by eye."""
        adult = self.kind(frame, row).length_m
        return adult > 0 and float(self.body_length_m[frame, row]) < 0.8 * adult

    def is_dark(self, frame: int) -> bool:
        """Whether it is night; False where light was not recorded."""
        return bool(self.daylight[frame] < _DARK)

    def drive(self, name: str, frame: int, row: int) -> float:
        """Return how strong a need is, 0 when needs were not recorded."""
        return 0.0 if self.drives is None else float(self.drives[frame, row, DRIVES.index(name)])

    @cached_property
    def speed_mps(self) -> Float32[np.ndarray, "t n"]:
        """Speed over ground, with climbing and diving."""
        return np.linalg.norm(self.velocity_mps, axis=-1).astype(np.float32)

    @cached_property
    def related(self) -> dict[str, Bool[np.ndarray, "s s"]]:
        """Which species (rows) hunts, fears or is the same kind as which (columns), and which are people."""
        names = [kind.name for kind in self.kinds]
        table = {
            "prey": [[other in kind.prey for other in names] for kind in self.kinds],
            "threat": [[other in kind.threats for other in names] for kind in self.kinds],
            "kin": [[other == kind.name for other in names] for kind in self.kinds],
            "person": [[other.is_person for other in self.kinds] for _ in names],
        }
        return {name: np.array(rows, bool) for name, rows in table.items()}


def read_log(episode: Episode) -> Log:
    """Return the log of an episode; empty rows hold zeros."""
    seen, hidden = episode.observation, episode.hidden
    present = (seen.alive | seen.carcass)[..., None]
    velocity = np.where(seen.alive[..., None], np.nan_to_num(seen.velocity_mps), np.float32(0))
    behavior = np.where(seen.alive, seen.behavior, np.int16(UNKNOWN_BEHAVIOR))
    names = episode.info.behavior_names
    nameless = seen.alive & (behavior == UNKNOWN_BEHAVIOR)
    if nameless.any():
        moves = _moves(velocity, np.nan_to_num(seen.body_length_m), episode.info.dt_s)
        behavior = np.where(nameless, np.where(moves, len(names), len(names) + 1), behavior).astype(np.int16)
    return Log(
        biome=episode.info.biome,
        dt_s=episode.info.dt_s,
        kinds=tuple(kind_of(name) for name in episode.info.species_names),
        behaviors=(*names, MOVE, STAY),
        position_m=np.where(present, np.nan_to_num(seen.position_m), np.float32(0)),
        velocity_mps=velocity,
        alive=seen.alive,
        carcass=seen.carcass,
        identity=seen.identity,
        species=np.maximum(seen.species, 0),
        behavior=behavior,
        body_length_m=np.nan_to_num(seen.body_length_m),
        daylight=_daylight(seen.surroundings, seen.alive),
        target=None if hidden is None else hidden.target,
        drives=None if hidden is None else hidden.drives,
        landscape=episode.landscape,
    )


def _moves(
    velocity_mps: Float32[np.ndarray, "t n 3"], length_m: Float32[np.ndarray, "t n"], dt_s: float
) -> Bool[np.ndarray, "t n"]:
    """Return whether animals get on, over a running mean."""
    speed = np.linalg.norm(velocity_mps, axis=-1)
    half = max(1, round(_SMOOTH_S / dt_s / 2))
    total = np.cumsum(np.pad(speed, ((half + 1, half), (0, 0)), mode="edge"), axis=0)
    mean = (total[2 * half + 1 :] - total[: -2 * half - 1]) / (2 * half + 1)
    return mean > _MOVING_LENGTHS_PER_S * np.maximum(length_m, 1e-3)


def _daylight(surroundings: Float32[np.ndarray, "t n s"], alive: Bool[np.ndarray, "t n"]) -> Float32[np.ndarray, " t"]:
    """Return the light at each frame; 1 when nobody recorded any, so that nothing is called night."""
    light = np.where(alive, np.nan_to_num(surroundings[..., _DAYLIGHT]), 0).sum(1) / np.maximum(alive.sum(1), 1)
    return (light if light.any() else np.ones_like(light)).astype(np.float32)
