"""Going on without seeing."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol, TypeVar, runtime_checkable

if TYPE_CHECKING:
    from torch import Generator

Z = TypeVar("Z")
A_contra = TypeVar("A_contra", contravariant=True)


@runtime_checkable
class CanPredict(Protocol[Z, A_contra]):
    """The part of a world model that imagines one step."""

    def predict(self, z: Z, action: A_contra, generator: "Generator | None") -> Z:
        """Return the memory one step later."""
        ...


def imagine(
    model: CanPredict[Z, A_contra], z: Z, actions: Iterable[A_contra], generator: "Generator | None" = None
) -> list[Z]:
    """Return the memory after each action in turn."""
    memories: list[Z] = []
    for action in actions:
        z = model.predict(z, action, generator)
        memories.append(z)
    return memories
