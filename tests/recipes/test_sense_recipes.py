"""From recordings with senses to trained and probed models of one sense, as small as can be."""

import json
from dataclasses import replace

import pytest

from eco1.core.errors import ConfigError, EpisodeError, UnknownNameError
from eco1.evaluation import attentive
from eco1.models.jepa import JepaModel
from eco1.models.jepa.motion import McJepaModel
from eco1.models.jepa.points import PointJepaModel
from eco1.models.registry import build_model
from eco1.recipes.record import RecordConfig, record
from eco1.recipes.running import RunOptions
from eco1.recipes.sense_fit import SenseFitConfig, fit_sense
from eco1.recipes.sense_probe import probe_sense, report_rows
from eco1.recipes.sensing import only_instrument, sensed_split
from eco1.recipes.watching import SimulatedSenses
from eco1.training.checkpoint import load_checkpoint

_SMALL = {"width": 32, "layers": 1, "heads": 2, "predictor_width": 16, "predictor_layers": 1, "predictor_heads": 2}
_SIZES = {
    "i-jepa": {"patch": 4},
    "v-jepa": {"frames": 4, "patch": 4},
    "a-jepa": {"moments": 64, "bands": 32, "patch": 8},
    "point-jepa": {"centres": 8, "neighbours": 8},
    "3d-jepa": {"centres": 8, "neighbours": 8},
    "mc-jepa": {"widths": (8, 8), "hidden": 8, "expander": 16},
}


@pytest.fixture(scope="module", name="recordings")
def _recordings(tmp_path_factory):
    out = tmp_path_factory.mktemp("sensed") / "savanna"
    config = RecordConfig(out=out, episodes=2, seconds=3, animals=16, burn_in_s=0, threads=1)
    record(config, SimulatedSenses(senses=("video", "audio", "points"), size_px=16), quiet=True)
    return out


def fitting(recordings, out, kind) -> SenseFitConfig:
    options = RunOptions(steps=2, batch=4, training={"eval_batches": 1})
    return SenseFitConfig(
        kind=kind, episodes=recordings, out=out, options=options, model={**_SIZES[kind], **_size_of(kind)}
    )


def _size_of(kind) -> dict:
    return {} if kind == "mc-jepa" else _SMALL


@pytest.mark.parametrize("kind", _SIZES)
def test_a_model_of_one_sense_is_trained_and_probed(recordings, tmp_path, kind, monkeypatch):
    monkeypatch.setattr(attentive, "_STEPS", 25)
    last = fit_sense(fitting(recordings, tmp_path / kind, kind))
    made = load_checkpoint(last, build_model)
    assert isinstance(made.model, JepaModel | PointJepaModel | McJepaModel)
    assert made.progress.step == 2
    assert made.model.config.instrument == ("camera" if kind in ("a-jepa", "point-jepa", "3d-jepa") else "follow")
    report, written = probe_sense(last, recordings, clips=64)
    assert written == last.parent / "probes.json"
    stored = json.loads(written.read_text())
    beside = {"untrained", "raw", f"raw, {report.width['model']}"}
    assert stored["scores"].keys() == {"model", *beside}
    asked = {"species", "behavior", "count"} | (
        set() if kind in ("a-jepa", "point-jepa", "3d-jepa") else {"depth", "flow"}
    )
    assert all(scores.keys() == asked for scores in report.scores.values())
    assert report.test_clips == 64
    rows = report_rows(report)
    assert {"what", "probe", "model", *beside, "chance"} == rows[0].keys()
    assert {row["what"] for row in rows} >= asked - {"species", "behavior"}


def test_a_run_that_is_over_is_neither_begun_again_nor_gone_on_with_otherwise(recordings, tmp_path):
    config = fitting(recordings, tmp_path / "whole", "v-jepa")
    options = replace(config.options, steps=4, training={"eval_batches": 1, "checkpoint_every": 2})
    whole = replace(config, options=options)
    assert _losses(fit_sense(whole))[-1]["step"] == 4
    with pytest.raises(ConfigError, match="already holds a run, at step 4"):
        fit_sense(whole)
    with pytest.raises(ConfigError, match="another"):
        fit_sense(replace(whole, options=replace(options, lr=0.5, resume=True)))
    assert fit_sense(replace(whole, options=replace(options, resume=True))) == tmp_path / "whole" / "last"


def _losses(last) -> list[dict]:
    lines = [json.loads(line) for line in (last.parent / "metrics.jsonl").read_text().splitlines()]
    return [line for line in lines if line["split"] == "train"]


def test_what_cannot_be_trained_is_said(recordings, tmp_path):
    config = fitting(recordings, tmp_path / "no", "i-jepa")
    with pytest.raises(UnknownNameError, match=r"Unknown model 'i-jeppa'. Did you mean 'i-jepa'"):
        fit_sense(replace(config, kind="i-jeppa"))
    (tmp_path / "nothing").mkdir()
    with pytest.raises(EpisodeError, match=r"no episode in .*eco1 record --out .*--senses video audio points text"):
        fit_sense(replace(config, episodes=tmp_path / "nothing"))
    with pytest.raises(ConfigError, match=r"no such setting of i-jepa: .*'widht'"):
        fit_sense(replace(config, model={"widht": 3}))
    paths = sensed_split(recordings).train
    with pytest.raises(ConfigError, match=r"One instrument of text is needed; .* has none"):
        only_instrument(paths, "text")
    assert only_instrument(paths, "video") == "follow"
    assert not (tmp_path / "no").exists()


def test_video_is_learned_from_crops_in_space_and_time_and_sound_from_whole_stretches(recordings, tmp_path):
    config = fitting(recordings, tmp_path / "v", "v-jepa")
    cropped = replace(config, strides=(1, 2), model={**config.model, "least_area": 0.3})
    learned = []
    for each in (config, cropped):
        made = load_checkpoint(fit_sense(replace(each, out=tmp_path / str(len(learned)))), build_model)
        learned.append(made.model.state_dict()["patches.weight"])
    assert not learned[0].equal(learned[1])
    heard = fitting(recordings, tmp_path / "a", "a-jepa")
    with pytest.raises(ConfigError, match="whole stretches of sound"):
        fit_sense(replace(heard, strides=(1, 2)))
    with pytest.raises(ConfigError, match="a spectrogram is not cropped"):
        fit_sense(replace(heard, model={**heard.model, "least_area": 0.5}))
