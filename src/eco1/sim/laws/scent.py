"""Scent: marks fade with time; fresh foreign ones are marked over or avoided, own ones need no new mark.

Mechanistic home range analysis, Moorcroft & Lewis (2006), Princeton University Press: where an animal meets foreign
marks it marks more and turns back towards the centre of its own range; territories arise from that.
"""

import math

from eco1.sim.compiled import inlined

#: Side of the square in which one mark is told from another, m: about how far apart patrols mark. Estimate.
CELL_M = 35.0
NOTHING, OWN, FOREIGN = 0, 1, 2
_FADES_S = 150.0  # to a third; about six hours of a compressed day: estimate, marks of hyenas last for weeks
_FAINTEST = 0.2  # what is weaker is not noticed in passing: estimate
_ANSWERS_FROM = 0.45  # aggression from which an animal marks over a foreign mark instead of turning back: estimate


def cells_per_side(size_m: float) -> int:
    """Return how many cells of marks a world has along one side."""
    return max(1, int(size_m / CELL_M))


@inlined
def strength(age_s: float):
    """Return the strength of a mark, 1 when fresh: volatile compounds evaporate exponentially."""
    return math.exp(-age_s / _FADES_S)


@inlined
def smells(owner: int, own_group: int, age_s: float):
    """Return NOTHING, OWN or FOREIGN for a mark of group ``owner`` (-1: none) of the same species."""
    if owner < 0 or strength(age_s) < _FAINTEST:
        return NOTHING
    return OWN if owner == own_group else FOREIGN


@inlined
def answers(aggression: float):
    """Return whether an animal marks over a foreign mark; the others turn back home."""
    return aggression >= _ANSWERS_FROM
