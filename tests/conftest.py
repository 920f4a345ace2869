"""Check every array shape that a signature or record promises, wherever Python (not numba) runs the function."""

from hypothesis import settings
from jaxtyping import install_import_hook

settings.register_profile("untimed", deadline=None)  # the first call may compile, and machines are busy
settings.load_profile("untimed")

#: All but what numba compiles.
_STUDIO = [
    "bank",
    "body",
    "camera",
    "captions",
    "colors",
    "director",
    "film",
    "interest",
    "light",
    "living",
    "meshes",
    "noise",
    "picking",
    "renderer",
    "scene",
    "shapes",
    "terrain",
]
_MICROPHONE = ["air", "ambience", "behaviors", "memory", "microphone", "places", "rows", "species"]
_SENSORS = [
    *("bodies.posing", "bodies.postures", "bodies.rigs", "bodies.skeleton", "egocentric", "scene", "trace"),
    *("camera.filming", "camera.light", "camera.render", "camera.shapes", "camera.viewpoints", "camera.views"),
    *("lidar.patterns", "lidar.scan", "scenery.flora", "scenery.houses", "scenery.look", "scenery.noise"),
    *("scenery.scenery", "scenery.solid_set", "scenery.stage"),
    *(f"microphone.{name}" for name in _MICROPHONE),
]
CHECKED = [
    "eco1.core.angles",
    "eco1.core.records",
    "eco1.core.fakes",
    "eco1.data",
    *(f"eco1.sensors.{name}" for name in _SENSORS),
    "eco1.models",
    "eco1.training",
    "eco1.brains",
    "eco1.evaluation",
    *(f"eco1.studio.{name}" for name in _STUDIO),
]

install_import_hook(CHECKED, "shape_checking.checked")
