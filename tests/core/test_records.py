import numpy as np
import pytest

from eco1.core.errors import unknown_name
from eco1.core.fakes import FakeSimulator
from eco1.core.records import SURROUNDINGS, Observation, empty_surroundings
from eco1.core.senses import PointCloud, SensedClip, SensedObservation, Senses


def scene(worlds: int = 2) -> Observation:
    simulator = FakeSimulator(worlds=worlds, animals=3)
    return simulator.observe(simulator.reset(0))


def test_indexing_takes_the_leading_axes_of_every_array():
    one = scene()[1]
    assert one.position_m.shape == (3, 3)
    assert one.alive.shape == (3,)


def test_stacking_adds_time():
    steps = [scene(), scene(), scene()]
    assert Observation.stack(steps).heading_rad.shape == (3, 2, 3)
    assert Observation.stack(steps, axis=1).position_m.shape == (2, 3, 3, 3)


def test_unknown_surroundings_have_no_offsets_but_numbers_elsewhere():
    unknown = empty_surroundings(4)
    offsets = [name.endswith("_m") for name in SURROUNDINGS]
    assert np.isnan(unknown[:, offsets]).all()
    assert (unknown[:, ~np.array(offsets)] == 0).all()


def test_shapes_that_disagree_are_refused():
    good = scene()[0]
    with pytest.raises(Exception, match="alive"):
        Observation(**{**vars(good), "alive": good.alive[:2]})


def test_unknown_names_teach():
    error = unknown_name("species", "red_foxx", ["red_fox", "lion"], where="savanna.toml:14", see="eco1 list species")
    assert str(error) == (
        "Unknown species 'red_foxx' in savanna.toml:14. Did you mean 'red_fox'? See: eco1 list species"
    )
    assert "Allowed: lion, red_fox." in str(unknown_name("species", "qqqq", ["red_fox", "lion"]))


def test_records_inside_of_records_are_indexed_and_stacked_along():
    cloud = PointCloud(
        position_m=np.arange(24, dtype=np.float32).reshape(2, 4, 3),
        instance=np.zeros((2, 4), np.int16),
        species=np.zeros((2, 4), np.int16),
    )
    simulator = FakeSimulator(worlds=2, animals=3)
    observation = simulator.observe(simulator.reset(0))
    seen = SensedObservation(**vars(observation), senses=Senses(points={"mast": cloud}))
    assert seen[1].senses.points["mast"].position_m.tolist() == cloud.position_m[1].tolist()
    film = SensedObservation.stack([seen, seen, seen], axis=1)
    assert film.position_m.shape == (2, 3, 3, 3)
    assert film.senses.points["mast"].position_m.shape == (2, 3, 4, 3)
    clip = SensedClip(
        observation=Observation.stack([observation] * 3, axis=1), dt_s=np.ones(2, np.float32), senses=film.senses
    )
    assert np.array_equal(clip.moment(2).senses.points["mast"].position_m, cloud.position_m)
    assert np.array_equal(clip.moment(2).identity, observation.identity)
