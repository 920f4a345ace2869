"""Units as people write them, and their way to SI. The table is closed: a unit that is not here is a mistake.

Factors follow the SI brochure (BIPM 2019, 9th edition); a year is the Julian year of 365.25 days.
"""

import math
from dataclasses import dataclass

from eco1.core.errors import Eco1Error, unknown_name


@dataclass(frozen=True, kw_only=True)
class Unit:
    """``value_si = value * factor + offset``, in the SI unit ``si``."""

    si: str
    factor: float
    offset: float = 0.0


class UnitError(Eco1Error):
    """A unit that measures something else than what was asked for."""


DAY_S = 86_400.0
YEAR_S = 365.25 * DAY_S

#: Every unit a catalog file may use. ``1`` is the unit of pure numbers; ``delta_K`` that of temperature differences.
UNITS: dict[str, Unit] = {
    "1": Unit(si="1", factor=1.0),
    "%": Unit(si="1", factor=0.01),
    "kg": Unit(si="kg", factor=1.0),
    "g": Unit(si="kg", factor=1e-3),
    "t": Unit(si="kg", factor=1e3),
    "W": Unit(si="W", factor=1.0),
    "mW": Unit(si="W", factor=1e-3),
    "uW": Unit(si="W", factor=1e-6),
    "m": Unit(si="m", factor=1.0),
    "mm": Unit(si="m", factor=1e-3),
    "cm": Unit(si="m", factor=1e-2),
    "km": Unit(si="m", factor=1e3),
    "s": Unit(si="s", factor=1.0),
    "min": Unit(si="s", factor=60.0),
    "hours": Unit(si="s", factor=3600.0),
    "days": Unit(si="s", factor=DAY_S),
    "months": Unit(si="s", factor=YEAR_S / 12),
    "years": Unit(si="s", factor=YEAR_S),
    "m/s": Unit(si="m/s", factor=1.0),
    "km/h": Unit(si="m/s", factor=1 / 3.6),
    "m/s^2": Unit(si="m/s^2", factor=1.0),
    "rad": Unit(si="rad", factor=1.0),
    "deg": Unit(si="rad", factor=math.pi / 180),
    "rad/s": Unit(si="rad/s", factor=1.0),
    "deg/s": Unit(si="rad/s", factor=math.pi / 180),
    "K": Unit(si="K", factor=1.0),
    "degC": Unit(si="K", factor=1.0, offset=273.15),
    "delta_K": Unit(si="delta_K", factor=1.0),
    "delta_degC": Unit(si="delta_K", factor=1.0),
    "1/m^2": Unit(si="1/m^2", factor=1.0),
    "1/ha": Unit(si="1/m^2", factor=1e-4),
    "1/km^2": Unit(si="1/m^2", factor=1e-6),
    "kg/m^2": Unit(si="kg/m^2", factor=1.0),
    "g/m^2": Unit(si="kg/m^2", factor=1e-3),
    "t/ha": Unit(si="kg/m^2", factor=0.1),
    "1/s": Unit(si="1/s", factor=1.0),
    "1/day": Unit(si="1/s", factor=1 / DAY_S),
    "1/year": Unit(si="1/s", factor=1 / YEAR_S),
    "Hz": Unit(si="Hz", factor=1.0),
    "kHz": Unit(si="Hz", factor=1e3),
    "dB": Unit(si="dB", factor=1.0),
}


def units_of(si: str) -> tuple[str, ...]:
    """Return the units that convert to ``si``."""
    return tuple(name for name, unit in UNITS.items() if unit.si == si)


def to_si(value: float, unit: str, expected_si: str) -> float:
    """Convert ``value`` from ``unit`` to ``expected_si``.

    Raises:
        UnknownNameError: the unit is not in the table.
        UnitError: the unit measures something else.
    """
    if unit not in UNITS:
        raise unknown_name("unit", unit, UNITS)
    entry = UNITS[unit]
    if entry.si != expected_si:
        allowed = ", ".join(units_of(expected_si))
        raise UnitError(f"Unit {unit!r} does not measure this. Allowed: {allowed}.")
    return value * entry.factor + entry.offset


def from_si(value_si: float, unit: str) -> float:
    """Convert an SI value back to ``unit``.

    Raises:
        UnknownNameError: the unit is not in the table.
    """
    if unit not in UNITS:
        raise unknown_name("unit", unit, UNITS)
    return (value_si - UNITS[unit].offset) / UNITS[unit].factor
