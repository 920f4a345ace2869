"""The weights that come with the package."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from eco1.brains.drive import drive
from eco1.catalog.loader import biome_names
from eco1.core.errors import CheckpointError
from eco1.models.eco import EcoConfig, EcoModel
from eco1.models.registry import build_model
from eco1.recipes import live
from eco1.recipes.live import brain_for, load_brain
from eco1.recipes.packing import pack
from eco1.recipes.shipped import BEST, SHIPPED, checkpoint_folder
from eco1.sim.ecosystem import Ecosystem
from eco1.training.checkpoint import load_checkpoint
from eco1.training.sealing import save_checkpoint

_MOST_BYTES = 13_000_000


@pytest.mark.parametrize("biome", biome_names())
@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_weights_are_small_and_live_in_every_world(name, biome):
    assert sum(file.stat().st_size for file in checkpoint_folder(Path(name)).iterdir()) < _MOST_BYTES
    world = Ecosystem(biome, animals=16)
    moments = drive(world, world.reset(0), load_brain(Path(name)))
    told = [next(moments).action for _ in range(3)][-1]
    assert told is not None
    assert told.controlled.any()
    assert np.isfinite(told.velocity_mps).all()


def test_any_other_name_is_a_path(tmp_path):
    assert checkpoint_folder(tmp_path) == tmp_path
    assert checkpoint_folder(Path("savanna")) == Path("savanna")


def test_where_shipped_weights_know_nobody_the_animals_decide_for_themselves(capsys, monkeypatch):
    assert brain_for(Ecosystem("urban", animals=16), BEST) is not None
    monkeypatch.setattr(live, "load_brain", lambda model, biome: SimpleNamespace(species_names=("unicorn",)))
    assert brain_for(Ecosystem("urban", animals=16), BEST) is None
    assert "built-in drives" in " ".join(capsys.readouterr().out.split())
    assert brain_for(Ecosystem("urban", animals=16), None) is None


def test_packed_weights_say_the_same_in_half_the_room(tmp_path):
    torch.manual_seed(0)
    model = EcoModel(EcoConfig.nano(species_names=("lion",), behavior_names=("rest", "graze"), dt_s=0.1))
    whole = save_checkpoint(tmp_path / "whole", model)
    packed = pack(whole, tmp_path / "packed")
    sizes = [sum(file.stat().st_size for file in folder.iterdir()) for folder in (whole, packed)]
    assert sizes[1] < 0.6 * sizes[0]
    for name, tensor in load_checkpoint(packed, build_model).model.state_dict().items():
        assert torch.allclose(tensor, model.state_dict()[name], rtol=1e-3, atol=1e-4), name


def test_numbers_too_large_for_half_precision_are_refused(tmp_path):
    model = EcoModel(EcoConfig.nano(species_names=("lion",), behavior_names=("rest", "graze"), dt_s=0.1))
    with torch.no_grad():
        model.network.decoder.blocks[0].experts.down[0, 0, 0] = 1e6
    with pytest.raises(CheckpointError, match=r"experts\.down holds numbers too large"):
        pack(save_checkpoint(tmp_path / "whole", model), tmp_path / "packed")
