"""Arrivals: animals that come in over the border of the world."""

from eco1.sim import draws
from eco1.sim.compiled import compiled, inlined
from eco1.sim.fields import F32, F64, I32, I64, col, trait
from eco1.sim.ground import Conditions, Ground
from eco1.sim.kernels.lives import CREATED, full_store, mass_at, power_of, settle
from eco1.sim.kernels.media import is_home
from eco1.sim.laws import arrivals

_RIM_M = 1.0
_STORED = 0.8  # of a full store: estimate
_YOUNGEST = 0.5  # of the age at maturity: mostly the young move away from where they were born


@inlined
def _rim_point(g: Ground, u: float):
    """Return (x, y, inward x, inward y) of a point on the border, ``u`` of the way round."""
    side = min(3, int(4 * u))
    along = _RIM_M + (4 * u - side) * (g.size - 2 * _RIM_M)
    if side == 0:
        return along, _RIM_M, 0.0, 1.0
    if side == 1:
        return g.size - _RIM_M, along, -1.0, 0.0
    if side == 2:
        return along, g.size - _RIM_M, 0.0, -1.0
    return _RIM_M, along, 1.0, 0.0


@inlined
def _first_row(k: I32, status: int, species: int):
    """Return the first row with a status, of a species unless that is -1; -1 when there is none."""
    for j in range(k.shape[1]):
        if k[col.STATUS, j] == status and (species < 0 or k[col.SPECIES, j] == species):
            return j
    return -1


@inlined
def _come_in(
    f: F32, k: I32, t: F32, census: I64, ledger: F64, g: Ground, c: Conditions, s: int, round_about: float, age: float
):  # fmt: skip
    """Let one young animal of a species in, where the border is its element; it joins its kind where there is any."""
    x, y, inward_x, inward_y = _rim_point(g, round_about)
    row, host = _first_row(k, col.EMPTY, -1), _first_row(k, col.ALIVE, s)
    if row < 0 or not is_home(t, g, c, s, x, y):
        return
    settle(f, k, t, census, g, c, row, s, x, y)
    f[col.HEADING_X, row], f[col.HEADING_Y, row] = inward_x, inward_y
    f[col.LIFESPAN, row] = t[s, trait.LIFESPAN]
    f[col.AGE, row] = (1 - _YOUNGEST + _YOUNGEST * age) * t[s, trait.MATURITY]
    f[col.MASS, row] = mass_at(t, s, f[col.AGE, row])
    f[col.POWER, row] = power_of(f, k, t, c, row)
    f[col.ENERGY, row] = _STORED * full_store(t, s, f[col.POWER, row], c.physiology)
    ledger[CREATED] += f[col.ENERGY, row]
    leader = row if host < 0 else k[col.LEADER, host]
    k[col.LEADER, row] = leader
    k[col.CLAN, row] = k[col.CLAN, leader] if leader != row else k[col.IDENTITY, row]
    f[col.HOME_X, row], f[col.HOME_Y, row] = (x, y) if host < 0 else (f[col.HOME_X, host], f[col.HOME_Y, host])


@compiled
def arrive(
    f: F32, k: I32, t: F32, census: I64, ledger: F64, g: Ground, c: Conditions, shares: I32, dt: float
):  # fmt: skip
    """Let in, as chance has it, of every species that has become rarer than its share of the world."""
    for s in range(shares.shape[0]):
        missing = int(shares[s] - census[s])
        if missing > 0:
            chance, round_about, age, _ = draws.draw(k, c, s, draws.ARRIVAL)
            if chance < arrivals.chance(missing, t[s, trait.LIFESPAN], dt):
                _come_in(f, k, t, census, ledger, g, c, s, round_about, age)
