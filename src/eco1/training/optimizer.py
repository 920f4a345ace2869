"""AdamW over a model's parameters, and its state as named tensors."""

from typing import Any

import torch
from torch import Tensor, nn

from eco1.core.errors import CheckpointError, unknown_name
from eco1.training.config import TrainConfig

_MOMENTS = ("step", "exp_avg", "exp_avg_sq")


def build_optimizer(model: nn.Module, config: TrainConfig) -> torch.optim.AdamW:
    """Return AdamW over the trainable parameters; norms, embeddings, biases and other vectors are not decayed.

    Parameters divided among the same ranks form groups of their own: the fused step takes no mixture. So do those that
    learn at the same ``rate``.

    Raises:
        UnknownNameError: when the model has no such part as a rate is for.
    """
    decayed, trainable = _decayed(model), _trainable(model)
    parts = sorted({name.partition(".")[0] for name, _ in trainable})
    for part in config.rates:
        if part not in parts:
            raise unknown_name("part of the model that learns", part, parts)
    together: dict[Any, list[nn.Parameter]] = {}
    for is_decayed in (True, False):
        for name, parameter in trainable:
            if (name in decayed) == is_decayed:
                rate = config.rates.get(name.partition(".")[0], 1.0)
                alike = (is_decayed, rate, getattr(parameter, "device_mesh", None))
                together.setdefault(alike, []).append(parameter)
    groups = [
        {"params": parameters, "weight_decay": config.weight_decay if is_decayed else 0.0, "rate": rate}
        for (is_decayed, rate, _), parameters in together.items()
    ]
    return torch.optim.AdamW(groups, lr=config.lr, betas=config.betas, fused=True)


def set_learning_rate(optimizer: torch.optim.Optimizer, lr: float) -> None:
    """Set that of all groups, of each at its ``rate``."""
    for group in optimizer.param_groups:
        group["lr"] = lr * group["rate"]


def optimizer_tensors(model: nn.Module, optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """Return the optimiser's state as tensors named ``<moment>/<parameter>``."""
    state = optimizer.state
    return {
        f"{moment}/{name}": state[parameter][moment]
        for name, parameter in _trainable(model)
        for moment in _MOMENTS
        if moment in state[parameter]
    }


def restore_optimizer(model: nn.Module, optimizer: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    """Put back what ``optimizer_tensors`` took.

    Raises:
        CheckpointError: when the state belongs to other parameters.
    """
    names = {parameter: name for name, parameter in _trainable(model)}
    ordered = [names[parameter] for group in optimizer.param_groups for parameter in group["params"]]
    known = {f"{moment}/{name}" for name in ordered for moment in _MOMENTS}
    strangers = sorted(set(tensors) - known)
    if strangers:
        raise CheckpointError(
            f"The optimiser state belongs to another model: {strangers[0]!r} is not one of its parts."
        )
    state: dict[int, dict[str, Any]] = {}
    for index, name in enumerate(ordered):
        moments = {moment: tensors[f"{moment}/{name}"] for moment in _MOMENTS if f"{moment}/{name}" in tensors}
        if moments:
            state[index] = moments
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})


def _trainable(model: nn.Module) -> list[tuple[str, nn.Parameter]]:
    return [(name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad]


def _decayed(model: nn.Module) -> set[str]:
    """Names of weight matrices (and stacks of them) outside embeddings. Vectors, norms among them, are left alone."""
    return {
        f"{path}.{name}" if path else name
        for path, module in model.named_modules()
        if not isinstance(module, nn.Embedding | nn.LayerNorm)
        for name, parameter in module.named_parameters(recurse=False)
        if parameter.ndim >= 2
    }
