"""The progress bar of a run."""

from collections.abc import Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn


class TrainingBar:
    """Shows the step and the loss; without a console it shows nothing."""

    def __init__(self, bar: Progress, steps: int, done: int) -> None:
        self._bar = bar
        self._task = bar.add_task("training", total=steps, completed=done, loss="")

    def update(self, step: int, loss: float) -> None:
        """Move to a step."""
        self._bar.update(self._task, completed=step, loss=f"loss {loss:.4g}")


@contextmanager
def training_bar(console: Console | None, steps: int, done: int) -> Generator[TrainingBar, None, None]:
    """Draw a bar on a console while the context lasts."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[loss]}"),
    )
    with Progress(*columns, console=console, disable=console is None, transient=True) as bar:
        yield TrainingBar(bar, steps, done)
