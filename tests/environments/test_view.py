"""What an animal perceives through the compiled view is what the sensors compute for whole batches."""

import numpy as np
import pytest

from eco1.core.records import SURROUNDINGS
from eco1.environments.herd_kernels import view_rows
from eco1.environments.menus import menu_of
from eco1.environments.neighbours import NEAREST, NEIGHBOURS, SEEN, STRANGERS
from eco1.environments.view import FELT, PAST, VIEW, view_names
from eco1.sensors.channels import NEIGHBOUR, OWN
from eco1.sensors.egocentric import egocentric
from eco1.sensors.scene import scene_of
from eco1.sensors.trace import link, no_trace, trace_of
from eco1.sim.ecosystem import Ecosystem
from eco1.sim.fields import col


@pytest.mark.parametrize("biome", ["savanna", "reef", "urban"])
def test_the_view_of_every_animal_equals_the_egocentric_sensor(biome):
    world = Ecosystem(biome, animals=32, threads=1)
    state, rows = world.reset(3), np.arange(32, dtype=np.int32)
    menu = np.array([menu_of(world.traits, 0)], np.int32).repeat(len(world.species_names), 0)
    sizes, past = np.zeros(len(menu), np.int32), np.zeros((32, PAST), np.float32)
    near, around = np.zeros(NEIGHBOURS, np.int32), np.zeros(len(SURROUNDINGS), np.float32)
    trace = no_trace(1, 32)
    for _ in range(60):
        state = world.step(state)
        scene = scene_of(world.observe(state)[:, None])
        linked = link(scene, trace)
        trace = trace_of(scene, linked)
        out, stores = np.zeros((32, VIEW), np.float32), np.zeros(32, np.float32)
        view_rows(
            out, stores, state.floats[0], state.integers[0], world.traits, state.forage[0], state.ground,
            world.conditions(state), rows, menu, sizes, past, near, around, world.dt_s,
        )  # fmt: skip
    expected = egocentric(scene, linked, dt_s=world.dt_s, nearest=NEAREST, strangers=STRANGERS)
    alive = state.integers[0, col.STATUS] == col.ALIVE
    own, others = expected.own[0, 0].numpy(), expected.neighbours[0, 0].numpy()
    known = [n for n, name in enumerate(OWN) if name != "log_behavior_age"]  # the sensor has not seen all of it
    np.testing.assert_allclose(out[alive][:, known], own[alive][:, known], atol=2e-3)
    seen = out[alive][:, len(OWN) + len(FELT) :].reshape(-1, NEIGHBOURS, len(SEEN))
    known = [n for n, name in enumerate(NEIGHBOUR) if name != "log_behavior_age"]
    np.testing.assert_allclose(seen[..., known], others[alive][..., known], atol=2e-3)
    np.testing.assert_allclose(out[alive][:, len(OWN) : len(OWN) + 7], world.hidden(state).drives[0][alive], atol=1e-6)


def test_every_number_of_a_view_has_a_name():
    assert len(view_names()) == len(set(view_names())) == VIEW
