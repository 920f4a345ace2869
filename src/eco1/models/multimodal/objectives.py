"""What is asked of the language model: right answers, the next action, and experts that are all in use."""

import torch
from jaxtyping import Float
from torch import Tensor

from eco1.models.multimodal.behavior import ActionHead, action_loss, begun_rightly, following
from eco1.models.multimodal.config import MultimodalConfig
from eco1.models.multimodal.lessons import Lessons
from eco1.models.multimodal.perception import Perception
from eco1.models.multimodal.prefix import Prefix
from eco1.models.nn.qwen3 import Qwen3, Read


def answers(
    decoder: Qwen3, read: Read, prefix: Prefix, lessons: Lessons
) -> tuple[Float[Tensor, " a"], Float[Tensor, "k w"]]:
    """Return the log-likelihood of each token of an answer, and what each text has become when all of it is read."""
    first = prefix.vectors.shape[1]
    log_p = decoder.logits(read.latent[lessons.clip[lessons.answer_text], first + lessons.answer_place])
    told = log_p.float().log_softmax(-1)[torch.arange(len(log_p), device=log_p.device), lessons.answer]
    return told, read.latent[lessons.clip, first + lessons.last_place]


@torch.no_grad()
def foreseen(action: ActionHead, read: Read, prefix: Prefix) -> Float[Tensor, "b n o"] | None:
    """Return the log-likelihood of what each animal does next; None where no animals are known."""
    if prefix.animals is None:
        return None
    animals = read.latent[:, prefix.animals : prefix.vectors.shape[1] - 1]
    return action(animals).behavior.float().log_softmax(-1)


def behavior(
    config: MultimodalConfig, action: ActionHead, used: Perception, read: Read, prefix: Prefix
) -> tuple[Float[Tensor, ""], Float[Tensor, ""] | None]:
    """Return the error of the next action of the self and of every animal, and the share of beginnings named rightly.

    Nothing follows clips that were perceived as a whole.
    """
    if used.moments == config.moments:
        return read.latent.sum() * 0.0, None
    truth = following(used.inputs, used.moments * config.frames_of_moment, config.frames_of_moment)
    last = prefix.vectors.shape[1] - 1
    itself = action(read.latent[:, last : last + 1])
    errors = [action_loss(itself, truth.of(used.inputs.subject))]
    begun = begun_rightly(itself, truth.of(used.inputs.subject))
    if prefix.animals is not None:
        animals = action(read.latent[:, prefix.animals : last])
        errors.append(action_loss(animals, truth))
        begun = begun_rightly(animals, truth)
    return torch.stack(errors).mean(), begun.detach()


def balance(read: Read) -> Float[Tensor, ""]:
    """Return how unevenly experts are used, the mean over sparse layers; 0 when all layers are dense."""
    sent = [routing.load_balance() for routing in read.routing if routing is not None]
    return torch.stack(sent).mean() if sent else read.latent.sum() * 0.0
