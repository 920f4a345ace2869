"""A species made visible."""

from dataclasses import dataclass, field

from eco1.sensors.bodies.skeleton import Rig
from eco1.studio.meshes import Mesh


@dataclass(frozen=True, kw_only=True)
class Body:
    """One mesh per part (in the part's own frame) and the rig that moves them."""

    species: str
    plan: str
    length_m: float
    height_m: float
    rig: Rig
    meshes: dict[str, Mesh] = field(default_factory=dict)
