"""Films and stills of an episode, made without a browser, a display or a graphics card."""

from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from eco1.core.errors import Eco1Error
from eco1.core.extras import require
from eco1.core.records import Episode
from eco1.studio.film_scene import FilmScene


@dataclass(frozen=True, kw_only=True)
class FilmReport:
    """What was written."""

    path: Path
    frames: int
    width_px: int
    height_px: int
    frames_per_s: int
    shots: tuple[str, ...]


def render_film(
    episode: Episode,
    path: str | Path,
    *,
    seconds: float | None = None,
    frames_per_s: int = 25,
    width_px: int = 1280,
    height_px: int = 720,
    title: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> FilmReport:
    """Write an H.264 MP4 in which a camera follows the most interesting animals of an episode.

    Args:
        episode: observation (T, N) with a landscape.
        path: where the film goes; its folder is made when missing.
        seconds: length; None takes the whole episode, else the stretch with most to see by daylight is chosen.
        frames_per_s: frames per second; states between two steps are interpolated.
        width_px: even number of pixels.
        height_px: even number of pixels.
        title: words over the first seconds.
        progress: called with frames done and frames in all.

    Raises:
        Eco1Error: when the episode has no landscape, fewer than two steps, the size is odd, or the film cannot be
            written; an earlier film at ``path`` is then still whole.
        MissingExtraError: without PyAV or matplotlib.
    """
    av = require("av", "Writing a film")
    require("matplotlib", "Writing captions")
    if width_px % 2 or height_px % 2:
        raise Eco1Error(f"A film needs an even width and height, got {width_px} x {height_px}.")
    scene = FilmScene(episode, width_px, height_px, seconds)
    total = max(2, int(scene.duration_s * frames_per_s))
    target = Path(path)
    with (
        _written_beside(target) as partial,
        av.open(str(partial), "w", format="mp4", options={"movflags": "+faststart"}) as container,
    ):
        stream = _stream(container, frames_per_s, width_px, height_px)
        with ThreadPoolExecutor(1) as encoder:  # the last picture is encoded while the next is drawn
            pending: Future[None] | None = None
            for number in range(total):
                image = scene.frame(number / frames_per_s, 1 / frames_per_s, title)
                if pending is not None:
                    pending.result()
                pending = encoder.submit(_encode, container, stream, av.VideoFrame.from_ndarray(image, format="rgb24"))
                if progress is not None:
                    progress(number + 1, total)
            if pending is not None:
                pending.result()
        _encode(container, stream, None)
    return FilmReport(
        path=target,
        frames=total,
        width_px=width_px,
        height_px=height_px,
        frames_per_s=frames_per_s,
        shots=scene.captions(),
    )


def render_still(
    episode: Episode,
    path: str | Path,
    *,
    at_s: float | None = None,
    width_px: int = 1280,
    height_px: int = 720,
    caption: bool = False,
) -> Path:
    """Write a PNG of an episode; ``at_s`` None takes the most interesting moment.

    Raises:
        Eco1Error: when the episode has no landscape or fewer than two steps, or the picture cannot be written.
        MissingExtraError: without matplotlib.
    """
    require("matplotlib", "Writing a picture")
    from matplotlib.image import imsave

    scene = FilmScene(episode, width_px, height_px, None)
    when = scene.best_moment_s() if at_s is None else min(max(at_s, 0.0), scene.duration_s)
    for step in np.arange(max(0.0, when - 3.0), when, 0.1):  # let strides and postures settle
        scene.advance(float(step), 0.1)
    image = scene.frame(when, 0.04, "", captioned=caption)
    target = Path(path)
    with _written_beside(target) as partial:
        imsave(partial, image, format="png")
    return target


@contextmanager
def _written_beside(target: Path) -> Generator[Path]:
    """Give a path to write to that takes the place of ``target`` at the end, if all went well."""
    partial = target.with_name(target.name + ".partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield partial
        partial.replace(target)
    except OSError as error:
        raise Eco1Error(
            f"{target} could not be written: {error.strerror or error}. What was there before is untouched. "
            "Make room, or name another file: eco1 film --out OTHER.mp4"
        ) from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def _stream(container: Any, frames_per_s: int, width_px: int, height_px: int) -> Any:
    stream = container.add_stream("libx264", rate=frames_per_s)
    stream.width, stream.height, stream.pix_fmt = width_px, height_px, "yuv420p"
    stream.time_base = Fraction(1, frames_per_s)
    stream.options = {"crf": "25", "preset": "veryfast"}
    return stream


def _encode(container: Any, stream: Any, picture: Any) -> None:
    for packet in stream.encode(picture):
        container.mux(packet)
