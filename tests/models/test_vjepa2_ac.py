"""V-JEPA 2-AC: what a camera will see if it moves so."""

import json
from dataclasses import asdict, replace

import numpy as np
import pytest
import torch
from tests.models.sensed_clips import filmed

from eco1.core.errors import ConfigError, UnknownNameError
from eco1.core.records import Action, Clip
from eco1.core.senses import CameraMotion
from eco1.models.imagining import imagine
from eco1.models.jepa import JepaConfig, JepaModel
from eco1.models.jepa.acting import VJepaAcConfig, VJepaAcModel
from eco1.models.jepa.acting.camera import Pose, rotation_vector
from eco1.models.nn.vit.action_predictor import ActionPredictor, block_causal
from eco1.models.nn.vit.config import ViTConfig
from eco1.models.registry import build_model

torch.set_num_threads(1)
ENCODER = JepaConfig.v_jepa(
    instrument="glider", pixels=32, frames=4, patch=8,
    width=32, layers=1, heads=2, predictor_width=16, predictor_layers=1, predictor_heads=2,
)  # fmt: skip
CONFIG = VJepaAcConfig(encoder=ENCODER, dt_s=0.1, frames=4, width=36, layers=2, heads=2)


@pytest.fixture(name="model")
def _model():
    torch.manual_seed(0)
    model = VJepaAcModel(CONFIG, JepaModel(ENCODER)).eval()
    torch.nn.init.normal_(model.predictor.leave.weight, std=0.2)
    return model


def test_before_it_has_learned_nothing_changes():
    model = VJepaAcModel(CONFIG, JepaModel(ENCODER)).eval()
    z = watched(model, filmed(), 2)
    assert torch.allclose(model.expected(model.predict(z, motion(1), None)), model.expected(z), atol=1e-4)


def motion(right: float, batch: int = 4) -> CameraMotion:
    shift = np.zeros((batch, 3), np.float32)
    shift[:, 0] = right
    return CameraMotion(shift_m=shift, turn_rad=np.zeros((batch, 3), np.float32))


def watched(model: VJepaAcModel, clip, frames: int):
    z = model.initial(4)
    for time in range(frames):
        z = model.observe(z, None, clip.moment(time), torch.full((4,), time == 0))
    return z


def test_one_batch_can_be_learned_by_heart_and_the_encoder_stays_frozen(model):
    clip, given = filmed(), {name: value.clone() for name, value in model.encoder.state_dict().items()}
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], 3e-3)
    losses = []
    for _ in range(80):
        found = model.loss(clip, None)
        total = torch.stack([model.term_weights[name] * term for name, term in found.terms.items()]).sum()
        optimizer.zero_grad()
        total.backward()
        optimizer.step()
        losses.append({name: term.item() for name, term in found.terms.items()})
    assert losses[0].keys() == model.term_weights.keys()
    for name in losses[0]:
        assert losses[-1][name] < 0.5 * losses[0][name]
    assert found.monitors["feature_std"] > 0.3
    assert found.monitors["effective_rank"] > 4
    assert all(torch.equal(value, given[name]) for name, value in model.encoder.state_dict().items())


def test_imagining_along_the_true_motion_is_what_the_loss_rolls_out(model):
    clip = filmed()
    latents, made, _ = model._clip(clip)
    steps = [CameraMotion(shift_m=made[:, k, :3].numpy(), turn_rad=made[:, k, 3:].numpy()) for k in range(2)]
    rolled = model.expected(imagine(model, watched(model, clip, 1), steps)[-1])
    error = (rolled - latents[:, 2]).abs().mean()
    assert error == pytest.approx(model.loss(clip, None).terms["rollout"].item(), abs=1e-5)


def test_what_was_seen_before_decides_what_is_expected(model):
    clip = filmed()
    whole = model.embed_clip(clip).unflatten(1, (3, 16))
    z = watched(model, clip, 3)
    told = model.predict(z, motion_of_clip(model, clip, 2), None)
    assert torch.allclose(model.expected(told), whole[:, 2], atol=1e-4), "step by step as in one pass"


def motion_of_clip(model, clip, step: int) -> CameraMotion:
    made = model._clip(clip)[1][:, step].numpy()
    return CameraMotion(shift_m=made[:, :3], turn_rad=made[:, 3:])


def test_the_next_frame_depends_on_how_the_camera_moves(model):
    z = watched(model, filmed(), 2)
    left, right, on = (model.expected(model.predict(z, action, None)) for action in (motion(-1), motion(1), None))
    assert not torch.allclose(left, right, atol=1e-3)
    assert not torch.allclose(on, right, atol=1e-3)
    speed = filmed().senses.video["glider"].flow_px[:, 0, 0, 0]
    same = CameraMotion(
        shift_m=np.stack([-speed[:, 0], speed[:, 1], 0 * speed[:, 0]], 1), turn_rad=np.zeros((4, 3), np.float32)
    )
    assert torch.allclose(model.expected(model.predict(z, same, None)), on, atol=1e-4), "None goes on as it came"


def test_memory_is_bounded(model):
    z = imagine(model, watched(model, filmed(), 4), [None] * 5)[-1]
    assert z.latents.shape == (4, 3, 16, 32)
    assert z.latents.isfinite().all()


def test_later_frames_and_unseen_ones_tell_nothing():
    torch.manual_seed(0)
    predictor = ActionPredictor(ViTConfig(width=24, layers=2, heads=2, hidden=48), 8, 6, 3)
    latents, action, state = torch.randn(2, 3, 4, 8), torch.randn(2, 3, 6), torch.randn(2, 3, 3)
    place, seen = torch.randn(4, 3), torch.ones(2, 3, dtype=torch.bool)
    expected = predictor(latents, place, action, state, seen)
    changed = torch.cat([latents[:, :2], latents[:, 2:] + 1.0], dim=1)
    assert torch.allclose(predictor(changed, place, action, state, seen)[:, :2], expected[:, :2], atol=1e-5)
    seen[0, 0] = False
    changed = torch.cat([latents[:, :1] + 1.0, latents[:, 1:]], dim=1)
    forgotten = predictor(changed, place, action, state, seen)
    assert torch.allclose(forgotten[0, 1:], predictor(latents, place, action, state, seen)[0, 1:], atol=1e-5)
    assert not torch.allclose(forgotten[1, 1:], expected[1, 1:], atol=1e-3)
    mask = block_causal(seen, 2)
    assert mask[1].float().sum(1).tolist() == [2, 2, 4, 4, 6, 6]
    assert mask[0].float().sum(1).tolist() == [2, 2, 2, 2, 4, 4]


def test_motions_lead_from_pose_to_pose():
    torch.manual_seed(0)
    mirrored = torch.linalg.qr(torch.randn(50, 3, 3)).Q
    turn = 0.3 * torch.randn(50, 3)
    before = Pose(eye_m=torch.randn(50, 3), axes=mirrored)
    later = before.after(torch.cat([torch.randn(50, 3), turn], dim=1))
    again = before.after(before.motion_to(later))
    torch.testing.assert_close(before.motion_to(later)[:, 3:], turn, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(again.eye_m, later.eye_m, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(again.axes, later.axes, atol=1e-5, rtol=1e-4)
    assert rotation_vector(torch.eye(3)).tolist() == [0.0, 0.0, 0.0]


def test_a_state_is_speed_height_and_pitch():
    level = torch.tensor([[1.0, 0, 0], [0, 0, 1], [0, 1, 0]])  # looks north
    pose = Pose(eye_m=torch.tensor([5.0, 7.0, 3.0]), axes=level)
    ahead = torch.tensor([0.0, 0.0, 0.2, 0.0, 0.0, 0.0])
    assert pose.state(ahead, 0.1).tolist() == pytest.approx([2.0, 3.0, 0.0])
    assert pose.after(ahead).eye_m.tolist() == pytest.approx([5.0, 7.2, 3.0])
    nodding = pose.after(torch.tensor([0.0, 0.0, 0.0, -0.25, 0.0, 0.0]))
    assert abs(float(nodding.state(ahead, 0.1)[2])) == pytest.approx(0.25, abs=1e-5)


def test_a_model_is_built_again_from_its_config(model):
    again = build_model(json.loads(json.dumps(asdict(CONFIG))))
    assert again.config == CONFIG
    again.load_state_dict(model.state_dict())
    assert torch.equal(again.embed_clip(filmed()), model.embed_clip(filmed()))
    assert model.embed_clip(filmed()).shape == (4, 3 * 16, 32)


def test_what_does_not_fit_is_said(model):
    clip = filmed()
    z, none = watched(model, clip, 1), np.zeros((4, 2), np.int16)
    action = Action(velocity_mps=np.zeros((4, 2, 3), np.float32), behavior=none, controlled=none == 0)
    with pytest.raises(ConfigError, match="SensedObservation"):
        model.observe(model.initial(4), None, clip.observation[:, 0], torch.ones(4, dtype=torch.bool))
    with pytest.raises(ConfigError, match=r"initial\(4\)"):
        model.observe(model.initial(3), None, clip.moment(0), torch.ones(4, dtype=torch.bool))
    with pytest.raises(ConfigError, match="observe first"):
        model.predict(model.initial(4), None, None)
    with pytest.raises(ConfigError, match="CameraMotion"):
        model.predict(z, action, None)
    with pytest.raises(ConfigError, match="4 frames of 32 x 32 pixels; the clip has 3"):
        model.loss(filmed(frames=3), None)
    with pytest.raises(ConfigError, match="no pictures"):
        model.loss(Clip(observation=clip.observation, dt_s=clip.dt_s), None)
    with pytest.raises(ConfigError, match=r"0\.2 s between frames"):
        model.loss(replace(clip, dt_s=2 * clip.dt_s), None)
    with pytest.raises(UnknownNameError, match="glider"):
        VJepaAcModel(replace(CONFIG, encoder=replace(ENCODER, instrument="glidr"))).observe(
            model.initial(4), None, clip.moment(0), torch.ones(4, dtype=torch.bool)
        )
    with pytest.raises(ConfigError, match="another config"):
        VJepaAcModel(CONFIG, JepaModel(replace(ENCODER, layers=2)))
    with pytest.raises(ConfigError, match="not of sound"):
        replace(CONFIG, encoder=JepaConfig.a_jepa(instrument="ear"))
    with pytest.raises(ConfigError, match="too few"):
        replace(CONFIG, frames=2)
