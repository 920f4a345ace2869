"""Small episodes with known dynamics."""

import numpy as np

from eco1.core.records import (
    DRIVES,
    PERSONALITY,
    Clip,
    Episode,
    EpisodeInfo,
    Hidden,
    Observation,
    empty_surroundings,
)


def episode(
    position_m: np.ndarray,
    *,
    behavior: np.ndarray | None = None,
    species: np.ndarray | None = None,
    alive: np.ndarray | None = None,
    drives: np.ndarray | None = None,
    intent: np.ndarray | None = None,
    seed: int = 0,
    dt_s: float = 0.1,
    species_names: tuple[str, ...] = ("walker", "stroller"),
    behavior_names: tuple[str, ...] = ("stand", "walk"),
    provenance: dict[str, str] | None = None,
) -> Episode:
    """Return an episode from positions (T, N, 2); what is not given is plain."""
    frames, animals, _ = position_m.shape
    shape = (frames, animals)
    place = np.zeros((*shape, 3), np.float32)
    place[..., :2] = position_m
    velocity = np.zeros_like(place)
    velocity[1:] = np.diff(place, axis=0) / dt_s
    heading = np.arctan2(velocity[..., 1], velocity[..., 0]).astype(np.float32)
    observation = Observation(
        position_m=place,
        velocity_mps=velocity,
        heading_rad=heading,
        alive=np.ones(shape, bool) if alive is None else alive,
        carcass=np.zeros(shape, bool),
        identity=np.broadcast_to(np.arange(animals, dtype=np.int64), shape).copy(),
        species=np.broadcast_to(np.zeros(animals, np.int16) if species is None else species, shape).astype(np.int16),
        behavior=(np.zeros(shape) if behavior is None else behavior).astype(np.int16),
        body_length_m=np.full(shape, 2.0, np.float32),
        surroundings=empty_surroundings(*shape),
    )
    hidden = None
    if drives is not None:
        hidden = Hidden(
            drives=drives.astype(np.float32),
            intent=(np.zeros(shape) if intent is None else intent).astype(np.int16),
            personality=np.full((*shape, len(PERSONALITY)), 0.5, np.float32),
            target=np.full(shape, -1, np.int16),
        )
    info = EpisodeInfo(
        biome="plain",
        seed=seed,
        world=0,
        dt_s=dt_s,
        species_names=species_names,
        behavior_names=behavior_names,
        provenance=provenance or {},
    )
    return Episode(info=info, observation=observation, hidden=hidden)


def clip_of(whole: Episode) -> Clip:
    """Return a whole episode as a batch of one."""
    return Clip(
        observation=whole.observation.map(lambda array: array[None]),
        dt_s=np.array([whole.info.dt_s], np.float32),
        hidden=whole.hidden and whole.hidden.map(lambda array: array[None]),
    )


def straight(frames: int = 60, animals: int = 4, seed: int = 0, speed: float = 1.0) -> np.ndarray:
    """Return positions of animals that each keep a velocity of their own."""
    rng = np.random.default_rng(seed)
    velocity = rng.normal(size=(animals, 2)) * speed
    return rng.uniform(0, 50, (animals, 2)) + np.arange(frames)[:, None, None] * 0.1 * velocity


def slowing(kept: float, frames: int = 40, animals: int = 6, seed: int = 0) -> np.ndarray:
    """Return positions of animals whose velocity shrinks by ``kept`` every frame."""
    rng = np.random.default_rng(seed)
    step = rng.normal(size=(animals, 2))[None] * kept ** np.arange(frames)[:, None, None]
    return np.cumsum(step, axis=0)


def autoregressive(frames: int = 400, animals: int = 8, seed: int = 0, noise: float = 0.02) -> np.ndarray:
    """Return positions whose steps follow ``v[t] = 1.6 v[t-1] - 0.8 v[t-2] + noise``: damped swinging."""
    rng = np.random.default_rng(seed)
    step = rng.normal(size=(frames, animals, 2)) * noise
    for t in range(2, frames):
        step[t] += 1.6 * step[t - 1] - 0.8 * step[t - 2]
    return np.cumsum(step, axis=0)


def drives_of(values: np.ndarray) -> np.ndarray:
    """Return drives (T, N, D) whose every channel is ``values`` (T, N)."""
    return np.repeat(values[..., None], len(DRIVES), axis=-1)
