"""What is asked of the language model: right answers, the next action, and experts that are all in use."""

import torch
from jaxtyping import Float
from torch import Tensor

from eco1.models.multimodal.behavior import NextAction
from eco1.models.multimodal.following import Following, action_loss, begun_rightly, following, move_loss
from eco1.models.multimodal.perception import Perception
from eco1.models.multimodal.reading import Reader, Reading
from eco1.models.nn.qwen3 import Read

_SPREAD = 0.1  # of how velocities are spread: no other part of a model learns from it (our choice)

Share = Float[Tensor, ""] | None


def language(model: Reader, reading: Reading) -> tuple[Float[Tensor, ""], Share]:
    """Return the error of answers, prompts being given, and the share of questions answered rightly."""
    if not len(reading.lessons.answer):
        return reading.read.latent.sum() * 0.0, None
    return reading.lessons.error(*model.scores(reading))


def behavior(model: Reader, whole: Perception, reading: Reading) -> tuple[Float[Tensor, ""], Share]:
    """Return the error of the next action of the self and of every animal, and the share of beginnings named rightly.

    What is expected at sight counts for every moment that another follows, and for each as much as what the language
    model expects behind the last one perceived (nothing follows clips perceived as a whole), motion withheld or not.
    """
    seen, ahead, config = reading.seen, reading.ahead, model.config
    each = config.frames_of_moment
    at_sight = reading.read.latent.sum() * 0.0
    if "motion" in whole.latents and config.moments > 1:
        motion, moments = whole.latents["motion"].value, range(min(whole.moments, config.moments - 1))
        guesses = [(model.action.at_sight(motion[:, moment]), (moment + 1) * each) for moment in moments]
        errors = [action_loss(guess, following(whole.inputs, end, each)) for guess, end in guesses]
        at_sight = at_sight + torch.stack(errors).sum()
    if seen.moments == config.moments:
        return at_sight, None
    truth = following(seen.inputs, seen.moments * each, each)
    if model.training:
        model.action.take_note(truth.known, truth.begins)
    own, itself = truth.of(seen.inputs.subject), ahead.itself.alone
    if ahead.animals is None:
        return at_sight + _error(model, itself, own), begun_rightly(itself, own).detach()
    error = (_error(model, itself, own) + _error(model, ahead.animals, truth)) / 2
    return at_sight + error, begun_rightly(ahead.animals, truth).detach()


def _error(model: Reader, guess: NextAction, truth: Following) -> Float[Tensor, ""]:
    return action_loss(guess, truth) + _SPREAD * move_loss(model.action.moves, guess, truth)


def balance(read: Read) -> Float[Tensor, ""]:
    """Return how unevenly experts are used, the mean over sparse layers; 0 when all layers are dense."""
    sent = [routing.load_balance() for routing in read.routing if routing is not None]
    return torch.stack(sent).mean() if sent else read.latent.sum() * 0.0
