import math
from dataclasses import replace

import numpy as np
import pytest

from eco1.catalog.loader import load_species, species_names
from eco1.catalog.records import BODY_PLANS, COAT_PATTERNS
from eco1.core.errors import UnknownNameError
from eco1.sensors.bodies.motion import MOTION
from eco1.sensors.bodies.posing import pose
from eco1.sensors.bodies.postures import POSTURES
from eco1.sensors.bodies.rigs import rig_table
from eco1.sensors.bodies.seen import SEEN
from eco1.sensors.bodies.skeleton import MANE, PARTS
from eco1.studio.bird_plans import BIRDS
from eco1.studio.bodies import BUILDERS, body_of, build_body
from eco1.studio.body import at_rest
from eco1.studio.coats import PATTERNS, painter
from eco1.studio.meshes import tube
from eco1.studio.plans import QUADRUPEDS

NAMES = (*species_names(), "person")
#: Those whose outline on the ground says how big they are: no long tails, nobody that hangs or walks upright.
ODD_PLANS = ("monkey", "sloth", "parrot")
WALKERS = tuple(n for n in NAMES if load_species(n).body.plan in (set(QUADRUPEDS) | set(BIRDS)) - set(ODD_PLANS))


def standing_vertices(name, **postures):
    body = body_of(name)
    seen, motion = np.zeros(1, SEEN), np.zeros(1, MOTION)
    seen["shown"], seen["scale"], seen["length_m"] = True, 1.0, body.length_m
    for key, amount in postures.items():
        motion["posture"][0, POSTURES.index(key)] = amount
    placed = pose(rig_table([body]), seen, motion, time_s=0.0)
    points = []
    for part, title in enumerate(PARTS):
        if title in body.meshes and part != MANE and placed.scale[0, part] > 0:
            local = body.meshes[title].vertices_m * placed.scale[0, part]
            points.append(local @ placed.rotation[0, part].T + placed.position_m[0, part])
    return np.concatenate(points)


def test_exactly_the_body_plans_of_the_catalog_are_drawn():
    assert set(BODY_PLANS) == set(BUILDERS)


def test_every_coat_pattern_of_the_catalog_is_painted():
    colors = np.array([[0.3, 0.1, 0.5]]), np.array([[0.0, 1.0, 0.0]])
    for pattern in COAT_PATTERNS:
        assert painter(pattern, (0.5, 0.3, 0.1), (0.05, 0.04, 0.03), 1.0, 1.0)(*colors).shape == (1, 3)


@pytest.mark.parametrize("name", WALKERS)
def test_a_body_has_the_size_of_its_species_and_stands_on_the_ground(name):
    species, points = load_species(name), standing_vertices(name)
    height, length = float(species.body.height), float(species.body.length)
    assert abs(points[:, 2].min()) < 0.08 * height
    assert height * 0.9 < points[:, 2].max() < height * 2.1
    assert 0.5 * length < np.ptp(points[:, 0]) < 2.4 * length
    assert abs(points[:, 1].max() + points[:, 1].min()) < 0.1 * height  # left and right alike
    assert np.ptp(points[:, 1]) < 1.2 * length


@pytest.mark.parametrize("name", NAMES)
def test_meshes_are_closed_coloured_and_of_moderate_size(name):
    meshes = body_of(name).meshes.values()
    assert 800 < sum(len(mesh.faces) for mesh in meshes) < 8000
    for mesh in meshes:
        assert np.isfinite(mesh.vertices_m).all()
        assert mesh.faces.max() < len(mesh.vertices_m)
        assert mesh.colors.min() >= 0
        assert mesh.colors.max() <= 1


def test_a_person_stands_upright_and_is_a_head_taller_than_the_shoulders():
    points, shoulder = at_rest(body_of("person")).vertices_m, float(load_species("person").body.height)
    assert abs(points[:, 2].min()) < 0.05 * shoulder
    assert 1.15 * shoulder < points[:, 2].max() < 1.35 * shoulder
    assert np.ptp(points[:, 1]) < 0.5 * shoulder


def test_species_differ_in_shape_and_coat():
    looks = {}
    for name in NAMES:
        points = standing_vertices(name)
        torso = body_of(name).meshes["torso"].colors
        looks[name] = np.array([*np.ptp(points, axis=0) / np.ptp(points[:, 0]), *torso.mean(0), *torso.std(0)])
    for i, first in enumerate(NAMES):
        for second in NAMES[i + 1 :]:
            assert np.abs(looks[first] - looks[second]).max() > 0.02, (first, second)


def test_what_marks_a_species_is_there():
    assert "mane" in body_of("lion").meshes
    assert "mane" not in body_of("cheetah").meshes
    assert "trunk_lower" in body_of("african_elephant").meshes
    assert "left_wing_outer" in body_of("white_backed_vulture").meshes
    zebra = body_of("plains_zebra").meshes["torso"].colors.mean(1)
    assert (zebra < 0.1).mean() > 0.2
    assert (zebra > 0.5).mean() > 0.2
    heights = {
        name: standing_vertices(name)[:, 2].max() / body_of(name).height_m for name in ("giraffe", "plains_zebra")
    }
    assert heights["giraffe"] > heights["plains_zebra"] + 0.15


def test_grazing_brings_the_mouth_to_the_grass_and_lying_lowers_the_body():
    for name in ("plains_zebra", "blue_wildebeest", "thomsons_gazelle"):
        body = body_of(name)
        grazing, standing, lying = (standing_vertices(name, **p) for p in ({"head_down": 1.0}, {}, {"lie": 1.0}))
        front = grazing[grazing[:, 0] > 0.45 * body.length_m]
        assert front[:, 2].min() < 0.22 * body.height_m
        assert lying[:, 2].max() < 0.85 * standing[:, 2].max()
        assert lying[:, 2].min() > -0.2 * body.height_m


def test_heavier_animals_of_the_same_size_are_wider():
    zebra = load_species("plains_zebra")
    heavy = replace(zebra, body=replace(zebra.body, mass=replace(zebra.body.mass, value=zebra.body.mass.value * 1.25)))
    width = [np.ptp(build_body(s).meshes["torso"].vertices_m[:, 1]) for s in (zebra, heavy)]
    assert width[1] > width[0] * 1.02


def test_an_unknown_body_plan_is_named_with_its_nearest_match():
    zebra = load_species("plains_zebra")
    with pytest.raises(UnknownNameError, match="equid"):
        build_body(replace(zebra, body=replace(zebra.body, plan="equidd")))


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_coat_pattern_gives_colours(pattern):
    mesh = tube([(-0.4, 0, 0.8), (0, 0, 0.8), (0.4, 0, 0.8)], [(0.2, 0.2)] * 3, rings=20)
    colors = mesh.painted(painter(pattern, (0.5, 0.3, 0.1), (0.05, 0.04, 0.03), 1.0, 1.0)).colors
    assert np.isfinite(colors).all()
    assert math.isclose(colors.min(), np.clip(colors, 0, 1).min())


def silhouette(name, cells=24):
    """Which cells of a square box around the body, seen from the side, hold one of its vertices."""
    points = at_rest(body_of(name)).vertices_m[:, [0, 2]].astype(float)
    points = (points - points.min(0)) / np.ptp(points, axis=0).max()
    image = np.zeros((cells, cells), bool)
    at = np.minimum((points * cells).astype(int), cells - 1)
    image[at[:, 1], at[:, 0]] = True
    return image


def test_every_species_has_a_silhouette_or_a_coat_of_its_own():
    outlines = {name: silhouette(name) for name in NAMES}
    coats = {name: np.concatenate([m.colors for m in body_of(name).meshes.values()]) for name in NAMES}
    looks = {name: np.array([*c.mean(0), *c.std(0)]) for name, c in coats.items()}
    for k, first in enumerate(NAMES):
        assert outlines[first].sum() > 20, first
        for second in NAMES[k + 1 :]:
            differs = (outlines[first] ^ outlines[second]).sum() / (outlines[first] | outlines[second]).sum()
            assert differs > 0.25 or np.abs(looks[first] - looks[second]).max() > 0.04, (first, second)


def test_a_body_of_any_kind_is_as_long_as_its_species():
    for name in NAMES:
        points, long = at_rest(body_of(name)).vertices_m, float(load_species(name).body.length)
        assert 0.3 * long < np.ptp(points[:, 0]) < 3.2 * long, name
        middle = points[:, 1].max() + points[:, 1].min()
        assert abs(middle) < 0.12 * long, name
