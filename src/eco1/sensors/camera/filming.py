"""One call from what is observed to what cameras see, step after step."""

from collections.abc import Callable

from eco1.core.records import Observation
from eco1.core.senses import Frames
from eco1.sensors.camera.render import render
from eco1.sensors.camera.views import Views
from eco1.sensors.scenery.bodies import Moments
from eco1.sensors.scenery.stage import Stage

#: Puts one camera into each world, given the moment and the cameras a step before (None at first).
Rig = Callable[[Moments, Views | None], Views]


class Filming:
    """A camera in each of W worlds. ``take`` every step; the flow is that since the step before.

    Args:
        stage: the worlds; it remembers how their animals move.
        rig: where the cameras stand, such as one of ``viewpoints``.
        width_px, height_px: size of the pictures.
        threads: CPU threads; None takes all cores.
    """

    def __init__(
        self, stage: Stage, rig: Rig, *, width_px: int = 64, height_px: int = 64, threads: int | None = None
    ) -> None:
        self._stage, self._rig = stage, rig
        self._size, self._threads = (width_px, height_px), threads
        self._moments: Moments | None = None
        self._views: Views | None = None

    def take(self, observation: Observation, *, ice: float = 0.0) -> Frames:
        """Return the pictures (W, H, W) of an observation (W, N).

        Args:
            observation: the animals, one step after those of the call before.
            ice: share of the sea that is frozen.

        Raises:
            ConfigError: the observation has other axes, or a camera stands in the ground.
        """
        return self.shoot(self._stage.look(observation, ice=ice))

    def shoot(self, moments: Moments) -> Frames:
        """Return the pictures (W, H, W) of moments that the stage has looked at for several instruments at once."""
        views = self._rig(moments, self._views)
        frames = render(
            self._stage.scenery, self._stage.troupe.shapes, moments, views, width_px=self._size[0],
            height_px=self._size[1], moments_before=self._moments, views_before=self._views, threads=self._threads,
        )  # fmt: skip
        self._moments, self._views = moments, views
        return frames
