"""Turns: what need not be done at every step is done for sixteen neighbouring rows at a time.

Sixteen float32 fill a line of the cache, so that rows whose turn it is not are not even fetched.
"""

from eco1.sim.compiled import inlined


@inlined
def is_turn(step: int, i: int, every: int):
    """Return whether it is the turn of row ``i`` for something that is done every so many steps."""
    return (step + (i >> 4)) % every == 0
