"""How the laws and kernels of the simulator are compiled."""

from pathlib import Path

from eco1.core.compiling import Compiler

_COMPILER = Compiler("sim", Path(__file__).parent)
entry, compiled, inlined = _COMPILER.entry, _COMPILER.compiled, _COMPILER.inlined
