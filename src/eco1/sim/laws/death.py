"""Death: hunger, thirst and age; predation kills in ``predation``."""

import math

from eco1.sim.compiled import inlined

_SENESCENCE = 9.0
_THIRST_DEATH_S = 700.0


@inlined
def starves(energy: float):
    """Return whether the reserves are spent."""
    return energy <= 0.0


@inlined
def dies_of_thirst(thirst: float, dt: float, chance: float):
    """Return whether an animal that is parched dies in this step: within some minutes on average."""
    return thirst >= 0.999 and chance < dt / _THIRST_DEATH_S


@inlined
def dies_of_age(age: float, lifespan: float, dt: float, chance: float):
    """Return whether it dies of age in this step: mortality rises exponentially with age (Gompertz 1825)."""
    hazard = _SENESCENCE / lifespan * math.exp(_SENESCENCE * (age / lifespan - 1))
    return chance < hazard * dt
