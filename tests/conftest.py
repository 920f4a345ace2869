"""Check every array shape that a signature or record promises, wherever Python (not numba) runs the function."""

from jaxtyping import install_import_hook

#: All but the rasteriser, which numba compiles.
_STUDIO = [
    "bank",
    "body",
    "camera",
    "captions",
    "colors",
    "director",
    "film",
    "gait",
    "interest",
    "light",
    "living",
    "meshes",
    "noise",
    "picking",
    "pose",
    "posture",
    "renderer",
    "rigs",
    "scene",
    "terrain",
]
CHECKED = [
    "eco1.core.angles",
    "eco1.core.records",
    "eco1.core.fakes",
    "eco1.data",
    "eco1.sensors",
    "eco1.models",
    "eco1.training",
    "eco1.brains",
    "eco1.evaluation",
    *(f"eco1.studio.{name}" for name in _STUDIO),
]

install_import_hook(CHECKED, "shape_checking.checked")
