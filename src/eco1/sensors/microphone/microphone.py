"""The microphone: two ears in a world, 16,000 samples a second each."""

import math
from itertools import pairwise

import numpy as np
from jaxtyping import Float, Int16

from eco1.catalog.loader import load_biome
from eco1.core.errors import ConfigError
from eco1.core.records import Landscape, Observation
from eco1.core.senses import SAMPLE_RATE_HZ, Frames, Sound
from eco1.sensors.microphone.air import DISTANCES_M, WATER_SPEED_MPS, absorption_filters, air_speed_mps
from eco1.sensors.microphone.ambience import (
    CRACKLES,
    HISSES,
    SINGERS,
    Circumstances,
    crackle_table,
    hiss_table,
    loudness_pa,
    singer_table,
)
from eco1.sensors.microphone.ambience_kernels import add_ambience
from eco1.sensors.microphone.behaviors import behavior_table
from eco1.sensors.microphone.calls import TICK, schedule
from eco1.sensors.microphone.hearing import Scratch, hear
from eco1.sensors.microphone.loudness import LOUDEST, peak_pa, to_samples
from eco1.sensors.microphone.memory import ENVELOPE, STARTED, TAIL, Memory, empty_memory
from eco1.sensors.microphone.paths import BLOCK, Medium, interpolation
from eco1.sensors.microphone.places import Place, ears_at
from eco1.sensors.microphone.scene import Rows, move_on, rows_of
from eco1.sensors.microphone.species import species_table

_JUMP_MPS = 100.0  # ears that move faster than this were not moved but cut to another place


class Microphone:
    """Two ears in one world. It keeps nothing between steps: what must be remembered goes in and comes out.

    The same seed and scene give the same samples, however long the steps are, and calls begin at the same moments for
    every microphone of a world with the same seed.

    Args:
        place: where the ears are.
        biome: a name from the catalog; it decides about air or water and about what is heard without animals.
        species_names: names of the catalog to which ``Observation.species`` points.
        behavior_names: the ethogram to which ``Observation.behavior`` points.
        seed: of everything random: when animals call, and all noise.
        landscape: where water lies, for splashes and lapping; None: there is none.
        loudest: the most animals that are heard at once; the faintest beyond it are left out.

    Raises:
        UnknownNameError: the catalog has no such biome or species.
        ConfigError: ``loudest`` is negative.
    """

    def __init__(
        self, place: Place, *, biome: str, species_names: tuple[str, ...], behavior_names: tuple[str, ...], seed: int,
        landscape: Landscape | None = None, loudest: int = 24,
    ) -> None:  # fmt: skip
        if loudest < 0:
            raise ConfigError(f"loudest must be at least 0, got {loudest}.")
        self.place, self.seed, self.loudest = place, seed, loudest
        self._biome = load_biome(biome)
        self._sea = self._biome.sea is not None
        self._species = species_table(species_names, self._sea)
        self._behaviors = behavior_table(behavior_names)
        self._landscape = landscape
        self._shore_m = _water_cells(landscape)
        self._peak_pa = peak_pa(self._sea)
        self._floor_pa = self._peak_pa / LOUDEST / math.sqrt(2)  # a sine that fills one step of the samples
        temperature = float(self._biome.temperature_mean)
        self._speed_mps = WATER_SPEED_MPS if self._sea else air_speed_mps(temperature)
        self._poles = np.zeros(len(DISTANCES_M)) if self._sea else absorption_filters(temperature)

    def initial(self, rows: int) -> Memory:
        """Return the memory before anything was heard, for a world of ``rows`` rows."""
        return empty_memory(rows, len(HISSES), len(CRACKLES), len(SINGERS))

    def step(
        self, memory: Memory, observation: Observation, *, time_s: float, dt_s: float, circumstances: Circumstances,
        camera: Frames | None = None,
    ) -> tuple[Memory, Sound]:  # fmt: skip
        """Return the new memory and what was heard from ``time_s - dt_s`` to ``time_s``, the time of the observation.

        Args:
            memory: from ``initial`` or the step before; it stays as it is.
            observation: the animals now (N rows, no leading axis). Between two steps they move in straight lines.
            time_s: time of the world; steps that do not follow each other begin a new recording of who is where.
            dt_s: length of the step, a whole number of samples.
            circumstances: daylight and weather.
            camera: what the camera saw in this step, for a microphone that sits on it.

        Raises:
            ConfigError: the step is no whole number of samples; or nobody says where the ears are.
        """
        start, count = _samples(time_s, dt_s)
        m = memory.copy()
        started = m.listener[STARTED] > 0
        ears_m = ears_at(self.place, observation, camera, memory.ear_m if started else None)
        moved_m = float(np.abs(ears_m - m.ear_m).max()) if started else math.inf
        cut = moved_m > _JUMP_MPS * dt_s
        from_m = ears_m if cut else memory.ear_m
        city = self._biome.city is not None
        rows, mouth_m, velocity_mps = rows_of(
            observation, self._species, self._behaviors, self._landscape, sea=self._sea, city=city,
            snow=circumstances.snow,
        )  # fmt: skip
        move_on(m, rows, mouth_m, velocity_mps, start, count)
        loudness = loudness_pa(self._biome, circumstances, self._water_m(ears_m))
        if not started:
            m.loudness[:] = loudness
        m.ear_m[:], m.listener[STARTED] = ears_m, 1.0
        parts: list[Int16[np.ndarray, "2 s"]] = []
        for first, last in _between_ticks(start, count):
            here_m, there_m = (from_m + (ears_m - from_m) * ((n - start) / count) for n in (first, last))
            jumped = cut and first == start
            parts.append(self._listen(m, rows, first, last, here_m, there_m, loudness, circumstances, jumped))
        return m, Sound(samples=np.concatenate(parts, axis=1), ear_m=ears_m.mean(0).astype(np.float32))

    def _listen(
        self, m: Memory, rows: Rows, first: int, last: int, here_m: np.ndarray, there_m: np.ndarray,
        loudness: np.ndarray, now: Circumstances, cut: bool,
    ) -> Int16[np.ndarray, "2 s"]:  # fmt: skip
        """Render the samples between two ticks, during which the ears go from here to there."""
        pressure, samples = np.zeros((2, last - first)), np.empty((2, last - first), np.int16)
        if first % TICK == 0:
            schedule(
                m.onset, m.stop, m.calls, self._species, self._behaviors, rows, self.seed, first // TICK, now.daylight,
                self._speed_mps,
            )  # fmt: skip
        head_m = 0.5 * float(np.linalg.norm(there_m[0] - there_m[1]))
        medium = Medium(self._speed_mps, self._poles, max(head_m, 1e-3), not self._sea)
        hear(
            pressure, _scratch(len(rows.alive)), m, rows, self._species, medium, interpolation(), here_m, there_m,
            first, self._floor_pa, self.loudest, cut,
        )  # fmt: skip
        add_ambience(
            pressure, first, self.seed, hiss_table(), crackle_table(), singer_table(), m.loudness, loudness, m.hiss,
            m.crackle,
        )  # fmt: skip
        m.loudness[:] = loudness
        to_samples(samples, pressure, self._peak_pa, m.listener, ENVELOPE)
        return samples

    def _water_m(self, ears_m: Float[np.ndarray, "2 3"]) -> float:
        """Return the distance to the nearest water above ground, infinite where there is none."""
        if self._shore_m is None:
            return math.inf
        middle = ears_m.mean(0)
        flat = ((self._shore_m - middle[:2]) ** 2).sum(-1).min()
        return math.sqrt(float(flat) + middle[2] ** 2)


def _water_cells(landscape: Landscape | None) -> Float[np.ndarray, "c 2"] | None:
    """Return the middles of all cells with water, x and y in m; None when there are none."""
    if landscape is None or not (landscape.water_depth_m > 0).any():
        return None
    rows, columns = np.nonzero(landscape.water_depth_m > 0)
    return (np.stack([columns, rows], -1) + 0.5) * (landscape.size_m / landscape.water_depth_m.shape[0])


def _samples(time_s: float, dt_s: float) -> tuple[int, int]:
    """Return the first sample of a step and how many there are."""
    count = round(dt_s * SAMPLE_RATE_HZ)
    if count < 1 or abs(count - dt_s * SAMPLE_RATE_HZ) > 1e-3:
        nearest = max(1, count) / SAMPLE_RATE_HZ
        raise ConfigError(
            f"A step must hold a whole number of samples at {SAMPLE_RATE_HZ} Hz, got dt_s={dt_s}. Nearest: {nearest}."
        )
    return round(time_s * SAMPLE_RATE_HZ) - count, count


def _between_ticks(start: int, count: int) -> list[tuple[int, int]]:
    """Return the pieces into which ticks cut a step."""
    edges = [start, *range((start // TICK + 1) * TICK, start + count, TICK), start + count]
    return list(pairwise(edges))


def _scratch(rows: int) -> Scratch:
    edges = TICK // BLOCK + 2
    return Scratch(
        dry=np.empty(2 * TAIL + 2 * TICK, np.float32),
        left=np.empty((2, edges)),
        gain=np.empty((2, edges)),
        alpha=np.empty((2, edges)),
        level=np.empty(rows),
    )
