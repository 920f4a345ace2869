"""A living world in the browser."""

import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from eco1.core.extras import require
from eco1.core.protocols import Brain
from eco1.studio.first_look import first_look
from eco1.studio.living import IMAGINED_S, Habitat, Insight, LivingWorld
from eco1.studio.looks import look_of
from eco1.studio.picking import nearest_on_ray
from eco1.studio.play_land import PlayLand
from eco1.studio.play_panel import BUILT_IN, MODEL, PlayPanel
from eco1.studio.play_scene import PlayScene
from eco1.studio.port import check_port
from eco1.studio.scene import Cast, Moment
from eco1.studio.season import season_of
from eco1.studio.terrain import build_terrain

_FRAME_S = 1 / 20
_PANEL_S = 0.25
_MOST_STEPS = 10  # per frame: a slow computer shows a slow world rather than none
_TRACK_SHOWN_S = 10.0
_VIOLET, _ORANGE = (155, 93, 229), (242, 140, 40)


class Player:
    """A viser server that shows a living world. ``start`` returns at once; ``stop`` ends it.

    Args:
        world: what is shown.
        seed: of the drawn land around the world and its plants.
        port: where to serve; 0 takes any free one.
        host: address to serve on.

    Raises:
        Eco1Error: when the port is in use.
        MissingExtraError: without viser.
    """

    def __init__(self, world: LivingWorld, *, seed: int = 0, port: int = 8080, host: str = "127.0.0.1") -> None:
        viser = require("viser", "The live viewer")
        check_port(host, port)
        self.world = world
        names = world.simulator.species_names
        biome = world.simulator.biome
        look, season = look_of(world.landscape, biome), season_of(biome, seed, world.age_s)
        terrain = build_terrain(world.landscape, seed, look=look, season=season)
        self._cast = Cast(names, world.simulator.behavior_names, terrain)
        self._heights = np.array([body.height_m for body in self._cast.bodies])
        self._terrain = terrain
        self._server = viser.ViserServer(host=host, port=port, label="Eco-1", verbose=False)
        self.port = int(self._server.get_port())
        self._server.gui.configure_theme(
            dark_mode=True, show_logo=False, show_share_button=False, brand_color=(224, 122, 63)
        )
        self._panel = PlayPanel(
            self._server, self._residents(), has_model=world.has_brain, driven=world.driven, on_driver=self._set_driver
        )
        self._server.scene.set_up_direction("+z")
        self._server.scene.configure_environment_map(None)
        self._server.scene.configure_default_lights(False)
        self._seed = seed
        self._land = PlayLand(self._server, world.landscape, terrain, look, season, self._aim_first_camera(), seed)
        self._scene = PlayScene(self._server, terrain, self._cast)
        if self._land.has_crowns:
            self._panel.offer_crowns(self._land.show_crowns)
        self.selected: int | None = None
        self.moment: Moment | None = None
        self._identity = -1
        self._imagined: np.ndarray | None = None
        self._imagined_at_s = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="eco1-play", daemon=True)
        self._server.scene.on_click()(self._clicked)
        self.error: BaseException | None = None

    def start(self) -> None:
        """Let the world run in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """End the world and the server."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)
        self._server.stop()

    def wait(self) -> None:
        """Return when the world has ended.

        Raises:
            Eco1Error: what ended it, if something did.
        """
        while self._thread.is_alive():
            self._thread.join(timeout=0.5)
        if self.error is not None:
            raise self.error

    def select(self, row: int | None) -> None:
        """Open the panel of one animal; None closes it."""
        self.selected, self._imagined = row, None
        if row is None:
            self._panel.close()
            return
        self._identity = int(self.world.after.identity[row])
        self._panel.closed = False

    def _run(self) -> None:
        try:
            self._loop()
        except BaseException as error:
            self.error = error

    def _loop(self) -> None:
        last, owed, panel_due = time.monotonic(), 0.0, 0.0
        dt = self.world.simulator.dt_s
        while not self._stop.is_set():
            now = time.monotonic()
            passed = 0.0 if self._panel.paused else min(now - last, 0.25) * self._panel.speed
            last, owed = now, owed + passed
            steps = min(int(owed / dt), _MOST_STEPS)
            for _ in range(steps):
                self.world.step()
            owed = min(owed - steps * dt, dt)
            self._show(owed / dt, passed)
            if now >= panel_due:
                self._update_panel()
                panel_due = now + _PANEL_S
            self._stop.wait(max(0.0, _FRAME_S - (time.monotonic() - now)))

    def _show(self, share: float, passed_s: float) -> None:
        world, previous = self.world, self.moment
        moment = self._cast.moment(world.before, world.after, share, world.time_s + share * world.simulator.dt_s)
        self._cast.advance(moment, passed_s)
        with self._server.atomic():
            self._scene.show(moment)
            self._land.light(world.daylight)
            self._land.season(season_of(world.simulator.biome, self._seed, world.age_s))
        self.moment = moment
        if previous is not None and self.selected is not None and self._panel.following:
            self._move_cameras(moment.position_m[self.selected] - previous.position_m[self.selected])

    def _update_panel(self) -> None:
        world = self.world
        self._panel.show_clock(world.time_s, world.daylight, int(world.after.alive.sum()))
        row = self.selected
        if row is not None and (self._panel.closed or int(world.after.identity[row]) != self._identity):
            self.select(None)
            self._draw_path("imagined", None, _VIOLET)
            self._draw_path("happened", None, _ORANGE)
            return
        if row is None:
            return
        seen, names = world.after, world.simulator.species_names
        species = names[int(seen.species[row])]
        behavior = int(seen.behavior[row])
        experts = world.experts_of(row)
        named = None if experts is None or world.insight is None else (world.insight.expert_names, experts)
        self._refresh_paths(row)
        self._panel.show_animal(
            species,
            world.simulator.behavior_names[behavior] if seen.alive[row] and behavior >= 0 else "dead",
            float(np.linalg.norm(seen.velocity_mps[row])),
            world.drives_of(row),
            named,
            driver=MODEL if species in world.driven else BUILT_IN,
            imagined=self._imagined is not None,
        )

    def _refresh_paths(self, row: int) -> None:
        """Imagine anew every three seconds; until then draw what really happens beside it."""
        world = self.world
        if self._imagined is None or world.time_s - self._imagined_at_s >= IMAGINED_S:
            self._imagined, self._imagined_at_s = world.imagined_path(row), world.time_s
        since = world.time_s - self._imagined_at_s if self._imagined is not None else _TRACK_SHOWN_S
        self._draw_path("imagined", self._imagined, _VIOLET)
        self._draw_path("happened", world.track(row, since) if since > 0 else None, _ORANGE)

    def _draw_path(self, name: str, path_m: np.ndarray | None, color: tuple[int, int, int]) -> None:
        scene = self._server.scene
        if path_m is None or len(path_m) < 2:
            scene.remove_by_name(f"/paths/{name}")
            return
        points = path_m.copy()
        points[:, 2] = np.maximum(points[:, 2], self._terrain.height_at(points[:, :2])) + 0.35
        segments = np.stack([points[:-1], points[1:]], 1).astype(np.float32)
        scene.add_line_segments(f"/paths/{name}", segments, color, thickness=0.12, thickness_units="world")

    def _clicked(self, event: Any) -> None:
        moment = self.moment
        if moment is None:
            return
        tall = self._heights[moment.species] * moment.scale
        center = moment.position_m + np.stack([0 * tall, 0 * tall, 0.6 * tall], 1)
        row = nearest_on_ray(
            np.array(event.ray_origin, float),
            np.array(event.ray_direction, float),
            center,
            0.75 * tall + 0.1,
            moment.shown,
        )
        if row is not None:
            self.select(row)

    def _set_driver(self, species: str, by_model: bool) -> None:
        (self.world.driven.add if by_model else self.world.driven.discard)(species)

    def _residents(self) -> list[str]:
        present = np.unique(self.world.after.species[self.world.after.alive])
        return [self.world.simulator.species_names[k] for k in present]

    def _aim_first_camera(self) -> np.ndarray:
        """Put the browser's camera where there is most to see; return the middle of what it sees (2,)."""
        look = first_look(self.world.after, self._heights, self.world.landscape, self._terrain)
        camera = self._server.initial_camera
        camera.position, camera.look_at = tuple(look.eye_m.tolist()), tuple(look.target_m.tolist())
        camera.fov, camera.near, camera.far = 0.75, 0.05, 6000.0
        return look.target_m[:2]

    def _move_cameras(self, by_m: np.ndarray) -> None:
        for client in self._server.get_clients().values():
            with client.atomic():
                client.camera.position = client.camera.position + by_m
                client.camera.look_at = client.camera.look_at + by_m


def play(
    simulator: Habitat,
    brain: Brain[Any] | None = None,
    insight: Insight | None = None,
    *,
    seed: int = 0,
    port: int = 8080,
    host: str = "127.0.0.1",
    burn_in_s: float = 30.0,
    on_ready: Callable[[str], None] = print,
) -> None:
    """Show a world in the browser until interrupted.

    Args:
        simulator: one world (W = 1).
        brain: a model's brain; without one all animals follow their built-in drives.
        insight: what the model can say about itself.
        seed: of the world.
        port: where to serve.
        host: address to serve on.
        burn_in_s: simulated seconds before the first look.
        on_ready: called with a line that says where it is, once it is up.

    Raises:
        Eco1Error: when the port is in use.
        MissingExtraError: without viser.
    """
    check_port(host, port)
    player = Player(
        LivingWorld(simulator, brain, insight, seed=seed, burn_in_s=burn_in_s), seed=seed, port=port, host=host
    )
    player.start()
    address = f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0') else host}:{player.port}"
    on_ready(f"Open {address} in a browser. Ctrl+C ends it.")
    try:
        player.wait()
    except KeyboardInterrupt:
        pass
    finally:
        player.stop()
