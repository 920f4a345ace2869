"""Reproduction: who is ready, conception, gestation and birth."""

from eco1.sim.compiled import inlined

_MALE_PAUSE_S, _MALE_PAUSE_SHARE = 120.0, 0.1  # before a male courts again, and at most of its life: estimates
MATING_S = 3.5  # s of mating after which a female conceives
KEPT_FREE = 0.05  # of all rows
_CROWDED = 1.35  # a species stops breeding at this multiple of its share of the rows: food and space, as an estimate


@inlined
def is_ready(age: float, maturity: float, gestation_left: float, pause: float, hungry: float):
    """Return whether an adult can breed now: grown, fed, not pregnant and past its last birth."""
    return age >= maturity and gestation_left < 0 and pause <= 0 and hungry < 0.85


@inlined
def male_pause(lifespan: float):
    """Return how long a male waits before it courts again, s."""
    return min(_MALE_PAUSE_S, _MALE_PAUSE_SHARE * lifespan)


@inlined
def has_room(count: int, share: int, free: int, rows: int):
    """Return whether a species may grow while ``free`` of ``rows`` are empty: the last are kept for the rare."""
    return count < share or (free > KEPT_FREE * rows and count < max(share + 1, int(_CROWDED * share)))


@inlined
def litter(mean: float, chance: float):
    """Return how many young are born; most of a large litter dies unseen in the den, so at most three appear."""
    whole = int(mean)
    return min(3, max(1, whole + (1 if chance < mean - whole else 0)))
