"""Judge what V-JEPA 2-AC foresees, beside a camera that stands still and a picture that does not change."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch

from eco1.core.errors import ConfigError
from eco1.core.files import write_result
from eco1.core.senses import CameraMotion, Frames, SensedClip
from eco1.evaluation.bootstrap import Interval, Resampler
from eco1.models.jepa.acting import VJepaAcModel
from eco1.models.jepa.acting.camera import pose_of
from eco1.models.registry import build_model
from eco1.recipes.acting import acting_clips
from eco1.recipes.sensing import sensed_split, species_in
from eco1.training.checkpoint import load_checkpoint

HORIZONS = (1, 2, 4)
_BATCH = 32


@dataclass(frozen=True, kw_only=True)
class Foresight:
    """L1 distance from the latents that come true, as a share of what the last frame's would be off by.

    ``told`` knows how the camera moves, ``still`` is told that it does not; below 1 is better than no change at all.
    """

    steps: int
    told: Interval
    still: Interval
    unchanged: float


def load_acting(folder: Path) -> VJepaAcModel:
    """Return the model of a checkpoint.

    Raises:
        CheckpointError: when it cannot be read.
        ConfigError: when it is another model.
    """
    model = load_checkpoint(folder, build_model).model
    if not isinstance(model, VJepaAcModel):
        raise ConfigError(f"{folder} holds a {type(model).__name__}; this needs eco1 train --model v-jepa-ac.")
    return model


def judge_acting(
    model: VJepaAcModel, folder: Path, episodes: Path, *, clips: int = 256, seed: int = 0
) -> tuple[list[Foresight], Path]:
    """Return how well a model foresees held-out recordings, and the JSON file that was written beside its checkpoint.

    Raises:
        Eco1Error: when recordings cannot be read or do not fit.
    """
    paths = sensed_split(episodes).held_out
    source = acting_clips(model.config, paths, species_in(paths), _BATCH, seed)
    off: dict[int, list[np.ndarray]] = {steps: [] for steps in HORIZONS}
    for number in range(max(clips // _BATCH, 1)):
        clip = source.batch_at(number)
        assert isinstance(clip, SensedClip)
        for steps, errors in _errors(model, clip.senses.video[model.config.encoder.instrument]).items():
            off[steps].append(errors)
    found = [_foresight(steps, np.concatenate(errors).astype(np.float64)) for steps, errors in off.items()]
    written = json.dumps([asdict(each) for each in found], indent=2)
    return found, write_result(folder.parent / "foresight.json", written)


def report_rows(found: Sequence[Foresight], dt_s: float) -> list[dict[str, str]]:
    """Return the numbers as rows of a table."""
    return [
        {
            "s ahead": f"{each.steps * dt_s:.1f}",
            "told how the camera moves": f"{each.told.mean:.3f} [{each.told.low:.3f}, {each.told.high:.3f}]",
            "told that it is still": f"{each.still.mean:.3f} [{each.still.low:.3f}, {each.still.high:.3f}]",
            "nothing changes": "1",
        }
        for each in found
    ]


def _foresight(steps: int, errors: np.ndarray) -> Foresight:
    """Errors are (clips, 3): told, still and unchanged; clips are resampled."""
    unchanged = float(errors[:, 2].mean())
    each = Resampler(np.arange(len(errors)))
    told, still = (each.mean(errors[:, column] / unchanged) for column in (0, 1))
    return Foresight(steps=steps, told=told, still=still, unchanged=unchanged)


@torch.no_grad()
def _errors(model: VJepaAcModel, frames: Frames) -> dict[int, np.ndarray]:
    """Return the errors (clips, 3) at each horizon behind the first half of the frames."""
    batch, past = frames.rgb.shape[0], model.config.frames - max(HORIZONS)
    first = torch.ones(batch, dtype=torch.bool)
    z = model.initial(batch)
    for time in range(past):
        z = model.observe_frames(z, frames[:, time], first if time == 0 else ~first)
    told, still, last = z, z, model.expected(z)
    found: dict[int, np.ndarray] = {}
    for step in range(1, max(HORIZONS) + 1):
        made = _motion(frames[:, past + step - 2], frames[:, past + step - 1])
        told = model.predict(told, made, None)
        still = model.predict(still, made.map(np.zeros_like), None)
        if step in HORIZONS:
            truth = model.expected(model.observe_frames(model.initial(batch), frames[:, past + step - 1], first))
            guesses = (model.expected(told), model.expected(still), last)
            found[step] = torch.stack([(guess - truth).abs().mean((1, 2)) for guess in guesses], 1).cpu().numpy()
    return found


def _motion(before: Frames, after: Frames) -> CameraMotion:
    cpu = torch.device("cpu")
    made = pose_of(before, cpu).motion_to(pose_of(after, cpu)).numpy()
    return CameraMotion(shift_m=made[..., :3], turn_rad=made[..., 3:])
