"""A kernel is kept under a name that changes with everything it may call."""

import numpy as np

from eco1.core.compiling import Compiler, source_digest


def room_with(tmp_path, text):
    (tmp_path / "inner").mkdir(exist_ok=True)
    (tmp_path / "inner" / "law.py").write_text(text)
    return tmp_path


def test_a_change_anywhere_in_the_room_changes_the_name(tmp_path):
    first = source_digest(room_with(tmp_path, "a = 1"))
    assert source_digest(room_with(tmp_path, "a = 1")) == first
    assert source_digest(room_with(tmp_path, "a = 2")) != first


def test_compiled_functions_call_each_other_and_divide_as_numpy_does(tmp_path):
    compiler = Compiler("test", room_with(tmp_path, ""))

    @compiler.inlined
    def share(part, whole):
        return part / whole

    @compiler.compiled
    def shares(parts, whole, out):
        for i in range(len(parts)):
            out[i] = share(parts[i], whole)

    out = np.zeros(2)
    shares(np.array([1.0, 2.0]), 0.0, out)
    assert np.isinf(out).all()
