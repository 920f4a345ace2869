"""Names of what surfaces are painted with: coats of animals first, in the catalog's order, then plants and walls."""

from eco1.catalog.records import COAT_PATTERNS

SURFACES = (*COAT_PATTERNS, "leaves", "bark", "brain_coral", "branch_coral", "wall", "roof", "earth", "petals", "even")


def surface(name: str) -> int:
    """Return the number that the kernels know a surface by."""
    return SURFACES.index(name)
