"""Libraries of optional extras, and the error that names the missing one."""

from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec
from typing import Any

from eco1.core.errors import MissingExtraError

_PACKAGES = {"sklearn": "scikit-learn", "torch": "torch"}


def require(module: str, purpose: str) -> None:
    """Check that an optional library can be imported.

    Raises:
        MissingExtraError: when it is not installed; the message says what needs it and how to install it.
    """
    if find_spec(module) is None:
        raise MissingExtraError(
            f"{purpose} needs {_PACKAGES.get(module, module)}, which is not installed. Run: pip install 'eco1[learn]'"
        )


def one_thread() -> AbstractContextManager[Any]:
    """Return a context in which numpy and scikit-learn use one thread.

    The matrices here are so small that threads waiting for each other cost many times what they save, above all on a
    busy machine. Without threadpoolctl, which comes with scikit-learn, nothing changes.
    """
    if find_spec("threadpoolctl") is None:
        return nullcontext()
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1)
