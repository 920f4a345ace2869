"""Read tracks from a table with one row per animal and moment.

Columns, in any order: ``time`` (seconds) or ``frame`` (a count), ``id`` (any text), ``x``, ``y`` and, if there is
height, ``z``. An empty or NaN coordinate is a gap. Further columns are ignored.
"""

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import numpy as np

from eco1.core.errors import TrackError
from eco1.data.raw_tracks import MAX_CELLS, RawTracks, known_places, refuse_unless_positive

#: How far, as a share of a frame, a time stamp may lie from the frame grid.
_JITTER = 0.25
_CLOCKS = ("time", "frame")
_COLUMNS = (*_CLOCKS, "id", "x", "y", "z")
_FORMAT = "Wanted a header line such as time,id,x,y[,z], then one row per animal and moment."


@dataclass(frozen=True, kw_only=True)
class _Row:
    line: int
    moment: float
    label: str
    position: tuple[float, float, float]


def read_csv(path: Path, frame_rate_hz: float | None = None) -> RawTracks:
    """Return the tracks in a CSV file. The frame rate is inferred from the times unless given.

    Raises:
        TrackError: naming the line or column, when the table cannot be tracks.
    """
    refuse_unless_positive("--fps", frame_rate_hz, "30")
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file)
            header = _header(next(reader, []), path)
            rows = list(_rows(reader, header, path))
    except FileNotFoundError:
        raise TrackError(f"No tracks at {path}. Give the path of a .npy or .csv file.") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise TrackError(f"{path} cannot be read as a table: {error}. {_FORMAT}") from error
    if not rows:
        raise TrackError(f"{path} has no rows. {_FORMAT}")
    _refuse_disorder(rows, path)
    frames, rate = _frames(rows, "frame" in header, frame_rate_hz, path)
    labels = tuple(dict.fromkeys(row.label for row in rows))
    if (frames.max() + 1) * len(labels) > MAX_CELLS:
        raise TrackError(f"{path} would have {frames.max() + 1} frames at {rate:g} Hz: a time stamp must be wrong.")
    position = np.full((int(frames.max()) + 1, len(labels), 3), np.nan)
    columns = {label: index for index, label in enumerate(labels)}
    position[frames, [columns[row.label] for row in rows]] = [row.position for row in rows]
    position[~known_places(position)] = np.nan
    return RawTracks(source=str(path), position=position, frame_rate_hz=rate, labels=labels)


def _header(cells: list[str], path: Path) -> dict[str, int]:
    if not cells:
        raise TrackError(f"{path} is empty. {_FORMAT}")
    names = [cell.strip().lower() for cell in cells]
    clock = "frame" if "frame" in names and "time" not in names else "time"
    for wanted in (clock, "id", "x", "y"):
        if wanted not in names:
            others = [name for name in names if name not in _COLUMNS]
            match = get_close_matches(wanted, others, n=1, cutoff=0.3)
            hint = f" Is it {match[0]!r}? Then rename it." if match else ""
            raise TrackError(f"{path} has no column {wanted!r}; it has {', '.join(names)}.{hint} {_FORMAT}")
    return {name: names.index(name) for name in _COLUMNS if name in names and (name == clock or name not in _CLOCKS)}


def _rows(reader: Iterator[list[str]], header: dict[str, int], path: Path) -> Iterator[_Row]:
    for line, cells in enumerate(reader, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) <= max(header.values()):
            raise TrackError(f"{path}:{line} has {len(cells)} cells; {max(header.values()) + 1} are needed.")
        number = {
            name: _number(cells[column], name, f"{path}:{line}") for name, column in header.items() if name != "id"
        }
        moment = number.get("time", number.get("frame", math.nan))
        if not math.isfinite(moment):
            raise TrackError(f"{path}:{line} has no time; every row needs one.")
        label = cells[header["id"]].strip()
        if not label:
            raise TrackError(f"{path}:{line} has no id; every row needs the name or number of its animal.")
        place = (number["x"], number["y"], number.get("z", 0.0))
        yield _Row(line=line, moment=moment, label=label, position=place)


def _number(cell: str, column: str, where: str) -> float:
    try:
        return float(cell) if cell.strip() else math.nan
    except ValueError:
        raise TrackError(f"{where} has {cell!r} in column {column!r}; wanted a number, or nothing for a gap.") from None


def _refuse_disorder(rows: list[_Row], path: Path) -> None:
    last: dict[str, _Row] = {}
    for row in rows:
        before = last.get(row.label)
        if before is not None and row.moment == before.moment:
            raise TrackError(
                f"{path}:{row.line} gives animal {row.label!r} a second position at {row.moment:g}; the first is on "
                f"line {before.line}. Keep one of them, or give the animals different ids."
            )
        if before is not None and row.moment < before.moment:
            raise TrackError(
                f"{path}:{row.line} goes back in time for animal {row.label!r}: {row.moment:g} after "
                f"{before.moment:g}. Sort the rows by time."
            )
        last[row.label] = row


def _frames(rows: list[_Row], counted: bool, given_hz: float | None, path: Path) -> tuple[np.ndarray, float]:
    """Return the frame of every row, the first being 0, and the frame rate in Hz."""
    moments, inverse = np.unique([row.moment for row in rows], return_inverse=True)
    if counted and given_hz is None:
        raise TrackError(f"{path} counts frames but has no frame rate. Give it: --fps 30")
    if len(moments) == 1 and given_hz is None:
        raise TrackError(f"{path} has a single moment, so no frame rate can be inferred. Give it: --fps 30")
    steps = np.diff(moments)
    usual = 1.0 if counted else 1.0 / given_hz if given_hz else float(np.median(steps))
    whole = np.rint(steps / usual)
    worst = float(np.abs(steps / usual - whole).max(initial=0.0))
    if worst > _JITTER or (whole < 1).any():
        raise TrackError(
            f"The times in {path} are not evenly spaced: a step is {worst:.2f} of a frame off the usual {usual:g} s. "
            "Give the true rate (--fps), or resample the tracks first."
        )
    grid = np.minimum(np.cumsum(whole), MAX_CELLS)  # beyond it the table is refused; further ones fit no integer
    frames = np.concatenate([[0], grid]).astype(np.int64)
    rate = given_hz if given_hz is not None else float(frames[-1] / (moments[-1] - moments[0]))
    return frames[inverse.reshape(-1)], rate
