"""The land of the live viewer: ground, water, ice, sky and what stands there, as glTF for the browser."""

import io
from typing import Any

import numpy as np

from eco1.core.extras import require
from eco1.core.random import generator
from eco1.core.records import Landscape
from eco1.studio.bank import Instances
from eco1.studio.colors import srgb_bytes
from eco1.studio.glb import to_glb
from eco1.studio.light import Light, light_for
from eco1.studio.looks import Look
from eco1.studio.meshes import Mesh, make_mesh, merge
from eco1.studio.noise import tiling_noise
from eco1.studio.quaternions import quaternions
from eco1.studio.season import Season
from eco1.studio.stage import Props
from eco1.studio.stages import props_of, tufts_of
from eco1.studio.terrain import Terrain, in_season

_LIGHT_STEP, _SEASON_STEP, _NIGHT = 0.02, 0.08, 0.3
_DOME_M, _HILLS_M, _SURFACE_M = 2600.0, 1600.0, 400.0
_TUFTS, _LUSH_M = 5000, 26.0
_FOG_LEFT = 0.03  # of the light where fog has closed
_FOG_FROM_PER_M = 0.004  # thinner haze is left to the sky's colours
_TINTS, _FEW = 8, 40  # shades of one mesh, and how many copies share one
_LAMPLIGHT = (0.95, 0.70, 0.36)


class PlayLand:
    """Puts a landscape into a viser server and keeps its light and season."""

    def __init__(
        self, server: Any, landscape: Landscape, terrain: Terrain, look: Look, season: Season, middle_m: np.ndarray,
        seed: int,
    ) -> None:  # fmt: skip
        self._scene, self._landscape, self._terrain = server.scene, landscape, terrain
        self._look, self._season, self._seed, self._daylight = look, season, seed, -1.0
        self._lamps: list[Any] = []
        self.has_crowns = False
        self._sun = self._scene.add_light_directional("/light/sun", cast_shadow=False)
        self._sky = self._scene.add_light_hemisphere("/light/sky")
        self._crowns = self._scene.add_frame("/land/crowns", show_axes=False)
        self._add_ground()
        for number, props in enumerate(props_of(look.kind, landscape, terrain, seed, season)):
            if not props.close_up:
                self._add_props(number, props)
        self._add_grass(middle_m)

    def show_crowns(self, shown: bool) -> None:
        """Show or hide what stands in the way of looking into a forest."""
        self._crowns.visible = shown

    def light(self, daylight: float) -> None:
        """Set sun, sky light, fog and the dome of the sky, if the light has changed enough to be seen."""
        if abs(daylight - self._daylight) < _LIGHT_STEP:
            return
        self._daylight = daylight
        light = light_for(daylight, self._look.palette)
        self._sun.color, self._sun.intensity = color_and_strength(light.sun_rgb, 1.25)
        self._sun.position = tuple((light.sun * 400).tolist())
        self._sky.sky_color, self._sky.intensity = color_and_strength(light.sky_rgb, 2.6)
        self._sky.ground_color = color_and_strength(light.bounce_rgb, 1.0)[0]
        self._scene.add_glb("/sky", glb_data=to_glb(_dome(light), unlit=True, two_sided=True))
        haze = float(light.haze_per_m[1])
        if haze > _FOG_FROM_PER_M:
            far = -float(np.log(_FOG_LEFT)) / haze
            red, green, blue = srgb_bytes(light.haze_rgb[None])[0].tolist()
            self._scene.configure_fog(0.04 * far, far, color=(red, green, blue))
        for lamp in self._lamps:
            lamp.visible = daylight < _NIGHT

    def season(self, season: Season) -> None:
        """Paint snow and ice anew, if they have changed enough to be seen."""
        if max(abs(season.ice - self._season.ice), abs(season.snow - self._season.snow)) < _SEASON_STEP:
            return
        self._season = season
        self._terrain = in_season(self._terrain, self._landscape, self._look, self._seed, season)
        self._add_ground()

    def _add_ground(self) -> None:
        scene, terrain = self._scene, self._terrain
        scene.add_glb("/land/ground", glb_data=_ground(terrain, self._seed), receive_shadow=False)
        frozen = terrain.wet & _all_corners(terrain.freezing <= terrain.ice)
        water = srgb_bytes(np.array([self._look.water], np.float32) * 2 + 0.06)[0].tolist()
        for name, cells, color, opacity in (
            ("water", terrain.wet & ~frozen, tuple(water), 0.82),
            ("ice", frozen, (226, 234, 242), 1.0),
        ):
            mesh = _sheet(terrain, cells)
            scene.remove_by_name(f"/land/{name}")
            if mesh is not None:
                scene.add_mesh_simple(
                    f"/land/{name}", mesh.vertices_m, mesh.faces, color=color, opacity=opacity, side="double",
                    cast_shadow=False, receive_shadow=False,
                )  # fmt: skip
        if terrain.surface_m is not None:
            around = np.linspace(-_SURFACE_M, terrain.size_m + _SURFACE_M, 9)
            mesh = _grid(around, np.full((9, 9), terrain.surface_m))
            scene.add_mesh_simple(
                "/land/surface", mesh.vertices_m, mesh.faces, color=(150, 225, 240), opacity=0.35, side="double",
                cast_shadow=False, receive_shadow=False,
            )  # fmt: skip

    def _add_props(self, number: int, props: Props) -> None:
        """One batch for each mesh and shade; a prop of single meshes goes as one."""
        home = "/land/crowns" if props.thin else "/land/props"
        self.has_crowns |= props.thin
        copies = props.copies
        if len(props.meshes) == len(copies.mesh):
            whole = merge([props.meshes[m].moved(at) for m, at in zip(copies.mesh, copies.position_m, strict=True)])
            self._scene.add_glb(f"{home}/{number}", glb_data=to_glb(whole, two_sided=True))
            return
        for kind, mesh in enumerate(props.meshes):
            rows = np.flatnonzero(copies.mesh == kind)
            for shade, members in enumerate(_alike(copies.tint[rows])):
                chosen = copies.at(rows[members])
                self._add_batch(f"{home}/{number}/{kind}/{shade}", _tinted(mesh, chosen.tint.mean(0)), chosen)
            if props.burn > 0 and len(rows):
                bright = mesh.painted(lambda points, _: np.broadcast_to(np.array(_LAMPLIGHT), points.shape))
                grown = Instances(**{**vars(copies.at(rows)), "scale": copies.scale[rows] * np.float32(1.004)})
                self._lamps.append(self._add_batch(f"{home}/{number}/{kind}/lit", bright, grown, unlit=True))

    def _add_batch(self, name: str, mesh: Mesh, copies: Instances, *, unlit: bool = False) -> Any:
        stretch = np.linalg.norm(copies.rotation, axis=1)
        scales = (stretch * copies.scale[:, None]).astype(np.float32)
        return self._scene.add_batched_glb(
            name, to_glb(mesh, two_sided=True, unlit=unlit), quaternions(copies.rotation / stretch[:, None]),
            copies.position_m, batched_scales=scales, lod="off", cast_shadow=False, receive_shadow=False,
        )  # fmt: skip

    def _add_grass(self, middle_m: np.ndarray) -> None:
        """Tufts all over the land, and as many again where the first look falls."""
        landscape, terrain, growth = self._landscape, self._terrain, self._look.growth
        rng = generator(self._seed, 15)
        everywhere = rng.uniform(0, landscape.size_m, (_TUFTS, 2))
        xy = np.concatenate([everywhere, middle_m + rng.normal(0, _LUSH_M, (_TUFTS, 2))])
        xy = np.clip(xy, 0, landscape.size_m * 0.9999)
        at = (xy / landscape.size_m * len(landscape.vegetation)).astype(int)
        plants = landscape.vegetation[at[:, 1], at[:, 0]] * growth.share
        xy = xy[plants > rng.uniform(0.05, 0.8, len(xy))]
        if len(xy) == 0:
            return
        position = np.column_stack([xy, terrain.height_at(xy)]).astype(np.float32)
        turn = rng.uniform(0, np.pi, len(xy))
        wxyz = np.column_stack([np.cos(turn), np.zeros((len(xy), 2)), np.sin(turn)]).astype(np.float32)
        meshes = tufts_of(self._look.kind)
        tuft = _tinted(meshes[len(meshes) // 2 + 1], np.array(growth.tint))
        self._scene.add_batched_glb(
            "/land/grass", to_glb(tuft, two_sided=True), wxyz, position,
            batched_scales=(growth.size * rng.uniform(0.25, 0.6, len(xy))).astype(np.float32), lod="off",
            cast_shadow=False, receive_shadow=False,
        )  # fmt: skip


def _alike(tint: np.ndarray) -> list[np.ndarray]:
    """Rows of like tint, at most eight groups: Lloyd's algorithm (1982, DOI 10.1109/TIT.1982.1056489)."""
    if len(tint) == 0:
        return []
    count = min(_TINTS, max(1, len(tint) // _FEW))
    order = np.argsort(tint @ [0.5, 1.0, 0.25], kind="stable")
    centers = tint[order[np.linspace(0, len(tint) - 1, count).astype(int)]]
    nearest = np.zeros(len(tint), int)
    for _ in range(8):
        nearest = np.linalg.norm(tint[:, None] - centers, axis=-1).argmin(1)
        centers = np.array([tint[nearest == k].mean(0) if (nearest == k).any() else centers[k] for k in range(count)])
    return [rows for k in range(count) if len(rows := np.flatnonzero(nearest == k))]


def _tinted(mesh: Mesh, tint: np.ndarray) -> Mesh:
    colors = np.clip(mesh.colors * tint, 0, 1).astype(np.float32)
    return Mesh(vertices_m=mesh.vertices_m, normals=mesh.normals, faces=mesh.faces, colors=colors)


def _all_corners(cells: np.ndarray) -> np.ndarray:
    return cells[:-1, :-1] & cells[1:, :-1] & cells[:-1, 1:] & cells[1:, 1:]


def color_and_strength(rgb: np.ndarray, gain: float) -> tuple[tuple[int, int, int], float]:
    """Return a colour as bytes with its brightest channel full, and the strength it is to have."""
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


def _sheet(terrain: Terrain, cells: np.ndarray) -> Mesh | None:
    """The water's surface in some cells."""
    if not cells.any():
        return None
    mesh = _grid(terrain.water_xs_m, terrain.water_level_m)
    keep = np.repeat(cells.reshape(-1), 2)
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
