"""What a machine does for the ecosystem, and which machines there are."""

from typing import Any, Protocol

import numpy as np

from eco1.core.gpu import is_gpu
from eco1.core.records import SURROUNDINGS
from eco1.sim.fields import F32, I32
from eco1.sim.ground import Conditions
from eco1.sim.kernels.look import View
from eco1.sim.kernels.orders import Orders
from eco1.sim.state import EcosystemState


class Machine(Protocol):
    """Computes batches of worlds, whose tables stay in its own memory from one step to the next."""

    def populate(self, state: EcosystemState, now: Conditions) -> None:
        """Take over new, empty worlds and fill them with their first animals."""
        ...

    def tell(self, state: EcosystemState, orders: Orders | None) -> None:
        """Hand animals their orders; None lets all of them go."""
        ...

    def step(self, state: EcosystemState, now: Conditions) -> None:
        """Advance all worlds by one step; this may still be under way on return."""
        ...

    def look(self, state: EcosystemState, now: Conditions) -> View:
        """Return what can be seen now, (W, N) arrays of the host's that are the caller's to keep."""
        ...

    def fetch(self, table: Any) -> Any:
        """Return one table of a state as an array of the host's, once all steps are done; it is not to be written."""
        ...


def machine_for(device: str, *, traits: F32, shares: I32, threads: int) -> Machine:
    """Return the machine of that name.

    Args:
        device: ``cpu`` or ``cuda``.
        traits: the table of species.
        shares: how many animals of each species a world begins with.
        threads: of the CPU.

    Raises:
        UnknownNameError: there is no such device.
        MissingExtraError: the device needs a package that is not installed.
        ConfigError: there is no GPU, or its driver or toolkit is missing.
    """
    if is_gpu(device, "The simulator on device 'cuda'"):
        from eco1.sim.machines.gpu import Gpu

        return Gpu(traits, shares)
    from eco1.sim.machines.cpu import Cpu

    return Cpu(traits, shares, threads)


def blank_view(worlds: int, rows: int) -> View:
    """Return the arrays of a view of (W, N), all zero."""
    shape = (worlds, rows)
    return View(
        position=np.zeros((*shape, 3), np.float32),
        velocity=np.zeros((*shape, 3), np.float32),
        heading=np.zeros(shape, np.float32),
        behavior=np.zeros(shape, np.int16),
        body_length=np.zeros(shape, np.float32),
        surroundings=np.zeros((*shape, len(SURROUNDINGS)), np.float32),
        alive=np.zeros(shape, np.bool_),
        carcass=np.zeros(shape, np.bool_),
        identity=np.zeros(shape, np.int64),
        species=np.zeros(shape, np.int16),
    )
