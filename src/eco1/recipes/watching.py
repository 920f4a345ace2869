"""The instruments that the simulator's worlds are recorded with: a camera, two ears, a lidar and somebody who tells."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

import numpy as np

from eco1.catalog.loader import load_biome
from eco1.core.errors import ConfigError, unknown_name
from eco1.core.records import Episode, EpisodeInfo, Hidden, Landscape, Observation, Sky
from eco1.core.senses import Caption, Description, Event, Frames, PointCloud, Question, Senses, Sound
from eco1.sensors.camera.filming import Filming
from eco1.sensors.camera.viewpoints import follow
from eco1.sensors.camera.views import Views
from eco1.sensors.captioner import describe
from eco1.sensors.lidar.patterns import facing, spinning
from eco1.sensors.lidar.scan import scan
from eco1.sensors.microphone import Circumstances, Microphone, OnCamera
from eco1.sensors.scenery.bodies import Moments
from eco1.sensors.scenery.scenery import build_scenery
from eco1.sensors.scenery.stage import Stage
from eco1.sim.ecosystem import Ecosystem
from eco1.studio.shapes import troupe_of

Told = TypeVar("Told", Event, Caption, Question)

#: What can be recorded beside the animals themselves.
SENSES = ("video", "audio", "points", "text")
CAMERA, MICROPHONE, LIDAR = "follow", "camera", "camera"
_NARRATED_STEPS = 3000  # told at a time, so that memory stays flat however long an episode is
_BEAMS, _STEPS = 16, 128
_EAR_WIDTH_M = 0.175  # between a person's ears: estimate
_LEAST_SIZE_PX, _MOST_SIZE_PX = 8, 2048


@dataclass(frozen=True, kw_only=True)
class SimulatedSenses:
    """Instruments on a camera that follows one animal after the other, each as long as it lives.

    Args:
        senses: which of ``SENSES`` to record.
        size_px: side of the square pictures.
    """

    senses: tuple[str, ...] = SENSES
    size_px: int = 64

    def __post_init__(self) -> None:
        for name in self.senses:
            if name not in SENSES:
                raise unknown_name("sense", name, SENSES)
        if not _LEAST_SIZE_PX <= self.size_px <= _MOST_SIZE_PX:
            raise ConfigError(f"Pictures are {_LEAST_SIZE_PX} to {_MOST_SIZE_PX} px wide and high; got {self.size_px}.")

    @property
    def facts(self) -> Mapping[str, str]:
        """What they depend on, for the provenance."""
        return {"senses": " ".join(self.senses), "camera_px": str(self.size_px)}

    def __call__(self, world: Ecosystem, landscape: Landscape, info: EpisodeInfo) -> "SimulatedWatch":
        """Return a watch over the world that ``info`` names."""
        return SimulatedWatch(self, world, landscape, info)


class SimulatedWatch:
    """The instruments of one world during one episode."""

    def __init__(self, chosen: SimulatedSenses, world: Ecosystem, landscape: Landscape, info: EpisodeInfo) -> None:
        self._senses, self._info, self._dt_s = chosen.senses, info, world.dt_s
        scenery = build_scenery(load_biome(info.biome), landscape, info.seed)
        troupe = troupe_of(info.species_names)
        self._stage = Stage(scenery, troupe, info.behavior_names, dt_s=world.dt_s)
        self._star = _Star(info)
        rig = partial(_behind, self._star, self._stage)
        self._filming = Filming(self._stage, rig, width_px=chosen.size_px, height_px=chosen.size_px, threads=1)
        self._microphone = Microphone(
            OnCamera(width_m=_EAR_WIDTH_M), biome=info.biome, species_names=info.species_names,
            behavior_names=info.behavior_names, seed=info.seed, landscape=landscape,
        )  # fmt: skip
        self._ears = self._microphone.initial(world.animals)
        self._beams = spinning(_BEAMS, _STEPS)
        self._narrator = _Narrator(info, landscape) if "text" in chosen.senses else None
        self._steps = 0

    @property
    def followed(self) -> int:
        """Return the row of the animal before the camera."""
        return self._star.row

    def sense(self, observation: Observation, hidden: Hidden, sky: Sky) -> Senses:
        """Return what they bring back from this step (N rows, no leading axis)."""
        self._steps += 1
        self._star.choose(observation)
        if self._narrator is not None:
            self._narrator.listen(observation, hidden)
        if not {"video", "audio", "points"} & set(self._senses):
            return Senses()
        moments = self._stage.look(observation[None], ice=sky.ice)
        frames = self._filming.shoot(moments).map(lambda array: np.asarray(array[0]))
        return Senses(
            video={CAMERA: frames} if "video" in self._senses else {},
            audio={MICROPHONE: self._hear(observation, sky, frames)} if "audio" in self._senses else {},
            points={LIDAR: self._scan(moments, frames)} if "points" in self._senses else {},
        )

    def describe(self) -> Description:
        """Return what can be said of the episode."""
        return Description() if self._narrator is None else self._narrator.told()

    def _hear(self, observation: Observation, sky: Sky, frames: Frames) -> Sound:
        weather = Circumstances(daylight=sky.daylight, rain=sky.rain, snow=float(sky.snow_m > 0))
        self._ears, sound = self._microphone.step(
            self._ears, observation, time_s=self._steps * self._dt_s, dt_s=self._dt_s, circumstances=weather,
            camera=frames,
        )  # fmt: skip
        return sound

    def _scan(self, moments: Moments, frames: Frames) -> PointCloud:
        ahead = frames.axes[2]
        directions = facing(self._beams, np.arctan2(ahead[1], ahead[0])[None])
        shapes = self._stage.troupe.shapes
        return scan(self._stage.scenery, shapes, moments, frames.eye_m[None], directions, step=self._steps, threads=1)[
            0
        ]


class _Star:
    """Whom the camera follows: an animal drawn by the seed, and when it is gone the next one."""

    def __init__(self, info: EpisodeInfo) -> None:
        self.row, self._identity = 0, -1
        self._lot = info.seed * 7 + info.world

    def choose(self, observation: Observation) -> None:
        """Stay with who is followed, or take the next that is alive."""
        if observation.alive[self.row] and observation.identity[self.row] == self._identity:
            return
        alive = np.flatnonzero(observation.alive)
        if len(alive) == 0:
            return
        self.row = int(alive[self._lot % len(alive)])
        self._identity, self._lot = int(observation.identity[self.row]), self._lot + 1


def _behind(star: _Star, stage: Stage, moments: Moments, before: Views | None) -> Views:
    row = np.array([star.row], np.int32)
    return follow(stage.scenery, stage.troupe, moments, row, before, dt_s=stage.dt_s)


class _Narrator:
    """Tells a recording stretch by stretch, so that no more than a stretch is ever held."""

    def __init__(self, info: EpisodeInfo, landscape: Landscape) -> None:
        self._info, self._landscape = info, landscape
        self._seen: list[Observation] = []
        self._hidden: list[Hidden] = []
        self._begun_s = 0.0
        self._events: list[Event] = []
        self._captions: list[Caption] = []
        self._questions: list[Question] = []

    def listen(self, observation: Observation, hidden: Hidden) -> None:
        """Take note of a step."""
        self._seen.append(observation)
        self._hidden.append(hidden)
        if len(self._seen) == _NARRATED_STEPS:
            self._tell()

    def told(self) -> Description:
        """Return all that was told, with what is left."""
        if self._seen:
            self._tell()
        return Description(events=tuple(self._events), captions=tuple(self._captions), questions=tuple(self._questions))

    def _tell(self) -> None:
        said = describe(
            Episode(
                info=self._info, observation=Observation.stack(self._seen), hidden=Hidden.stack(self._hidden),
                landscape=self._landscape,
            )
        )  # fmt: skip
        self._events += [_later(each, self._begun_s) for each in said.events]
        self._captions += [_later(each, self._begun_s) for each in said.captions]
        self._questions += [_later(each, self._begun_s) for each in said.questions]
        self._begun_s += len(self._seen) * self._info.dt_s
        self._seen, self._hidden = [], []


def _later(told: Told, by_s: float) -> Told:
    return replace(told, start_s=told.start_s + by_s, end_s=told.end_s + by_s)
