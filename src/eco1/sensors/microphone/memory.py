"""What a microphone remembers between steps: all of it in arrays, so that a recording can go on from any point."""

from typing import Any, NamedTuple

import numpy as np

from eco1.sensors.microphone.ambience_kernels import CRACKLE_STATE, HISS_STATE
from eco1.sensors.microphone.calls import CALL_FIELDS, CALLS, NEVER
from eco1.sensors.microphone.compiled import F32, F64, I64
from eco1.sensors.microphone.strokes import STROKE_STATE
from eco1.sensors.microphone.voice_kernels import VOICE_STATE

#: Frames of the past that are remembered: sound that is on its way left its source where it was then.
FRAMES = 64
#: Samples of a source kept for the ear that hears it last.
TAIL = 256
#: ``source``: voice, strokes, then how loud the source is let through (0..1) and the two low-passes of the air.
STROKE_AT = VOICE_STATE
GATE = VOICE_STATE + STROKE_STATE
AIR = GATE + 1
SOURCE_STATE = AIR + 2
#: ``listener``: whether there is a past at all, the limiter's envelope, what is left of the last sound before a cut.
STARTED, ENVELOPE, LEFT_OVER, LAST = 0, 1, 2, 4
LISTENER_STATE = 6


class Memory(NamedTuple):
    """The memory of one microphone in a world of N rows. ``Microphone.step`` returns a new one."""

    frame_sample: I64  # (F,) when the remembered frames were, oldest first
    frame_m: F64  # (F, N, 3) where the animals' heads were
    identity: I64  # (N,) who was there; -1 nobody
    ear_m: F64  # (2, 3) where the ears were, left first
    onset: I64  # (N, K) calls, see ``calls``: first sample, NEVER: none
    stop: I64  # (N, K) sample after the last
    calls: F32  # (N, K, CALL_FIELDS)
    made: I64  # (N,) next sample of the source, in its own time; NEVER: not sounding
    source: F64  # (N, SOURCE_STATE)
    tail: F32  # (N, TAIL) last samples that were made
    shadow: F64  # (N, 2, 2) last sample before and after the shadow of the head, at each ear
    hiss: F64  # (layers, HISS_STATE)
    crackle: F64  # (layers, CRACKLE_STATE)
    loudness: F64  # (layers of all kinds,) Pa, of the ambience
    listener: F64  # (LISTENER_STATE,)

    def copy(self) -> "Memory":
        """Return a memory that shares nothing with this one."""
        arrays: list[Any] = [array.copy() for array in self]
        return Memory(*arrays)


def empty_memory(rows: int, hisses: int, crackles: int, singers: int) -> Memory:
    """Return the memory of a microphone that has heard nothing yet, for a world of ``rows`` rows."""
    return Memory(
        frame_sample=np.zeros(FRAMES, np.int64),
        frame_m=np.zeros((FRAMES, rows, 3)),
        identity=np.full(rows, -1, np.int64),
        ear_m=np.zeros((2, 3)),
        onset=np.full((rows, CALLS), NEVER, np.int64),
        stop=np.full((rows, CALLS), NEVER, np.int64),
        calls=np.ones((rows, CALLS, CALL_FIELDS), np.float32),
        made=np.full(rows, NEVER, np.int64),
        source=np.zeros((rows, SOURCE_STATE)),
        tail=np.zeros((rows, TAIL), np.float32),
        shadow=np.zeros((rows, 2, 2)),
        hiss=np.zeros((hisses, HISS_STATE)),
        crackle=np.zeros((crackles, CRACKLE_STATE)),
        loudness=np.zeros(hisses + crackles + singers),
        listener=np.zeros(LISTENER_STATE),
    )
