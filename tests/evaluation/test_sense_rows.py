"""What can be asked about clips, by hand."""

from dataclasses import replace

import numpy as np
import pytest

from eco1.core.fakes import FakeSimulator
from eco1.core.records import Observation
from eco1.core.senses import Frames, SensedClip, Senses
from eco1.evaluation.sense_rows import collect_sense_rows, over_time, patch_means, truth_of, with_principal


def clip_of(batch: int = 2, frames: int = 2, rows: int = 4, columns: int = 4) -> SensedClip:
    """A camera at the origin that looks east at animal 1; animal 0 stands behind it."""
    simulator = FakeSimulator(worlds=batch, animals=2)
    seen = Observation.stack([simulator.observe(simulator.reset(0))] * frames, axis=1)
    position = np.zeros_like(seen.position_m)
    position[..., 0, 0], position[..., 1, 0] = -5.0, 10.0
    lead = (batch, frames)
    axes = np.float32([[0, -1, 0], [0, 0, 1], [1, 0, 0]])
    camera = Frames(
        rgb=np.zeros((*lead, rows, columns, 3), np.uint8),
        depth_m=np.ones((*lead, rows, columns), np.float32),
        instance=np.full((*lead, rows, columns), -2, np.int16),
        flow_px=np.zeros((*lead, rows, columns, 2), np.float32),
        eye_m=np.zeros((*lead, 3), np.float32),
        axes=np.broadcast_to(axes, (*lead, 3, 3)).copy(),
        field_of_view_rad=np.ones(lead, np.float32),
    )
    observation = replace(seen, position_m=position, behavior=seen.behavior.copy(), alive=seen.alive.copy())
    return SensedClip(
        observation=observation, dt_s=np.full(batch, 0.1, np.float32), senses=Senses(video={"follow": camera})
    )


def test_patches_are_means_time_first_then_rows():
    pixels = np.arange(2 * 4 * 4, dtype=np.float32).reshape(1, 2, 4, 4, 1)
    found = patch_means(pixels, (2, 2, 2))
    by_hand = [pixels[0, :, y : y + 2, x : x + 2, 0].mean() for y in (0, 2) for x in (0, 2)]
    assert found[0, :, 0].tolist() == by_hand
    assert patch_means(pixels, (1, 4, 2))[0, :, 0].tolist() == [6.5, 8.5, 22.5, 24.5]


def test_depth_is_the_mean_logarithm_and_the_sky_is_far():
    clip = clip_of()
    depth = clip.senses.video["follow"].depth_m
    depth[0, :, :2, :2] = [[3.0, 0.0], [np.inf, 1e6]]
    depth[1, 1, 3, 3] = np.nan
    truth = truth_of(clip, "follow", (2, 2, 2))
    assert truth.depth is not None
    assert truth.depth.shape == (2, 4, 1)
    assert truth.depth[0, :, 0] == pytest.approx([(np.log(4) + 2 * np.log(101)) / 4, *[np.log(2)] * 3], rel=1e-6)
    assert np.isnan(truth.depth[1, :, 0]).tolist() == [False, False, False, True]


def test_flow_is_told_right_and_down_and_unknown_where_a_pixel_is():
    clip = clip_of()
    flow = clip.senses.video["follow"].flow_px
    flow[0, :, :, :2] = np.sinh((3.0, -1.0))
    flow[0, 0, 0, 0] = np.nan
    truth = truth_of(clip, "follow", (1, 2, 2))
    assert truth.flow is not None
    assert truth.flow.shape == (2, 8, 2)
    assert np.isnan(truth.flow[0, 0]).all()
    assert truth.flow[0, 1:4] == pytest.approx(np.array([[0, 0], [3, -1], [0, 0]]), abs=1e-5)
    assert truth.flow[0, 4] == pytest.approx(np.array([3, -1]), abs=1e-5)


def test_the_subject_is_asked_about_as_it_is_at_last():
    clip = clip_of(batch=3)
    clip.observation.behavior[:, -1, 1] = (0, 1, -1)
    clip.observation.alive[1] = False
    truth = truth_of(clip, "follow", None)
    assert truth.species.tolist() == [1, -1, 1]
    assert truth.behavior.tolist() == [0, -1, -1]
    assert truth.depth is None
    assert truth.flow is None


def test_animals_are_counted_on_the_mean_picture():
    clip = clip_of()
    clip.senses.video["follow"].instance[0, 1, 0, :2] = (0, 1)
    assert truth_of(clip, "follow", None).count.tolist() == [1.0, 0.0]


def test_rows_of_all_batches_stand_in_order():
    clips = [clip_of(batch=2), clip_of(batch=3)]
    clips[1].observation.behavior[:, -1, 1] = 0

    def reader(clip: SensedClip) -> np.ndarray:
        return np.full((len(clip.dt_s), 4, 1), len(clip.dt_s), np.float32)

    rows = collect_sense_rows({"one": reader}, clips, "follow", (2, 2, 2))
    assert rows.tokens["one"][:, 0, 0].tolist() == [2, 2, 3, 3, 3]
    assert rows.truth.behavior.tolist() == [1, 1, 0, 0, 0]
    assert rows.truth.depth is not None
    assert rows.truth.depth.shape == (5, 16, 1)
    assert rows.patches["one"].shape == (5, 16, 1)
    assert collect_sense_rows({"one": reader}, clips, "follow").truth.flow is None


def test_single_patches_are_those_whose_truth_is_told():
    clip = clip_of()
    depth = clip.senses.video["follow"].depth_m
    depth[:, :, :2, 2:], depth[:, :, 2:, :2], depth[:, :, 2:, 2:] = 2.0, 3.0, 4.0

    def reader(clip: SensedClip) -> np.ndarray:
        return np.broadcast_to(np.log1p(np.float32([1, 2, 3, 4]))[:, None], (len(clip.dt_s), 4, 1)).copy()

    rows = collect_sense_rows({"one": reader, "other": reader}, [clip, clip], "follow", (2, 2, 2))
    assert rows.truth.depth is not None
    assert rows.patches["one"] == pytest.approx(rows.truth.depth, rel=1e-6)
    assert np.array_equal(rows.patches["one"], rows.patches["other"])
    assert len(np.unique(rows.truth.depth)) == 4


def test_long_clips_are_means_over_neighbours_in_time():
    tokens = np.arange(6 * 100, dtype=np.float32).reshape(1, 600, 1)  # six moments of 100 tokens
    assert over_time(tokens, 6).shape == (1, 100, 1)
    assert over_time(tokens[:, :240], 6).shape == (1, 120, 1)
    assert over_time(tokens[:, :240], 6)[0, 0, 0] == tokens[0, [0, 40], 0].mean()
    assert np.array_equal(over_time(tokens[:, :120], 6), tokens[:, :120])


def test_the_most_that_so_many_numbers_can_hold_is_kept():
    rng = np.random.default_rng(0)
    spread = np.float32([0.1, 3.0, 0.2, 1.0])

    def reader(clip: SensedClip) -> np.ndarray:
        return rng.normal(size=(len(clip.dt_s), 4, 4)).astype(np.float32) * spread

    clips = [clip_of(batch=8)] * 8
    known, asked = (collect_sense_rows({"one": reader}, clips, "follow") for _ in range(2))
    known, asked = with_principal((known, asked), "one", 2)
    assert known.tokens["one, 2"].shape == (64, 4, 2)
    for rows in (known, asked):
        found = [
            abs(np.corrcoef(rows.patches["one, 2"][..., k].ravel(), rows.patches["one"][..., column].ravel())[0, 1])
            for k, column in enumerate((1, 3))
        ]
        assert min(found) > 0.95
