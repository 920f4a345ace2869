"""Which public tensor is which part of which of our parameters."""

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A public tensor and its place in a parameter.

    Which expert and which rows it is (None: all), whether it lies turned there, and the shape that it has in public
    (None: that of its place).
    """

    public: str
    parameter: str
    expert: int | None = None
    rows: slice | None = None
    turned: bool = False
    shape: tuple[int, ...] | None = None

    def of(self, parameter: Tensor) -> Tensor:
        """Return the piece of our parameter, as it lies in public, as a view."""
        chosen = parameter if self.expert is None else parameter[self.expert]
        public = chosen.mT if self.turned else chosen
        public = public if self.rows is None else public[self.rows]
        return public if self.shape is None else public.view(self.shape)
