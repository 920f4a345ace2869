"""In which form a matrix is stored: bits, groups, and what a group is told about itself."""

from dataclasses import dataclass
from typing import Literal

from eco1.core.errors import ConfigError

#: Widths of the planes that a code is cut into, lowest bits first. Each fills bytes without a rest.
PLANES: dict[int, tuple[int, ...]] = {8: (8,), 4: (4,), 3: (2, 1), 2: (2,)}
GROUPS = (32, 64, 128)
_NUMBER_BYTES = 2  # bfloat16


@dataclass(frozen=True, kw_only=True)
class LowBitForm:
    """Codes of few bits; weights that follow each other along the input share a scale.

    Symmetric groups have as many levels below 0 as above and none at 0, the best that an even number of evenly spaced
    levels can do for normal weights: Max (1960), "Quantizing for minimum distortion", table II. Others have a lowest
    level of their own.

    Args:
        bits: of a code: 8, 4, 3 or 2.
        group: weights that share a scale: 32, 64 or 128.
        symmetric: whether a group has a scale only, or its lowest level besides.
        scales: "range" spans the levels from end to end of a group; "mse" narrows them as long as the squared error
            falls, at the cost of a search.

    Raises:
        ConfigError: when bits or group are none of these.
    """

    bits: int
    group: int = 128
    symmetric: bool = True
    scales: Literal["range", "mse"] = "mse"

    def __post_init__(self) -> None:
        if self.bits not in PLANES:
            nearest = min(PLANES, key=lambda bits: abs(bits - self.bits))
            raise ConfigError(
                f"Weights cannot be stored in {self.bits} bits; allowed: {', '.join(map(str, sorted(PLANES)))}. "
                f"The nearest is {nearest}."
            )
        if self.group not in GROUPS:
            raise ConfigError(f"A group is {self.group} weights; allowed: {', '.join(map(str, GROUPS))}.")

    @property
    def planes(self) -> tuple[int, ...]:
        """Return the widths of the planes of a code."""
        return PLANES[self.bits]

    @property
    def highest(self) -> int:
        """Return the highest code."""
        return 2**self.bits - 1

    @property
    def group_bytes(self) -> int:
        """Return the bytes of a group's codes."""
        return self.group * self.bits // 8

    @property
    def bits_per_weight(self) -> float:
        """Return the bits that a weight takes with its share of scale and lowest level."""
        return self.bits + 8 * self._told_bytes() / self.group

    def packed_bytes(self, weights: int) -> int:
        """Return the bytes of so many weights, which must fill whole groups."""
        return weights // self.group * (self.group_bytes + self._told_bytes())

    def groups_of(self, inputs: int, name: str = "A matrix") -> int:
        """Return how many groups lie along the inputs of a matrix.

        Raises:
            ConfigError: when a group would be left unfilled.
        """
        if inputs % self.group:
            fitting = [group for group in GROUPS if inputs % group == 0]
            way = f"Take group={fitting[-1]}." if fitting else "Leave it as it is, or make it a multiple of 64 wide."
            raise ConfigError(f"{name} has {inputs} inputs, which do not fall into groups of {self.group}. {way}")
        return inputs // self.group

    def _told_bytes(self) -> int:
        return _NUMBER_BYTES * (1 if self.symmetric else 2)
