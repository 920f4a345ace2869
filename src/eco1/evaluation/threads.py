"""How many threads small linear algebra may use."""

from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec
from typing import Any


def one_thread() -> AbstractContextManager[Any]:
    """Return a context in which numpy and scikit-learn use one thread.

    The matrices here are so small that threads waiting for each other cost many times what they save, above all on a
    busy machine. Without threadpoolctl, which comes with scikit-learn, nothing changes.
    """
    if find_spec("threadpoolctl") is None:
        return nullcontext()
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1)
