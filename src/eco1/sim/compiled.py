"""How the laws and kernels of the simulator are compiled."""

from pathlib import Path

from eco1.core.compiling import Compiler

#: Whoever compiles the laws into kernels of its own has to name these sources beside its own.
SOURCES = Path(__file__).parent
_COMPILER = Compiler("sim", SOURCES)
entry, compiled, inlined = _COMPILER.entry, _COMPILER.compiled, _COMPILER.inlined
