"""A living world as a scene of the viser browser viewer: land, water, plants, light and animals that move."""

import io
from dataclasses import dataclass
from typing import Any

import numpy as np

from eco1.core.extras import require
from eco1.core.random import generator
from eco1.core.records import Landscape
from eco1.sensors.bodies.frames import Placement
from eco1.sensors.bodies.skeleton import PARTS
from eco1.studio import flora
from eco1.studio.colors import srgb_bytes
from eco1.studio.glb import to_glb
from eco1.studio.light import Light, light_for
from eco1.studio.meshes import Mesh, make_mesh
from eco1.studio.noise import tiling_noise
from eco1.studio.scene import Cast, Moment
from eco1.studio.terrain import Terrain

_SPARE_ROWS = 8  # room for births before a species' batch must grow
_LIGHT_STEP = 0.02
_DOME_M = 2600.0
_HILLS_M = 1600.0
_TUFTS, _LUSH_M = 5000, 26.0


@dataclass
class _Batch:
    """All copies of one part of one species. ``parts`` are the skeleton parts that share the mesh."""

    species: int
    parts: tuple[int, ...]
    glb: bytes
    name: str
    handle: Any = None
    rows: int = 0


class PlayScene:
    """Puts a world's land into a viser server and moves its animals."""

    def __init__(
        self, server: Any, landscape: Landscape, terrain: Terrain, cast: Cast, middle_m: np.ndarray, seed: int
    ) -> None:
        self._server, self._cast, self._terrain = server, cast, terrain
        self._daylight = -1.0
        self._lengths = np.array([body.length_m for body in cast.bodies])
        server.scene.set_up_direction("+z")
        server.scene.configure_environment_map(None)
        server.scene.configure_default_lights(False)
        self._sun = server.scene.add_light_directional("/light/sun", cast_shadow=False)
        self._sky = server.scene.add_light_hemisphere("/light/sky")
        self._add_land(landscape, middle_m, seed)
        self._shade = None
        self._batches = [batch for s in range(len(cast.bodies)) for batch in _batches_of(cast, s)]

    def show(self, moment: Moment) -> None:
        """Move every animal to where it is now."""
        placed = self._cast.place(moment)
        for batch in self._batches:
            rows = np.flatnonzero((moment.species == batch.species) & moment.shown)
            self._show_batch(batch, placed, rows)
        self._show_shade(moment)

    def light(self, daylight: float) -> None:
        """Set sun, sky light and the dome of the sky, if the light has changed enough to be seen."""
        if abs(daylight - self._daylight) < _LIGHT_STEP:
            return
        self._daylight = daylight
        light = light_for(daylight)
        self._sun.color, self._sun.intensity = _color_and_strength(light.sun_rgb, 1.25)
        self._sun.position = tuple((light.sun * 400).tolist())
        self._sky.sky_color, self._sky.intensity = _color_and_strength(light.sky_rgb, 2.6)
        self._sky.ground_color = _color_and_strength(light.bounce_rgb, 1.0)[0]
        self._server.scene.add_glb("/sky", glb_data=to_glb(_dome(light), unlit=True, two_sided=True))

    def _add_land(self, landscape: Landscape, middle_m: np.ndarray, seed: int) -> None:
        scene = self._server.scene
        scene.add_glb("/land/ground", glb_data=_ground(self._terrain, seed), receive_shadow=False)
        water = _water(self._terrain)
        if water is not None:
            scene.add_mesh_simple(
                "/land/water", water.vertices_m, water.faces, color=(86, 120, 138), opacity=0.82, side="double",
                cast_shadow=False, receive_shadow=False,
            )  # fmt: skip
        meshes = [flora.acacia(k) for k in range(3)] + [flora.shrub(k) for k in range(3)] + [flora.mound()]
        standing = flora.standing(landscape, self._terrain, 0, 3, 6, seed)
        for kind, mesh in enumerate(meshes):
            rows = np.flatnonzero(standing.mesh == kind)
            if len(rows):
                scene.add_batched_glb(
                    f"/land/plants/{kind}", to_glb(mesh, two_sided=True), quaternions(standing.rotation[rows]),
                    standing.position_m[rows], batched_scales=standing.scale[rows], lod="off", cast_shadow=False,
                    receive_shadow=False,
                )  # fmt: skip
        self._add_grass(landscape, middle_m, seed)

    def _add_grass(self, landscape: Landscape, middle_m: np.ndarray, seed: int) -> None:
        """Tufts all over the land, and as many again where the first look falls."""
        rng = generator(seed, 15)
        everywhere = rng.uniform(0, landscape.size_m, (_TUFTS, 2))
        xy = np.concatenate([everywhere, middle_m + rng.normal(0, _LUSH_M, (_TUFTS, 2))])
        xy = np.clip(xy, 0, landscape.size_m * 0.9999)
        at = (xy / landscape.size_m * len(landscape.vegetation)).astype(int)
        plants = landscape.vegetation[at[:, 1], at[:, 0]]
        xy = xy[plants > rng.uniform(0.05, 0.8, len(xy))]
        position = np.column_stack([xy, self._terrain.height_at(xy)]).astype(np.float32)
        turn = rng.uniform(0, np.pi, len(xy))
        wxyz = np.column_stack([np.cos(turn), np.zeros((len(xy), 2)), np.sin(turn)]).astype(np.float32)
        self._server.scene.add_batched_glb(
            "/land/grass", to_glb(flora.grass_tuft(1, blades=5), two_sided=True), wxyz, position,
            batched_scales=rng.uniform(0.25, 0.6, len(xy)).astype(np.float32), lod="off", cast_shadow=False,
            receive_shadow=False,
        )  # fmt: skip

    def _show_shade(self, moment: Moment) -> None:
        """A soft dark disc under each animal: cheap, and it sets the animal on the ground."""
        position = moment.position_m.astype(np.float32)
        position[:, 2] = self._terrain.height_at(position[:, :2]) + 0.04
        turn = moment.heading_rad / 2
        wxyz = np.stack([np.cos(turn), 0 * turn, 0 * turn, np.sin(turn)], 1).astype(np.float32)
        long = self._lengths[moment.species] * moment.scale * moment.shown
        scale = np.stack([0.48 * long, 0.26 * long, np.ones_like(long)], 1).astype(np.float32) + 1e-4
        if self._shade is None or len(self._shade.batched_positions) != len(position):
            around = np.linspace(0, 2 * np.pi, 15)[:-1]
            rim = np.stack([np.cos(around), np.sin(around), 0 * around], 1)
            faces = np.array([(14, k, (k + 1) % 14) for k in range(14)])
            self._shade = self._server.scene.add_batched_meshes_simple(
                "/animals/shade", np.concatenate([rim, np.zeros((1, 3))]), faces, wxyz, position, batched_scales=scale,
                batched_colors=(25, 18, 10), opacity=0.38, lod="off", side="double", cast_shadow=False,
                receive_shadow=False,
            )  # fmt: skip
            return
        self._shade.batched_positions, self._shade.batched_wxyzs, self._shade.batched_scales = position, wxyz, scale

    def _show_batch(self, batch: _Batch, placed: Placement, rows: np.ndarray) -> None:
        if len(rows) > batch.rows or batch.handle is None:
            if len(rows) == 0:
                return
            batch.rows = len(rows) + _SPARE_ROWS
        count = batch.rows * len(batch.parts)
        position, scale = np.zeros((count, 3), np.float32), np.full(count, 1e-4, np.float32)
        wxyz = np.zeros((count, 4), np.float32)
        wxyz[:, 0] = 1
        for k, part in enumerate(batch.parts):
            span = slice(k * batch.rows, k * batch.rows + len(rows))
            position[span] = placed.position_m[rows, part]
            wxyz[span] = quaternions(placed.rotation[rows, part])
            scale[span] = np.maximum(placed.scale[rows, part], 1e-4)
        if batch.handle is None or len(batch.handle.batched_positions) != count:
            batch.handle = self._server.scene.add_batched_glb(
                batch.name,
                batch.glb,
                wxyz,
                position,
                batched_scales=scale,
                lod="off",
                cast_shadow=False,
                receive_shadow=False,
            )
            return
        batch.handle.batched_positions, batch.handle.batched_wxyzs = position, wxyz
        if not np.array_equal(batch.handle.batched_scales, scale):
            batch.handle.batched_scales = scale


def quaternions(rotation: np.ndarray) -> np.ndarray:
    """Return unit quaternions (N, 4), w first, of rotation matrices (N, 3, 3).

    Shepperd (1978), DOI 10.2514/3.55767b: the largest of the four squares is taken, so that nothing is divided by zero.
    """
    m = rotation.astype(np.float64)
    trace = m[:, 0, 0] + m[:, 1, 1] + m[:, 2, 2]
    squares = np.stack([trace, 2 * m[:, 0, 0] - trace, 2 * m[:, 1, 1] - trace, 2 * m[:, 2, 2] - trace], 1) + 1
    rows = np.arange(len(m))
    best = squares.argmax(1)
    full = np.empty((len(m), 4, 4))
    full[:, range(4), range(4)] = squares
    for i, j, k in ((1, 2, 3), (2, 3, 1), (3, 1, 2)):
        full[:, 0, i] = full[:, i, 0] = m[:, k - 1, j - 1] - m[:, j - 1, k - 1]
        full[:, j, k] = full[:, k, j] = m[:, k - 1, j - 1] + m[:, j - 1, k - 1]
    chosen = full[rows, best]
    return (chosen / np.linalg.norm(chosen, axis=1, keepdims=True)).astype(np.float32)


def _batches_of(cast: Cast, species: int) -> list[_Batch]:
    """Left and right legs are alike, so they share a mesh."""
    body = cast.bodies[species]
    batches: list[_Batch] = []
    for part, name in enumerate(PARTS):
        if name not in body.meshes or name.startswith(("right_fore", "right_hind")):
            continue
        twin = name.replace("left_", "right_")
        parts = (part, PARTS.index(twin)) if "fore" in name or "hind" in name else (part,)
        batches.append(
            _Batch(species=species, parts=parts, glb=to_glb(body.meshes[name]), name=f"/animals/{body.species}/{name}")
        )
    return batches


def _color_and_strength(rgb: np.ndarray, gain: float) -> tuple[tuple[int, int, int], float]:
    top = float(rgb.max())
    red, green, blue = srgb_bytes((rgb / top)[None].astype(np.float32))[0].tolist()
    return (red, green, blue), top * gain


def _ground(terrain: Terrain, seed: int) -> bytes:
    """The land as a textured mesh; beyond its border the picture goes on in mirror."""
    reach = np.abs(terrain.xs_m - terrain.size_m / 2) < terrain.size_m / 2 + _HILLS_M
    mesh = _grid(terrain.xs_m[reach], terrain.height_m[np.ix_(reach, reach)])
    side = 2 * len(terrain.albedo)
    grain = np.tile(tiling_noise(side // 4, seed + 1, octaves=5, first=32), (4, 4))[..., None]
    colors = np.repeat(np.repeat(terrain.albedo, 2, 0), 2, 1) * (0.72 + 0.56 * grain)
    buffer = io.BytesIO()
    require("PIL.Image", "The live viewer").fromarray(srgb_bytes(colors.astype(np.float32))).save(
        buffer, "JPEG", quality=82
    )
    span = terrain.cell_m * len(terrain.albedo)
    return to_glb(mesh, picture=(buffer.getvalue(), (mesh.vertices_m[:, :2] - terrain.origin_m) / span))


def _water(terrain: Terrain) -> Mesh | None:
    if not terrain.wet.any():
        return None
    mesh = _grid(terrain.water_xs_m, terrain.water_level_m)
    keep = np.repeat(terrain.wet.reshape(-1), 2)
    return Mesh(vertices_m=mesh.vertices_m, normals=mesh.normals, faces=mesh.faces[keep], colors=mesh.colors[keep])


def _grid(xs: np.ndarray, height: np.ndarray) -> Mesh:
    count = len(xs)
    x, y = np.meshgrid(xs, xs)
    corner = (np.arange(count - 1)[:, None] * count + np.arange(count - 1)[None]).reshape(-1)
    faces = np.stack([corner, corner + 1, corner + count, corner + 1, corner + count + 1, corner + count], 1)
    return make_mesh(np.stack([x, y, height], -1).reshape(-1, 3), faces.reshape(-1, 3))


def _dome(light: Light) -> Mesh:
    """The sky as an unlit ball around the world, hazy at the horizon."""
    rows, columns = 28, 64
    up = np.concatenate([[-0.3], np.linspace(0.0, 1.0, rows - 1) ** 1.6]) * np.pi / 2
    around = np.arange(columns) * 2 * np.pi / columns
    ring = [
        np.stack([np.cos(around) * np.cos(u), np.sin(around) * np.cos(u), np.full(columns, np.sin(u))], 1) for u in up
    ]
    first = (np.arange(rows - 1)[:, None] * columns + np.arange(columns)[None]).reshape(-1)
    following = (np.arange(rows - 1)[:, None] * columns + (np.arange(columns)[None] + 1) % columns).reshape(-1)
    faces = np.concatenate(
        [
            np.stack([first, following, first + columns], 1),
            np.stack([following, following + columns, first + columns], 1),
        ]
    )
    mesh = make_mesh(np.concatenate(ring) * _DOME_M, faces)
    height = mesh.vertices_m[mesh.faces].mean(1) / _DOME_M
    fade = np.exp(-np.clip(height[:, 2:], 0, 1) * 5)
    glow = np.exp((height @ light.sun - 1) * 8)[:, None] * light.sun_rgb * 0.16
    colors = np.clip(light.zenith_rgb * (1 - fade) + light.haze_rgb * fade + glow, 0, 1)
    return Mesh(vertices_m=mesh.vertices_m, normals=mesh.normals, faces=mesh.faces, colors=colors.astype(np.float32))
