"""The stage of each kind of land: what stands there, and the tufts that grow between the feet."""

from collections.abc import Callable

from eco1.core.records import Landscape
from eco1.studio import arctic, city, corals, flora, forest, jungle_trees, reef
from eco1.studio.meshes import Mesh
from eco1.studio.season import Season
from eco1.studio.stage import Props, Stage, make_stage
from eco1.studio.terrain import Terrain

_PROPS: dict[str, Callable[[Landscape, Terrain, int, Season], list[Props]]] = {
    "savanna": lambda landscape, terrain, seed, _: flora.savanna(landscape, terrain, seed),
    "reef": lambda landscape, terrain, seed, _: reef.reef(landscape, terrain, seed),
    "canopy": lambda landscape, terrain, seed, _: forest.canopy(landscape, terrain, seed),
    "tundra": arctic.tundra,
    "urban": lambda landscape, terrain, seed, _: city.urban(landscape, terrain, seed),
}
_TUFTS: dict[str, Callable[[], list[Mesh]]] = {
    "savanna": flora.tuft_meshes,
    "reef": corals.tuft_meshes,
    "canopy": jungle_trees.tuft_meshes,
    "tundra": arctic.tuft_meshes,
    "urban": city.tuft_meshes,
}


def stage_of(kind: str, landscape: Landscape, terrain: Terrain, seed: int, season: Season) -> Stage:
    """Return what stands in a landscape of a kind (``looks.LOOKS``)."""
    return make_stage(props_of(kind, landscape, terrain, seed, season))


def props_of(kind: str, landscape: Landscape, terrain: Terrain, seed: int, season: Season) -> list[Props]:
    """Return the groups that the stage is made of."""
    return _PROPS[kind](landscape, terrain, seed, season)


def tufts_of(kind: str) -> list[Mesh]:
    """Return the tufts of a kind of land, one metre high: as many for near the camera as for farther away."""
    meshes = _TUFTS[kind]()
    return meshes if len(meshes) == 2 * flora.VARIANTS else meshes * 2
