"""Arrivals: a world is a part of a larger country, and those that have become rare in it come in from around.

That immigration rises with what is missing is the island model of MacArthur & Wilson (1967, The Theory of Island
Biogeography); that it keeps small populations from dying out, Brown & Kodric-Brown (1977), DOI 10.2307/1935620.
"""

from eco1.sim.compiled import inlined

_OF_A_LIFE = 0.15  # of a lifespan until a missing animal is replaced from outside: estimate


@inlined
def chance(missing: int, lifespan: float, dt: float):
    """Return the chance that an animal comes in within ``dt`` seconds while so many are missing."""
    return missing * dt / (_OF_A_LIFE * lifespan)
