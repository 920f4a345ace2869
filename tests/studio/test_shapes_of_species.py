"""Every species that the studio can draw has solids that fill the same room, and can be filmed from observations."""

import numpy as np
import pytest
from tests.studio.studio_scenes import episode

from eco1.catalog.loader import load_biome
from eco1.core.errors import ConfigError, UnknownNameError
from eco1.core.records import SURROUNDINGS
from eco1.sensors.bodies.skeleton import PARTS
from eco1.sensors.camera.filming import Filming
from eco1.sensors.camera.viewpoints import follow
from eco1.sensors.scenery import col
from eco1.sensors.scenery.scenery import build_scenery
from eco1.sensors.scenery.stage import Stage, daylight_of
from eco1.studio.bodies import body_of
from eco1.studio.shapes import shapes_of, troupe_of

SAVANNA = tuple(sorted(resident.species for resident in load_biome("savanna").residents))


def reach(solids, rows, axis):
    """Lowest and highest extent of solids along an axis of their part."""
    low, high = np.inf, -np.inf
    for k in rows:
        if solids.kind[k] == col.CAPSULE:
            ends = solids.middle[k, axis] + np.array([0, solids.half[k, 0] * solids.axes[k, 0, axis]])
            wide = solids.half[k, 1:]
            low, high = min(low, (ends - wide).min()), max(high, (ends + wide).max())
        else:
            wide = np.linalg.norm(solids.half[k] * solids.axes[k, :, axis])
            low, high = min(low, solids.middle[k, axis] - wide), max(high, solids.middle[k, axis] + wide)
    return low, high


@pytest.mark.parametrize("name", SAVANNA)
def test_solids_of_trunk_and_legs_fill_the_room_of_their_meshes(name):
    solids, body = shapes_of([name]), body_of(name)
    assert 8 <= len(solids.kind) <= 40
    for part in ("torso", "left_hind_upper"):
        rows = np.flatnonzero(solids.part == PARTS.index(part))
        vertices = body.meshes[part].vertices_m
        for axis in range(3):
            low, high = vertices[:, axis].min(), vertices[:, axis].max()
            found = reach(solids, rows, axis)
            slack = 0.4 * float(np.ptp(vertices, axis=0).max())
            assert found[0] == pytest.approx(low, abs=slack)
            assert found[1] == pytest.approx(high, abs=slack)


def test_a_zebra_is_painted_black_and_white_and_an_elephant_grey():
    zebra, elephant = shapes_of(["plains_zebra"]).colors[0], shapes_of(["african_elephant"]).colors[0]
    light = [zebra[c : c + 3].mean() for c in (col.COAT, col.ACCENT)]
    assert light[0] > 8 * light[1]
    assert np.ptp(elephant[col.COAT : col.COAT + 3]) < 0.1


def test_an_unknown_species_is_refused():
    with pytest.raises(UnknownNameError, match="unicorn"):
        shapes_of(["unicorn"])


def test_a_stage_films_an_episode_from_behind_one_animal():
    seen = episode(steps=3)
    scene = build_scenery(load_biome("savanna"), seen.landscape)
    troupe = troupe_of(seen.info.species_names)
    row = np.array([int(np.flatnonzero(seen.observation.species[0] == SAVANNA.index("plains_zebra"))[0])])
    stage = Stage(scene, troupe, seen.info.behavior_names, dt_s=0.1)

    def rig(moments, before):
        return follow(scene, troupe, moments, row, before, dt_s=0.1)

    filming = Filming(stage, rig, threads=1)
    frames = [filming.take(seen.observation[t : t + 1]) for t in range(3)]
    assert all((f.instance == row[0]).mean() > 0.004 for f in frames)
    assert np.abs(frames[0].flow_px).max() < 1e-2  # nothing is known of before
    assert np.abs(frames[2].flow_px[frames[2].instance == row[0]]).max() > 0.05
    repeat = Filming(Stage(scene, troupe, seen.info.behavior_names, dt_s=0.1), rig, threads=2)
    assert np.array_equal([repeat.take(seen.observation[t : t + 1]) for t in range(3)][2].rgb, frames[2].rgb)


def test_a_stage_says_what_it_can_look_at():
    seen = episode(steps=2)
    stage = Stage(
        build_scenery(load_biome("savanna"), seen.landscape), troupe_of(SAVANNA), seen.info.behavior_names, dt_s=0.1
    )
    with pytest.raises(ConfigError, match=r"observation\[None\]"):
        stage.look(seen.observation[0])
    stage.look(seen.observation[:1])
    with pytest.raises(ConfigError, match="always as many worlds"):
        stage.look(seen.observation)


def test_daylight_is_what_the_living_have_around_them():
    seen = episode(steps=2).observation
    seen.surroundings[1, :, SURROUNDINGS.index("daylight")] = 0.2
    assert daylight_of(seen) == pytest.approx([0.7, 0.2])
    seen.alive[:] = False
    assert daylight_of(seen) == pytest.approx([1.0, 1.0])
