"""What a `WorldModel` promises when its observations are pictures: `SensedObservation`, and latents of what is seen."""

import pytest
import torch
from tests.models.sensed_clips import filmed
from tests.models.test_vjepa2_ac import CONFIG

from eco1.core.protocols import WorldModel
from eco1.models.jepa.acting import VJepaAcModel


def camera() -> VJepaAcModel:
    torch.manual_seed(0)
    model = VJepaAcModel(CONFIG).eval()
    torch.nn.init.normal_(model.predictor.leave.weight, std=0.2)  # a new one foretells that nothing changes
    return model


MODELS = {"vjepa2_ac": camera}


@pytest.fixture(params=MODELS, name="model")
def _model(request):
    return MODELS[request.param]()


def lived(model, frames, is_first=None):
    """Return the memory after the frames; ``is_first`` says which worlds begin anew at the last one."""
    clip = filmed(batch=2)
    z = model.initial(2)
    for step, frame in enumerate(frames):
        new = torch.full((2,), step == 0)
        if is_first is not None and step == len(frames) - 1:
            new = torch.tensor(is_first)
        z = model.observe(z, None, clip.moment(frame), new)
    return z


def test_it_keeps_the_protocol(model):
    assert isinstance(model, WorldModel)


def test_imagining_leaves_the_memory_as_it_was_and_is_no_chance_without_a_generator(model):
    z = lived(model, [0, 1, 2])
    before = model.expected(z).clone()
    first, again = (model.expected(model.predict(z, None, None)) for _ in range(2))
    assert torch.equal(model.expected(z), before)
    assert torch.equal(first, again)
    assert first.isfinite().all()
    assert not torch.allclose(first, before)


def test_a_world_that_begins_anew_has_forgotten(model):
    anew, fresh, all_along = (
        lived(model, [0, 1, 2], is_first=[True, False]), lived(model, [2]), lived(model, [0, 1, 2]),
    )  # fmt: skip
    then, new, old = (model.expected(model.predict(z, None, None)) for z in (anew, fresh, all_along))
    assert torch.allclose(then[0], new[0], atol=1e-5)
    assert torch.allclose(then[1], old[1], atol=1e-5)
    assert not torch.allclose(then[0], old[0], atol=1e-3)


def test_losses_are_named_finite_scalars(model):
    losses = model.loss(filmed(batch=2), torch.Generator().manual_seed(0))
    assert losses.terms.keys() == model.term_weights.keys()
    assert all(term.ndim == 0 and term.isfinite() for term in losses.terms.values())


def test_a_batch_is_as_many_singles(model):
    clip, z = filmed(batch=2), model.initial(1)
    for time in range(3):
        z = model.observe(z, None, clip.moment(time)[1:2], torch.tensor([time == 0]))
    together = model.expected(model.predict(lived(model, [0, 1, 2]), None, None))
    assert torch.allclose(model.expected(model.predict(z, None, None))[0], together[1], atol=1e-5)
