import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eco1.core.errors import UnknownNameError
from eco1.core.units import UNITS, UnitError, from_si, to_si, units_of


@pytest.mark.parametrize(
    ("value", "unit", "si", "expected"),
    [
        (93.0, "km/h", "m/s", 93 / 3.6),
        (180.0, "deg", "rad", math.pi),
        (360.0, "deg/s", "rad/s", 2 * math.pi),
        (20.0, "degC", "K", 293.15),
        (7.0, "delta_degC", "delta_K", 7.0),
        (2.0, "t", "kg", 2000.0),
        (1.0, "years", "s", 365.25 * 86_400),
        (12.0, "months", "s", 365.25 * 86_400),
        (3.0, "1/ha", "1/m^2", 3e-4),
        (2.5, "t/ha", "kg/m^2", 0.25),
        (5.0, "%", "1", 0.05),
    ],
)
def test_known_conversions(value: float, unit: str, si: str, expected: float) -> None:
    assert to_si(value, unit, si) == pytest.approx(expected, rel=1e-12)


@given(st.sampled_from(sorted(UNITS)), st.floats(-1e6, 1e6))
def test_there_and_back(unit: str, value: float) -> None:
    assert from_si(to_si(value, unit, UNITS[unit].si), unit) == pytest.approx(value, rel=1e-9, abs=1e-3)


def test_every_si_unit_is_its_own_unit() -> None:
    for unit in UNITS.values():
        assert UNITS[unit.si].factor == 1.0
        assert unit.si in units_of(unit.si)


def test_wrong_dimension_lists_what_fits() -> None:
    with pytest.raises(UnitError, match=r"Unit 'kg' does not measure this\. Allowed: m/s, km/h\."):
        to_si(1.0, "kg", "m/s")


def test_unknown_unit_names_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r"Unknown unit 'kmh'\. Did you mean 'km/h'\?"):
        to_si(1.0, "kmh", "m/s")
    with pytest.raises(UnknownNameError, match="Unknown unit 'furlong'"):
        from_si(1.0, "furlong")
