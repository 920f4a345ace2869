"""How the kernels of this room are compiled: with the laws they call, and kept on disk until either changes."""

from pathlib import Path

from eco1.sim.compiled import compiled, entry_of, inlined

__all__ = ["compiled", "entry", "inlined"]

entry = entry_of("environments", Path(__file__).parent)
