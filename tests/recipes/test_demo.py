"""A demo deletes only what a demo wrote, and nothing before it is sure to run."""

import json

import pytest

from eco1.core.errors import ConfigError
from eco1.evaluation.evaluate import EvaluationSize
from eco1.recipes import demo as demo_module
from eco1.recipes.demo import demo
from eco1.recipes.fit import FitConfig
from eco1.recipes.record import episode_name


@pytest.fixture(name="started")
def _started(monkeypatch):
    """Stop a demo where it would begin to record, and tell that it came so far."""
    began = []

    class Begun(Exception):
        pass

    def begin(config):
        began.append(config)
        raise Begun

    def run(out, minutes=5.0):
        with pytest.raises(Begun):
            demo(out, minutes)
        return len(began)

    monkeypatch.setattr(demo_module, "record", begin)
    return run


def as_after_a_demo(out):
    for name in ("savanna.mp4", "report.html", "metrics.json", "evaluation.json"):
        (out / name).write_text("of the demo")
    for place in (f"episodes/{episode_name('savanna', 10_003)}", "train/last", "model"):
        (out / place).mkdir(parents=True)
        (out / place / "manifest.json").write_text("{}")
    return out


def test_a_folder_is_marked_before_anything_else(started, tmp_path):
    assert started(tmp_path / "demo") == 1
    assert [path.name for path in (tmp_path / "demo").iterdir()] == ["eco1-demo.json"]
    assert "episodes" in json.loads((tmp_path / "demo" / "eco1-demo.json").read_text())["wrote"]


def test_only_what_a_demo_wrote_is_replaced(started, tmp_path):
    started(tmp_path)
    as_after_a_demo(tmp_path)
    (tmp_path / "notes.txt").write_text("of mine")
    elsewhere = tmp_path.with_name(tmp_path.name + "-films")
    elsewhere.mkdir()
    (elsewhere / "best.mp4").write_text("of mine")
    (tmp_path / "savanna.mp4").unlink()
    (tmp_path / "savanna.mp4").symlink_to(elsewhere)
    started(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["eco1-demo.json", "notes.txt"]
    assert (elsewhere / "best.mp4").exists()


@pytest.mark.parametrize("theirs", ["thesis.tex", "episodes/savanna-s00000-w000.zarr/zarr.json"])
def test_a_folder_of_something_else_is_refused(theirs, tmp_path):
    (tmp_path / theirs).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / theirs).write_text("years of work")
    with pytest.raises(ConfigError, match=r"nothing was deleted.*--out runs/demo2"):
        demo(tmp_path, 5)
    assert (tmp_path / theirs).exists()
    assert not (tmp_path / "eco1-demo.json").exists()


@pytest.mark.parametrize("theirs", ["episodes/savanna-s00500-w000.zarr", "train/other-run", "model/notes.txt"])
def test_what_was_put_into_a_demos_folders_is_not_deleted_with_them(theirs, started, tmp_path):
    started(tmp_path)
    as_after_a_demo(tmp_path)
    (tmp_path / theirs).mkdir()
    with pytest.raises(ConfigError, match=f"{theirs} holds something else"):
        demo(tmp_path, 5)
    assert (tmp_path / theirs).exists()
    assert (tmp_path / "report.html").exists()


@pytest.mark.parametrize("minutes", [0, 2.9, -5, float("nan"), float("inf")])
def test_too_little_time_is_refused_before_anything_is_touched(minutes, started, tmp_path):
    started(tmp_path)
    as_after_a_demo(tmp_path)
    with pytest.raises(ConfigError, match=r"--minutes is .*eco1 demo --minutes 5"):
        demo(tmp_path, minutes)
    assert (tmp_path / "report.html").exists()
    with pytest.raises(ConfigError, match="--minutes"):
        demo(tmp_path / "new", minutes)
    assert not (tmp_path / "new").exists()


_SMALL = {
    "_EPISODES": 3,
    "_LED_EPISODES": 1,
    "_EPISODE_S": 12.0,
    "_CALIBRATION": 2,
    "_LEAST_MINUTES": 0.0,
    "_CLOSED_LOOP_S": 4.0,
    "_FILM_S": 0.4,
    "_SIZE": EvaluationSize(
        train_windows=40, test_windows=8, social_windows=2, train_questions=200, test_questions=20, probe_rows=100
    ),
}


def _of_few_steps(**settings) -> FitConfig:
    return FitConfig(**{**settings, "seconds": None, "steps": 5})


@pytest.mark.slow
def test_a_demo_goes_through_to_its_report(monkeypatch, tmp_path):
    for name, value in _SMALL.items():
        monkeypatch.setattr(demo_module, name, value)
    monkeypatch.setattr(demo_module, "FitConfig", _of_few_steps)  # as many on a slow machine as on a quick one
    out = tmp_path / "demo"
    report = demo(out, 0.05)
    metrics = json.loads((out / "metrics.json").read_text())
    measured = {measure["what"] for measure in metrics["measures"]}
    assert any("ADE" in what for what in measured), measured
    assert metrics["evaluation"]["realism"] is not None
    assert metrics["seconds"] > 3
    page = report.read_text()
    assert "Eco-1 demo" in page
    assert "data:video/mp4;base64," in page
    assert (out / "savanna.mp4").stat().st_size > 1000
    assert {path.name for path in out.iterdir()} == {
        "eco1-demo.json", "episodes", "train", "model", "evaluation.json", "savanna.mp4", "report.html", "metrics.json",
    }  # fmt: skip
