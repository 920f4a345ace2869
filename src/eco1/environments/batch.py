"""The tables of a batch of worlds: what holds for all, what the simulator keeps, what is written for the learner."""

from typing import NamedTuple

from eco1.environments.raster import U8
from eco1.sim.fields import F32, F64, I32, I64


class Rules(NamedTuple):
    """What holds for all worlds of a batch during all episodes."""

    kind: int  # of the task, see rewards
    me: int  # row of the animal that is looked after
    hold: int  # simulated steps per step of the environment
    longest: int  # steps of an episode
    same_step: bool  # whether a world begins anew in the step in which its episode ends, or in the next
    discrete: bool  # whether actions are choices
    hunger: float  # of the animal at the start, negative: whatever it happens to be
    hunters_hunger: float  # of those that hunt it
    apart: float  # of the side of the world, how far hunters begin from prey; negative: wherever they happen to be
    reach_m: float  # half the side of its picture
    side: int  # of the neighbour grid
    seed: int  # of the landscape
    dt: float  # s


class Worlds(NamedTuple):
    """The simulator's tables, see ``sim.state``, and the random stream that each world's next episode takes."""

    floats: F32
    integers: I32
    forage: F32
    marks: I32
    census: I64
    ledger: F64
    cells: I32
    streams: I64


class Desk(NamedTuple):
    """What is written for whoever trains, worlds first. Pictures have no worlds where nobody looks at any."""

    memo: F32  # (W, MEMO)
    past: F32  # (W, PAST)
    near: I32  # (W, NEIGHBOURS)
    around: F32  # (W, SURROUNDINGS)
    steps: I64  # (W) of the environment since the episode began
    over: I64  # (W) GOING, or how the episode ended
    reward: F64  # (W)
    state: F32  # (W, S)
    final_state: F32  # (W, S) the last one of an episode that ended in this step
    final_memo: F32
    picture: U8  # (W or 0, P, P, 3)
    final_picture: U8
