"""Models come back from their configs as JSON."""

import json
from dataclasses import asdict, replace

import pytest
import torch
from small_worlds import NAMES, ready, wanderers

from eco1.core.errors import ConfigError, UnknownNameError
from eco1.models.eco import EcoConfig
from eco1.models.registry import build_model


def test_a_model_comes_back_through_json():
    model, clip = ready(), wanderers()
    again = build_model(json.loads(json.dumps(asdict(model.config)))).eval()
    again.load_state_dict(model.state_dict())
    assert again.config == model.config
    torch.testing.assert_close(again.embed_clip(clip), model.embed_clip(clip))


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"kind": "ecco"}, UnknownNameError, "Did you mean 'eco'"),
        ({"widht": 3}, UnknownNameError, "Did you mean 'width'"),
        ({"heads": 3}, ConfigError, "multiple of kv_heads"),
        ({"head_dim": 7}, ConfigError, "head_dim=7"),
        ({"experts_per_token": 9}, ConfigError, "between 1 and the 8 experts"),
        ({"species_expert_bias": [[0.0] * 8]}, ConfigError, "1 rows for 2 species"),
        ({"behavior_expert": [1]}, ConfigError, "1 entries for 3 behaviours"),
        ({"path_frames": 31}, ConfigError, "multiple of knot_frames"),
    ],
)
def test_bad_configs_are_refused(change: dict, error: type, message: str):
    settings = {**asdict(EcoConfig.nano(**NAMES, dt_s=0.1)), **change}
    with pytest.raises(error, match=message):
        build_model(settings)


def test_a_missing_setting_is_named():
    with pytest.raises(ConfigError, match="dt_s"):
        build_model({"kind": "eco", "species_names": [], "behavior_names": []})


def test_sizes():
    nano = build_model(asdict(EcoConfig.nano(**NAMES, dt_s=0.1)))
    assert 1e6 < sum(p.numel() for p in nano.parameters()) < 3e6
    small = build_model(asdict(EcoConfig.small(**NAMES, dt_s=0.1)))
    assert 2e7 < sum(p.numel() for p in small.parameters()) < 5e7


def test_durations_follow_the_frame_rate():
    fish = EcoConfig.nano(**NAMES, dt_s=1 / 32)
    assert fish.horizon_frames == (16, 32, 64, 96)
    assert fish.history_frames == 16
    assert fish.path_frames >= 96
    assert fish.path_frames % fish.knot_frames == 0
    assert EcoConfig.nano(**NAMES, dt_s=0.1).anticipation_frames == (7, 13)


def test_the_router_starts_where_the_config_leans():
    bias = ((0.0,) * 8, (2.0, 0.0, 1.0, *(0.0,) * 5))
    config = replace(ready().config, species_expert_bias=bias, behavior_expert=(3, 1, 7), behavior_expert_bias=1.5)
    table = build_model(asdict(config)).network.router_bias
    assert table.species.weight[2].tolist() == list(bias[1])
    assert table.behavior.weight[3].tolist() == [0, 0, 0, 0, 0, 0, 0, 1.5]
