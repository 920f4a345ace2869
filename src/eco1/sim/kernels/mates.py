"""Mates: who courts, and who would have him."""

from eco1.sim import behaviors as b
from eco1.sim.compiled import inlined
from eco1.sim.fields import F32, I32, col, trait
from eco1.sim.laws import reproduction

#: Times the distance at which company attracts, how far scent and song lead males to females: estimate.
MATE_REACH = 6.0
_COURTS_FROM = 0.4  # sexual motivation
_GROWN = 0.9  # share of adult mass


@inlined
def courts(f: F32, k: I32, t: F32, i: int):
    """Return whether an animal is a grown male in the mood."""
    grown = f[col.MASS, i] > _GROWN * t[k[col.SPECIES, i], trait.MASS]
    return k[col.FEMALE, i] == 0 and grown and f[col.DRIVES + b.REPRODUCTIVE, i] > _COURTS_FROM


@inlined
def is_receptive(f: F32, k: I32, t: F32, i: int):
    """Return whether an animal is a female that can breed now."""
    return k[col.FEMALE, i] == 1 and reproduction.is_ready(
        f[col.AGE, i],
        t[k[col.SPECIES, i], trait.MATURITY],
        f[col.GESTATION, i],
        f[col.BREEDING_PAUSE, i],
        f[col.DRIVES + b.HUNGER, i],
    )
