"""What a camera saw as an MP4 film, and beside it a JSON file with tracks, boxes, behaviours and captions."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Int16, Int32

from eco1.core.errors import EpisodeError
from eco1.core.extras import require
from eco1.core.records import Episode
from eco1.data.export.lives import Life, only_species
from eco1.data.export.whole import whole
from eco1.data.places import Place, leaf
from eco1.data.reader import read_episode
from eco1.data.schema import EPISODE_SUFFIX
from eco1.data.sensed import RecordedSenses, open_senses, read_text

_FRAMES = 64  # read at a time
_QUALITY = "16"  # libx264 constant rate factor: hardly to be told from the recording, by eye


def export_mp4(episodes: Sequence[Place], out: Path, species: str | None = None) -> Path:
    """Write ``out/<episode>-<camera>.mp4`` and ``.json`` for every camera and return ``out``.

    The JSON has a list for each life: its frames, positions, behaviours and, where the camera knew what it saw, the
    box (left, top, right, bottom in pixels, the last two not included; -1 where hidden) around it in each frame. Odd
    pictures are doubled at the edge, as H.264 needs an even number of pixels.

    Raises:
        MissingExtraError: when av is not installed.
        UnknownNameError: when an episode has no animal of that species.
        EpisodeError: when an episode cannot be read, or has no camera.
        Eco1Error: when ``out`` is there already.
    """
    require("av", "Exporting to MP4")
    with whole(out) as folder:
        folder.mkdir()
        for place in episodes:
            _export(place, folder, species)
    return out


def _export(place: Place, folder: Path, species: str | None) -> None:
    episode, senses = read_episode(place), open_senses(place)
    cameras = [path.split("/")[1] for path in senses.arrays if path.startswith("video/") and path.endswith("/rgb")]
    if not cameras:
        raise EpisodeError(f"No camera recorded {place}. Film one instead: eco1 film --episode {place}")
    lives = list(only_species(episode, species, str(place)))
    words = asdict(read_text(place))
    for camera in cameras:
        stem = folder / f"{leaf(place).removesuffix(EPISODE_SUFFIX)}-{camera}"
        height, width = senses.arrays[f"video/{camera}/rgb"].shape[1:3]
        _write_film(stem.with_suffix(".mp4"), senses, camera, episode.info.dt_s)
        about = {
            "episode": leaf(place),
            "camera": camera,
            "width_px": width,
            "height_px": height,
            "frames": senses.frames,
            "dt_s": episode.info.dt_s,
            "licence": episode.info.provenance.get("licence", "unknown"),
            "behavior_names": episode.info.behavior_names,
            "lives": _lives(episode, lives, _boxes_of(senses, camera, episode.observation.alive.shape[1])),
            **words,
        }
        stem.with_suffix(".json").write_text(json.dumps(about))


def _write_film(path: Path, senses: RecordedSenses, camera: str, dt_s: float) -> None:
    av = require("av", "Exporting to MP4")
    rgb = senses.arrays[f"video/{camera}/rgb"]
    height, width = (size + size % 2 for size in rgb.shape[1:3])
    with av.open(str(path), "w") as film:
        stream = film.add_stream("libx264", rate=Fraction(1 / dt_s).limit_denominator(1001))
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.options = {"crf": _QUALITY}
        for start in range(0, len(rgb), _FRAMES):
            for picture in rgb[start : start + _FRAMES]:
                even = np.pad(picture, ((0, picture.shape[0] % 2), (0, picture.shape[1] % 2), (0, 0)), mode="edge")
                film.mux(stream.encode(av.VideoFrame.from_ndarray(even, format="rgb24")))
        film.mux(stream.encode(None))


def _lives(episode: Episode, lives: Sequence[Life], boxes: np.ndarray | None) -> list[dict[str, Any]]:
    seen = episode.observation
    return [
        {
            "name": life.name,
            "species": life.species,
            "row": life.row,
            "first_frame": life.first,
            "born": life.born,
            "died": life.died,
            "position_m": seen.position_m[life.frames, life.row].round(3).tolist(),
            "behavior": seen.behavior[life.frames, life.row].tolist(),
            "box_px": None if boxes is None else boxes[life.frames, life.row].tolist(),
        }
        for life in lives
    ]


def _boxes_of(senses: RecordedSenses, camera: str, rows: int) -> Int32[np.ndarray, "t n 4"] | None:
    labels = senses.arrays.get(f"video/{camera}/instance")
    if labels is None:
        return None
    return np.concatenate([boxes(labels[start : start + _FRAMES], rows) for start in range(0, len(labels), _FRAMES)])


def boxes(instance: Int16[np.ndarray, "t h w"], rows: int) -> Int32[np.ndarray, "t n 4"]:
    """Return left, top, right and bottom (not included) of what is seen of each animal, -1 where nothing is."""
    frame, y, x = np.nonzero((instance >= 0) & (instance < rows))
    where = (frame, instance[frame, y, x])
    low = np.full((len(instance), rows, 2), max(instance.shape), np.int32)
    high = np.full_like(low, -1)
    for axis, place in enumerate((x, y)):
        np.minimum.at(low[..., axis], where, place)
        np.maximum.at(high[..., axis], where, place + 1)
    return np.concatenate([np.where(high < 0, -1, low), high], -1)
