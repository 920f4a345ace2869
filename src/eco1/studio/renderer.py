"""Pictures of a savanna without a display: terrain, sky, shadows, plants and animals into an RGB image."""

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
from jaxtyping import Float32, UInt8

from eco1.core.records import Landscape
from eco1.studio import flora
from eco1.studio.bank import Instances, joined, make_bank
from eco1.studio.camera import Camera
from eco1.studio.grass_kernels import scatter_grass
from eco1.studio.ground_kernels import GROUND, WATER, draw_grid, shade
from eco1.studio.light import Light, light_for, paint_sky
from eco1.studio.noise import tiling_noise
from eco1.studio.object_kernels import compose, draw_objects, draw_shadows
from eco1.studio.scene import Cast, Moment
from eco1.studio.terrain import build_terrain

_VARIANTS = 3
_GRASS_REACH_M, _MOST_TUFTS = 46.0, 14000
_BLADES, _FULL_TUFT_M = (9, 4), 13.0  # far tufts have fewer, wider blades
_CURVE_STEPS = 4096
_BANDS = 2
_SKY_STEP = 0.02  # daylight may drift this far before the sky is painted anew


class Renderer:
    """Draws moments of one world. Keeps buffers, so one renderer serves one thread."""

    def __init__(
        self, landscape: Landscape, species_names: Sequence[str], behavior_names: Sequence[str], *,
        width_px: int = 1280, height_px: int = 720, seed: int = 0,
    ) -> None:  # fmt: skip
        self.width_px, self.height_px = width_px, height_px
        self.terrain = build_terrain(landscape, seed)
        self.cast = Cast(species_names, behavior_names, self.terrain)
        self._landscape, self._seed = landscape, seed
        self._wet = _shore_too(landscape.water_depth_m)
        meshes, self._part_index = self.cast.meshes()
        first = len(meshes)
        meshes += (
            [flora.acacia(k) for k in range(_VARIANTS)] + [flora.shrub(k) for k in range(_VARIANTS)] + [flora.mound()]
        )
        self._first_grass = len(meshes)
        meshes += [flora.grass_tuft(k, blades=count) for count in _BLADES for k in range(_VARIANTS)]
        self._bank = make_bank(meshes, [k >= self._first_grass for k in range(len(meshes))])
        self._standing = flora.standing(landscape, self.terrain, first, first + _VARIANTS, first + 2 * _VARIANTS, seed)
        self._noise = tiling_noise(256, seed + 1, octaves=5, first=16)
        self._light: tuple[float, Light, np.ndarray, np.ndarray] | None = None
        self._depth = np.zeros((height_px, width_px), np.float32)
        self._material = np.zeros((height_px, width_px), np.uint8)
        self._mask = np.zeros((height_px, width_px), np.uint8)
        self._back = np.zeros((height_px, width_px, 3), np.float32)
        self._fine_depth = np.zeros((2 * height_px, 2 * width_px), np.float32)
        self._fine_color = np.zeros((2 * height_px, 2 * width_px), np.uint32)
        self._tufts = np.zeros((_MOST_TUFTS, 6), np.float32)
        self._vignette = _vignette(width_px, height_px)
        self._curve = _tone_curve()
        self._pool = ThreadPoolExecutor(_BANDS)

    def draw(
        self, moment: Moment, camera: Camera, daylight: float, *, vegetation: Float32[np.ndarray, "v v"] | None = None
    ) -> UInt8[np.ndarray, "h w 3"]:
        """Return the image of a moment. ``vegetation`` is the forage now; None takes the landscape's."""
        light, sky, ground = self._lit(daylight)
        eye, axes = camera.eye_m.astype(np.float32), np.ascontiguousarray(camera.axes)
        focal = camera.focal_px(self.height_px)
        animals = self.cast.instances(moment, self._part_index)
        plants = self._landscape.vegetation if vegetation is None else vegetation
        grass = self._grass(camera, plants, moment.time_s)
        self._draw_ground(eye, axes, focal)
        self._mask[:] = 0
        for group in (self._standing, animals):
            self._cast_shadows(group, eye, axes, focal, light)
        self._in_bands(
            shade, self._depth, self._material, self._mask, eye, axes, focal, ground, self.terrain.origin_m,
            self.terrain.cell_m, self._noise, sky, light.haze_rgb, light.haze_per_m, light.shade_rgb, moment.time_s,
            self._back,
        )  # fmt: skip
        self._draw_objects(joined([animals, self._standing, grass]), eye, axes, focal, light)
        image = np.empty((self.height_px, self.width_px, 3), np.uint8)
        self._in_bands(
            compose,
            self._back,
            self._depth,
            self._fine_depth,
            self._fine_color,
            self._vignette,
            light.exposure,
            self._curve,
            image,
        )
        return image

    def _in_bands(self, kernel: Callable[..., None], *arguments: object) -> None:
        """Run a kernel that takes its first and last row as last arguments on halves of the picture side by side."""
        edges = [self.height_px * k // _BANDS for k in range(_BANDS + 1)]
        for done in [self._pool.submit(kernel, *arguments, first, last) for first, last in pairwise(edges)]:
            done.result()

    def _lit(self, daylight: float) -> tuple[Light, np.ndarray, np.ndarray]:
        if self._light is None or abs(self._light[0] - daylight) > _SKY_STEP:
            light = light_for(daylight)
            facing = np.clip(self.terrain.normal @ light.sun, 0, 1)[..., None]
            ground = self.terrain.albedo * (facing * light.sun_rgb + light.sky_rgb)
            self._light = (daylight, light, paint_sky(light, self._seed), ground.astype(np.float32))
        return self._light[1:]

    def _draw_ground(self, eye: np.ndarray, axes: np.ndarray, focal: float) -> None:
        self._depth[:] = 0
        self._material[:] = 0
        t = self.terrain
        every = np.ones((len(t.xs_m) - 1, len(t.xs_m) - 1), bool)
        draw_grid(t.xs_m, t.xs_m, t.height_m, every, GROUND, eye, axes, focal, self._depth, self._material)
        draw_grid(
            t.water_xs_m, t.water_xs_m, t.water_level_m, t.wet, WATER, eye, axes, focal, self._depth, self._material
        )

    def _cast_shadows(self, group: Instances, eye: np.ndarray, axes: np.ndarray, focal: float, light: Light) -> None:
        bank = self._bank
        draw_shadows(
            bank.vertices_m, bank.faces, bank.vertex_start, bank.face_start, bank.radius_m, group.mesh, group.rotation,
            group.position_m, group.scale, group.foot_m, group.slope, group.shadow, eye, axes, focal, light.sun,
            self._depth, self._mask,
        )  # fmt: skip

    def _draw_objects(self, group: Instances, eye: np.ndarray, axes: np.ndarray, focal: float, light: Light) -> None:
        self._fine_depth[:] = 0
        bank = self._bank
        draw_objects(
            bank.vertices_m, bank.normals, bank.faces, bank.colors, bank.vertex_start, bank.face_start, bank.radius_m,
            bank.two_sided, group.mesh, group.rotation, group.position_m, group.scale, group.tint, eye, axes, 2 * focal,
            light.sun, light.sun_rgb, light.sky_rgb, light.bounce_rgb, light.haze_rgb, light.haze_per_m,
            self._fine_depth, self._fine_color,
        )  # fmt: skip

    def _grass(self, camera: Camera, plants: np.ndarray, time_s: float) -> Instances:
        """Tufts near the camera, swaying in gusts that cross the plain."""
        axes = camera.axes
        wide = math.atan(math.tan(camera.field_of_view_rad / 2) * self.width_px / self.height_px) + 0.1
        count = scatter_grass(
            camera.eye_m.astype(np.float32), _GRASS_REACH_M, np.ascontiguousarray(plants), self.terrain.size_m,
            self._wet, axes[2], wide, self._tufts,
        )  # fmt: skip
        x, y, size, turn, shade_of, plant = self._tufts[:count].T
        sway = 0.10 + 0.13 * np.sin(1.7 * time_s + 0.22 * x + 0.15 * y) * (0.6 + 0.4 * np.sin(0.6 * time_s + 0.05 * x))
        rotation = _turned(turn)
        rotation[:, 0] += sway[:, None] * np.array([0.0, 0.0, 1.0])  # a shear: tips move, roots stay
        position = np.stack([x, y, self.terrain.height_at(np.stack([x, y], -1)) - 0.02], -1)
        green = np.clip((plant - 0.4) * 1.1, 0, 0.75)[:, None]
        tint = (0.75 + 0.5 * shade_of)[:, None] * (np.ones(3) * (1 - green) + np.array([0.55, 0.80, 0.45]) * green)
        far = np.hypot(x - camera.eye_m[0], y - camera.eye_m[1]) > _FULL_TUFT_M
        return Instances(
            mesh=(self._first_grass + far * _VARIANTS + (turn * 10).astype(int) % _VARIANTS).astype(np.int32),
            rotation=rotation.astype(np.float32),
            position_m=position.astype(np.float32),
            scale=size.astype(np.float32),
            tint=tint.astype(np.float32),
            foot_m=position.astype(np.float32),
            slope=np.zeros((count, 2), np.float32),
            shadow=np.zeros(count, np.uint8),
        )


def _turned(angle: np.ndarray) -> np.ndarray:
    """Rotations about the vertical (N, 3, 3)."""
    cos, sin, zero, one = np.cos(angle), np.sin(angle), np.zeros_like(angle), np.ones_like(angle)
    return np.stack([cos, -sin, zero, sin, cos, zero, zero, zero, one], -1).reshape(-1, 3, 3)


def _shore_too(water_depth_m: Float32[np.ndarray, "g g"]) -> Float32[np.ndarray, "g g"]:
    """The water and one cell around it: bare mud, where no grass stands."""
    padded = np.pad(water_depth_m, 1, mode="edge")
    rows, columns = water_depth_m.shape
    around = [padded[j : j + rows, i : i + columns] for j in range(3) for i in range(3)]
    return np.max(around, axis=0).astype(np.float32)


def _vignette(width: int, height: int) -> Float32[np.ndarray, "h w"]:
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    return (1 - 0.20 * np.clip(x * x + y * y - 0.35, 0, 2)).astype(np.float32)


def _tone_curve() -> UInt8[np.ndarray, " k"]:
    """Linear light 0..4 to sRGB bytes with a soft shoulder: 1 - exp(-x) mixed with the straight line, by eye."""
    light = np.linspace(0, 4, _CURVE_STEPS)
    soft = 1 - np.exp(-1.25 * light - 0.25 * light**2)
    encoded = np.where(soft <= 0.0031308, soft * 12.92, 1.055 * soft ** (1 / 2.4) - 0.055)
    return np.round(np.clip(encoded, 0, 1) * 255).astype(np.uint8)
