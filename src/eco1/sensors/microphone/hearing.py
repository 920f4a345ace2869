"""All sources of a scene at two ears: which of them are loud enough, what each gives off, and how it arrives."""

import math
from typing import NamedTuple

from eco1.sensors.microphone.calls import CALLS, NEVER, PRESSURE
from eco1.sensors.microphone.compiled import F32, F64, compiled, entry, inlined
from eco1.sensors.microphone.memory import AIR, GATE, LAST, LEFT_OVER, STROKE_AT, TAIL, Memory
from eco1.sensors.microphone.paths import TAPS, Medium, arrive, left_at, plan, pole_at
from eco1.sensors.microphone.rows import Rows
from eco1.sensors.microphone.species import SpeciesTable
from eco1.sensors.microphone.strokes import NOISE_PA, PER_SECOND, TONE_PA, stroke
from eco1.sensors.microphone.voice_kernels import RELEASE, utter

_FADE = 80  # samples within which a source that is let through or left out comes and goes
_CREST = 2.0  # peaks of a call over its rms: what is left out is left out for its peaks
_AFTERGLOW = 0.94  # share that is left, a sample later, of a sound that was cut off


class Scratch(NamedTuple):
    """Room to work in for one step; what it holds before and after means nothing."""

    dry: F32  # (room,) samples of one source
    left: F64  # (2, edges) when sound left its source
    gain: F64  # (2, edges)
    alpha: F64  # (2, edges)
    level: F64  # (N,) Pa at the ears


@compiled
def _levels(w: Scratch, m: Memory, r: Rows, ear_to: F64, start: int, count: int, medium: Medium):
    """Fill in how loud each row would be at the middle of the ears, Pa; 0 where nothing sounds."""
    x, y, z = (
        0.5 * (ear_to[0, 0] + ear_to[1, 0]),
        0.5 * (ear_to[0, 1] + ear_to[1, 1]),
        0.5 * (ear_to[0, 2] + ear_to[1, 2]),
    )
    for i in range(len(m.identity)):
        w.level[i] = 0.0
        strokes = max(r.strokes[i, NOISE_PA], r.strokes[i, TONE_PA]) if r.strokes[i, PER_SECOND] > 0.0 else 0.0
        uttering = False
        for k in range(CALLS):
            uttering |= m.onset[i, k] != NEVER
        if m.identity[i] < 0 or (strokes == 0.0 and not uttering):
            continue
        left, dx, dy, dz = left_at(m.frame_sample, m.frame_m, i, x, y, z, float(start + count), medium.speed_mps)
        pressure = strokes
        for k in range(CALLS):
            if (
                m.onset[i, k] != NEVER
                and m.onset[i, k] < left + 2 * TAPS
                and m.stop[i, k] + RELEASE > left - 1.5 * count
            ):
                pressure = max(pressure, _CREST * m.calls[i, k, PRESSURE])
        distance = math.sqrt(dx * dx + dy * dy + dz * dz)
        w.level[i] = pressure * r.passes[i] / max(distance, r.nearest_m[i])


@compiled
def _keep_loudest(w: Scratch, floor_pa: float, most: int):
    """Silence all rows below the floor and all but the ``most`` loudest."""
    for i in range(len(w.level)):
        if w.level[i] < floor_pa:
            w.level[i] = 0.0
    over = -most
    for i in range(len(w.level)):
        over += w.level[i] > 0.0
    for _ in range(over):
        faintest = -1
        for i in range(len(w.level)):
            if w.level[i] > 0.0 and (faintest < 0 or w.level[i] < w.level[faintest]):
                faintest = i
        w.level[faintest] = 0.0


@compiled
def _make(w: Scratch, m: Memory, r: Rows, t: SpeciesTable, i: int, last: int, wanted: bool, pole: float):
    """Make the samples of row i up to ``last``, in its own time, behind the tail of those made before."""
    first, state = m.made[i], m.source[i]
    s: int = r.species[i]
    for n in range(TAIL):
        w.dry[n] = m.tail[i, n]
    w.dry[TAIL : TAIL + last - first] = 0.0
    for k in range(CALLS):
        if m.onset[i, k] != NEVER:
            utter(
                w.dry, TAIL, first, last, m.onset[i, k], m.stop[i, k], m.calls[i, k], t.kind[s],
                m.identity[i], state,
            )  # fmt: skip
    if r.strokes[i, PER_SECOND] > 0.0:
        stroke(w.dry, TAIL, first, last, r.strokes[i], m.identity[i], state[STROKE_AT:GATE])
    gate, low, lower = state[GATE], state[AIR], state[AIR + 1]
    for n in range(TAIL, TAIL + last - first):
        gate = min(1.0, gate + 1.0 / _FADE) if wanted else max(0.0, gate - 1.0 / _FADE)
        low = pole * low + (1.0 - pole) * gate * w.dry[n]
        lower = pole * lower + (1.0 - pole) * low
        w.dry[n] = lower
    state[GATE], state[AIR], state[AIR + 1] = gate, low, lower
    for n in range(TAIL):
        m.tail[i, n] = w.dry[last - first + n]
    m.made[i] = last


@inlined
def _span(left: F64, edges: int):
    """Return the first and last sample of a source that are needed to hear it."""
    least, most = left[0, 0], left[0, 0]
    for e in range(2):
        for k in range(edges):
            least, most = min(least, left[e, k]), max(most, left[e, k])
    return math.floor(least) - TAPS, math.floor(most) + TAPS


@compiled
def _forget(m: Memory, i: int, moment: int):
    """Let row i begin to sound at a moment of its own time, as if it had been silent before."""
    m.source[i] = 0.0
    m.tail[i] = 0.0
    m.shadow[i] = 0.0
    m.made[i] = moment


@entry
def hear(
    out: F64, w: Scratch, m: Memory, r: Rows, t: SpeciesTable, medium: Medium, weights: F32, ear_from: F64,
    ear_to: F64, start: int, floor_pa: float, most: int, cut: bool,
):  # fmt: skip
    """Add to ``out`` (2, S) what the animals sound like, Pa, from the sample ``start`` on; the memory is changed.

    ``cut`` says that the ears have jumped: all sources fade in anew, and what was heard before fades away.
    """
    count = out.shape[1]
    _levels(w, m, r, ear_to, start, count, medium)
    _keep_loudest(w, floor_pa, most)
    for i in range(len(m.made)):
        wanted = w.level[i] > 0.0
        if cut or (not wanted and m.source[i, GATE] == 0.0):
            m.made[i] = NEVER
        if m.made[i] == NEVER and not wanted:
            continue
        edges = plan(
            w.left, w.gain, w.alpha, m.frame_sample, m.frame_m, i, ear_from, ear_to, start, count, r.nearest_m[i],
            medium,
        )  # fmt: skip
        earliest, last = _span(w.left, edges)
        if m.made[i] == NEVER or earliest < m.made[i] - TAIL or last - m.made[i] > len(w.dry) - TAIL:
            _forget(m, i, earliest)
        last = max(last, m.made[i])
        first = m.made[i] - TAIL
        _make(w, m, r, t, i, last, wanted, pole_at(medium, 1.0 / w.gain[0, edges - 1]))
        arrive(out, w.dry, first, w.left, w.gain, w.alpha, m.shadow[i], medium, weights, r.passes[i])
    for e in range(2):
        if cut:
            m.listener[LEFT_OVER + e] = m.listener[LAST + e]
        for j in range(count):
            m.listener[LEFT_OVER + e] *= _AFTERGLOW
            out[e, j] += m.listener[LEFT_OVER + e]
        m.listener[LAST + e] = out[e, count - 1]
