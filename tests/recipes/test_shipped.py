"""The weights that come with the package."""

from pathlib import Path

import numpy as np
import torch

from eco1.recipes.live import brain_for, load_brain
from eco1.recipes.shipped import BEST, SHIPPED, checkpoint_folder
from eco1.sim.ecosystem import Ecosystem

_MOST_BYTES = 10_000_000


def test_shipped_weights_are_small_and_live_in_the_world_they_were_made_for():
    for name in SHIPPED:
        folder = checkpoint_folder(Path(name))
        assert sum(file.stat().st_size for file in folder.iterdir()) < _MOST_BYTES
        brain, world = load_brain(Path(name)), Ecosystem("savanna", animals=16)
        assert brain.species_names == world.species_names
        assert brain.behavior_names == world.behavior_names[: len(brain.behavior_names)]
        seen = world.observe(world.reset(0))
        action = brain.act(brain.initial(1), seen, torch.Generator().manual_seed(0))[1]
        assert np.isfinite(action.velocity_mps).all()


def test_any_other_name_is_a_path(tmp_path):
    assert checkpoint_folder(tmp_path) == tmp_path
    assert checkpoint_folder(Path("savanna")) == Path("savanna")


def test_where_shipped_weights_know_nobody_the_animals_decide_for_themselves(capsys):
    assert brain_for(Ecosystem("urban", animals=16), BEST) is None
    assert "built-in drives" in " ".join(capsys.readouterr().out.split())
    assert brain_for(Ecosystem("savanna", animals=16), BEST) is not None
    assert brain_for(Ecosystem("urban", animals=16), None) is None
