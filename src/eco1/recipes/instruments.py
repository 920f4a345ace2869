"""The seam where instruments are made and asked: cameras, microphones, lidars and captioners of a recording."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from eco1.core.records import EpisodeInfo, Hidden, Landscape, Observation, Sky
from eco1.core.senses import Description, Senses
from eco1.sim.ecosystem import Ecosystem


class Watch(Protocol):
    """The instruments of one world during one episode, asked at every step in order."""

    def sense(self, observation: Observation, hidden: Hidden, sky: Sky) -> Senses:
        """Return what they bring back from this step (N rows, no leading axis)."""
        ...

    def describe(self) -> Description:
        """Return what can be said of the episode, once all steps were sensed."""
        ...


class Instruments(Protocol):
    """Sets up a watch for every episode. Sent to worker processes, so it has to be picklable and small."""

    @property
    def facts(self) -> Mapping[str, str]:
        """What they depend on, for the provenance: recordings with other facts are other recordings."""
        ...

    def __call__(self, world: Ecosystem, landscape: Landscape, info: EpisodeInfo) -> Watch:
        """Return a watch over the world that ``info`` names."""
        ...


class _NobodyWatches:
    def sense(self, observation: Observation, hidden: Hidden, sky: Sky) -> Senses:
        return Senses()

    def describe(self) -> Description:
        return Description()


@dataclass(frozen=True, kw_only=True)
class NoInstruments:
    """Records animals alone."""

    facts: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, world: Ecosystem, landscape: Landscape, info: EpisodeInfo) -> Watch:
        """Return a watch that brings nothing back."""
        return _NobodyWatches()
