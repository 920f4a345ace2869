"""A model spread over the ranks of a team, and the gradients that they agree on."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

import torch
from torch import Tensor, distributed, nn
from torch.distributed.fsdp import FSDPModule, MixedPrecisionPolicy, fully_shard

from eco1.core.protocols import Losses
from eco1.core.records import Clip
from eco1.training.blocks import blocks_of
from eco1.training.config import TrainConfig
from eco1.training.parallel.gradients import agree_on_gradients, clip_over_ranks
from eco1.training.parallel.plans import Orders, check_fit, divide, joined_rows, row_orders
from eco1.training.parallel.team import CREW, DATA, Team
from eco1.training.sources import as_learner

#: What a model makes of a batch.
LossOf = Callable[[Clip, torch.Generator | None], Losses]


class _Learner(nn.Module):
    """A model whose ``forward`` is its loss, in plain tensors: what FSDP hooks itself to."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, clip: Clip, generator: torch.Generator | None) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
        losses = as_learner(self.model).loss(clip, generator)
        return dict(losses.terms), dict(losses.monitors)


class Spread:
    """What of a model this rank holds. A process that is alone holds all, and nothing here changes it."""

    def __init__(self, model: nn.Module, config: TrainConfig, team: Team) -> None:
        self.model, self.team = model, team
        self._learner: nn.Module | None = None
        self._joined = joined_rows(model)
        self.orders = self.orders_for(team.config.tensor if team.mesh is not None else 1)
        if team.mesh is None:
            return
        check_fit(model, team.config)
        _as_first_has_it(model)
        if team.config.crew > 1:
            divide(model, team.mesh[CREW], team.config, self.orders)
        if team.config.shard:
            self._learner = _sharded(model, config, team)

    def orders_for(self, ranks: int) -> Orders:
        """Return the order of rows in which this model's joined matrices are divided among so many ranks."""
        return row_orders(self._joined, ranks)

    def loss(self, clip: Clip, generator: torch.Generator | None) -> Losses:
        """Return the model's losses; all ranks that share weights must call together."""
        if self._learner is None:
            return as_learner(self.model).loss(clip, generator)
        terms, monitors = self._learner(clip, generator)
        return Losses(terms=terms, monitors=monitors)

    def exchange_gradients(self, *, now: bool) -> None:
        """Say whether sharded gradients are exchanged with the coming one, the last of a step, or kept until then."""
        if isinstance(self._learner, FSDPModule):
            self._learner.set_requires_gradient_sync(now)

    def clip(self, limit: float) -> float:
        """Let the ranks agree on the gradients, scale them to a norm of at most ``limit``, return the norm before."""
        parameters = [p for p in self.model.parameters() if p.requires_grad]
        if self.team.mesh is None:
            return float(nn.utils.clip_grad_norm_(parameters, limit))
        agree_on_gradients(parameters, self.team, averaged=self._learner is not None)
        return clip_over_ranks(parameters, limit)

    @contextmanager
    def whole(self) -> Generator[None, None, None]:
        """Gather sharded weights for a while, for whoever calls other methods than ``loss``. All ranks must come."""
        shards = [] if self._learner is None else [m for m in self._learner.modules() if isinstance(m, FSDPModule)]
        for shard in shards:
            shard.unshard()
        try:
            yield
        finally:
            for shard in shards:
                shard.reshard()


def _sharded(model: nn.Module, config: TrainConfig, team: Team) -> nn.Module:
    """Shard every block by itself, and what lies outside of blocks as one.

    On GPUs weights are gathered and multiplied in bfloat16 when the run is, gradients summed in float32.
    """
    assert team.mesh is not None
    learner = _Learner(model)
    mixed = config.precision == "bf16" and team.mesh.device_type == "cuda"
    policy = MixedPrecisionPolicy(
        param_dtype=torch.bfloat16 if mixed else None,
        reduce_dtype=torch.float32 if mixed else None,
        cast_forward_inputs=False,  # autocast does, where it is safe
    )
    for part in (*blocks_of(model), learner):
        fully_shard(part, mesh=team.mesh[DATA], reshard_after_forward=True, mp_policy=policy)
    return learner


@torch.no_grad()
def _as_first_has_it(model: nn.Module) -> None:
    """Begin everywhere with the weights and buffers of the first rank."""
    for value in model.state_dict().values():
        distributed.broadcast(value, 0)
