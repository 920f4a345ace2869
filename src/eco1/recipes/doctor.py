"""Look at the installation and say what works, what is missing and how to get it."""

import importlib.metadata
import os
import platform
import shutil
from dataclasses import dataclass
from pathlib import Path

from eco1.catalog.loader import biome_names, species_names
from eco1.core.extras import EXTRAS
from eco1.data.fish import fish_paths

_BASE = ("numpy", "numba", "zarr", "jaxtyping", "tyro", "rich")
_BROWSERS = ("chromium", "google-chrome", "firefox")
_ROOM_WANTED_GB = 2.0


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing looked at. ``remedy`` is empty when all is well."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""


def doctor() -> list[Finding]:
    """Return what was found, most basic first."""
    findings = [_python(), *(_package(name, "") for name in _BASE), *(_package(n, e) for n, e in EXTRAS.values())]
    return findings + [check() for check in (_catalog, _threads, _cuda, _disk, _fish, _browser)]


def _python() -> Finding:
    return Finding(name="python", ok=True, detail=platform.python_version())


def _package(name: str, extra: str) -> Finding:
    try:
        return Finding(name=name, ok=True, detail=importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        wanted = f"eco1[{extra}]" if extra else "eco1"
        return Finding(name=name, ok=False, detail="not installed", remedy=f"pip install '{wanted}'")


def _catalog() -> Finding:
    detail = f"{len(species_names())} species, {len(biome_names())} biomes"
    return Finding(name="catalog", ok=True, detail=detail)


def _threads() -> Finding:
    on_linux = hasattr(os, "sched_getaffinity")
    usable = len(os.sched_getaffinity(0)) if on_linux else os.cpu_count()
    return Finding(name="cores", ok=True, detail=f"{usable or 'unknown'} usable")


def _cuda() -> Finding:
    try:
        import torch
    except ImportError:
        return Finding(name="gpu", ok=True, detail="unknown without torch")
    detail = torch.cuda.get_device_name() if torch.cuda.is_available() else "none; models run on the CPU"
    return Finding(name="gpu", ok=True, detail=detail)


def _disk() -> Finding:
    free_gb = shutil.disk_usage(Path.cwd()).free / 1e9
    enough = free_gb >= _ROOM_WANTED_GB
    remedy = "" if enough else f"free at least {_ROOM_WANTED_GB:g} GB before recording"
    return Finding(name="disk", ok=enough, detail=f"{free_gb:.0f} GB free here", remedy=remedy)


def _fish() -> Finding:
    here = all(path.is_dir() for path in fish_paths().values())
    detail = (
        "real fish tracks are in the cache" if here else "real fish tracks not fetched yet (optional: eco1 fetch fish)"
    )
    return Finding(name="fish", ok=True, detail=detail)


def _browser() -> Finding:
    found = any(shutil.which(name) for name in _BROWSERS)
    detail = (
        "found" if found else "none here; see eco1 play from elsewhere with: ssh -L 8080:localhost:8080 THIS_MACHINE"
    )
    return Finding(name="browser", ok=True, detail=detail)
