"""What the model is asked for, and the codebook it answers in."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from small_worlds import ready, untrained, wanderers

from eco1.core.records import Clip
from eco1.models.eco import EcoConfig
from eco1.models.eco.codebook import MotionCodebook
from eco1.models.eco.living import _decision
from eco1.models.eco.priors import CountedPrior
from eco1.models.eco.targets import (
    CLIMB,
    SPEED,
    TURN,
    coming_behavior,
    company,
    displacements,
    fading_before,
    motion_since,
    velocity_history,
)
from eco1.sensors.scene import CURRENT_CHANNELS, scene_of
from eco1.sensors.trace import Linked, link, no_trace


def linked_scene(clip: Clip):
    scene = scene_of(clip.observation)
    return scene, link(scene, no_trace(scene.alive.shape[0], scene.alive.shape[2]))


def labelled(labels: list[int]) -> tuple:
    clip = wanderers(frames=len(labels), worlds=1, animals=1)
    behavior = np.array(labels, np.int16)[None, :, None]
    return linked_scene(replace(clip, observation=replace(clip.observation, behavior=behavior)))


def test_a_motion_change_applied_gives_the_next_velocity():
    network = ready().network
    scene, linked = linked_scene(wanderers())
    change = motion_since(scene, linked)
    for t in (0, 7, 30):
        decision = _decision(network, scene[:, t], change[:, t + 1], scene.behavior[:, t])
        torch.testing.assert_close(decision.velocity_mps, scene.velocity_mps[:, t + 1], atol=1e-4, rtol=1e-4)


def test_motion_of_an_animal_that_is_gone_is_not_asked_for():
    clip = wanderers()
    clip.observation.alive[0, 20:, 1] = False
    clip.observation.identity[1, 9:, 3] = 50
    _, recent = ready().network.motion_tokens(*linked_scene(clip), None)
    nothing, before = (recent == ready().network.codebook.nothing).all(-1).unbind(-1)
    assert nothing[0, :, 1].tolist() == [True] + [False] * 19 + [True] * 28
    assert nothing[1, [0, 9], 3].all()
    assert not nothing[1, [8, 10], 3].any()
    assert before[1, [0, 1, 9, 10], 3].all()
    assert not before[1, [8, 11], 3].any()


def test_tokens_survive_decoding_and_keep_the_distribution():
    torch.manual_seed(0)
    change = torch.cat([torch.randn(6000, 2) * torch.tensor([2.0, 0.1]), torch.zeros(2000, 2)])
    change = change[torch.randperm(8000)]
    species = torch.ones(8000, dtype=torch.long)
    last = torch.randn(8000, 2) * 0.1
    book = MotionCodebook(2, 2, 16)
    book.fit(change, species, last)
    token = book.encode(change, species, last)
    assert token.min() >= 0
    assert token.max() < book.special
    for place in (0.01, 0.5, 0.99):
        decoded = book.decode(token, species, last, torch.full_like(change, place))
        assert torch.equal(book.encode(decoded, species, last), token)
    drawn = book.decode(token, species, last, torch.rand(8000, 2))
    for factor in range(2):
        both = torch.stack([change[:, factor], drawn[:, factor]])
        at = both.flatten().sort().values
        below = torch.searchsorted(both.sort(-1).values, at.expand(2, -1).contiguous(), right=True) / 8000
        moving = at.abs() > 0.01 * change[:, factor].std()
        assert (below[0] - below[1]).abs()[moving].max() < 0.02, "Kolmogorov-Smirnov distance"
    assert (token == 16).all(-1).sum() == 2000, "standing still has a token of its own"
    assert torch.equal(book.edges[2], book.edges[0]), "a species without data borrows the pooled bins"


def test_rest_is_a_token_and_ends_all_drifting():
    scene, linked = linked_scene(wanderers())
    network = ready().network
    resting = scene.velocity_mps.norm(dim=-1) == 0
    token, _ = network.motion_tokens(scene, linked, None)
    assert torch.equal((token[..., SPEED] == network.codebook.special) & linked.has_past, resting & linked.has_past)
    assert resting.any()
    change = network.codebook.decode(
        token[:, 5], scene.species[:, 5] + 1, fading_before(scene, linked)[:, 5], torch.rand(2, 5, 3)
    )
    moved = _decision(network, scene[:, 4], change, scene.behavior[:, 5]).velocity_mps
    assert torch.equal(moved.norm(dim=-1) == 0, resting[:, 5])
    odd = torch.full((2, 5, 3), network.codebook.special)
    decoded = network.codebook.decode(odd, scene.species[:, 5] + 1, torch.zeros(2, 5, 2), torch.rand(2, 5, 3))
    assert decoded[..., [TURN, CLIMB]].abs().max() == 0


def test_codebooks_differ_between_species_as_their_motion_does():
    change = torch.randn(4000, 2)
    species = torch.arange(4000) % 2 + 1
    change[species == 2] *= 10
    book = MotionCodebook(2, 2, 16)
    book.fit(change, species, torch.zeros(4000, 2))
    ratio = book.edges[2, 0, -1] / book.edges[1, 0, -1]
    assert 6 < ratio < 14
    assert (book.edges.diff(dim=-1) > 0).all()


def test_what_is_seldom_seen_borrows_from_the_animal_itself_before_it_borrows_from_others():
    torch.manual_seed(0)
    change, species = torch.randn(4000, 2) * 100, torch.ones(4000, dtype=torch.long)
    species[:50] = 2
    change[:50] = torch.rand(50, 2)  # it only ever gains
    book = MotionCodebook(2, 2, 16)
    book.fit(change, species, torch.zeros(4000, 2))
    assert book.edges[2].abs().max() <= 1.0
    assert torch.allclose(book.edges[2], -book.edges[2].flip(-1), atol=1e-4)


def test_the_fastest_flight_is_within_reach_however_rare():
    clip = wanderers()
    velocity = clip.observation.velocity_mps.copy()
    velocity[0, 20, 1] *= 40 * 2 / np.linalg.norm(velocity[0, 20, 1])
    model = untrained()
    model.calibrate([wanderers(1), replace(clip, observation=replace(clip.observation, velocity_mps=velocity))])
    row = clip.observation.species[0, 20, 1] + 1
    assert model.network.speed_limit[row] == pytest.approx(80 / clip.observation.body_length_m[0, 20, 1], rel=1e-4)


def test_a_turn_that_fades_has_a_token_of_its_own():
    last = torch.randn(4000) * 0.1
    turn = 0.75 * last
    turn[::4] += torch.randn(1000) * 0.2
    change = torch.stack([turn, torch.randn(4000)], dim=-1)
    species = torch.ones(4000, dtype=torch.long)
    before = torch.stack([last, torch.zeros(4000)], dim=-1)
    book = MotionCodebook(2, 2, 16)
    book.fit(change, species, before)
    assert book.carry[1, 0].item() == pytest.approx(0.75, abs=1e-5), "least squares would be led astray by what is new"
    assert torch.equal(book.carry[2], book.carry[0]), "a species without data borrows the pooled share"
    token = book.encode(change, species, before)
    fading = (torch.arange(4000) % 4 > 0) & (last.abs() > 1e-3)
    assert (token[fading, TURN] == book.special).all()
    assert (token[::4, TURN] == book.special).float().mean() < 0.05
    decoded = book.decode(token, species, before, torch.rand(4000, 2))
    torch.testing.assert_close(decoded[fading, TURN], turn[fading], atol=1e-5, rtol=0)
    state = book.read(change, species, before)[1][fading, TURN] - book.special
    edges = book.edges[1, TURN]
    assert ((edges[state] <= turn[fading]) & (turn[fading] <= edges[state + 1])).float().mean() > 0.99, (
        "where it faded to is known"
    )


def test_a_climb_towards_a_level_has_a_token_of_its_own():
    climb = torch.randn(6000)
    then = 0.95 * climb
    then[::4] = torch.randn(1500)
    then[1::4] = climb[1::4]  # as fast as its body can: it goes on, and nothing fades
    change = torch.stack([torch.randn(6000), torch.randn(6000), then - climb], dim=-1)
    species = torch.ones(6000, dtype=torch.long)
    before = torch.stack([torch.zeros(6000), climb], dim=-1)
    book = MotionCodebook(2, 3, 16)
    book.fit(change, species, before)
    assert book.carry[1, 1].item() == pytest.approx(0.95, abs=1e-4)
    token = book.encode(change, species, before)
    number = torch.arange(6000) % 4
    assert (token[(number > 1) & (climb.abs() > 0.01), CLIMB] == book.special).all()
    assert (token[number == 1, CLIMB] == book.side).all()
    decoded = book.decode(token, species, before, torch.rand(6000, 3))
    torch.testing.assert_close(decoded[number > 0, CLIMB], change[number > 0, CLIMB], atol=2e-3, rtol=0)


def test_a_current_is_no_motion_of_ones_own():
    scene, _ = linked_scene(wanderers())
    around = scene.surroundings.clone()
    around[..., CURRENT_CHANNELS] = torch.tensor([0.4, -0.3])
    carried = replace(
        scene, velocity_mps=scene.velocity_mps + torch.tensor([0.4, -0.3, 0.0]), surroundings=around
    )  # fmt: skip
    past = no_trace(scene.alive.shape[0], scene.alive.shape[2])
    change = motion_since(carried, link(carried, past))
    torch.testing.assert_close(change[:, 1:], motion_since(scene, link(scene, past))[:, 1:], atol=1e-4, rtol=1e-4)
    decision = _decision(ready().network, carried[:, 7], change[:, 8], carried.behavior[:, 7])
    torch.testing.assert_close(decision.velocity_mps, carried.velocity_mps[:, 8], atol=1e-4, rtol=1e-4)


def test_company_tells_how_close_the_nearest_of_each_kind_is():
    clip = wanderers(frames=2, worlds=1, animals=4)
    place = np.array([[0, 0, 0], [3, 0, 0], [9, 0, 0], [6, 0, 0]], np.float32)
    seen = replace(
        clip.observation,
        position_m=np.broadcast_to(place, (1, 2, 4, 3)).copy(),
        species=np.broadcast_to(np.array([0, 1, 1, 1], np.int16), (1, 2, 4)).copy(),
        body_length_m=np.full((1, 2, 4), 1.5, np.float32),
    )
    seen.alive[..., 1] = False  # and no carcass either
    scene, linked = linked_scene(replace(clip, observation=seen))
    near = company(ready().network.view(scene, linked), 2)
    expected = 1 - np.log1p(6 / 1.5) / np.log1p(200)
    assert near[0, 1, 0].tolist() == pytest.approx([0, expected], abs=1e-3)
    assert near[0, 1, 2, 0].item() == pytest.approx(1 - np.log1p(9 / 1.5) / np.log1p(200), abs=1e-3)


def test_the_next_behaviour_is_named_a_second_before_it_begins():
    labels = [0] * 20 + [2] * 10 + [1] * 10
    target = coming_behavior(*labelled(labels), (7, 13), 5)[0, :, 0]
    assert target[7:14].tolist() == [2] * 7
    assert (target[:7] == -1).all()
    assert (target[14:20] == -1).all()
    assert target[20:24].tolist() == [1] * 4
    assert (target[24:] == -1).all()


def test_flickers_and_breaks_are_no_new_behaviour():
    flicker = coming_behavior(*labelled([0] * 20 + [2] * 2 + [0] * 18), (7, 13), 5)
    assert (flicker == -1).all()
    earlier = coming_behavior(*labelled([0] * 12 + [1] * 8 + [2] * 20), (7, 13), 5)[0, :, 0]
    assert earlier[5] == 1
    assert (earlier[7:12] == -1).all(), "another behaviour begins before"
    unknown = coming_behavior(*labelled([0] * 20 + [-1] * 20), (7, 13), 5)
    assert (unknown == -1).all()


def test_displacements_are_in_the_body_frame_and_stop_at_breaks():
    clip = wanderers()
    clip.observation.identity[0, 20:, 1] = 50
    scene, linked = linked_scene(clip)
    ahead = displacements(scene, linked, torch.tensor([10, 18]), torch.tensor([1, 5, 60]))
    assert ahead.valid[0, :, 1].tolist() == [[True, True, False], [True, False, False]]
    straight = replace(clip.observation, position_m=clip.observation.position_m * 0)
    straight.position_m[..., :2] = (
        np.stack([np.cos(straight.heading_rad[:, 10]), np.sin(straight.heading_rad[:, 10])], -1)[:, None]
        * np.arange(48)[None, :, None, None]
    )
    scene = scene_of(straight)
    value = displacements(scene, linked, torch.tensor([10]), torch.tensor([5])).value[:, 0, :, 0]
    torch.testing.assert_close(value, torch.tensor([5.0, 0, 0]).expand(2, 5, 3), atol=1e-4, rtol=1e-4)


def test_velocity_history_holds_the_first_velocity_before_birth():
    clip = wanderers()
    clip.observation.identity[0, 20:, 1] = 50
    scene, linked = linked_scene(clip)
    history = velocity_history(scene, linked, torch.tensor([21]), 4)[0, 0]
    torch.testing.assert_close(history[0], scene.velocity_mps[0, 18:22, 0])
    born, next_one = scene.velocity_mps[0, 20, 1], scene.velocity_mps[0, 21, 1]
    torch.testing.assert_close(history[1], torch.stack([born, born, born, next_one]))


def test_headings_follow_their_course_as_measured():
    clip = wanderers()
    model = untrained()
    assert model.network.heading_gain[1] > 0.95
    smooth = clip.observation.heading_rad.copy()
    for t in range(1, smooth.shape[1]):
        course = np.arctan2(clip.observation.velocity_mps[:, t, :, 1], clip.observation.velocity_mps[:, t, :, 0])
        moving = np.linalg.norm(clip.observation.velocity_mps[:, t], axis=-1) > 0
        gap = np.arctan2(np.sin(course - smooth[:, t - 1]), np.cos(course - smooth[:, t - 1]))
        smooth[:, t] = smooth[:, t - 1] + np.where(moving, 0.4 * gap, 0)
    model.calibrate([replace(clip, observation=replace(clip.observation, heading_rad=smooth.astype(np.float32)))])
    assert abs(model.network.heading_gain[1] - 0.4) < 0.02


def test_priors_are_shares_backed_by_coarser_ones():
    config = EcoConfig.nano(species_names=("a", "b"), behavior_names=("x", "y", "z"), dt_s=0.1)
    prior = CountedPrior(config)
    species, now = torch.tensor([1] * 1000 + [2] * 10), torch.tensor([1] * 1010)
    then = torch.tensor([0] * 900 + [1] * 100 + [2] * 10)
    prior.fit_behavior(prior.following, species, now, then)
    share = prior.following.exp()
    torch.testing.assert_close(share.sum(-1), torch.ones(3, 4))
    assert share[1, 1, 0] == pytest.approx(0.9, abs=0.01)
    assert share[2, 1, 0] == pytest.approx(0.6, abs=0.02), "ten sightings weigh half of what all species say"
    assert share[1, 2, 2] == pytest.approx(11 / 1013, abs=1e-4), "never seen: the share among all behaviours"
    token = torch.tensor([[3, 1, 2]]).expand(1010, 3)
    before = torch.where(torch.arange(1010)[:, None] % 2 == 0, token, 5)
    prior.fit_motion(species, now, before, token)
    torch.testing.assert_close(prior.momentum.exp().sum(-1), torch.ones(3, 3, config.motion_states))
    expected = prior.motion(species[:2], now[:2], before[:2]).softmax(-1)
    assert expected[torch.arange(3), :, token[0]].min() > 0.98
    seen = prior.style[torch.arange(3), 1, 1, token[0]]
    assert seen.abs().max() < 0.05, "one behaviour alone adds nothing to what its species does"


def test_linked_is_cut_like_any_record():
    _, linked = linked_scene(wanderers())
    assert isinstance(linked[:1], Linked)
