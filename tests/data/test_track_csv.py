"""Tables of time, id, x, y[, z]: read if they make sense, refused with the line if not."""

from pathlib import Path

import numpy as np
import pytest

from eco1.core.errors import TrackError
from eco1.data.track_csv import read_csv


def table(folder: Path, *lines: str) -> Path:
    path = folder / "tracks.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_ids_are_any_text_and_the_rate_is_inferred(tmp_path):
    path = table(tmp_path, "time,id,x,y", "10.00,ada,1,2", "10.00,bob,5,6", "10.04,ada,1.5,2", "10.08,ada,2,2.5")
    tracks = read_csv(path)
    assert tracks.labels == ("ada", "bob")
    assert tracks.frame_rate_hz == pytest.approx(25)
    assert tracks.position[:, 0, :2].tolist() == [[1, 2], [1.5, 2], [2, 2.5]]
    assert np.isnan(tracks.position[1:, 1]).all()
    assert tracks.position[0, 1].tolist() == [5, 6, 0]


def test_columns_may_come_in_any_order_with_others_between(tmp_path):
    path = table(tmp_path, "Z, y ,note,x,id,time", "3,2,hello,1,a,0", "3,2,,1.5,a,0.1")
    assert read_csv(path).position[:, 0].tolist() == [[1, 2, 3], [1.5, 2, 3]]


def test_rows_may_be_grouped_by_animal(tmp_path):
    path = table(tmp_path, "time,id,x,y", "0,a,1,1", "1,a,2,1", "2,a,3,1", "0,b,1,5", "1,b,2,5")
    tracks = read_csv(path)
    assert tracks.position[:, 0, 0].tolist() == [1, 2, 3]
    assert tracks.position[:2, 1, 0].tolist() == [1, 2]


def test_missing_moments_and_empty_cells_are_gaps(tmp_path):
    path = table(
        tmp_path, "time,id,x,y", "0,a,1,1", "0.1,a,2,1", "0.2,a,,1", "0.3,a,nan,nan", "0.6,a,7,1", "", "0.7,a,8,1"
    )
    x = read_csv(path).position[:, 0, 0]
    assert len(x) == 8
    assert np.isnan(x).tolist() == [False, False, True, True, True, True, False, False]
    assert np.isnan(read_csv(path).position[2, 0]).all()


def test_rounded_times_do_not_drift(tmp_path):
    moments = [f"{frame / 28:.3f},1,{frame},0" for frame in range(2000)]
    tracks = read_csv(table(tmp_path, "time,id,x,y", *moments))
    assert tracks.position[:, 0, 0].tolist() == list(range(2000))
    assert tracks.frame_rate_hz == pytest.approx(28, rel=1e-4)


def test_frames_may_be_counted_when_the_rate_is_given(tmp_path):
    path = table(tmp_path, "frame,id,x,y", "100,a,1,1", "101,a,2,1", "103,a,3,1")
    tracks = read_csv(path, 30.0)
    assert tracks.frame_rate_hz == 30.0
    assert len(tracks.position) == 4
    with pytest.raises(TrackError, match=r"no frame rate.*--fps"):
        read_csv(path)


def test_a_given_rate_has_to_fit_the_times(tmp_path):
    path = table(tmp_path, "time,id,x,y", "0,a,1,1", "0.04,a,2,1", "0.12,a,3,1", "0.14,a,3,1")
    assert np.isfinite(read_csv(path, 50.0).position[:, 0, 0]).nonzero()[0].tolist() == [0, 2, 6, 7]
    with pytest.raises(TrackError, match="not evenly spaced"):
        read_csv(path, 30.0)


@pytest.mark.parametrize("rate", [0.0, -30.0, float("nan"), float("inf")])
def test_a_given_rate_has_to_be_a_rate(tmp_path, rate):
    for clock in ("time", "frame"):
        path = table(tmp_path, f"{clock},id,x,y", "0,a,1,1", "1,a,2,1")
        with pytest.raises(TrackError, match=rf"--fps is {rate}; it has to be positive, such as --fps 30"):
            read_csv(path, rate)


def test_a_frame_column_beside_the_times_is_ignored(tmp_path):
    path = table(tmp_path, "frame,time,id,x,y", "7,0,a,1,1", "8,0.5,a,2,1")
    assert read_csv(path).frame_rate_hz == 2.0


ROW = "0,a,1,1"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], "is empty"),
        (["time,id,x,y"], "has no rows"),
        (["time,individual,x,y", ROW], r"no column 'id'; it has time, individual, x, y.*Is it 'individual'\?"),
        (["times,id,x,y", ROW], r"no column 'time'.*Is it 'times'\?"),
        (["0,a,1,1", "1,a,2,2"], "no column 'time'"),
        (["time,id,x,y", ROW, "1,a,two,2"], r"tracks.csv:3 has 'two' in column 'x'"),
        (["time,id,x,y", ROW, "soon,a,2,2"], r":3 has 'soon' in column 'time'"),
        (["time,id,x,y", ROW, ",a,2,2"], ":3 has no time"),
        (["time,id,x,y", ROW, "1, ,2,2"], r"tracks.csv:3 has no id; every row needs"),
        (["time,id,x,y", ROW, "1,a,2,2", "2,a,1,1", "1e300,a,3,3"], "a time stamp must be wrong"),
        (["time,id,x,y", ROW, "1,a,2"], ":3 has 3 cells; 4 are needed"),
        (["time,id,x,y", ROW, "1,a,2,2", "1,a,3,3"], r":4 gives animal 'a' a second position at 1; .* line 3"),
        (["time,id,x,y", ROW, "2,a,2,2", "1,a,3,3"], r":4 goes back in time for animal 'a': 1 after 2\. Sort"),
        (["time,id,x,y", ROW, "0,b,2,2"], r"single moment.*--fps"),
        (["time,id,x,y", ROW, "1,a,2,2", "2.5,a,3,3", "3.5,a,1,1"], "not evenly spaced: a step is 0.50"),
        (["time,id,x,y", ROW, "1,a,2,2", "2,a,1,1", "1e12,a,3,3"], "a time stamp must be wrong"),
        (["time,id,x,y", "0,a,,", "1,a,,"], "0 known of 2"),
        (["time,id,x,y", "0,a,1,1", "1,a,,", "2,a,1,1"], "two frames in a row"),
    ],
)
def test_what_cannot_be_tracks_is_refused(tmp_path, lines, message):
    with pytest.raises(TrackError, match=message):
        read_csv(table(tmp_path, *lines) if lines else empty(tmp_path))


def empty(folder: Path) -> Path:
    (folder / "nothing.csv").touch()
    return folder / "nothing.csv"


def test_unreadable_files_are_refused(tmp_path):
    with pytest.raises(TrackError, match="No tracks at"):
        read_csv(tmp_path / "missing.csv")
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00\x81time")
    with pytest.raises(TrackError, match="cannot be read as a table"):
        read_csv(tmp_path / "binary.csv")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(TrackError, match="cannot be read as a table"):
        read_csv(tmp_path / "folder.csv")
