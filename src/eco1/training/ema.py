"""Slow copies of a model's parts: the targets that a joint-embedding model predicts (BYOL, arXiv 2006.07733)."""

from typing import Protocol, runtime_checkable


@runtime_checkable
class HasTarget(Protocol):
    """A model with parts that are not trained but follow others slowly. The model itself freezes and keeps them."""

    def update_target(self, momentum: float) -> None:
        """Move every such part: ``target = momentum * target + (1 - momentum) * trained``. Called after each step."""
        ...
