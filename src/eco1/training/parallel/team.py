"""The processes of a run: who am I, who are the others, and what we have in common."""

import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import torch
from torch import distributed
from torch.distributed.device_mesh import DeviceMesh, init_device_mesh

from eco1.core.errors import ConfigError
from eco1.training.device import torch_device
from eco1.training.parallel.config import ParallelConfig

#: Axes of the mesh: ranks of one crew stand side by side, so that on GPUs they share a machine.
DATA, CREW = "data", "crew"


@dataclass(frozen=True, kw_only=True)
class Team:
    """One rank's view of all. ``mesh`` (data, crew) is None for a process that is alone."""

    config: ParallelConfig = field(default_factory=ParallelConfig)
    mesh: DeviceMesh | None = None
    rank: int = 0

    @property
    def is_first(self) -> bool:
        """Return whether this rank writes for all."""
        return self.rank == 0

    @property
    def ranks(self) -> int:
        """Return how many processes there are."""
        return 1 if self.mesh is None else self.mesh.size()

    @property
    def data_ranks(self) -> int:
        """Return how many crews read clips of their own."""
        return 1 if self.mesh is None else self.mesh[DATA].size()

    @property
    def data_rank(self) -> int:
        """Return which of them this rank belongs to."""
        return 0 if self.mesh is None else self.mesh[DATA].get_local_rank()

    @property
    def divides_weights(self) -> bool:
        """Return whether this rank holds only a part of the model."""
        return self.mesh is not None and self.config.divides_weights

    def own_parts(self, parts: int) -> range:
        """Return which parts of a batch this rank learns from.

        Raises:
            ConfigError: when they cannot be shared evenly.
        """
        if parts % self.data_ranks:
            raise ConfigError(
                f"{parts} parts of a batch (accumulation) cannot be shared evenly by {self.data_ranks} ranks. "
                f"Take a multiple: --accumulation {self.data_ranks * max(parts // self.data_ranks, 1)}"
            )
        return range(self.data_rank, parts, self.data_ranks)

    def mean(self, numbers: Mapping[str, float]) -> dict[str, float]:
        """Return the means over all that read clips of their own; the same on every rank."""
        if self.mesh is None or self.data_ranks == 1:
            return dict(numbers)
        values = torch.tensor(list(numbers.values()), dtype=torch.float64, device=self.mesh.device_type)
        distributed.all_reduce(values, group=self.mesh[DATA].get_group())
        return dict(zip(numbers, (values / self.data_ranks).tolist(), strict=True))

    def wait(self) -> None:
        """Go on when all ranks have come here."""
        if self.mesh is not None:
            distributed.barrier()


ALONE = Team()


def launched() -> int:
    """Return how many ranks torchrun has started; 1 without it."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def is_first_process() -> bool:
    """Return whether this process is the one of torchrun's that speaks to the user; it is without torchrun."""
    return os.environ.get("RANK", "0") == "0"


@contextmanager
def gathered_team(config: ParallelConfig, device: str) -> Generator[tuple[Team, str], None, None]:
    """Join the ranks that torchrun started: yields the team and this rank's device, such as ``cuda:1``.

    Ranks talk by nccl on NVIDIA GPUs (one each, LOCAL_RANK says which) and by gloo on CPUs.

    Raises:
        ConfigError: when ranks do not make whole crews, or several are asked for and torchrun started none.
    """
    ranks = launched()
    config.data_ranks(ranks)
    if ranks == 1:
        yield Team(config=config), device
        return
    kind = torch.device(device).type
    own = f"{kind}:{os.environ['LOCAL_RANK']}" if kind == "cuda" else device
    if kind == "cuda":
        torch.cuda.set_device(torch_device(own))
    distributed.init_process_group("nccl" if kind == "cuda" else "gloo")
    try:
        yield team_of(config, kind), own
    finally:
        distributed.destroy_process_group()


def team_of(config: ParallelConfig, kind: str) -> Team:
    """Return the team of all ranks of the process group.

    Raises:
        ConfigError: when they do not make whole crews.
    """
    shape = (config.data_ranks(distributed.get_world_size()), config.crew)
    mesh = init_device_mesh(kind, shape, mesh_dim_names=(DATA, CREW))
    return Team(config=config, mesh=mesh, rank=distributed.get_rank())
