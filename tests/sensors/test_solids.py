"""Rays meet solids where the solids' surfaces are, whatever the ray."""

import numpy as np
import pytest

from eco1.core.senses import PLANT
from eco1.sensors.compiled import entry
from eco1.sensors.scenery import col
from eco1.sensors.scenery.solid_set import SolidSet
from eco1.sensors.scenery.solids import entry_of, normal_of


@entry
def entries(row, kind, origin, direction, out):
    for k in range(len(out)):
        d = direction[k]
        out[k] = entry_of(row, kind, origin[k, 0], origin[k, 1], origin[k, 2], d[0], d[1], d[2])


@entry
def normals(row, kind, points, out):
    for k in range(len(out)):
        out[k, 0], out[k, 1], out[k, 2] = normal_of(row, kind, points[k, 0], points[k, 1], points[k, 2])


def outside(name, p):
    """Signed measure, negative inside, of three known solids at points (K, 3)."""
    if name == "ellipsoid":
        return np.linalg.norm((p - [1, 2, 3]) / [2.0, 0.5, 1.0], axis=1) - 1
    if name == "box":
        return np.abs((p - [1, 2, 3]) / [2.0, 0.5, 1.0]).max(1) - 1
    share = np.linspace(0, 1, 4001)[:, None]
    middle, radius = np.array([0, 1, 0]) + share * np.array([1.0, 1.0, 2.0]), 0.8 - 0.5 * share[:, 0]
    return np.array([(np.linalg.norm(one - middle, axis=1) - radius).min() for one in p])


def solid(name):
    made = SolidSet()
    color = made.paint((1, 1, 1), (0, 0, 0), "even")
    if name == "capsule":
        made.capsule((0, 1, 0), (1, 2, 2), 0.8, 0.3, instance=PLANT, colors=color)
    else:
        getattr(made, name)((1, 2, 3), (2.0, 0.5, 1.0), instance=PLANT, colors=color)
    floats, integers, _ = made.tables()
    return floats[0], int(integers[0, col.KIND])


@pytest.mark.parametrize("name", ["ellipsoid", "box", "capsule"])
def test_rays_enter_solids_at_their_surface_and_nowhere_before(name):
    rng = np.random.Generator(np.random.Philox(1))
    row, kind = solid(name)
    origin = rng.normal(0, 5, (300, 3))
    origin = origin[outside(name, origin) > 0.01]
    direction = row[: col.UNIT] + rng.normal(0, 0.9, (len(origin), 3)) - origin
    t = np.empty(len(origin))
    entries(row, kind, origin, direction, t)
    met = np.isfinite(t)
    assert 0.3 < met.mean() < 0.95
    assert np.abs(outside(name, origin[met] + t[met, None] * direction[met])).max() < 2e-3
    for share in np.linspace(0, 0.999, 40):  # nothing lies before the entry; nothing at all on the way of a miss
        assert outside(name, origin[met] + share * t[met, None] * direction[met]).min() > -2e-3
        assert outside(name, origin[~met] + 3 * share * direction[~met]).min() > -2e-3


@pytest.mark.parametrize("name", ["ellipsoid", "box", "capsule"])
def test_rays_from_inside_meet_nothing(name):
    row, kind = solid(name)
    rng = np.random.Generator(np.random.Philox(2))
    middle = row[: col.UNIT].astype(float) + (row[col.UNIT : col.UNIT + 3] if name == "capsule" else 0)
    origin, t = np.tile(middle, (50, 1)), np.empty(50)
    assert outside(name, origin[:1]) < 0
    entries(row, kind, origin, rng.normal(size=(50, 3)), t)
    assert np.isinf(t).all()


@pytest.mark.parametrize("name", ["ellipsoid", "box", "capsule"])
def test_normals_lead_straight_out(name):
    row, kind = solid(name)
    rng = np.random.Generator(np.random.Philox(3))
    origin = rng.normal(0, 6, (200, 3))
    origin = origin[outside(name, origin) > 0.01]
    direction = row[: col.UNIT] + rng.normal(0, 0.3, (len(origin), 3)) - origin
    t = np.empty(len(origin))
    entries(row, kind, origin, direction, t)
    points = (origin + t[:, None] * direction)[np.isfinite(t)]
    out = np.empty_like(points)
    normals(row, kind, points, out)
    assert np.allclose(np.linalg.norm(out, axis=1), 1, atol=1e-5)
    gradient = np.stack([outside(name, points + step) - outside(name, points - step) for step in np.eye(3) * 1e-3], 1)
    gradient /= np.linalg.norm(gradient, axis=1, keepdims=True)
    if name == "box":  # at an edge two faces are right
        edge = np.sort(np.abs((points - [1, 2, 3]) / [2.0, 0.5, 1.0]), axis=1)[:, 1] > 0.99
        gradient, out = gradient[~edge], out[~edge]
    assert (gradient * out).sum(1).min() > 0.995
