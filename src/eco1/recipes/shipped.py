"""Weights that come with the package, so that a learned world opens at once."""

from importlib.resources import files
from pathlib import Path

#: Checkpoints in ``eco1/weights``, by the name that may stand wherever a checkpoint folder may.
SHIPPED = {"zoo-nano": "zoo_nano"}
#: The name of those that bring a world to life where nobody names a model.
BEST = Path("zoo-nano")


def checkpoint_folder(model: Path) -> Path:
    """Return the folder of a shipped checkpoint where ``model`` is its name, else ``model`` itself."""
    known = str(model) in SHIPPED and not model.exists()
    return Path(str(files("eco1") / "weights" / SHIPPED[str(model)])) if known else model
