import logging

import pytest
import torch
from tiny_world import WEIGHTS, tiny
from torch import nn

from eco1.models.eco.config import EcoConfig
from eco1.models.eco.model import EcoModel
from eco1.training.compiling import FEWEST_STEPS, CompiledPart, compiled_parts, in_place
from eco1.training.config import TrainConfig

CPU = torch.device("cpu")


def eco() -> EcoModel:
    return EcoModel(EcoConfig.nano(species_names=("carp",), behavior_names=("rest",), dt_s=0.1))


def settings(steps: int) -> TrainConfig:
    return TrainConfig(loss_weights=WEIGHTS, steps=steps)


def test_a_compiled_part_stands_in_for_a_while():
    layer, x = nn.Linear(2, 2), torch.ones(1, 2)
    before, names = layer(x), set(vars(layer))
    with in_place([CompiledPart(layer, "forward", torch.zeros_like)]):
        assert not layer(x).any()
    assert torch.equal(layer(x), before)
    assert set(vars(layer)) == names


def test_the_original_comes_back_after_an_error():
    layer = nn.Linear(2, 2)
    with pytest.raises(ValueError, match="not finite"), in_place([CompiledPart(layer, "forward", torch.zeros_like)]):
        raise ValueError("not finite")
    assert "forward" not in vars(layer)


def test_short_runs_and_models_without_hot_parts_pay_for_no_compiler(monkeypatch):
    monkeypatch.setattr(torch, "compile", lambda *_, **__: pytest.fail("compiled"))
    assert compiled_parts(eco(), settings(FEWEST_STEPS - 1), CPU) == ()
    assert compiled_parts(tiny(), settings(FEWEST_STEPS), CPU) == ()


def test_without_a_compiler_training_goes_on(monkeypatch, caplog):
    def broken(*_, **__):
        raise RuntimeError("no C++ compiler")

    monkeypatch.setattr(torch, "compile", broken)
    with caplog.at_level(logging.WARNING):
        assert compiled_parts(eco(), settings(FEWEST_STEPS), CPU) == ()
    assert "no C++ compiler" in caplog.text


def test_hot_parts_of_eco_are_methods_it_has(monkeypatch):
    monkeypatch.setattr(torch, "compile", lambda method, **_: method)
    parts = compiled_parts(eco(), settings(FEWEST_STEPS), CPU)
    assert {part.name for part in parts} == {"view", "forward"}
