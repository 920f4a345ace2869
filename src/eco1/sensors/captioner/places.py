"""Where: the words a landscape has for a position, by biome. The first that fits names the place.

Distances up to which something is "at" or "near" are judged by eye.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float

from eco1.core.records import Landscape
from eco1.sensors.captioner.ground import Ground
from eco1.sensors.captioner.happenings import Place
from eco1.sensors.captioner.log import Log

_EDGE = 0.05  # of the side of the square
_RISE, _HOLLOW = 0.88, 0.12  # of the ground lies lower
_LUSH, _SPARSE = 0.85, 0.12  # of the ground bears less
_OFF_GROUND_M = 1.5
_UNDER_M = 0.4
_WADING_M = 0.6  # deeper water carries only those who swim, or ice
_LAND = {"plain": "plain", "sea": "reef", "forest": "forest", "ice": "tundra", "city": "quarter"}

Mask = Bool[np.ndarray, " e"]


def landscape_class(landscape: Landscape) -> str:
    """Return what kind of ground it is: sea, city, forest, ice or plain."""
    if bool((landscape.water_depth_m > 0).all()):
        return "sea"
    if landscape.building_height_m is not None:
        return "city"
    if landscape.crown_height_m is not None:
        return "forest"
    return "ice" if landscape.freezing is not None else "plain"


@dataclass(frozen=True, kw_only=True)
class Places:
    """Which words fit each of E positions: ``fits`` (E, P) for P places, in order of preference."""

    keys: tuple[str, ...]
    phrases: tuple[str, ...]
    fits: Bool[np.ndarray, "e p"]
    above_m: Float[np.ndarray, " e"]

    @cached_property
    def first(self) -> tuple[Place, ...]:
        """The place of each position."""
        return tuple(Place(key=self.keys[k], phrase=self.phrases[k]) for k in self.fits.argmax(1).tolist())


def find_places(log: Log, frame: np.ndarray, row: np.ndarray) -> Places | None:
    """Return the places of the animals ``row`` at the frames ``frame`` (both (E,)); None without a landscape."""
    if log.landscape is None:
        return None
    ground = Ground(landscape=log.landscape, position_m=log.position_m[frame, row].astype(float))
    what = landscape_class(log.landscape)
    if what == "ice":
        masks = _in_arctic(ground, _ice_share(log)[frame])
    else:
        masks = {"sea": _in_sea, "city": _in_city, "forest": _in_forest, "plain": _on_plain}[what](ground)
    near, names = ground.edge(_EDGE)
    table = [(key, phrase, mask) for (key, phrase), mask in masks.items()]
    for name in ("northern", "eastern", "southern", "western"):
        side = near & np.array([name == each for each in names], bool)
        table.append((f"{name}_edge", f"at the {name} edge of the {_LAND[what]}", side))
    key, phrase, _ = table.pop(len(masks) - 1)
    none = ~np.any([mask for _, _, mask in table], axis=0)
    table.append((key, phrase, none))
    return Places(
        keys=tuple(key for key, _, _ in table),
        phrases=tuple(phrase for _, phrase, _ in table),
        fits=np.stack([mask for _, _, mask in table], 1),
        above_m=ground.above_m,
    )


Masks = dict[tuple[str, str], Mask]


def _everywhere(ground: Ground) -> Mask:
    return np.ones(len(ground.position_m), bool)


def _on_land(ground: Ground, plain: str, *, tree: str, wading: str, water: str) -> Masks:
    """Return what open land offers: water, trees, dens, rises, growth."""
    land, low = ground.landscape, ground.above_m < _OFF_GROUND_M
    shore, dry = ground.shore(inland=True), ground.depth_m <= 0
    least, most = np.quantile(land.vegetation, (_SPARSE, _LUSH))
    growth = ground.at(land.vegetation)
    return {
        ("high", f"high above the {plain}"): ground.above_m > 8,
        ("air", f"above the {plain}"): ~low & (ground.above_m <= 8),
        ("wading", f"in {wading}"): low & ~dry,
        ("water", f"at the edge of {water}"): low & dry & (shore < 6),
        ("near_water", f"not far from {water}"): low & dry & (shore >= 6) & (shore < 25),
        ("tree", tree): low & dry & (ground.distance(land.tree_position_m) < 4),
        ("den", "beside a den"): low & dry & (ground.distance(land.shelter_position_m) < 4),
        ("rise", "on a rise"): low & dry & (ground.relative_height > _RISE),
        ("hollow", "in a hollow"): low & dry & (ground.relative_height < _HOLLOW),
        ("lush", "amid thick growth"): low & dry & (growth > most),
        ("sparse", "on almost bare ground"): low & dry & (growth < least),
        ("open", f"on the open {plain}"): _everywhere(ground),
    }


def _on_plain(ground: Ground) -> Masks:
    return _on_land(ground, "plain", tree="under an acacia", wading="the shallows", water="a waterhole")


def _in_arctic(ground: Ground, ice_share: Float[np.ndarray, " e"]) -> Masks:
    sea = ground.on_sea
    ice = sea & (ground.at(_freezing(ground)) <= ice_share)
    under = sea & (ground.position_m[:, 2] < -_UNDER_M)
    hole = ground.distance(ground.landscape.hole_position_m) < 4
    shore = ground.shore(inland=False)
    masks: Masks = {
        ("under_ice", "under the ice"): under & ice & ~hole,
        ("under_hole", "in the water under a breathing hole"): under & ice & hole,
        ("under_water", "under water in the bay"): under & ~ice,
        ("hole", "beside a breathing hole"): ~under & ice & hole,
        ("ice", "on the sea ice"): ~under & ice & ~hole & (ground.above_m < _OFF_GROUND_M),
        ("bay", "out on the bay"): ~under & sea & ~ice & (ground.above_m < _OFF_GROUND_M),
        ("coast", "on the shore"): ~sea & (ground.depth_m <= 0) & (shore < 8) & (ground.above_m < _OFF_GROUND_M),
    }
    inland = ~sea & ~(shore < 8)
    land = _on_land(ground, "tundra", tree="among dwarf willows", wading="a shallow pond", water="a pond")
    air = (("high", "high above the tundra"), ("air", "above the tundra"))
    return masks | {name: mask & (inland | (name in air)) & ~under for name, mask in land.items()}


def _freezing(ground: Ground) -> np.ndarray:
    freezing = ground.landscape.freezing
    return np.full_like(ground.landscape.height_m, np.inf) if freezing is None else freezing


def _ice_share(log: Log) -> Float[np.ndarray, " t"]:
    """Return how much of the sea is surely frozen at each frame: as far out as those stand who do not swim.

    Ice is not part of an observation. Walkers over deep water and hunters that wait at holes show where it bears.
    """
    steps, rows = log.alive.shape
    every = slice(0, steps, max(1, round(1.0 / log.dt_s)))
    frames = np.arange(steps)[every]
    frame, row = np.repeat(frames, rows), np.tile(np.arange(rows), len(frames))
    assert log.landscape is not None
    ground = Ground(landscape=log.landscape, position_m=log.position_m[frame, row].astype(float))
    walks = np.array([kind.element == "land" and not kind.swims for kind in log.kinds])[log.species[frame, row]]
    waits = log.behavior[frame, row] == log.code("wait_at_hole")
    sure = log.alive[frame, row] & ground.on_sea & (ground.depth_m > _WADING_M) & (walks | waits)
    share = np.where(sure, ground.at(_freezing(ground)), -1.0).reshape(len(frames), rows).max(1)
    lasting = np.lib.stride_tricks.sliding_window_view(np.pad(share, 2, mode="edge"), 5).max(-1)  # seconds about it
    return np.repeat(lasting, every.step)[:steps]


def _in_sea(ground: Ground) -> Masks:
    land, above = ground.landscape, ground.above_m
    below_surface = ground.depth_m - above
    den = ground.distance(land.shelter_position_m)
    return {
        ("surface", "just below the surface"): below_surface < 1.5,
        ("crevice", "beside a crevice in the reef"): (den < 2) & (above < 2),
        ("coral", "among the coral heads"): (ground.distance(land.tree_position_m) < 3) & (above < 3),
        ("open_water", "in open water above the reef"): (above >= 4) & (below_surface >= 1.5),
        ("ridge", "along a ridge of the reef"): (ground.relative_height > 0.8) & (above < 4),
        ("channel", "in a deep channel of the reef"): (ground.relative_height < 0.2) & (above < 4),
        ("bottom", "close to the sea bed"): above < 1,
        ("reef", "a little above the sea bed"): _everywhere(ground),
    }


def _in_forest(ground: Ground) -> Masks:
    land, above = ground.landscape, ground.above_m
    low = above < _OFF_GROUND_M
    crown = ground.at(land.crown_height_m) if land.crown_height_m is not None else np.zeros(len(above))
    shore = ground.shore(inland=True)
    return {
        ("above", "above the crowns"): (above > crown + 1) & (above > 12),
        ("top", "high in the crowns"): (above >= 20) & (above <= crown + 1),
        ("crowns", "in the crowns"): (above >= 8) & (above < 20) & (above <= crown + 1),
        ("branches", "in the lower branches"): ~low & (above < 8) & (crown > 0),
        ("gap", "in a gap between the crowns"): (crown <= 0) & (ground.depth_m <= 0),
        ("water", "at the water's edge"): low & (shore < 4),
        ("foot", "at the foot of a tree"): low & (ground.distance(land.tree_position_m) < 3),
        ("floor", "on the forest floor"): _everywhere(ground),
    }


def _in_city(ground: Ground) -> Masks:
    land, above = ground.landscape, ground.above_m
    roof = ground.at(land.building_height_m) if land.building_height_m is not None else np.zeros(len(above))
    on_lot, low = roof > 0, above < _OFF_GROUND_M
    free = ~on_lot & low
    park = free & (ground.at(land.vegetation) > 0.12)
    sides = ground.house_sides
    return {
        ("rooftop", "on a rooftop"): on_lot & (above < roof + _OFF_GROUND_M),
        ("over_roofs", "over the rooftops"): on_lot & (above >= roof + _OFF_GROUND_M),
        ("air", "in the air"): ~on_lot & (above > 6),
        ("low_air", "just above the ground"): ~on_lot & ~low & (above <= 6),
        ("bin", "beside a refuse bin"): free & (ground.distance(land.refuse_position_m) < 2.5),
        ("pond", "at the edge of the pond"): free & (ground.shore(inland=True) < 4),
        ("flowers", "among the flowers"): ~on_lot & (above < 6) & (ground.distance(land.flower_position_m) < 2.5),
        ("tree", "under a tree"): free & (ground.distance(land.tree_position_m) < 2.5),
        ("yard", "in a courtyard"): free & ~park & (sides >= 3),
        ("park", "on the lawn of a park"): park,
        ("houses", "between the houses"): free & ~park & (sides == 2),
        ("street", "in the street"): _everywhere(ground),
    }
