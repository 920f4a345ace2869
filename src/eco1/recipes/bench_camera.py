"""How many pictures the cameras take per second, beside casting the same rays one by one."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from eco1.catalog.loader import load_biome
from eco1.core.errors import ConfigError
from eco1.core.senses import Frames
from eco1.sensors.camera.render import render
from eco1.sensors.camera.viewpoints import follow
from eco1.sensors.camera.views import Views
from eco1.sensors.lidar.scan import scan
from eco1.sensors.scenery.bodies import Moments
from eco1.sensors.scenery.scenery import Scenery, build_scenery
from eco1.sensors.scenery.stage import Stage, Troupe
from eco1.sim.ecosystem import Ecosystem
from eco1.studio.shapes import troupe_of

_BIOME = "savanna"
_BURN_IN_STEPS = 100  # 10 s: groups have formed
_SEED = 0
_SMALL_PX, _BIG_PX = (64, 64), (1280, 720)
_BIG_FRAMES, _PEER_FRAMES = 4, 4
_REACH_M = 20_000.0


@dataclass(frozen=True, kw_only=True)
class CameraBench:
    """Colour, depth, instances and flow of cameras that each follow an animal; compiling and posing are left out.

    ``frames_per_s`` is the median over the runs of a batch of small pictures, ``frames_per_s_best`` the best;
    ``big_frames_per_s`` the same of single big ones. ``cpu_ms_per_frame`` is the time that a small picture takes on one
    core, whoever else uses the machine. ``peer`` casts the rays of the small pictures one by one.
    """

    biome: str
    animals: int
    frames: int
    threads: int
    repeats: int
    size_px: tuple[int, int]
    frames_per_s: float
    frames_per_s_best: float
    cpu_ms_per_frame: float
    big_size_px: tuple[int, int]
    big_frames_per_s: float
    big_frames_per_s_best: float
    animal_share: float
    peer: str
    peer_frames_per_s: float
    device: str


def bench_camera(
    animals: int = 64, threads: int = 2, frames: int = 512, repeats: int = 5, device: str = "cpu"
) -> CameraBench:
    """Measure ``repeats`` batches of ``frames`` small pictures and as many runs of big ones.

    Pictures of a GPU are counted with the way there and back; the peer always runs on the CPU.

    Raises:
        ConfigError: when there is nothing to measure, or no GPU for ``device`` ``cuda``.
    """
    if frames < 1 or repeats < 1 or threads < 1:
        raise ConfigError(
            f"A camera bench needs at least 1 frame, 1 run and 1 thread; got {frames}, {repeats} and {threads}."
        )
    scenery, troupe, before, moments = _scenes(animals)
    views = _views(scenery, troupe, moments, frames)

    def take(some: Views, size_px: tuple[int, int]) -> Frames:
        return render(
            scenery, troupe.shapes, moments, some, width_px=size_px[0], height_px=size_px[1], moments_before=before,
            threads=threads, device=device,
        )  # fmt: skip

    seen = take(views, _SMALL_PX)
    started = time.process_time()
    small = _seconds(lambda: take(views, _SMALL_PX), repeats) / frames
    cpu_s = (time.process_time() - started) / frames / repeats
    big_views = views[: min(_BIG_FRAMES, frames)]
    big = _seconds(lambda: take(big_views, _BIG_PX), repeats) / len(big_views.eye_m)
    return CameraBench(
        biome=_BIOME,
        animals=int(moments.shown.sum()),
        frames=frames,
        threads=threads,
        repeats=repeats,
        size_px=_SMALL_PX,
        frames_per_s=round(1 / float(np.median(small)), 1),
        frames_per_s_best=round(1 / float(small.min()), 1),
        cpu_ms_per_frame=round(1000 * cpu_s, 3),
        big_size_px=_BIG_PX,
        big_frames_per_s=round(1 / float(np.median(big)), 2),
        big_frames_per_s_best=round(1 / float(big.min()), 2),
        animal_share=round(float((seen.instance >= 0).mean()), 4),
        peer=f"the same rays cast one by one against the solids in their direction, positions only, {threads} threads",
        peer_frames_per_s=round(1 / _peer(scenery, troupe, moments, views, threads), 1),
        device=device,
    )


def _scenes(animals: int) -> tuple[Scenery, Troupe, Moments, Moments]:
    """Return a world of so many rows at two steps, the second to look at."""
    world = Ecosystem(biome=_BIOME, animals=animals, threads=1)
    state = world.reset(_SEED)
    for _ in range(_BURN_IN_STEPS):
        state = world.step(state)
    scenery = build_scenery(load_biome(_BIOME), world.landscape(state))
    troupe = troupe_of(world.species_names)
    stage = Stage(scenery, troupe, world.behavior_names, dt_s=world.dt_s)
    before = stage.look(world.observe(state))
    return scenery, troupe, before, stage.look(world.observe(world.step(state)))


def _views(scenery: Scenery, troupe: Troupe, moments: Moments, frames: int) -> Views:
    """Return so many cameras at one moment, behind one animal after the other."""
    rows = np.flatnonzero(moments.shown[0])
    followed = [follow(scenery, troupe, moments, np.array([row]), None, dt_s=1.0) for row in rows]
    chosen = [followed[k % len(rows)] for k in range(frames)]
    joined = {name: np.concatenate([getattr(view, name) for view in chosen]) for name in Views.__dataclass_fields__}
    return replace(Views(**joined), moment=np.zeros(frames, np.int32))


def _peer(scenery: Scenery, troupe: Troupe, moments: Moments, views: Views, threads: int) -> float:
    """Return seconds per picture when a lidar casts its rays."""
    some = views[:_PEER_FRAMES]
    width, height = _SMALL_PX
    half = np.tan(some.field_of_view_rad / 2)[:, None, None]
    right = half * (((np.arange(width) + 0.5) / width * 2 - 1) * width / height)[None, None, :]
    up = half * (1 - (np.arange(height) + 0.5) / height * 2)[None, :, None]
    axes = some.axes[:, :, None, None, :]
    rays = axes[:, 2] + right[..., None] * axes[:, 0] + up[..., None] * axes[:, 1]
    beams = rays.reshape(len(rays), width * height, 3).astype(np.float32)

    def cast() -> None:
        scan(
            scenery, troupe.shapes, moments, some.eye_m, beams, moment=some.moment, reach_m=_REACH_M, threads=threads
        )  # fmt: skip

    cast()
    return float(_seconds(cast, 3).min()) / len(rays)


def _seconds(work: Callable[[], object], repeats: int) -> np.ndarray:
    spent: list[float] = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        spent.append(time.perf_counter() - started)
    return np.array(spent)
