"""Work for crews, importable by their processes."""

import os
import signal
from pathlib import Path

from eco1.core.errors import EpisodeError


def double(number: int) -> int:
    return 2 * number


def killed_once(task: tuple[str, int]) -> int:
    """The worker that meets task 3 first is killed; whoever comes next survives."""
    folder, number = task
    mark = Path(folder) / "killed"
    if number == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def always_killed(number: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return number


def full(number: int) -> int:
    raise EpisodeError(f"The disk is full at {number}.")
