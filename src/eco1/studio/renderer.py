"""Pictures of a living land without a display: terrain, sky or sea, shadows, plants and animals into an RGB image."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from jaxtyping import Float32, UInt8

from eco1.core.records import Landscape
from eco1.core.threads import Threads
from eco1.studio.bank import Instances, joined, make_bank
from eco1.studio.camera import Camera
from eco1.studio.ground_kernels import GROUND, SURFACE, WATER, draw_grid, shade
from eco1.studio.limbs import Limbs, limb
from eco1.studio.lit import LitLand
from eco1.studio.looks import look_of
from eco1.studio.noise import tiling_noise
from eco1.studio.object_kernels import compose, draw_objects, draw_shadows
from eco1.studio.scene import Cast, Moment
from eco1.studio.sea_kernels import shade_sea
from eco1.studio.season import Season
from eco1.studio.stage import Stage
from eco1.studio.stages import stage_of, tufts_of
from eco1.studio.terrain import build_terrain, in_season
from eco1.studio.tufts import Tufts, mote_mesh, motes_around

_CURVE_STEPS = 4096
_BANDS = 2
_SEASON_STEP = 0.04  # snow or ice may change this much before the land is painted anew
_ICE_ALBEDO = np.array([0.60, 0.68, 0.76], np.float32)
_SURFACE_M = 240.0  # how far the sea's surface is drawn around the camera


class Renderer:
    """Draws moments of one world. Keeps buffers, so one renderer serves one thread."""

    def __init__(
        self, landscape: Landscape, species_names: Sequence[str], behavior_names: Sequence[str], *,
        width_px: int = 1280, height_px: int = 720, seed: int = 0, biome: str = "", season: Season | None = None,
    ) -> None:  # fmt: skip
        self.width_px, self.height_px = width_px, height_px
        self.look, self._season = look_of(landscape, biome), season or Season()
        self.terrain = build_terrain(landscape, seed, look=self.look, season=self._season)
        self.cast = Cast(species_names, behavior_names, self.terrain)
        self._landscape, self._seed = landscape, seed
        self._lit = LitLand(landscape, self.terrain, self.look, seed)
        self._animal_meshes, self._part_index = self.cast.meshes()
        self._set_stage()
        self._noise = tiling_noise(256, seed + 1, octaves=5, first=16)
        self._depth = np.zeros((height_px, width_px), np.float32)
        self._material = np.zeros((height_px, width_px), np.uint8)
        self._mask = np.zeros((height_px, width_px), np.uint8)
        self._back = np.zeros((height_px, width_px, 3), np.float32)
        self._fine_depth = np.zeros((2 * height_px, 2 * width_px), np.float32)
        self._fine_color = np.zeros((2 * height_px, 2 * width_px), np.uint32)
        self._vignette = _vignette(width_px, height_px)
        self._curve = _tone_curve()
        self._threads = Threads(_BANDS)

    def draw(
        self, moment: Moment, camera: Camera, daylight: float, *, vegetation: Float32[np.ndarray, "v v"] | None = None,
        season: Season | None = None,
    ) -> UInt8[np.ndarray, "h w 3"]:  # fmt: skip
        """Return the image of a moment.

        Args:
            moment: the animals.
            camera: where it is seen from.
            daylight: 0 (night) to 1 (noon).
            vegetation: the forage now; None takes the landscape's.
            season: snow and ice now; None leaves them as they were.
        """
        changed = self._set_season(season)
        self._lit.set(self.terrain, daylight, anew=changed)
        eye, axes = camera.eye_m.astype(np.float32), np.ascontiguousarray(camera.axes)
        focal = camera.focal_px(self.height_px)
        animals = self._in_light(self.cast.instances(moment, self._part_index))
        standing = self._in_light(self._stage.seen_from(eye, camera.target_m, camera.clear_m, self._lit.night))
        standing = replace(standing, mesh=(standing.mesh + self._first_prop).astype(np.int32))
        small = [self._tufts.around(
            camera, self.width_px / self.height_px, self.terrain, moment.time_s, self._season, vegetation
        )]  # fmt: skip
        if self.look.motes is not None:
            share = 1.0 if self.look.under_water or self._landscape.freezing is None else self._season.snow
            small.append(motes_around(self.look.motes, share, self._mote, eye, moment.time_s, self._seed))
        if self.terrain.leafy:
            small.append(self._limbs.under(moment.seen, self.terrain.height_at(moment.position_m[:, :2])))
        self._draw_ground(eye, axes, focal)
        self._mask[:] = 0
        for group in (standing, animals):
            self._cast_shadows(group, eye, axes, focal)
        self._shade(eye, axes, focal, moment.time_s)
        self._draw_objects(joined([animals, standing, *[self._in_light(group) for group in small]]), eye, axes, focal)
        image = np.empty((self.height_px, self.width_px, 3), np.uint8)
        self._in_bands(
            compose, self._back, self._depth, self._fine_depth, self._fine_color, self._vignette,
            self._lit.light.exposure, self._curve, image,
        )  # fmt: skip
        return image

    def _set_stage(self) -> None:
        self._stage: Stage = stage_of(self.look.kind, self._landscape, self.terrain, self._seed, self._season)
        tufts = tufts_of(self.look.kind)
        self._first_prop = len(self._animal_meshes)
        first_tuft = self._first_prop + len(self._stage.meshes)
        self._mote = first_tuft + len(tufts)
        meshes = [*self._animal_meshes, *self._stage.meshes, *tufts, mote_mesh(), limb()]
        two_sided = [False] * self._first_prop + list(self._stage.two_sided) + [True] * len(tufts) + [False] * 2
        self._bank = make_bank(meshes, two_sided)
        self._tufts = Tufts(self._landscape, self.look, first_tuft)
        self._limbs = Limbs(self._mote + 1, np.array([body.rig.flies for body in self.cast.bodies]))

    def _set_season(self, season: Season | None) -> bool:
        """Paint the land anew when snow or ice have changed enough to be seen."""
        old = self._season
        if season is None or max(abs(season.ice - old.ice), abs(season.snow - old.snow)) < _SEASON_STEP:
            return False
        self._season = season
        self.terrain = in_season(self.terrain, self._landscape, self.look, self._seed, season)
        self.cast.stand_on(self.terrain)
        self._set_stage()
        return True

    def _in_light(self, group: Instances) -> Instances:
        """Give copies the sun and the gloom of where they are."""
        if self.terrain.tops_m is None and self.terrain.surface_m is None:
            return group
        tint = group.tint * self._lit.ambient(group.position_m)
        return replace(group, sunlit=self._lit.sunlit(group.position_m), tint=tint)

    def _in_bands(self, kernel: Callable[..., None], *arguments: object) -> None:
        """Run a kernel that takes its first and last row as last arguments on halves of the picture side by side."""
        self._threads.each(self.height_px, partial(kernel, *arguments))

    def _draw_ground(self, eye: np.ndarray, axes: np.ndarray, focal: float) -> None:
        self._depth[:] = 0
        self._material[:] = 0
        t = self.terrain
        every = np.ones((len(t.xs_m) - 1, len(t.xs_m) - 1), bool)
        draw_grid(t.xs_m, t.xs_m, t.height_m, every, GROUND, eye, axes, focal, self._depth, self._material)
        draw_grid(
            t.water_xs_m, t.water_xs_m, t.water_level_m, t.wet, WATER, eye, axes, focal, self._depth, self._material
        )
        if t.surface_m is not None:
            around = np.linspace(-_SURFACE_M, _SURFACE_M, 9, dtype=np.float32)
            level = np.full((9, 9), t.surface_m, np.float32)
            draw_grid(
                eye[0] + around, eye[1] + around, level, np.ones((8, 8), bool), SURFACE, eye, axes, focal, self._depth,
                self._material,
            )  # fmt: skip

    def _shade(self, eye: np.ndarray, axes: np.ndarray, focal: float, time_s: float) -> None:
        light, t, rough = self._lit.light, self.terrain, self.look.grain
        seen = (self._depth, self._material, self._mask, eye, axes, focal, self._lit.ground, t.origin_m, t.cell_m)
        if t.surface_m is not None:
            self._in_bands(
                shade_sea, *seen, self._noise, light.sun, light.sun_rgb, t.surface_m, light.haze_rgb, light.haze_per_m,
                light.zenith_rgb, light.shade_rgb, rough, time_s, self._back,
            )  # fmt: skip
            return
        ice = _ICE_ALBEDO * (light.sun[2] * light.sun_rgb + light.sky_rgb)
        self._in_bands(
            shade, *seen, self._noise, self._lit.sky, light.haze_rgb, float(light.haze_per_m[0]), light.shade_rgb,
            np.array(self.look.water, np.float32), ice.astype(np.float32), t.freezing, t.size_m, t.ice,
            rough, time_s, self._back,
        )  # fmt: skip

    def _cast_shadows(self, group: Instances, eye: np.ndarray, axes: np.ndarray, focal: float) -> None:
        bank = self._bank
        strength = (group.shadow * group.sunlit).astype(np.uint8)
        draw_shadows(
            bank.vertices_m, bank.faces, bank.vertex_start, bank.face_start, bank.radius_m, group.mesh, group.rotation,
            group.position_m, group.scale, group.foot_m, group.slope, strength, eye, axes, focal, self._lit.light.sun,
            self._depth, self._mask,
        )  # fmt: skip

    def _draw_objects(self, group: Instances, eye: np.ndarray, axes: np.ndarray, focal: float) -> None:
        self._fine_depth[:] = 0
        bank, light = self._bank, self._lit.light
        draw_objects(
            bank.vertices_m, bank.normals, bank.faces, bank.colors, bank.vertex_start, bank.face_start, bank.radius_m,
            bank.two_sided, group.mesh, group.rotation, group.position_m, group.scale, group.tint, group.sunlit,
            group.glow, eye, axes, 2 * focal, light.sun, light.sun_rgb, light.sky_rgb, light.bounce_rgb, light.haze_rgb,
            light.haze_per_m, self._fine_depth, self._fine_color,
        )  # fmt: skip


def _vignette(width: int, height: int) -> Float32[np.ndarray, "h w"]:
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    return (1 - 0.20 * np.clip(x * x + y * y - 0.35, 0, 2)).astype(np.float32)


def _tone_curve() -> UInt8[np.ndarray, " k"]:
    """Linear light 0..4 to sRGB bytes with a soft shoulder: 1 - exp(-x) mixed with the straight line, by eye."""
    light = np.linspace(0, 4, _CURVE_STEPS)
    soft = 1 - np.exp(-1.25 * light - 0.25 * light**2)
    encoded = np.where(soft <= 0.0031308, soft * 12.92, 1.055 * soft ** (1 / 2.4) - 0.055)
    return np.round(np.clip(encoded, 0, 1) * 255).astype(np.uint8)
