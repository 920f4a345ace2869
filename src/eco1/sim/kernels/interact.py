"""Interacting: what animals do to each other and to the world, one world at a time, rows in order."""

from eco1.sim import behaviors as b
from eco1.sim import draws
from eco1.sim.compiled import compiled, entry, inlined
from eco1.sim.fields import F32, F64, I32, I64, col, layer, trait
from eco1.sim.ground import Conditions, Ground
from eco1.sim.kernels.arrivals import arrive
from eco1.sim.kernels.lives import EATEN, SPENT, clear_row, die, full_store, give_birth, power_of, wean
from eco1.sim.kernels.marks import leave_mark
from eco1.sim.kernels.meals import digs, is_among_leaves, is_at_patch
from eco1.sim.kernels.media import bier_of
from eco1.sim.kernels.places import at, distance_to
from eco1.sim.kernels.recruits import is_colonial
from eco1.sim.kernels.turns import is_turn
from eco1.sim.laws import death, energy, predation, reproduction, vegetation
from eco1.sim.laws.plankton import density

LIVE_EVERY = 4  # steps between two meals, so to say: energy flows for as many steps at once
SLOW_EVERY = 10  # steps between two looks at what changes slowly: growth, ageing
_TREE_REACH_M = 9.0
_FEEDING_MPS = 2.0  # nobody feeds at a run
_SINK_MPS = 1.5  # of a dead body in water, or of one that falls through branches: estimate
_RIPE, _SWARM = 1.3, 2.4  # times what leaves give: estimates
_SHARED = 6.0  # times resting power: estimate
_OVERREACH = 1.6  # times the distance at which it strikes, within which a strike still touches: estimate
_EATEN_OF_TAKEN = 0.25  # of the forage an animal takes away, the rest is trampled: estimate


@inlined
def _gain(f: F32, k: I32, t: F32, ledger: F64, c: Conditions, i: int, joules: float):
    """Add energy up to a full store and book it."""
    full = full_store(t, k[col.SPECIES, i], f[col.POWER, i], c.physiology)
    taken = max(0.0, min(joules, full - f[col.ENERGY, i]))
    f[col.ENERGY, i] += taken
    ledger[EATEN] += taken
    return taken


@compiled
def _carcass_in_reach(f: F32, k: I32, t: F32, i: int):
    found, best = -1, 1e9
    for n in range(f.shape[1]):
        j = k[col.CARCASSES, n]
        if j < 0:
            break
        distance = distance_to(f, k, i, f[col.X, j], f[col.Y, j])
        reach = 3.0 + 0.5 * (t[k[col.SPECIES, i], trait.LENGTH] + t[k[col.SPECIES, j], trait.LENGTH])
        if k[col.STATUS, j] == col.CARCASS and distance < min(reach, best):
            found, best = j, distance
    return found


@compiled
def _feed(f: F32, k: I32, t: F32, veg: F32, ledger: F64, g: Ground, c: Conditions, i: int, dt: float):
    s, now = k[col.SPECIES, i], k[col.BEHAVIOR, i]
    if f[col.SPEED, i] > _FEEDING_MPS and now != b.FILTER:
        return
    food, x, y = int(t[s, trait.FOOD]), f[col.X, i], f[col.Y, i]
    wanted = energy.grazing_rate(f[col.POWER, i], t[s, trait.FEEDING]) * dt
    if now == b.GRAZE and food & trait.GRASS:
        kg = wanted / energy.GRASS_J_PER_KG
        taken = vegetation.crop(veg, g, c, x, y, kg / _EATEN_OF_TAKEN) * _EATEN_OF_TAKEN
        _gain(f, k, t, ledger, c, i, taken * energy.GRASS_J_PER_KG)
    elif now == b.BROWSE and food & trait.LEAVES:
        reached = distance_to(f, k, i, at(g, layer.TREE_X, x, y), at(g, layer.TREE_Y, x, y)) < _TREE_REACH_M
        if reached or is_among_leaves(f, k, t, g, i):
            _gain(f, k, t, ledger, c, i, wanted)
    elif now == b.PICK:
        if t[s, trait.PERSON] == 1 or is_at_patch(f, k, t, g, c, i):
            _gain(f, k, t, ledger, c, i, _RIPE * wanted)
    elif now == b.FILTER:
        _gain(f, k, t, ledger, c, i, _SWARM * wanted * density(c, x, y))
    elif now == b.RECRUIT and is_colonial(t, s):
        _gain(f, k, t, ledger, c, i, _SWARM * wanted)  # mouth to mouth from the stores of the nest
    elif now == b.BEG:
        other = k[col.TARGET, i]
        if other >= 0 and k[col.BEHAVIOR, other] == b.GIVE_FOOD:
            _gain(f, k, t, ledger, c, i, _RIPE * wanted)
    elif now == b.EAT_MEAT:
        if digs(k, t, i):
            _gain(f, k, t, ledger, c, i, 1.6 * wanted)
        elif food & (trait.FLESH | trait.CARRION):
            carcass = _carcass_in_reach(f, k, t, i)
            if carcass >= 0:
                gut = energy.gut_capacity(f[col.POWER, i], True, c.physiology)
                bite = min(energy.meat_rate(gut) * dt, f[col.MEAT, carcass] * energy.MEAT_J_PER_KG)
                f[col.MEAT, carcass] -= _gain(f, k, t, ledger, c, i, bite) / energy.MEAT_J_PER_KG


@compiled
def _suckle(f: F32, k: I32, t: F32, i: int, dt: float):
    """Pass energy from a mother nearby to her young."""
    mother = k[col.MOTHER, i]
    if mother < 0 or f[col.DRIVES + b.HUNGER, i] < 0.2 or f[col.DRIVES + b.HUNGER, mother] > 0.95:
        return
    reach = 4.0 + t[k[col.SPECIES, i], trait.LENGTH]
    if distance_to(f, k, i, f[col.X, mother], f[col.Y, mother]) < reach:
        milk = 3.0 * f[col.POWER, i] * dt
        f[col.ENERGY, i] += milk
        f[col.ENERGY, mother] -= milk


@compiled
def _share(f: F32, k: I32, t: F32, i: int, dt: float):
    """Pass energy to a companion nearby, as from a mother to her young."""
    other = k[col.TARGET, i]
    if other < 0 or k[col.STATUS, other] != col.ALIVE:
        return
    if distance_to(f, k, i, f[col.X, other], f[col.Y, other]) < 2.0 + t[k[col.SPECIES, i], trait.LENGTH]:
        food = _SHARED * f[col.POWER, i] * dt
        f[col.ENERGY, other] += food
        f[col.ENERGY, i] -= food


@compiled
def _strike(f: F32, k: I32, t: F32, census: I64, ledger: F64, c: Conditions, i: int):
    prey, s = k[col.TARGET, i], k[col.SPECIES, i]
    if f[col.CLOCK, i] % predation.STRIKE_EVERY_S >= c.dt or prey < 0 or k[col.STATUS, prey] != col.ALIVE:
        return
    o = k[col.SPECIES, prey]
    if t[s, trait.RELATION + o] != trait.PREY or f[col.Z, prey] - f[col.Z, i] > 2.0:
        return
    contact = predation.contact_m(t[s, trait.TOP], t[s, trait.LENGTH], t[o, trait.LENGTH])
    if distance_to(f, k, i, f[col.X, prey], f[col.Y, prey]) > _OVERREACH * contact:
        return
    hunters = 0
    for j in range(f.shape[1]):
        near = k[col.STATUS, j] == col.ALIVE and k[col.TARGET, j] == prey and k[col.SPECIES, j] == s
        hunters += near and distance_to(f, k, j, f[col.X, prey], f[col.Y, prey]) < predation.helps_within_m(
            t[s, trait.TOP]
        )
    chance, _, _, _ = draws.draw(k, c, i, draws.STRIKE)
    growth, ratio = f[col.MASS, prey] / t[o, trait.MASS], f[col.MASS, prey] / f[col.MASS, i]
    if predation.strike_kills(t[s, trait.SUCCESS], growth, hunters, ratio, chance):
        die(f, k, census, ledger, prey)
        if t[s, trait.LIFT] != trait.WATER:
            f[col.Z, prey] = max(f[col.Z, prey], f[col.Z, i])  # hauled out


@inlined
def _breed(
    f: F32, k: I32, t: F32, census: I64, ledger: F64, g: Ground, c: Conditions, i: int, shares: I32, dt: float
):  # fmt: skip
    s = k[col.SPECIES, i]
    if f[col.BREEDING_PAUSE, i] > 0:
        f[col.BREEDING_PAUSE, i] -= dt
    if f[col.GESTATION, i] > 0:
        f[col.GESTATION, i] -= dt
        if f[col.GESTATION, i] <= 0.0:
            give_birth(f, k, t, census, ledger, g, c, i, int(shares[s]))
    if is_colonial(t, s) and f[col.GESTATION, i] < 0 and f[col.BREEDING_PAUSE, i] <= 0:
        f[col.GESTATION, i] = t[s, trait.GESTATION]  # the queen at home lays for all
    if k[col.BEHAVIOR, i] == b.MATE and f[col.GESTATION, i] < 0:
        crossed = f[col.CLOCK, i] >= reproduction.MATING_S > f[col.CLOCK, i] - dt
        if crossed and f[col.AGE, i] >= t[s, trait.MATURITY] and f[col.BREEDING_PAUSE, i] <= 0:
            if k[col.FEMALE, i] == 1:
                f[col.GESTATION, i] = t[s, trait.GESTATION]
            else:
                f[col.BREEDING_PAUSE, i] = reproduction.male_pause(t[s, trait.LIFESPAN])


@compiled
def _grow_and_age(f: F32, k: I32, t: F32, census: I64, ledger: F64, c: Conditions, i: int):
    s, dt = k[col.SPECIES, i], c.dt * SLOW_EVERY
    f[col.AGE, i] += dt
    if f[col.MASS, i] < t[s, trait.MASS]:
        if f[col.DRIVES + b.HUNGER, i] < 0.97:
            f[col.MASS, i] = energy.grow(
                f[col.MASS, i], t[s, trait.MASS], t[s, trait.BIRTH_MASS], t[s, trait.MATURITY], dt
            )
        f[col.POWER, i] = power_of(f, k, t, c, i)
        wean(f, k, t, i)
    u0, u1, _, _ = draws.draw(k, c, i, draws.FATE)
    if (
        death.starves(f[col.ENERGY, i])
        or death.dies_of_thirst(f[col.DRIVES + b.THIRST, i], dt, u0)
        or death.dies_of_age(f[col.AGE, i], f[col.LIFESPAN, i], dt, u1)
    ):
        die(f, k, census, ledger, i)


@inlined
def _live(
    f: F32, k: I32, t: F32, veg: F32, marks: I32, census: I64, ledger: F64, g: Ground, c: Conditions, i: int,
    shares: I32,
):  # fmt: skip
    """Spend, feed, mark, suckle and breed for ``LIVE_EVERY`` steps at once."""
    now, dt = k[col.BEHAVIOR, i], c.dt * LIVE_EVERY
    effort = f[col.SPEED, i] / t[k[col.SPECIES, i], trait.TOP]
    joules = energy.spent(f[col.POWER, i], effort, now == b.SLEEP or now == b.DEN, dt)
    f[col.ENERGY, i] -= joules
    ledger[SPENT] += joules
    if b.EATS[now]:
        _feed(f, k, t, veg, ledger, g, c, i, dt)
    elif now == b.SHARE:
        _share(f, k, t, i, dt)
    elif now == b.SCENT_MARK:
        leave_mark(marks, f, k, g, c, i)
    if k[col.MOTHER, i] >= 0:
        _suckle(f, k, t, i, dt)
    _breed(f, k, t, census, ledger, g, c, i, shares, dt)


@entry
def interact(
    f: F32, k: I32, t: F32, veg: F32, marks: I32, census: I64, ledger: F64, g: Ground, c: Conditions, shares: I32
):  # fmt: skip
    """Let one world's animals feed, kill, breed, grow and die; ``shares`` are the species' shares of the rows.

    Sequential: who comes first eats first, kills first and takes the first free row.
    """
    rows = f.shape[1]
    for i in range(rows):
        if k[col.STATUS, i] == col.ALIVE:
            if k[col.BEHAVIOR, i] == b.STRIKE:
                _strike(f, k, t, census, ledger, c, i)
            if is_turn(c.step, i, LIVE_EVERY):
                _live(f, k, t, veg, marks, census, ledger, g, c, i, shares)
            if is_turn(c.step, i, SLOW_EVERY):
                _grow_and_age(f, k, t, census, ledger, c, i)
    if c.step % SLOW_EVERY == 0:
        arrive(f, k, t, census, ledger, g, c, shares, c.dt * SLOW_EVERY)
    count = 0
    for i in range(rows):
        if k[col.STATUS, i] == col.CARCASS:
            whole = energy.EDIBLE_SHARE * f[col.MASS, i]
            f[col.MEAT, i] = predation.rot(f[col.MEAT, i], whole, f[col.MASS, i], c.dt)
            if f[col.MEAT, i] <= predation.BONES_SHARE * whole:
                clear_row(f, k, i)
            else:
                f[col.Z, i] = max(bier_of(f, k, t, g, c, i), f[col.Z, i] - _SINK_MPS * c.dt)
                k[col.CARCASSES, count] = i
                count += 1
    if count < rows:
        k[col.CARCASSES, count] = -1
