"""Real footage with its tracks as one episode: pictures of the film beside the animals in them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import UInt8

from eco1.core.errors import TrackError
from eco1.core.extras import require
from eco1.core.senses import UNLABELLED, Frames, Senses
from eco1.data.raw_tracks import RawTracks
from eco1.data.recorder import EpisodeRecorder
from eco1.data.tracks import TrackSettings, tracks_episode

#: Name of the camera that a film is.
CAMERA = "film"
#: Frame rates of a film and its tracks may differ by this share: containers round them.
_SAME_RATE = 0.01
_PURPOSE = "Reading a film"


@dataclass(frozen=True, kw_only=True)
class FilmFacts:
    """What a film says of itself before its pictures are decoded."""

    frames: int
    frame_rate_hz: float
    width_px: int
    height_px: int


def film_facts(film: Path) -> FilmFacts:
    """Return length, rate and size of a film, counting its frames.

    Raises:
        MissingExtraError: when av is not installed.
        TrackError: when the file is missing or no film.
    """
    with _opened(film) as container:
        stream = container.streams.video[0]
        frames = sum(1 for packet in container.demux(stream) if packet.size)
        return FilmFacts(
            frames=frames,
            frame_rate_hz=float(stream.average_rate or 0),
            width_px=stream.width,
            height_px=stream.height,
        )


def import_footage(tracks: RawTracks, film: Path, out: Path, settings: TrackSettings, height_px: int) -> Path:
    """Write tracks and the film they were made from as the episode ``out`` and return its path.

    The film becomes ``video/film/rgb``, ``height_px`` high and as wide as its shape asks for. Nobody said which
    animal a pixel shows, nor where the camera stood, so nothing else is stored of it. Like the tracks it begins with
    the second frame. ``video_units_per_px`` in the provenance times a stored pixel is a place in the tracks' unit.

    Raises:
        MissingExtraError: when av is not installed.
        TrackError: when film and tracks differ in length or frame rate, or either cannot be read.
        EpisodeError: when ``out`` exists or cannot be written.
    """
    facts = film_facts(film)
    _refuse_bad_pair(tracks, film, facts)
    if not 1 <= height_px <= facts.height_px:
        raise TrackError(
            f"--video-height is {height_px}; allowed: 1 to {facts.height_px}, the height of {film}, such as 128"
        )
    episode = tracks_episode(tracks, settings)
    width_px = max(1, round(facts.width_px * height_px / facts.height_px))
    provenance = episode.info.provenance | {
        "video": film.name,
        "video_size_px": f"{facts.width_px} x {facts.height_px}",
        "video_units_per_px": f"{facts.height_px / height_px:.10g}",
    }
    info = replace(episode.info, provenance=provenance)
    pictures = _pictures(film, width_px, height_px)
    next(pictures, None)  # the tracks' first frame only serves to measure velocities
    with EpisodeRecorder(out, info, sense_fields=("rgb",)) as recorder:
        for frame, seen in enumerate(episode.observation[k] for k in range(facts.frames - 1)):
            picture = next(pictures, None)
            if picture is None:
                raise TrackError(f"{film} is damaged: frame {frame + 1} cannot be decoded. Nothing was imported.")
            recorder.append(seen, senses=Senses(video={CAMERA: _unlabelled(picture)}))
    return out


def _refuse_bad_pair(tracks: RawTracks, film: Path, facts: FilmFacts) -> None:
    if facts.frames != len(tracks.position):
        raise TrackError(
            f"{film} has {facts.frames} frames and {tracks.source} {len(tracks.position)}; a film and its tracks have "
            "as many. Cut the longer one, or give the film that was tracked: --video FILM"
        )
    if abs(facts.frame_rate_hz / tracks.frame_rate_hz - 1) > _SAME_RATE:
        raise TrackError(
            f"{film} runs at {facts.frame_rate_hz:g} frames per second and {tracks.source} at "
            f"{tracks.frame_rate_hz:g}; they may differ by {_SAME_RATE:.0%}. Say which is right: --fps "
            f"{facts.frame_rate_hz:g}, or give the film that was tracked: --video FILM"
        )


def _pictures(film: Path, width_px: int, height_px: int) -> Iterator[UInt8[np.ndarray, "h w 3"]]:
    """Return the frames one by one, shrunk by averaging."""
    av = require("av", _PURPOSE)
    with _opened(film) as container:
        try:
            for frame in container.decode(video=0):
                small = frame.reformat(width=width_px, height=height_px, format="rgb24", interpolation="AREA")
                yield small.to_ndarray()
        except av.error.FFmpegError as error:
            raise TrackError(f"{film} is damaged: {error}. Nothing was imported.") from error


def _opened(film: Path) -> Any:
    av = require("av", _PURPOSE)
    try:
        container = av.open(str(film))
    except (av.error.FFmpegError, OSError) as error:
        raise TrackError(
            f"{film} cannot be read as a film: {error}. Give the film that was tracked: --video"
        ) from error
    if not container.streams.video:
        container.close()
        raise TrackError(f"{film} has no pictures in it. Give the film that was tracked: --video FILM")
    return container


def _unlabelled(picture: UInt8[np.ndarray, "h w 3"]) -> Frames:
    height, width = picture.shape[:2]
    return Frames(
        rgb=picture,
        depth_m=np.full((height, width), np.nan, np.float32),
        instance=np.full((height, width), UNLABELLED, np.int16),
        flow_px=np.full((height, width, 2), np.nan, np.float32),
        eye_m=np.full(3, np.nan, np.float32),
        axes=np.full((3, 3), np.nan, np.float32),
        field_of_view_rad=np.array(np.nan, np.float32),
    )
