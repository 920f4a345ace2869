"""Check every array shape that a signature or record promises, wherever Python (not numba) runs the function."""

from jaxtyping import install_import_hook

CHECKED = [
    "eco1.core.records",
    "eco1.core.fakes",
    "eco1.data",
    "eco1.sensors",
    "eco1.models",
    "eco1.training",
    "eco1.brains",
    "eco1.evaluation",
]

install_import_hook(CHECKED, "shape_checking.checked")
