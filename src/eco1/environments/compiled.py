"""How the kernels of the environments are compiled, together with the laws they call."""

from pathlib import Path

from eco1.core.compiling import Compiler
from eco1.sim.compiled import SOURCES

_COMPILER = Compiler("environments", SOURCES, Path(__file__).parent)
entry, compiled, inlined = _COMPILER.entry, _COMPILER.compiled, _COMPILER.inlined
