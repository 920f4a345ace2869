"""What it costs to write down every sense: time beside real time, bytes, and whether memory stays flat."""

import resource
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float32

from eco1.core.errors import ConfigError
from eco1.core.random import generator
from eco1.core.records import EpisodeInfo
from eco1.core.senses import GROUND, SAMPLE_RATE_HZ, Frames, PointCloud, Senses, Sound
from eco1.data.card import dataset_card
from eco1.data.recorder import EpisodeRecorder
from eco1.recipes.record_seed import episode_name
from eco1.sim.ecosystem import Ecosystem

_MAP_PX, _POINTS = 512, 2048
_MB = 1e6


@dataclass(frozen=True, kw_only=True)
class RecordBench:
    """Writing animals, pictures, stereo sound and points of one world, one thread and zarr's own.

    ``write_ms`` is the mean time to write a step, ``times_real_time`` how much faster than life that is, without
    simulating and sensing. ``peak_mb_quarter`` and ``peak_mb`` are the most memory the process had ever taken after a
    quarter of the recording and at its end.
    """

    seconds: float
    animals: int
    picture_px: int
    write_ms: float
    times_real_time: float
    mb_per_minute: float
    mb_per_minute_of: dict[str, float]
    peak_mb_quarter: float
    peak_mb: float


def bench_record(seconds: float = 600.0, animals: int = 64, picture_px: int = 64) -> RecordBench:
    """Record made-up senses of a real simulation to a temporary folder and measure the writing alone.

    The pictures slide over a random landscape as under a moving camera, with labels, depth and flow that change with
    them; the sound is noise with calls, the points are a scan. So nothing repeats, as little does in a recording.

    Raises:
        ConfigError: when there is nothing to measure.
    """
    world = Ecosystem(animals=animals)
    steps = round(seconds / world.dt_s)
    if steps < 4 or not 1 <= picture_px <= _MAP_PX // 2:
        raise ConfigError(f"A recording bench needs 4 steps and 1 to {_MAP_PX // 2} px; got {steps} and {picture_px}.")
    state, made_up, spent, quarter = world.reset(0), _MadeUp(picture_px, world.dt_s), 0.0, 0.0
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        with EpisodeRecorder(Path(folder, episode_name(world.biome, 0)), _info(world), world.landscape(state)) as it:
            spent += time.perf_counter() - started
            for step in range(steps):
                state = world.step(state)
                seen, hidden, senses = world.observe(state)[0], world.hidden(state)[0], made_up.senses(step)
                started = time.perf_counter()
                it.append(seen, hidden, None, senses)
                spent += time.perf_counter() - started
                if step == steps // 4:
                    quarter = _peak_mb()
            started = time.perf_counter()
        spent += time.perf_counter() - started
        peak = _peak_mb()
        parts = dataset_card(Path(folder))["modalities"]
    sizes = {name: part["stored_bytes"] / _MB / seconds * 60 for name, part in parts.items()}
    return RecordBench(
        seconds=seconds,
        animals=animals,
        picture_px=picture_px,
        write_ms=round(spent / steps * 1e3, 3),
        times_real_time=round(seconds / spent, 1),
        mb_per_minute=round(sum(sizes.values()), 2),
        mb_per_minute_of={name: round(size, 3) for name, size in sizes.items() if size >= 5e-4},
        peak_mb_quarter=quarter,
        peak_mb=peak,
    )


class _MadeUp:
    """Windows that slide over one random map, and noise."""

    def __init__(self, picture_px: int, dt_s: float) -> None:
        rng = generator(0, 0)
        self._px, self._samples = picture_px, round(SAMPLE_RATE_HZ * dt_s)
        self._relief = _smooth(rng, 16) + 0.3 * _smooth(rng, 3)
        self._color = np.stack([_smooth(rng, 6) for _ in range(3)], -1)
        self._herd = np.where(_smooth(rng, 5) > 1.8, rng.integers(0, 64, (_MAP_PX, _MAP_PX)) // 8, GROUND)
        self._noise = rng.normal(0, 300, (2, 64 * self._samples)).astype(np.int16)
        self._rays = rng.normal(size=(_POINTS, 3)).astype(np.float32)

    def senses(self, step: int) -> Senses:
        """Return what all instruments bring back from a step."""
        left, top = int(step * 0.7) % (_MAP_PX - self._px), int(step * 0.3) % (_MAP_PX - self._px)
        window = (slice(top, top + self._px), slice(left, left + self._px))
        relief = self._relief[window]
        herd = self._herd[window].astype(np.int16)
        flow = np.stack([0.7 + 0.05 * relief, 0.3 - 0.03 * relief], -1)
        turn = np.float32(0.01 * step)
        place = self._rays * (20 + np.sin(self._rays[:, :1] * 7 + turn))
        start = step % 63 * self._samples
        video = Frames(
            rgb=np.clip(128 + 40 * self._color[window] + 10 * relief[..., None], 0, 255).astype(np.uint8),
            depth_m=(20 + 5 * relief + turn).astype(np.float32),
            instance=herd,
            flow_px=flow.astype(np.float32),
            eye_m=np.array([left, top, 8.0], np.float32),
            axes=np.eye(3, dtype=np.float32),
            field_of_view_rad=np.array(1.0, np.float32),
        )
        sound = Sound(samples=self._noise[:, start : start + self._samples], ear_m=video.eye_m)
        near = (place[:, 0] > 15).astype(np.int16)
        points = PointCloud(position_m=place.astype(np.float32), instance=near - 2, species=near - 1)
        return Senses(video={"camera": video}, audio={"ears": sound}, points={"lidar": points})


def _smooth(rng: np.random.Generator, width: int) -> Float32[np.ndarray, "m m"]:
    """Return random hills of about that width, height about 1."""
    wave = np.fft.fftfreq(_MAP_PX)
    weight = np.exp(-2 * (np.pi * width) ** 2 * (wave[:, None] ** 2 + wave**2))
    hills = np.fft.ifft2(np.fft.fft2(rng.normal(size=(_MAP_PX, _MAP_PX))) * weight).real
    return (hills / hills.std()).astype(np.float32)


def _info(world: Ecosystem) -> EpisodeInfo:
    return EpisodeInfo(
        biome=world.biome,
        seed=0,
        world=0,
        dt_s=world.dt_s,
        species_names=world.species_names,
        behavior_names=world.behavior_names,
        provenance={"source": "simulation"},
    )


def _peak_mb() -> float:
    """Return the most memory this process has held (Linux counts in kilobytes)."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / _MB, 1)
