"""How the kernels of the microphone are compiled, and the kinds of arrays they take."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eco1.core.compiling import Compiler

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I8 = NDArray[np.int8]
I64 = NDArray[np.int64]

# No fast mathematics: filters that feed back must round alike however a recording is cut into steps.
_HERE = Path(__file__).parent
_COMPILER = Compiler("microphone", _HERE, _HERE.parent / "bodies")
entry, compiled, inlined = _COMPILER.entry, _COMPILER.compiled, _COMPILER.inlined
