"""Vegetation: grows logistically towards what the soil carries, and is cropped."""

from eco1.sim.compiled import compiled, entry
from eco1.sim.fields import F32
from eco1.sim.ground import Conditions, Ground
from eco1.sim.laws.terrain import cell_of

GROWTH_TURNS = 16  # a row of cells grows every so many steps, by as many steps at once
_LEAST = 0.05  # share of the carrying capacity that cannot be grazed: roots and stubble
_SEARCH = 2  # cells looked at around an animal
_DISTANCE_COST = 0.05  # share of forage that one cell of walking is worth: estimate


@entry
def grow(forage: F32, g: Ground, c: Conditions, first: int, last: int):
    """Grow every ``GROWTH_TURNS``-th row of one world, (V, V), in columns ``first`` to ``last``.

    Logistic growth, Verhulst (1838).
    """
    cells = forage.shape[0]
    rate = c.plant_growth * c.dt * GROWTH_TURNS
    for r in range(c.step % GROWTH_TURNS, cells, GROWTH_TURNS):
        for k in range(first, last):
            share, limit = forage[r, k], g.capacity[r, k]
            if share < limit:
                forage[r, k] = min(limit, share + rate * share * (1 - share / limit))


@compiled
def crop(forage: F32, g: Ground, c: Conditions, x: float, y: float, wanted_kg: float):
    """Take up to ``wanted_kg`` from the cell at a place and return what was there to take."""
    cells = forage.shape[0]
    r, k = cell_of(y, g.forage_cell, cells), cell_of(x, g.forage_cell, cells)
    there = max(0.0, forage[r, k] - _LEAST * g.capacity[r, k]) * c.forage_mass
    taken = min(wanted_kg, there)
    forage[r, k] -= taken / c.forage_mass
    return taken


@compiled
def best_forage(forage: F32, g: Ground, x: float, y: float):
    """Return (share here, share there, x there, y there) of the best forage within two cells, walking discounted.

    Giving up a patch for a better one: the marginal value theorem, Charnov (1976), DOI 10.1016/0040-5809(76)90040-X.
    """
    cells = forage.shape[0]
    r, k = cell_of(y, g.forage_cell, cells), cell_of(x, g.forage_cell, cells)
    here = forage[r, k]
    best, best_r, best_k = here, r, k
    for rr in range(max(0, r - _SEARCH), min(cells, r + _SEARCH + 1)):
        for kk in range(max(0, k - _SEARCH), min(cells, k + _SEARCH + 1)):
            value = forage[rr, kk] - _DISTANCE_COST * max(abs(rr - r), abs(kk - k))
            if value > best:
                best, best_r, best_k = value, rr, kk
    return here, forage[best_r, best_k], (best_k + 0.5) * g.forage_cell, (best_r + 0.5) * g.forage_cell
