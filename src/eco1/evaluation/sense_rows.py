"""Clips with what can be asked about them: whom the camera follows, what it does, how many are in view, how far off.

Shape letters: m clips, n tokens, d width, t frames, h w pixels.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float32, Float64, Int64

from eco1.core.random import generator
from eco1.core.records import UNKNOWN_BEHAVIOR
from eco1.core.senses import Frames, SensedClip
from eco1.sensors.camera.subject import animals_in_view, subject_of

#: Distances are told apart up to here, m, the sky's too; nearer is more, as in log(1 + m) (our choice).
_FAR_M = 100.0
_MOST_TOKENS = 128
_PATCHES, _STREAM = 16, 7_101  # single patches of a clip, and their random stream


@runtime_checkable
class Reader(Protocol):
    """Frozen features of a clip, or its raw numbers."""

    def __call__(self, clip: SensedClip) -> Float32[np.ndarray, "m n d"]:
        """Return the tokens of every clip."""
        ...


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What can be asked about M clips; -1 and NaN where there is no answer.

    ``depth`` and ``flow`` are means over some patches of a camera's pictures: log(1 + m), and asinh of pixels (right,
    down) a frame, so that a few fast ones do not decide alone; None where the tokens are no patches of pictures.
    """

    species: Int64[np.ndarray, " m"]
    behavior: Int64[np.ndarray, " m"]
    count: Float64[np.ndarray, " m"]
    depth: Float32[np.ndarray, "m k 1"] | None
    flow: Float32[np.ndarray, "m k 2"] | None


@dataclass(frozen=True, kw_only=True)
class SenseRows:
    """By the name of their reader tokens (of long clips means over some time) and single patches; and the truth."""

    tokens: Mapping[str, Float32[np.ndarray, "m n d"]]
    patches: Mapping[str, Float32[np.ndarray, "m k d"]]
    truth: Truth


def collect_sense_rows(
    readers: Mapping[str, Reader],
    clips: Iterable[SensedClip],
    camera: str,
    patch: tuple[int, int, int] | None = None,
    steps: int = 1,
) -> SenseRows:
    """Return the tokens of all clips and the truth about them.

    Args:
        readers: what reads them.
        clips: batches with this camera's ``depth_m``, ``instance``, ``flow_px``, ``eye_m`` and ``axes``.
        camera: whose subject is asked about.
        patch: frames, rows and columns of a token, when tokens are patches of that camera's pictures.
        steps: how many tokens follow each other in time.
    """
    tokens: dict[str, list[np.ndarray]] = {name: [] for name in readers}
    patches: dict[str, list[np.ndarray]] = {name: [] for name in readers}
    truths: list[Truth] = []
    for number, clip in enumerate(clips):
        rng = generator(number, _STREAM)
        chosen: np.ndarray | None = None
        for name, reader in readers.items():
            found = reader(clip)
            chosen = rng.integers(found.shape[1], size=_PATCHES) if chosen is None else chosen
            tokens[name].append(over_time(found, steps))
            patches[name].append(found[:, chosen])
        truths.append(truth_of(clip, camera, patch, slice(None) if chosen is None else chosen))
    return SenseRows(
        tokens={name: np.concatenate(parts) for name, parts in tokens.items()},
        patches={name: np.concatenate(parts) for name, parts in patches.items()},
        truth=_joined(truths),
    )


def over_time(tokens: Float32[np.ndarray, "m n d"], steps: int) -> Float32[np.ndarray, "m k d"]:
    """Return means over neighbours in time, of as few as leave at most 128 tokens; tokens are in order of time."""
    clips, count, width = tokens.shape
    joined = next((k for k in range(1, steps) if steps % k == 0 and count // k <= _MOST_TOKENS), steps)
    return tokens.reshape(clips, steps // joined, joined, -1, width).mean(2).reshape(clips, -1, width)


def truth_of(
    clip: SensedClip, camera: str, patch: tuple[int, int, int] | None, chosen: np.ndarray | slice = slice(None)
) -> Truth:
    """Return the truth about a batch of clips and the ``chosen`` patches; of the animal as it is in the last frame."""
    frames, seen = clip.senses.video[camera], clip.observation
    row = subject_of(frames, seen)
    at = np.arange(len(row))
    nobody = row < 0
    return Truth(
        species=np.where(nobody, -1, seen.species[at, -1, row]).astype(np.int64),
        behavior=np.where(nobody, UNKNOWN_BEHAVIOR, seen.behavior[at, -1, row]).astype(np.int64),
        count=animals_in_view(frames).mean(1).astype(np.float64),
        depth=None if patch is None else _depth(frames, patch)[:, chosen],
        flow=None if patch is None else patch_means(np.arcsinh(frames.flow_px), patch)[:, chosen],
    )


def patch_means(pixels: Float32[np.ndarray, "m t h w c"], patch: tuple[int, int, int]) -> Float32[np.ndarray, "m n c"]:
    """Return the mean over each patch, time first, then rows; NaN where any pixel is."""
    clips, frames, rows, columns, channels = pixels.shape
    deep, high, wide = patch
    boxes = pixels.reshape(clips, frames // deep, deep, rows // high, high, columns // wide, wide, channels)
    return boxes.mean((2, 4, 6), dtype=np.float32).reshape(clips, -1, channels)


def _depth(frames: Frames, patch: tuple[int, int, int]) -> Float32[np.ndarray, "m n 1"]:
    near = np.log1p(np.minimum(frames.depth_m, _FAR_M))
    return patch_means(near[..., None].astype(np.float32), patch)


def with_principal(rows: Sequence[SenseRows], name: str, width: int) -> tuple[SenseRows, ...]:
    """Return rows with what is left of a reader's tokens in ``width`` numbers, under "<name>, <width>".

    These are the principal components that hold most of the variance of single patches in the first of the rows.
    """
    patches = rows[0].patches[name]
    flat = patches.reshape(-1, patches.shape[-1]).astype(np.float64)
    _, axes = np.linalg.eigh(np.cov(flat, rowvar=False))
    kept, key = axes[:, ::-1][:, :width].astype(np.float32), f"{name}, {width}"
    return tuple(
        replace(
            each,
            tokens={**each.tokens, key: each.tokens[name] @ kept},
            patches={**each.patches, key: each.patches[name] @ kept},
        )
        for each in rows
    )


def _joined(truths: list[Truth]) -> Truth:
    def join(name: str) -> np.ndarray | None:
        parts = [getattr(truth, name) for truth in truths]
        return None if parts[0] is None else np.concatenate(parts)

    return Truth(**{name: join(name) for name in vars(truths[0])})  # type: ignore[arg-type]
