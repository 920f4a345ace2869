"""The animals of one step as the kernels read them."""

from typing import NamedTuple

from eco1.sensors.microphone.compiled import F32, F64, I64


class Rows(NamedTuple):
    """The animals of one step, (N, ...)."""

    alive: I64
    identity: I64  # -1 where nobody is
    species: I64
    behavior: I64  # an index into the behaviour table
    speed: F64  # m/s
    size: F64  # body length over that of an adult
    nearest_m: F64  # half of the body: no nearer can anything be
    passes: F64  # share of the pressure that gets out of the medium it is in
    strokes: F32  # (N, STROKE_FIELDS)
