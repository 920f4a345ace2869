"""Animals that are led astray, and only they."""

import numpy as np
import torch

from eco1.brains.detours import DetourBrain
from eco1.brains.drive import drive
from eco1.core.fakes import FakeSimulator


def led(per_minute: float, steps: int = 200):
    simulator = FakeSimulator(worlds=2, animals=5)
    moments = drive(simulator, simulator.reset(0), DetourBrain(per_minute=per_minute), seed=1)
    return [next(moments) for _ in range(steps)]


def test_detours_come_as_often_as_asked_and_end():
    moments = led(12.0)
    left = np.stack([moment.memory.left_s for moment in moments])
    begins = (left[1:] > left[:-1]).sum()
    animal_minutes = left[0].size * len(left) * 0.1 / 60
    assert 5 < begins / animal_minutes < 14, "those already on a detour begin none"
    on_detour = left[1:] > 0
    controlled = np.stack([moment.action.controlled for moment in moments[1:]])
    assert 0.75 < controlled[on_detour].mean() < 0.95, "half of them let go for three steps in ten"
    assert 0.1 < on_detour.mean() < 0.8
    assert not np.stack([moment.action.controlled for moment in led(0.0)]).any()


def test_a_detour_leads_off_the_course_within_what_animals_do():
    for moment in led(30.0):
        told, seen = moment.action.controlled, moment.observation
        wish = moment.action.velocity_mps[told]
        course = np.arctan2(wish[:, 1], wish[:, 0])
        turn = (course - seen.heading_rad[told] + np.pi) % (2 * np.pi) - np.pi
        assert (np.abs(turn) < 0.151).all()
        assert (moment.action.behavior == seen.behavior).all()


def test_without_dice_nobody_is_led():
    simulator = FakeSimulator(worlds=1, animals=5)
    scene = simulator.observe(simulator.reset(0))
    memory, action = DetourBrain(per_minute=1e6).act(None, scene, None)
    assert not action.controlled.any()
    memory, action = DetourBrain(per_minute=1e6).act(memory, scene, torch.Generator().manual_seed(0))
    assert action.controlled.any()
