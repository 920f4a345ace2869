"""Films of runs and recordings."""

from collections.abc import Callable
from pathlib import Path

from rich.progress import Progress

from eco1.core.records import Episode
from eco1.data.reader import read_episode
from eco1.recipes.limits import require_seconds, require_seed
from eco1.recipes.live import brain_for, live
from eco1.sim.ecosystem import Ecosystem
from eco1.studio.film import render_film, render_still

BURN_IN_S = 30.0


def film_run(out: Path, model: Path | None, biome: str, seconds: float, seed: int, *, title: str = "") -> Path:
    """Film a new run, driven by a model or by the built-in animals.

    Raises:
        Eco1Error: when biome or checkpoint do not exist, ``seconds`` or ``seed`` are out of range, or the film cannot
            be written.
    """
    require_seconds(seconds)
    require_seed(seed)
    world = Ecosystem(biome, worlds=1)
    state = world.reset(seed)
    for _ in range(round(BURN_IN_S / world.dt_s)):
        state = world.step(state)
    brain = brain_for(world, model)
    return write_film(live(world, state, brain, seconds), out, seconds, title)


def film_episode(out: Path, episode: Path, seconds: float) -> Path:
    """Film a recording.

    Raises:
        Eco1Error: when the episode cannot be read or has no landscape, ``seconds`` is out of range, or the film cannot
            be written.
    """
    require_seconds(seconds)
    return write_film(read_episode(episode), out, seconds, "")


def write_film(episode: Episode, out: Path, seconds: float, title: str) -> Path:
    """Render an episode with a progress bar; to a ``.png`` only its most interesting moment."""
    if out.suffix == ".png":
        return render_still(episode, out)
    with Progress(transient=True) as progress:
        task = progress.add_task("filming", total=None)
        report = render_film(episode, out, seconds=seconds, title=title, progress=_shown_on(progress, task))
    return report.path


def _shown_on(progress: Progress, task: object) -> Callable[[int, int], None]:
    def show(done: int, total: int) -> None:
        progress.update(task, completed=done, total=total)  # type: ignore[arg-type]

    return show
