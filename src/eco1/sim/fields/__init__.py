"""Names of the rows of the arrays: ``col`` of the animals' tables, ``trait`` of a species', ``layer`` of the maps'.

One array per kind of number keeps the kernels' argument lists short, which is what compiling and calling them costs;
each field still lies in memory by itself (structure of arrays).
"""

import numpy as np
from numpy.typing import NDArray

B8 = NDArray[np.bool_]
F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I8 = NDArray[np.int8]
I16 = NDArray[np.int16]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]

__all__ = ["B8", "F32", "F64", "I8", "I16", "I32", "I64"]
