"""Libraries of optional extras, and the error that says how to install a missing one."""

from importlib import import_module
from typing import Any

from eco1.core.errors import MissingExtraError

#: Which package of which extra brings each optional library, by the name it is imported under.
EXTRAS = {
    "torch": ("torch", "learn"),
    "safetensors": ("safetensors", "learn"),
    "sklearn": ("scikit-learn", "learn"),
    "tokenizers": ("tokenizers", "learn"),
    "av": ("av", "studio"),
    "matplotlib": ("matplotlib", "studio"),
    "PIL": ("pillow", "studio"),
    "viser": ("viser", "studio"),
    "ray": ("ray", "scale"),
    "minari": ("minari", "export"),
    "h5py": ("h5py", "export"),
    "xarray": ("xarray", "export"),
    "h5netcdf": ("h5netcdf", "export"),
    "gymnasium": ("gymnasium", "environments"),
    "pettingzoo": ("pettingzoo", "environments"),
    "stable_baselines3": ("stable-baselines3", "ppo"),
    "tensorboard": ("tensorboard", "tensorboard"),
    "numba_cuda": ("numba-cuda", "gpu"),
}


def require(module: str, purpose: str) -> Any:
    """Return an imported module of an optional extra.

    Raises:
        MissingExtraError: when it is not installed; the message says what needs it and how to install it.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise missing_extra(error, purpose) from error


def missing_extra(error: ModuleNotFoundError, purpose: str) -> MissingExtraError:
    """Return the error that teaches how to install what could not be imported.

    Raises:
        ModuleNotFoundError: the error itself, when no extra would bring that module.
    """
    library = (error.name or "").partition(".")[0]
    if library not in EXTRAS:
        raise error
    package, extra = EXTRAS[library]
    return MissingExtraError(
        f"{purpose} needs the package {package!r}, which is not installed. Run: pip install 'eco1[{extra}]'"
    )
