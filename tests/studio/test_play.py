import socket

import numpy as np
import pytest

from eco1.catalog.loader import load_ethogram
from eco1.core.errors import Eco1Error
from eco1.core.records import Action
from eco1.sensors.bodies.frames import NOT_TURNED, turned_x, turned_y, turned_z
from eco1.sim.ecosystem import Ecosystem
from eco1.studio.glb import to_glb
from eco1.studio.living import Insight, LivingWorld
from eco1.studio.meshes import dome
from eco1.studio.picking import nearest_on_ray
from eco1.studio.play import Player, play
from eco1.studio.play_panel import animal_html
from eco1.studio.play_scene import quaternions

pytest.importorskip("viser")


class Eastward:
    """A brain that sends everyone east."""

    def initial(self, batch):
        return 0

    def act(self, memory, observation, generator):
        velocity = np.zeros_like(observation.velocity_mps)
        velocity[..., 0] = 1.0
        behavior = np.full_like(observation.behavior, load_ethogram().index("migrate"))
        return memory + 1, Action(velocity_mps=velocity, behavior=behavior, controlled=observation.alive)


def insight():
    return Insight(
        expert_names=("hunting", "grazing"),
        routing=lambda memory: np.tile([0.25, 0.75], (32, 1)),
        imagine=lambda memory, steps: np.full((32, steps, 3), float(memory)),
    )


def test_a_living_world_moves_and_remembers_tracks():
    world = LivingWorld(Ecosystem(worlds=1, animals=32), None, None, seed=2)
    start = world.after.position_m.copy()
    for _ in range(20):
        world.step()
    assert np.abs(world.after.position_m - start).max() > 0.1
    np.testing.assert_array_equal(world.track(0, 1.0)[-1], world.after.position_m[0])
    assert len(world.track(0, 1.0)) == 10
    assert world.experts_of(0) is None
    assert world.imagined_path(0) is None
    assert world.drives_of(0).shape == (7,)
    assert world.time_s == pytest.approx(2.0)


def test_only_the_chosen_species_follow_the_brain():
    world = LivingWorld(Ecosystem(worlds=1, animals=32), Eastward(), insight(), seed=2)
    world.driven.clear()
    world.driven.add("plains_zebra")
    for _ in range(30):
        world.step()
    zebra = world.simulator.species_names.index("plains_zebra")
    zebras = world.after.alive & (world.after.species == zebra)
    heading = np.cos(world.after.heading_rad)
    assert heading[zebras].mean() > 0.9
    assert heading[world.after.alive & ~zebras].mean() < 0.8


def test_what_the_model_imagines_starts_where_the_animal_is():
    world = LivingWorld(Ecosystem(worlds=1, animals=32), Eastward(), insight(), seed=2)
    path = world.imagined_path(3)
    assert path is not None
    assert path.shape == (31, 3)
    np.testing.assert_array_equal(path[0], world.after.position_m[3])
    np.testing.assert_allclose(world.experts_of(3), [0.25, 0.75])


def test_a_click_means_the_animal_in_front():
    centers = np.array([[10.0, 0, 1], [20.0, 0.1, 1], [10.0, 5, 1]])
    origin, radius, shown = np.array([0.0, 0, 1]), np.full(3, 0.8), np.ones(3, bool)
    assert nearest_on_ray(origin, np.array([1.0, 0, 0]), centers, radius, shown) == 0
    assert nearest_on_ray(origin, np.array([1.0, 0, 0]), centers, radius, np.array([False, True, True])) == 1
    assert nearest_on_ray(origin, np.array([10.0, 5, 0]), centers, radius, shown) == 2
    assert nearest_on_ray(origin, np.array([-1.0, 0, 0]), centers, radius, shown) is None
    assert nearest_on_ray(origin, np.array([0.0, 0, 1]), centers, radius, shown) is None


def test_quaternions_turn_like_their_matrices():
    rng = np.random.Generator(np.random.Philox(1))
    angles = rng.uniform(-np.pi, np.pi, (50, 3))
    turned = [turned_x(turned_y(turned_z(NOT_TURNED, a), b), c) for a, b, c in angles]
    rotation = np.array(turned).reshape(-1, 3, 3)
    w, x, y, z = quaternions(rotation).T.astype(float)
    rebuilt = np.stack(
        [
            1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y),
            2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x),
            2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y),
        ], -1,
    ).reshape(-1, 3, 3)  # fmt: skip
    np.testing.assert_allclose(rebuilt, rotation, atol=1e-5)


def test_a_glb_is_read_back_by_another_library():
    trimesh = pytest.importorskip("trimesh")
    import io

    mesh = dome((0, 0, 0), (1, 2, 3), color=(0.2, 0.4, 0.6))
    loaded = trimesh.load(io.BytesIO(to_glb(mesh)), file_type="glb", force="mesh")
    assert len(loaded.faces) == len(mesh.faces)
    np.testing.assert_allclose(loaded.bounds, [mesh.vertices_m.min(0), mesh.vertices_m.max(0)], atol=1e-5)


def test_the_panel_escapes_and_shows_what_it_is_given():
    text = animal_html(
        "lion",
        "<b>stalk</b>",
        1.5,
        np.linspace(0, 1, 7),
        (("hunting & co",), np.array([0.8])),
        driver="model",
        imagined=True,
    )
    assert "<b>stalk" not in text
    assert "hunting &amp; co" in text
    assert "0.80" in text


def test_a_port_in_use_gives_one_clear_message():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Eco1Error, match=rf"127.0.0.1:{port}.*eco1 play --port {port + 1}"):
            play(Ecosystem(worlds=1, animals=8), port=port)


def test_a_player_starts_selects_and_stops():
    player = Player(LivingWorld(Ecosystem(worlds=1, animals=16), None, None, seed=1), port=0)
    try:
        player.start()
        player.select(0)
        for _ in range(100):
            if player.world.time_s > 0.3:
                break
            player._stop.wait(0.1)
        assert player.error is None
        assert player.world.time_s > 0.3
        assert player.selected == 0
    finally:
        player.stop()
