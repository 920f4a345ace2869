"""V-JEPA 2-AC learns on a trained encoder and is judged beside a film in which nothing changes."""

import json
from dataclasses import replace

import numpy as np
import pytest

from eco1.core.errors import ConfigError
from eco1.models.jepa.acting import VJepaAcModel
from eco1.recipes import acting, acting_judge
from eco1.recipes.acting import ActingFitConfig, fit_acting
from eco1.recipes.acting_judge import judge_acting, load_acting, report_rows
from eco1.recipes.record import RecordConfig, record
from eco1.recipes.running import RunOptions
from eco1.recipes.sense_fit import SenseFitConfig, fit_sense
from eco1.recipes.watching import SimulatedSenses

_SMALL = {"width": 32, "layers": 1, "heads": 2, "predictor_width": 16, "predictor_layers": 1, "predictor_heads": 2}


@pytest.fixture(scope="module", name="config")
def _config(tmp_path_factory):
    out = tmp_path_factory.mktemp("acting")
    config = RecordConfig(out=out / "savanna", episodes=2, seconds=3, animals=16, burn_in_s=0, threads=1)
    record(config, SimulatedSenses(senses=("video",), size_px=16), quiet=True)
    options = RunOptions(steps=2, batch=2, training={"eval_batches": 1})
    seeing = SenseFitConfig(
        kind="i-jepa", episodes=config.out, out=out / "eye", options=options, model={**_SMALL, "patch": 4}
    )
    return ActingFitConfig(
        encoder=fit_sense(seeing), episodes=config.out, out=out / "ac", options=options,
        model={"width": 24, "layers": 1, "heads": 2},
    )  # fmt: skip


def test_it_learns_without_touching_the_encoder_and_is_judged(config):
    last = fit_acting(config)
    model = load_acting(last)
    eye = acting.load_checkpoint(config.encoder, acting.build_model).model.state_dict()
    assert all(value.equal(model.encoder.state_dict()[name]) for name, value in eye.items())
    assert model.config.dt_s == pytest.approx(0.2)
    found, path = judge_acting(model, last, config.episodes, clips=32)
    assert [each.steps for each in found] == [1, 2, 4]
    assert all(0 < each.told.low <= each.told.mean <= each.told.high for each in found)
    assert found[0].unchanged < found[2].unchanged  # the longer, the more changes
    assert json.loads(path.read_text())[1]["steps"] == 2
    assert [row["s ahead"] for row in report_rows(found, model.config.dt_s)] == ["0.2", "0.4", "0.8"]


def test_errors_are_shares_of_what_no_change_is_off_by(config, monkeypatch):
    model = VJepaAcModel(load_acting(fit_acting(replace(config, out=config.out / "again"))).config)
    monkeypatch.setattr(model, "predict", lambda z, action, generator: z)
    found, _ = judge_acting(model, config.out, config.episodes, clips=32)
    assert [each.told.mean for each in found] == pytest.approx([1, 1, 1])
    assert [each.still.mean for each in found] == pytest.approx([1, 1, 1])


def test_other_models_are_refused(config):
    with pytest.raises(ConfigError, match="this needs eco1 train --model v-jepa-ac"):
        load_acting(config.encoder)
    last = fit_acting(replace(config, out=config.out / "third"))
    with pytest.raises(ConfigError, match="needs an encoder of pictures"):
        fit_acting(replace(config, encoder=last))


def test_motion_is_what_brings_one_frame_to_the_next(config):
    model = load_acting(fit_acting(replace(config, out=config.out / "fourth")))
    paths = acting.sensed_split(config.episodes).held_out
    clip = acting.acting_clips(model.config, paths, acting.species_in(paths), 4, 0).batch_at(0)
    frames = clip.senses.video["follow"]
    made = acting_judge._motion(frames[:, 0], frames[:, 1])
    shift = np.einsum("bij,bj->bi", frames.axes[:, 0], frames.eye_m[:, 1] - frames.eye_m[:, 0])
    assert made.shift_m == pytest.approx(shift, abs=1e-4)
    assert np.abs(made.turn_rad).max() < np.pi
