import math

import pytest
import torch
from tiny_world import WEIGHTS, tiny

from eco1.core.errors import ConfigError, Eco1Error, UnknownNameError
from eco1.models.nn.rank import effective_rank
from eco1.training.config import TrainConfig
from eco1.training.device import quickest_precision
from eco1.training.metrics import MetricsLog, read_metrics
from eco1.training.monitors import feature_spread, is_collapsing
from eco1.training.optimizer import build_optimizer, set_learning_rate
from eco1.training.random import stream_seed, torch_generator
from eco1.training.schedule import ema_momentum, learning_rate


def settings(**changes) -> TrainConfig:
    return TrainConfig(loss_weights=WEIGHTS, **changes)


def test_momentum_rises_from_its_start_to_one_along_a_cosine():
    config = settings(steps=1000)
    assert ema_momentum(config, 0) == pytest.approx(0.996)
    assert ema_momentum(config, 250) == pytest.approx(1 - 0.004 * (math.sqrt(0.5) + 1) / 2)
    assert ema_momentum(config, 500) == pytest.approx(0.998)
    assert ema_momentum(config, 1000) == pytest.approx(1.0)


def test_learning_rate_warms_up_then_falls_along_a_cosine():
    config = settings(steps=100, warmup_fraction=0.1, lr=1.0)
    assert [learning_rate(config, step) for step in (0, 4, 9)] == pytest.approx([0.1, 0.5, 1.0])
    assert learning_rate(config, 10) == pytest.approx(1.0)
    assert learning_rate(config, 55) == pytest.approx(0.5)
    assert 0 < learning_rate(config, 99) < 0.001
    assert learning_rate(settings(steps=1, warmup_fraction=0.0, lr=1.0), 0) == 1.0


def test_only_matrices_outside_embeddings_decay():
    model = tiny()
    names = {parameter: name for name, parameter in model.named_parameters()}
    decayed, free = build_optimizer(model, settings()).param_groups
    assert {names[p] for p in decayed["params"]} == {
        "encoder.0.weight", "predictor.0.weight", "predictor.2.weight", "head.weight"
    }  # fmt: skip
    assert decayed["weight_decay"] == 0.1
    assert free["weight_decay"] == 0.0
    assert {"species.weight", "encoder.1.weight", "head.bias"} <= {names[p] for p in free["params"]}
    assert len(decayed["params"]) + len(free["params"]) == len(names) - 4  # the target's four are not trained


def test_parts_learn_at_rates_of_their_own_and_those_that_are_not_there_are_named():
    model = tiny()
    config = settings(rates={"encoder": 0.1})
    optimizer = build_optimizer(model, config)
    set_learning_rate(optimizer, 0.5)
    rate = {parameter: group["lr"] for group in optimizer.param_groups for parameter in group["params"]}
    assert {rate[parameter] for parameter in model.encoder.parameters()} == {0.05}
    assert {rate[parameter] for parameter in model.predictor.parameters()} == {0.5}
    with pytest.raises(UnknownNameError, match=r"'encoders'.*'encoder'"):
        build_optimizer(model, settings(rates={"encoders": 0.1}))


def test_spread_does_not_depend_on_scale():
    latents = torch.randn(200, 4, generator=torch_generator("cpu", 0))
    assert float(feature_spread(latents)) == pytest.approx(float(feature_spread(1000 * latents)), rel=1e-5)
    assert float(feature_spread(torch.ones(5, 4))) == 0.0


def test_living_latents_raise_no_alarm():
    latents = torch.randn(256, 64, generator=torch_generator("cpu", 0))
    assert not is_collapsing(float(effective_rank(latents)), float(feature_spread(latents)), 256, 64)
    assert is_collapsing(1.2, 0.5, 256, 64)
    assert is_collapsing(40.0, 0.001, 256, 64)
    assert not is_collapsing(1.0, 0.5, 2, 64), "one animal in two clips"


def test_streams_are_independent_and_repeatable():
    assert stream_seed(1, 2, 3) == stream_seed(1, 2, 3)
    assert len({stream_seed(*key) for key in [(0, 0), (0, 1), (1, 0), (0, 0, 1)]}) == 4


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"steps": 0}, "steps is 0; allowed: 1 or more"),
        ({"batch": 6, "accumulation": 4}, "accumulation is 4; allowed: a divisor of 6"),
        ({"lr": math.nan}, "lr is nan"),
        ({"warmup_fraction": 1.0}, "warmup_fraction is 1.0"),
        ({"loss_weights": {}}, "loss_weights"),
        ({"loss_weights": {"latent": math.inf}}, r"loss_weights\['latent'\] is inf"),
        ({"rates": {"encoder": 0.0}}, r"rates\['encoder'\] is 0.0"),
    ],
)
def test_settings_out_of_range_are_refused(change, message):
    with pytest.raises(ConfigError, match=message):
        TrainConfig.from_json({"loss_weights": WEIGHTS, **change})


def test_an_unknown_setting_names_its_nearest():
    with pytest.raises(ConfigError, match=r"'warmup_fration'. Did you mean 'warmup_fraction'"):
        TrainConfig.from_json({"loss_weights": WEIGHTS, "warmup_fration": 0.1})


def test_a_damaged_metrics_file_is_named(tmp_path):
    path = tmp_path / "metrics.jsonl"
    path.write_text('{"step": 1}\nwhat\n')
    with pytest.raises(Eco1Error, match=r"metrics\.jsonl is damaged"):
        read_metrics(path)


def test_metrics_that_cannot_be_written_are_named(tmp_path):
    with pytest.raises(Eco1Error, match=r"Could not write .*metrics\.jsonl: No such file or directory"):
        MetricsLog(tmp_path / "gone" / "metrics.jsonl").append({"step": 1})


def test_a_line_cut_off_by_a_kill_is_dropped(tmp_path):
    log = MetricsLog(tmp_path / "metrics.jsonl")
    for step in (1, 2, 3):
        log.append({"step": step, "total": 0.1 * step})
    with log.path.open("a") as file:
        file.write('{"step": 4, "tot')
    assert [line["step"] for line in read_metrics(log.path)] == [1, 2, 3]
    log.forget_after(2)
    log.append({"step": 3, "total": math.nan})
    assert [line["total"] for line in read_metrics(log.path)] == [0.1, 0.2, None]


@pytest.mark.parametrize(
    ("able", "precision"), [({"avx512_bf16": True}, "bf16"), ({"amx_bf16": True}, "bf16"), ({"avx2": True}, "fp32")]
)
def test_bf16_is_for_processors_that_have_it(able: dict[str, bool], precision: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: able, raising=False)
    assert quickest_precision(torch.device("cpu")) == precision


def test_an_older_torch_that_cannot_tell_gets_fp32(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr(torch.cpu, "get_capabilities", raising=False)
    assert quickest_precision(torch.device("cpu")) == "fp32"
