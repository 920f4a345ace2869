"""Ridge autoregression: recent body-frame steps -> body-frame way, linear, in body lengths. The baseline to beat.

Hoerl & Kennard (1970), DOI 10.1080/00401706.1970.10488634. Moments are summed batch by batch, so memory does not grow
with the data. Four forms compete, for each species on its own, on held-out training windows: one regression for all
animals with an intercept for each species, or one regression for each species; and each of them with or without
left-right symmetry (the moments averaged with those of the mirrored data). Each future frame has its own strength.

Shape letters: B clips, T history frames, S steps, N animals, F inputs, P species.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float32, Float64, Int16

from eco1.core.errors import ConfigError
from eco1.core.random import generator as numpy_generator
from eco1.core.records import Clip
from eco1.evaluation.body_frame import displacements, to_body, to_world
from eco1.evaluation.future import present_throughout, way_ahead
from eco1.evaluation.ridge_solver import Moments, apply, mean_distance, solve
from eco1.evaluation.threads import one_thread
from eco1.evaluation.windows import Windows, first_frames

if TYPE_CHECKING:
    from torch import Generator

STRENGTHS = (1e-5, 1e-4, 1e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1.0, 3.0)
_BATCH = 64
_VALIDATION_SHARE = 0.2
_MOST_VALIDATION_ROWS = 12_000
#: Name of each form, and whether it solves each species on its own and mirrors the data.
_FORMS = {
    "pooled": (False, False),
    "pooled, mirrored": (False, True),
    "per species": (True, False),
    "per species, mirrored": (True, True),
}


@dataclass(frozen=True, kw_only=True)
class RidgeForecaster:
    """A fitted ridge autoregression, which also samples: its forecast plus a miss it made on validation windows.

    ``weights`` (P, F + 1, 3 S) maps the flattened last ``history_frames - 1`` steps and a one to the way ahead.
    ``misses`` (R, 3 S) are ways in body frame and body lengths, of the species ``miss_species``. ``forms``
    says which form won for each species.
    """

    weights: Float64[np.ndarray, "p f o"]
    misses: Float64[np.ndarray, "r o"]
    miss_species: Int16[np.ndarray, " r"]
    history_frames: int
    steps: int
    forms: tuple[str, ...]

    def forecast(self, history: Clip, steps: int) -> Float32[np.ndarray, "b steps n 3"]:
        """Return the expected positions.

        Raises:
            ConfigError: when more steps are asked for than were fitted.
        """
        way, place = self._way(history, steps)
        return place.at(way)

    def sample_futures(
        self, history: Clip, steps: int, samples: int, generator: "Generator | None"
    ) -> Float32[np.ndarray, "b samples steps n 3"]:
        """Return the expected positions plus misses of the same species, each animal's drawn on its own.

        The draw is always the same: the generator is left alone.

        Raises:
            ConfigError: when more steps are asked for than were fitted.
        """
        way, place = self._way(history, steps)
        rng = numpy_generator(samples, steps)
        futures: list[np.ndarray] = []
        for _ in range(samples):
            miss = np.zeros_like(way)
            for index in np.unique(place.species):
                mine, own = place.species == index, np.flatnonzero(self.miss_species == index)
                if len(own):
                    miss[mine] = self.misses[rng.choice(own, int(mine.sum())), : 3 * steps]
            futures.append(place.at(way + miss))
        return np.stack(futures, axis=1)

    def _way(self, history: Clip, steps: int) -> "tuple[np.ndarray, _Place]":
        """Return the expected way (B, N, 3 S) in body frame and body lengths."""
        if steps > self.steps:
            raise ConfigError(f"This ridge baseline was fitted for {self.steps} frames ahead, {steps} were asked for.")
        inputs, heading, scale = _inputs(history, self.history_frames)
        species = np.clip(history.observation.species[:, -1], 0, len(self.weights) - 1)
        rows = apply(self.weights[:, :, : 3 * steps], inputs.reshape(-1, inputs.shape[-1]), species.ravel())
        way = rows.reshape(*species.shape, -1)
        last = history.observation.position_m[:, -1]
        return way, _Place(last_m=last, heading_rad=heading, scale_m=scale, species=species)


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Where every animal (B, N) is and which way it faces."""

    last_m: np.ndarray
    heading_rad: np.ndarray
    scale_m: np.ndarray
    species: np.ndarray

    def at(self, way: np.ndarray) -> np.ndarray:
        """Return world positions (B, S, N, 3) of a way (B, N, 3 S) in body frame and body lengths."""
        body = way.reshape(*way.shape[:2], -1, 3) * self.scale_m[..., None, None]
        world = np.moveaxis(to_world(body, self.heading_rad[..., None]), 2, 1)
        return (self.last_m[:, None] + world).astype(np.float32)


def fit_ridge(train: Windows, *, history_frames: int, steps: int) -> RidgeForecaster:
    """Fit on windows of ``history_frames + steps`` frames; form and strengths come from the last fifth of them.

    Raises:
        ConfigError: when no animal is present throughout any window.
    """
    early, late = train.split(_VALIDATION_SHARE)
    fit, _ = _gather(early, history_frames, steps, keep=0)
    held, validation = _gather(late, history_frames, steps, keep=_MOST_VALIDATION_ROWS)
    everything = fit + held
    if everything.rows.sum() == 0:
        raise ConfigError(
            "No animal is present throughout any training window, so no baseline can be fitted. "
            "Shorten the history or the horizon, or bring tracks with fewer gaps."
        )
    with one_thread():
        weights, forms = _choose(fit, everything, validation)
    inputs, targets, species, _ = validation
    return RidgeForecaster(
        weights=weights,
        misses=targets - apply(weights, inputs, species),
        miss_species=species,
        history_frames=history_frames,
        steps=steps,
        forms=forms,
    )


def _choose(
    fit: Moments, everything: Moments, validation: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return weights on everything, and each species' form, of the form and strengths that did best on validation."""
    species, width, outputs = everything.targets.shape
    weights, forms = np.empty((species, width, outputs)), [""] * species
    least = np.full(species, np.inf)
    for name, (each, mirror) in _FORMS.items():
        early, whole = (fit.mirrored(), everything.mirrored()) if mirror else (fit, everything)
        errors = np.stack([mean_distance(solve(early, s, each=each), *validation) for s in STRENGTHS])
        chosen, mean = np.repeat(errors.argmin(0), 3, axis=1), errors.min(0).mean(1)
        solved = np.stack([solve(whole, s, each=each) for s in STRENGTHS])
        picked = np.take_along_axis(solved, chosen[None, :, None], axis=0)[0]
        for index in np.flatnonzero(mean < least):
            weights[index], forms[index], least[index] = picked[index], name, mean[index]
    return weights, tuple(forms)


def _inputs(history: Clip, frames: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return inputs (B, N, F + 1) in body lengths, heading (B, N) and body length (B, N)."""
    heading = history.observation.heading_rad[:, -1].astype(np.float64)
    scale = np.maximum(history.observation.body_length_m[:, -1].astype(np.float64), 1e-6)
    step = np.moveaxis(displacements(history, frames), 1, 2)  # B N T-1 3
    body = to_body(step, heading[..., None]) / scale[..., None, None]
    flat = body.reshape(*heading.shape, -1)
    missing = 3 * (frames - 1) - flat.shape[-1]
    flat = np.pad(flat, ((0, 0), (0, 0), (missing, 0)))
    return np.concatenate([flat, np.ones((*heading.shape, 1))], -1), heading, scale


def _gather(
    windows: Windows, history_frames: int, steps: int, *, keep: int
) -> tuple[Moments, tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]:
    """Sum the moments of the windows and keep a sample of rows: inputs, targets, species, body length."""
    count = len(windows.episodes[0].info.species_names)
    width = 3 * (history_frames - 1) + 1
    moments = Moments(
        inputs=np.zeros((count, width, width)), targets=np.zeros((count, width, 3 * steps)), rows=np.zeros(count)
    )
    kept: list[tuple[np.ndarray, ...]] = []
    share = keep / max(1, len(windows) * windows.episodes[0].observation.position_m.shape[1])
    stride = max(1, round(1 / share)) if share > 0 else 0
    for batch in windows.batches(_BATCH):
        seen = batch.clip.observation
        here = present_throughout(seen, 0, history_frames + steps)
        inputs, heading, scale = _inputs(first_frames(batch.clip, history_frames), history_frames)
        way = np.moveaxis(way_ahead(seen, history_frames, steps), 1, 2)
        body = to_body(np.where(here[..., None, None], way, 0), heading[..., None]) / scale[..., None, None]
        rows = inputs[here], body.reshape(*here.shape, -1)[here], seen.species[:, history_frames - 1][here], scale[here]
        for species in np.unique(rows[2]):
            mine = rows[2] == species
            moments.inputs[species] += rows[0][mine].T @ rows[0][mine]
            moments.targets[species] += rows[0][mine].T @ rows[1][mine]
            moments.rows[species] += mine.sum()
        if stride:
            kept.append(tuple(part[::stride] for part in rows))
    if not kept:
        empty = np.zeros((0, width)), np.zeros((0, 3 * steps)), np.zeros(0, np.int16), np.zeros(0)
        return moments, empty
    inputs, targets, species, scale = (np.concatenate(parts) for parts in zip(*kept, strict=True))
    return moments, (inputs, targets, species, scale)
