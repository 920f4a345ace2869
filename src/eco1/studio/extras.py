"""Libraries that only the studio needs, asked for by name so that a missing one gives a clear message."""

from importlib import import_module
from typing import Any

from eco1.core.errors import MissingExtraError


def require(module: str, purpose: str) -> Any:
    """Return an imported module of the ``studio`` extra.

    Raises:
        MissingExtraError: when it is not installed; the message holds the pip command.
    """
    try:
        return import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        raise MissingExtraError(
            f"{purpose} needs the package {package!r}, which is not installed. Run: pip install 'eco1[studio]'"
        ) from error
