"""An episode in front of a camera: which moment is shown, from where, and the words under it."""

from typing import Any

import numpy as np
from jaxtyping import UInt8

from eco1.catalog.loader import load_species
from eco1.core.errors import Eco1Error
from eco1.core.records import SURROUNDINGS, Episode, Landscape, Observation
from eco1.studio.captions import darken_foot, stamp, text_mask
from eco1.studio.director import CameraPath, plan_shots
from eco1.studio.grids import sample
from eco1.studio.interest import interest
from eco1.studio.looks import look_of
from eco1.studio.renderer import Renderer
from eco1.studio.season import Season, season_of

_FADE_S = 0.35
_UNDER_M, _UNSEEN = 0.5, 0.05
_DAYLIGHT = SURROUNDINGS.index("daylight")


class FilmScene:
    """An episode ready to be looked at, at any time."""

    def __init__(self, episode: Episode, width_px: int, height_px: int, seconds: float | None) -> None:
        landscape = _landscape_of(episode)
        steps = len(episode.observation.alive)
        if steps < 2:
            raise Eco1Error(
                f"A film needs at least two steps, the episode has {steps}. Record a longer one: eco1 record --help"
            )
        info = episode.info
        bodies = [load_species(name).body for name in info.species_names]
        heights, lengths = (np.array([float(getattr(body, what)) for body in bodies]) for what in ("height", "length"))
        worth = interest(episode.observation, info.behavior_names, heights, lengths)
        wanted = steps if seconds is None else min(steps, max(2, int(seconds / info.dt_s) + 1))
        worth = np.where(_hidden(episode.observation, landscape), _UNSEEN * worth, worth)
        start = _best_start(worth, episode.observation.surroundings[..., _DAYLIGHT], wanted)
        self._seen, self._interest = episode.observation[start : start + wanted], worth[start : start + wanted]
        self._names, self._behaviors, self._dt = info.species_names, info.behavior_names, info.dt_s
        self.duration_s = (wanted - 1) * info.dt_s
        self._info, self._start_s = info, start * info.dt_s
        self._renderer = Renderer(
            landscape, info.species_names, info.behavior_names, width_px=width_px, height_px=height_px, seed=info.seed,
            biome=info.biome, season=self._season(0.0),
        )  # fmt: skip
        terrain = self._renderer.terrain
        shots = plan_shots(self._seen, self._interest, terrain, heights, landscape.tree_position_m, info.dt_s)
        self._path = CameraPath(self._seen, shots, terrain, heights, info.dt_s)

    def _season(self, time_s: float) -> Season:
        """What went before an episode's first frame is in its provenance."""
        before = float(self._info.provenance.get("burn_in_s", 0.0))
        return season_of(self._info.biome, self._info.seed, before + self._start_s + time_s)

    def captions(self) -> tuple[str, ...]:
        """Return what each shot shows, in words."""
        return tuple(" · ".join(self._words(shot.start, shot.row)) for shot in self._path.shots)

    def best_moment_s(self) -> float:
        """Return the middle of the shot with the best view of the most interesting animal."""
        worth = [s.score + 0.3 * float(self._interest[s.start : s.stop, s.row].mean()) for s in self._path.shots]
        best = self._path.shots[int(np.argmax(worth))]
        return (best.start + best.stop - 1) / 2 * self._dt

    def advance(self, time_s: float, dt_s: float) -> tuple[Any, float]:
        """Move strides and postures on; return the moment at ``time_s`` and the step it falls on."""
        step = min(time_s / self._dt, len(self._seen.alive) - 1.001)
        low = int(step)
        moment = self._renderer.cast.moment(self._seen[low], self._seen[low + 1], step - low, time_s)
        self._renderer.cast.advance(moment, dt_s)
        return moment, step

    def frame(self, time_s: float, dt_s: float, title: str, *, captioned: bool = True) -> UInt8[np.ndarray, "h w 3"]:
        """Return the picture at a time, ``dt_s`` after the one before."""
        moment, step = self.advance(time_s, dt_s)
        low = int(step)
        daylight = float(np.nanmedian(self._seen.surroundings[low, :, _DAYLIGHT]))
        image = self._renderer.draw(moment, self._path.camera_at(step), daylight, season=self._season(time_s))
        if captioned:
            self._caption(image, step, time_s, title)
        return image

    def _words(self, step: int, row: int) -> tuple[str, str]:
        species = load_species(self._names[max(int(self._seen.species[step, row]), 0)]).common_name
        behavior = int(self._seen.behavior[step, row])
        return species[:1].upper() + species[1:], self._behaviors[behavior].replace(
            "_", " "
        ) if behavior >= 0 else "unknown"

    def _caption(self, image: UInt8[np.ndarray, "h w 3"], step: float, time_s: float, title: str) -> None:
        shot = self._path.shots[self._path.shot_at(step)]
        into = (step - shot.start) * self._dt
        opacity = float(np.clip(into / _FADE_S, 0, 1))
        unit = image.shape[0] / 720
        darken_foot(image, int(150 * unit), opacity=opacity)
        species, behavior = self._words(int(step), shot.row)
        left = int(48 * unit)
        stamp(
            image,
            text_mask(species, int(34 * unit), bold=True),
            left,
            image.shape[0] - int(104 * unit),
            opacity=opacity,
        )
        line = f"{behavior}   ·   {int(time_s) // 60}:{int(time_s) % 60:02d}"
        stamp(image, text_mask(line, int(23 * unit)), left, image.shape[0] - int(62 * unit), opacity=opacity * 0.92)
        if title and time_s < 3.5:
            shown = float(np.clip(min(time_s / 0.6, (3.5 - time_s) / 0.8), 0, 1))
            mask = text_mask(title, int(44 * unit), bold=True)
            stamp(image, mask, (image.shape[1] - mask.shape[1]) // 2, int(70 * unit), opacity=shown)


def _best_start(worth: np.ndarray, daylight: np.ndarray, wanted: int) -> int:
    """Return the first step of the stretch in which there is most to see, and light to see it by."""
    light = np.nan_to_num(np.nanmedian(np.where(np.isfinite(daylight), daylight, 0.5), axis=1))
    value = np.sort(worth, axis=1)[:, -3:].sum(1) * (0.25 + np.minimum(light, 0.5))
    total = np.concatenate([[0.0], np.cumsum(value)])
    return int(np.argmax(total[wanted:] - total[:-wanted])) if wanted < len(worth) else 0


def _hidden(seen: Observation, landscape: Landscape) -> np.ndarray:
    """Who is under a surface that one does not see through: seals under ice, divers in ponds (T, N)."""
    if look_of(landscape).under_water:
        return np.zeros(seen.alive.shape, bool)
    return seen.position_m[..., 2] < sample(landscape.height_m, seen.position_m[..., :2], landscape.size_m) - _UNDER_M


def _landscape_of(episode: Episode) -> Landscape:
    if episode.landscape is None:
        raise Eco1Error(
            "This episode has no landscape, as tracks of real animals have none, so there is nothing to film. "
            "Record a simulated one: eco1 record --help"
        )
    return episode.landscape
