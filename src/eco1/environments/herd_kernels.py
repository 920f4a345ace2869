"""Many controlled animals of one world at a time: what they are told and what they perceive."""

from eco1.environments.compiled import entry
from eco1.environments.orders import tell
from eco1.environments.rewards import gut_of
from eco1.environments.view import VIEW, view
from eco1.sim.fields import F32, I32, col
from eco1.sim.ground import Conditions, Ground


@entry
def tell_rows(
    f: F32, k: I32, t: F32, g: Ground, c: Conditions, rows: I32, menus: I32, sizes: I32, actions: F32, discrete: bool
):  # fmt: skip
    """Write the orders of ``rows``; ``menus`` (S, B) holds ``sizes`` (S) behaviours of each species."""
    for n in range(rows.shape[0]):
        s = k[col.SPECIES, rows[n]]
        tell(f, k, t, g, c, rows[n], menus[s, : sizes[s]], actions[n], discrete)


@entry
def view_rows(
    out: F32, stores: F32, f: F32, k: I32, t: F32, veg: F32, g: Ground, c: Conditions, rows: I32, menus: I32,
    sizes: I32, past: F32, near: I32, around: F32, dt: float,
):  # fmt: skip
    """Write the view of each of ``rows``, then what it does; and its energy in full guts."""
    for n in range(rows.shape[0]):
        i = rows[n]
        s = k[col.SPECIES, i]
        view(out[n], f, k, t, veg, g, c, i, past[i], near, around, dt)
        for entry_ in range(sizes[s]):
            out[n, VIEW + entry_] = k[col.BEHAVIOR, i] == menus[s, entry_]
        stores[n] = f[col.ENERGY, i] / gut_of(f, t, c, i, s)
