"""What is asked of the language model: right answers, the next action, and experts that are all in use."""

import torch
from jaxtyping import Float
from torch import Tensor

from eco1.models.multimodal.behavior import action_loss, begun_rightly, following
from eco1.models.multimodal.reading import Reader, Reading
from eco1.models.nn.qwen3 import Read

Share = Float[Tensor, ""] | None


def language(model: Reader, reading: Reading) -> tuple[Float[Tensor, ""], Share]:
    """Return the error of answers, prompts being given, and the share of questions answered rightly."""
    if not len(reading.lessons.answer):
        return reading.read.latent.sum() * 0.0, None
    return reading.lessons.error(*model.scores(reading))


def behavior(model: Reader, reading: Reading) -> tuple[Float[Tensor, ""], Share]:
    """Return the error of the next action of the self and of every animal, and the share of beginnings named rightly.

    What is expected at sight counts for every moment that another follows; what the language model expects, only behind
    the last one perceived, where nothing follows clips that were perceived as a whole.
    """
    seen, ahead, config = reading.seen, reading.ahead, model.config
    each, motion = config.frames_of_moment, seen.latents.get("motion")
    errors: list[Tensor] = []
    if motion is not None:
        at_sight = [
            action_loss(model.action.at_sight(motion.value[:, count - 1]), following(seen.inputs, count * each, each))
            for count in range(1, min(seen.moments, config.moments - 1) + 1)
        ]
        errors += [torch.stack(at_sight).mean()] if at_sight else []
    if seen.moments == config.moments:
        return torch.stack([*errors, reading.read.latent.sum() * 0.0]).sum(), None
    truth = following(seen.inputs, seen.moments * each, each)
    own, itself = truth.of(seen.inputs.subject), ahead.itself.alone
    errors.append(action_loss(itself, own))
    if ahead.animals is None:
        return torch.stack(errors).mean(), begun_rightly(itself, own).detach()
    errors.append(action_loss(ahead.animals, truth))
    return torch.stack(errors).mean(), begun_rightly(ahead.animals, truth).detach()


def balance(read: Read) -> Float[Tensor, ""]:
    """Return how unevenly experts are used, the mean over sparse layers; 0 when all layers are dense."""
    sent = [routing.load_balance() for routing in read.routing if routing is not None]
    return torch.stack(sent).mean() if sent else read.latent.sum() * 0.0
