"""Eco-1 living by any of its senses."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch
from tests.models.tiny_eco1 import SENSES, looking_at, sensed_scenes, that_goes, tiny

from eco1.brains import sense_brain
from eco1.brains.sense_brain import SenseBrain
from eco1.core.errors import ConfigError, UnknownNameError
from eco1.core.senses import FollowedObservation, Senses
from eco1.models.nn.qwen3 import Sampling
from eco1.sensors.scene import CURRENT_CHANNELS

FOLLOWED = 1


def brain_of(senses=("video",), **settings) -> SenseBrain:
    return SenseBrain(settings.pop("model", None) or restless(), senses, **{"precision": "fp32", **settings})


def restless(**changes):
    """Return a model in which nobody is likely to stand."""
    model = tiny(**changes)
    with torch.no_grad():
        model.action.moves.out.bias[-1] = -9.0
    return model


def live(brain, scenes, seed=None):
    memory, actions = brain.initial(len(scenes[0].alive)), []
    for step, scene in enumerate(scenes):
        generator = None if seed is None else torch.Generator().manual_seed(100 * seed + step)
        memory, action = brain.act(memory, scene, generator)
        actions.append(action)
    return actions


def without(scene, *kinds):
    kept = {kind: {} if kind in kinds else getattr(scene.senses, kind) for kind in ("video", "audio", "points")}
    return replace(scene, senses=Senses(**kept))


def test_it_decides_once_it_has_seen_enough_and_then_after_every_moment():
    brain = brain_of()
    assert (brain.frames, brain.moments) == (4, 2)
    scenes = sensed_scenes(9)
    actions = live(brain, scenes)
    assert [bool(action.controlled.any()) for action in actions] == [False] * 3 + [True] * 6
    memory, decided = brain.initial(2), []
    for scene in scenes:
        memory, _ = brain.act(memory, scene, None)
        decided.append(memory.decision)
    assert [a is not b for a, b in pairwise(decided[3:])] == [False, True, False, True, False]


@pytest.mark.parametrize("senses", [*((sense,) for sense in SENSES), SENSES])
def test_any_senses_drive_whom_the_camera_follows_and_nobody_else(senses):
    action = live(brain_of(senses), sensed_scenes(4))[-1]
    assert np.array_equal(action.controlled, np.tile(np.arange(5) == FOLLOWED, (2, 1)))
    assert np.abs(action.velocity_mps[:, FOLLOWED]).sum() > 0
    assert not action.velocity_mps[~action.controlled].any()


@pytest.mark.parametrize("senses", [("video",), ("motion",)])
def test_whom_it_lives_in_is_known_where_the_world_says_so(senses):
    body = np.array([3, 1])
    told = [FollowedObservation(**vars(scene), followed=body) for scene in sensed_scenes(4)]
    action = live(brain_of(senses), told)[-1]
    assert np.array_equal(action.controlled, np.arange(5) == body[:, None])


@pytest.mark.parametrize("sense", SENSES)
def test_what_it_does_not_live_by_changes_nothing(sense):
    scenes = sensed_scenes(4)
    others = {"audio", "points"} - {sense}
    blind = [without(scene, *others) for scene in scenes]
    if sense != "video":
        blind = [_dark(scene) for scene in blind]
    whole, part = (live(brain_of((sense,)), seen)[-1] for seen in (scenes, blind))
    assert np.array_equal(whole.velocity_mps, part.velocity_mps)
    assert np.array_equal(whole.behavior, part.behavior)


def _dark(scene):
    camera = scene.senses.video["follow"]
    video = {"follow": replace(camera, rgb=np.zeros_like(camera.rgb))}
    return replace(scene, senses=Senses(video=video, audio=scene.senses.audio, points=scene.senses.points))


def test_everyone_is_driven_by_motion_alone():
    scenes = [without(scene, "video", "audio", "points") for scene in sensed_scenes(4)]
    brain = brain_of(("motion",), everyone=True)
    assert brain.instruments == ()
    assert live(brain, scenes)[-1].controlled.all()


def test_one_who_is_driven_alone_takes_notice_of_those_nearest_to_it(monkeypatch):
    monkeypatch.setattr(sense_brain, "_COMPANY", 3)  # itself, and the animals 200 m off on either side
    scenes = sensed_scenes(4)

    def moved(row: int) -> list:
        shift = np.float32([30, 0, 0]) * (np.arange(5) == row)[:, None]
        return [replace(scene, position_m=scene.position_m + shift) for scene in scenes]

    brain = brain_of(("motion",), model=restless(experts=0, chosen=0))
    plain, near, far = (live(brain, seen)[-1] for seen in (scenes, moved(2), moved(4)))
    assert np.array_equal(plain.controlled, np.tile(np.arange(5) == FOLLOWED, (2, 1)))
    assert np.array_equal(plain.velocity_mps, far.velocity_mps)
    assert not np.array_equal(plain.velocity_mps, near.velocity_mps)


def test_worlds_side_by_side_decide_as_if_alone():
    scenes = sensed_scenes(6, worlds=3)
    together = live(brain_of(SENSES), scenes)[-1]
    for world in range(3):
        alone = live(brain_of(SENSES), [scene[world : world + 1] for scene in scenes])[-1]
        assert np.allclose(together.velocity_mps[world], alone.velocity_mps[0], atol=1e-5)
        assert np.array_equal(together.behavior[world], alone.behavior[0])


def test_behaviours_are_drawn_as_often_as_the_model_expects_them():
    model = tiny()
    with torch.no_grad():
        model.action.behavior.weight.zero_()
        model.action.behavior.bias.copy_(torch.tensor([0.2, 0.8]).log())
    scenes = sensed_scenes(4, worlds=1)
    brain = brain_of(model=model)
    drawn = [live(brain, scenes, seed)[-1].behavior[0, FOLLOWED] for seed in range(60)]
    assert 0.6 < np.mean(drawn) < 0.95
    surest = brain_of(model=model, sampling=Sampling(temperature=0.0))
    assert {int(live(surest, scenes, seed)[-1].behavior[0, FOLLOWED]) for seed in range(5)} == {1}
    assert live(brain, scenes)[-1].behavior[0, FOLLOWED] == 1


def test_steps_are_turned_from_the_body_to_the_world_and_kept_within_the_species_limits():
    named = {"species_names": ("lion", "plains_zebra")}
    scenes = [replace(scene, heading_rad=np.full_like(scene.heading_rad, np.pi / 2)) for scene in sensed_scenes(5)]
    length = scenes[0].body_length_m[:, FOLLOWED, None]
    model = that_goes([np.arcsinh(0.7), np.pi / 2, np.arcsinh(0.1)], tiny(**named))  # to the left, and up
    for action in live(brain_of(model=model), scenes)[3:]:
        assert np.allclose(action.velocity_mps[:, FOLLOWED] / length, [-0.7, 0.0, 0.1], atol=1e-5)
    brain = brain_of(model=that_goes([9.0, 0.0, 0.0], tiny(**named)))
    speed = np.linalg.norm(live(brain, scenes)[-1].velocity_mps[:, FOLLOWED], axis=-1)
    assert np.allclose(speed, brain._limits[1])


def test_whoever_turns_goes_on_turning_from_where_it_faces_by_then():
    scenes = sensed_scenes(5)
    scenes[4] = replace(scenes[4], heading_rad=scenes[3].heading_rad + 1.0)
    first, second = live(brain_of(model=that_goes([1.0, 0.0, 0.0])), scenes)[3:]
    one, other = (np.arctan2(*action.velocity_mps[:, FOLLOWED, 1::-1].T) for action in (first, second))
    assert np.allclose(np.cos(other - one - 1.0), 1.0, atol=1e-6)


def test_whoever_is_likely_to_stand_stands_and_the_current_carries_everybody():
    scenes = sensed_scenes(4)
    length = scenes[0].body_length_m[:, FOLLOWED]
    carried = [replace(scene, surroundings=flowing(scene.surroundings)) for scene in scenes]
    for log_odds, lengths in ((9.0, 0.0), (-9.0, 1.0)):
        model = that_goes([np.arcsinh(1.0), 0.0, 0.0], log_odds=log_odds)
        wish = live(brain_of(model=model), scenes)[-1].velocity_mps[:, FOLLOWED]
        assert np.allclose(np.linalg.norm(wish, axis=-1), lengths * length, atol=1e-5)
        drawn = live(brain_of(model=model), scenes, seed=0)[-1].velocity_mps[:, FOLLOWED]
        assert drawn.any() == (lengths > 0)
        off = live(brain_of(model=model), carried)[-1].velocity_mps[:, FOLLOWED]
        assert np.allclose(np.linalg.norm(off - [0.3, -0.1, 0.0], axis=-1), lengths * length, atol=1e-5)


def flowing(surroundings: np.ndarray) -> np.ndarray:
    moved = surroundings.copy()
    moved[..., CURRENT_CHANNELS] = [0.3, -0.1]
    return moved


def test_nobody_is_driven_who_was_not_there_throughout():
    scenes = sensed_scenes(5)
    newborn = [replace(s, identity=s.identity + 90 * (np.arange(5) == FOLLOWED)) for s in scenes[2:]]
    assert not live(brain_of(), [*scenes[:2], *newborn[:2]])[-1].controlled.any()
    follows_on = live(brain_of(), [*scenes[:4], newborn[-1]])
    assert follows_on[3].controlled.any()
    assert not follows_on[4].controlled.any()


def test_a_camera_that_turns_to_another_drives_the_other():
    scenes = sensed_scenes(8)
    turned = [looking_at(3, scene.scene) for scene in scenes[4:]]
    action = live(brain_of(), [*scenes[:4], *turned])[-1]
    assert np.array_equal(action.controlled, np.tile(np.arange(5) == 3, (2, 1)))


def test_senses_that_are_missing_are_named():
    brain = brain_of(("video", "audio"))
    scene = without(sensed_scenes(1)[0], "audio")
    with pytest.raises(ConfigError, match=r"needs video of 'follow', audio of 'camera'; what came lacks audio\."):
        brain.act(brain.initial(2), scene, None)
    with pytest.raises(ConfigError, match="lacks video"):
        brain_of(("audio",)).act(brain.initial(2), without(sensed_scenes(1)[0], "video"), None)
    with pytest.raises(ConfigError, match="lacks video"):
        brain.act(brain.initial(2), scene.scene, None)


def test_settings_that_cannot_be_are_refused():
    with pytest.raises(ConfigError, match="at least one sense"):
        brain_of(())
    with pytest.raises(UnknownNameError, match="Unknown sense to live by 'text'"):
        brain_of(("text",))
    with pytest.raises(UnknownNameError, match="Unknown sense to live by 'audio'"):
        brain_of(("audio",), model=tiny(senses=("video", "motion")))
    with pytest.raises(ConfigError, match="Only motion tells of every animal"):
        brain_of(("video",), everyone=True)
    with pytest.raises(UnknownNameError, match="Did you mean 'plain'"):
        brain_of(biome="plains")


def test_in_bfloat16_it_decides_nearly_the_same_and_leaves_the_model_as_it_is():
    model, scenes = tiny(), sensed_scenes(4)
    exact, rounded = (live(SenseBrain(model, precision=p), scenes)[-1].velocity_mps for p in ("fp32", "bf16"))
    assert np.allclose(exact, rounded, atol=0.05)
    assert {weight.dtype for weight in model.parameters()} == {torch.float32}
