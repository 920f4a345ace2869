"""Processes that talk by gloo, started once for everything that a module of tests wants to know of them."""

import socket
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import torch
from torch import distributed, multiprocessing

#: A rank that waits longer for the others ends, and with it all.
_PATIENCE = timedelta(minutes=2)


def on_ranks(scenario: Callable[[Path], dict[str, Any]], folder: Path, ranks: int = 2) -> list[dict[str, Any]]:
    """Run a scenario on every rank, each with one thread, and return what they say, rank 0 first."""
    where = (scenario, folder, free_port(), ranks)
    multiprocessing.start_processes(_rank, where, nprocs=ranks, start_method="spawn")
    return [torch.load(folder / f"said-{rank}.pt", weights_only=False) for rank in range(ranks)]


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _rank(rank: int, scenario: Callable[[Path], dict[str, Any]], folder: Path, port: int, ranks: int) -> None:
    torch.set_num_threads(1)
    distributed.init_process_group("gloo", f"tcp://127.0.0.1:{port}", timeout=_PATIENCE, rank=rank, world_size=ranks)
    try:
        torch.save(scenario(folder), folder / f"said-{rank}.pt")
    finally:
        distributed.destroy_process_group()
