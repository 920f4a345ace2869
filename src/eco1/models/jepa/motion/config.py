"""What a model of motion and content is made of."""

from dataclasses import dataclass

from eco1.core.errors import ConfigError


@dataclass(frozen=True, kw_only=True)
class McJepaConfig:
    """MC-JEPA (Bardes et al. 2023, arXiv 2307.12698) for small pictures.

    ``instrument`` names the camera, ``pixels`` are rows and columns; of a clip the first ``frames`` are seen, each with
    the one before. The encoder has a level for each of ``widths``, the finest first, each half as large as the one
    before. ``radius`` is how many pixels of a level its motion may be off from what the coarser one says, ``hidden``
    the width of what corrects it. ``expander`` is the width in which two views of a picture are compared (8192 as
    published, for batches of thousands).

    Raises:
        ConfigError: when a number is too small, or pictures cannot be halved so often.
    """

    instrument: str
    pixels: tuple[int, int] = (64, 64)
    frames: int = 2
    widths: tuple[int, ...] = (32, 48, 64, 96)
    hidden: int = 48
    radius: int = 3
    expander: int = 256
    kind: str = "mc_jepa"

    def __post_init__(self) -> None:
        if self.frames < 2:
            raise ConfigError(f"Motion needs 2 frames or more; frames is {self.frames}.")
        if min(self.hidden, self.radius, self.expander, len(self.widths), *self.widths) < 1:
            raise ConfigError("Every width, hidden, radius and expander must be 1 or more, and there must be a level.")
        step = 2 ** len(self.widths)
        if any(side % step or side == 0 for side in self.pixels):
            rows, columns = self.pixels
            raise ConfigError(
                f"Pictures of {rows} x {columns} pixels cannot be halved {len(self.widths)} times. Take multiples of "
                f"{step}, or fewer widths."
            )

    @property
    def size(self) -> tuple[int, int, int]:
        """Return frames, rows and columns of what is seen."""
        return self.frames, *self.pixels
