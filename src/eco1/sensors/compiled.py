"""How the kernels of the sensors are compiled."""

from pathlib import Path

from eco1.core.compiling import Compiler

# Pictures need no exact order of additions; infinities (the depth of the sky) and NaN keep their meaning.
_COMPILER = Compiler("sensors", Path(__file__).parent, fastmath={"contract", "reassoc", "arcp", "nsz"})
entry, compiled, inlined = _COMPILER.entry, _COMPILER.compiled, _COMPILER.inlined
