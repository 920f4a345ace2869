import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eco1.core.random import generator, normal2, philox, uniform4

# Known answers of philox4x32-10, published with Random123 (Salmon et al. 2011).
KNOWN_ANSWERS = [
    ((0, 0, 0, 0, 0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 6, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344, 0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter_and_key", "words"), KNOWN_ANSWERS)
def test_philox_gives_the_published_words(counter_and_key, words):
    assert tuple(int(word) for word in philox(*counter_and_key)) == words


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**31), st.integers(0, 2**20), st.integers(0, 2**20))
def test_uniforms_lie_in_the_unit_interval_and_depend_on_nothing_else(seed, step, world, animal):
    drawn = uniform4(seed, step, world, animal, 3)
    assert all(0.0 <= u < 1.0 for u in drawn)
    assert drawn == uniform4(seed, step, world, animal, 3)


def test_streams_of_neighbouring_animals_are_uncorrelated():
    a = np.array([uniform4(1, step, 0, 0, 0)[0] for step in range(4000)])
    b = np.array([uniform4(1, step, 0, 1, 0)[0] for step in range(4000)])
    assert abs(np.corrcoef(a, b)[0, 1]) < 0.05
    assert abs(a.mean() - 0.5) < 0.02


def test_normals_have_unit_variance():
    pairs = np.array([normal2(*uniform4(5, step, 0, 0, 0)[:2]) for step in range(4000)])
    assert np.allclose(pairs.mean(0), 0, atol=0.06)
    assert np.allclose(pairs.std(0), 1, atol=0.05)


def test_host_generators_differ_by_stream():
    assert generator(1, 2).integers(1 << 30) == generator(1, 2).integers(1 << 30)
    assert generator(1, 2).integers(1 << 30) != generator(1, 3).integers(1 << 30)
