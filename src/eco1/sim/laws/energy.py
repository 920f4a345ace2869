"""Energy: resting metabolism by Kleiber's law, the cost of moving, feeding and growth."""

import math

from eco1.sim.compiled import compiled, inlined

# Resting power grows with mass ** 0.75: Kleiber (1947), DOI 10.1152/physrev.1947.27.4.511.
_KLEIBER_POWER = 0.75
# The allometry of field metabolism in Nagy (2005), DOI 10.1242/jeb.01553, lies two to three times above Kleiber's.
_FIELD = 1.6  # before the cost of moving
_COST_OF_RUNNING = 2.5  # times resting metabolism at top speed, in the compressed time of bodies: estimate
GRASS_J_PER_KG = 8.0e6  # digestible energy of dry matter: estimate for green savanna grass
MEAT_J_PER_KG = 7.0e6  # wet meat, about a quarter protein: estimate
#: How long a full gut and then the reserves last, as seconds at resting field metabolism on a clock 144 times fast.
_GUT_HERBIVORE_S, _GUT_CARNIVORE_S = 360.0, 540.0
_RESERVE_S = 1500.0
_CLOCK = 144.0
_BOLTING = 22.0  # s in which a carnivore fills its gut
EDIBLE_SHARE = 0.6  # of a carcass: estimate


@inlined
def resting_power(mass: float, adult_mass: float, adult_power: float, physiology: float):
    """Return the energy spent in W of world time by a quiet animal of ``mass`` kg, given an adult's mass and W."""
    return adult_power * math.pow(mass / adult_mass, _KLEIBER_POWER) * _FIELD * physiology


@inlined
def spent(power: float, effort: float, asleep: bool, dt: float):
    """Return the joules spent in one step; ``effort`` is speed over top speed."""
    return power * dt * ((0.75 if asleep else 1.0) + _COST_OF_RUNNING * effort * effort)


@inlined
def gut_capacity(power: float, carnivore: bool, physiology: float):
    """Return the joules a full gut holds."""
    return power * (_GUT_CARNIVORE_S if carnivore else _GUT_HERBIVORE_S) * _CLOCK / physiology


@inlined
def body_reserve(power: float, physiology: float):
    """Return the joules stored in the body below an empty gut; when they are spent the animal starves."""
    return power * _RESERVE_S * _CLOCK / physiology


@inlined
def grazing_rate(power: float, feeding_share: float):
    """Return the J/s gained while feeding on plants or insects: enough to live on the species' share of the day."""
    return power * 2.6 / max(0.25, feeding_share)


@inlined
def meat_rate(gut: float):
    """Return the J/s gained at a carcass."""
    return gut / _BOLTING


@compiled
def grow(mass: float, adult: float, birth: float, maturity: float, dt: float):
    """Return the mass after one step of growth, fast at first and finished near maturity.

    Logistic growth with a rate that takes birth mass to 95 % of adult mass within the time to maturity.
    """
    if mass >= 0.995 * adult:
        return mass
    rate = (math.log(max(1.01, adult / birth - 1)) + 2.94) / maturity
    return min(adult, mass + dt * rate * mass * (1 - mass / adult))
