"""Models of one sense by the names that people know: how each is made for a recording, and what it needs of a clip."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from eco1.core.errors import ConfigError, unknown_name
from eco1.core.senses import SensedClip
from eco1.data.reader import read_manifest
from eco1.data.sensed import open_senses
from eco1.evaluation.sense_rows import Reader
from eco1.models.jepa import JepaConfig, JepaModel
from eco1.models.jepa.motion import McJepaConfig, McJepaModel
from eco1.models.jepa.points import PointJepaConfig, PointJepaModel
from eco1.models.jepa.views import view_of
from eco1.models.nn.points import farthest_points, nearest_points
from eco1.models.nn.spectrogram import HOP_S
from eco1.models.nn.views import normalised, pictures_of
from eco1.models.nn.vit.patches import boxes_of, gathered
from eco1.models.nn.vit.positions import sines
from eco1.recipes.sensing import only_instrument

SenseConfig = JepaConfig | PointJepaConfig | McJepaConfig
SenseModel = JepaModel | PointJepaModel | McJepaModel
SENSE_MODELS = ("i-jepa", "v-jepa", "a-jepa", "point-jepa", "3d-jepa", "mc-jepa")
_MODALITY = {"a-jepa": "audio", "point-jepa": "points", "3d-jepa": "points"}
_PLACE = 24  # numbers that tell raw patches where they lie
_MC_FRAMES = 2


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What a model needs of a clip: an array and so many frames. ``patch`` is set where tokens are patches of video.

    ``steps`` is how many tokens follow each other in time.
    """

    array: str
    frames: int
    patch: tuple[int, int, int] | None = None
    steps: int = 1


def sense_config(kind: str, episode: Path, settings: dict[str, Any], steps: int) -> SenseConfig:
    """Return the settings of a model for the one instrument of its modality in an episode.

    Raises:
        UnknownNameError: when there is no such model.
        ConfigError: when there is no such instrument, or several, or no such setting.
    """
    if kind not in SENSE_MODELS:
        raise unknown_name("model", kind, SENSE_MODELS)
    try:
        return _made_for(kind, episode, settings, steps)
    except TypeError as error:
        raise ConfigError(f"There is no such setting of {kind}: {error}.") from error


def _made_for(kind: str, episode: Path, settings: dict[str, Any], steps: int) -> SenseConfig:
    known: dict[str, Any] = {"instrument": only_instrument([episode], _MODALITY.get(kind, "video"))}
    if kind == "a-jepa":
        known |= {"curriculum_steps": steps, **settings}
        return JepaConfig.a_jepa(**known)
    if kind in ("point-jepa", "3d-jepa"):
        return PointJepaConfig(**known, form="3d" if kind == "3d-jepa" else "point", **settings)
    _, rows, columns, _ = open_senses(episode).arrays[f"video/{known['instrument']}/rgb"].shape
    if kind == "mc-jepa":
        known |= {"pixels": (rows, columns), "frames": _MC_FRAMES, **settings}
        return McJepaConfig(**known)
    if rows != columns:
        raise ConfigError(f"{kind} looks at square pictures; {episode} has {rows} x {columns}.")
    make = JepaConfig.i_jepa if kind == "i-jepa" else JepaConfig.v_jepa
    known |= {"pixels": rows, **settings}
    return make(**known)


def sense_model(config: SenseConfig) -> SenseModel:
    """Return a new model."""
    if isinstance(config, PointJepaConfig):
        return PointJepaModel(config)
    return McJepaModel(config) if isinstance(config, McJepaConfig) else JepaModel(config)


def as_sense_model(model: nn.Module, where: Path) -> SenseModel:
    """Return a model as one of a single sense.

    Raises:
        ConfigError: when it is another.
    """
    if not isinstance(model, JepaModel | PointJepaModel | McJepaModel):
        raise ConfigError(
            f"{where} holds a {type(model).__name__}; models of one sense are {', '.join(SENSE_MODELS)}: "
            "eco1 train --model i-jepa"
        )
    return model


def needs_of(config: SenseConfig, episode: Path) -> Needs:
    """Return what a model needs of the clips of a recording."""
    if isinstance(config, PointJepaConfig):
        return Needs(array=f"points/{config.instrument}/position_m", frames=1)
    if isinstance(config, McJepaConfig):
        return Needs(
            array=f"video/{config.instrument}/rgb", frames=config.frames, patch=_mc_patch(config), steps=config.frames
        )
    if config.sense == "sound":
        frames = math.ceil(config.size[1] * HOP_S / read_manifest(episode).info.dt_s)
        return Needs(array=f"audio/{config.instrument}/samples", frames=frames)
    return Needs(
        array=f"video/{config.instrument}/rgb", frames=config.size[0], patch=config.patch, steps=config.grid[0]
    )


def latents(model: SenseModel) -> Reader:
    """Return a model as a reader of clips."""

    def read(clip: SensedClip) -> np.ndarray:
        return model.embed_clip(clip).float().numpy()

    return read


def raw(model: SenseModel) -> Reader:
    """Return a reader of what a model is shown: pixels, a spectrogram or coordinates, and where each patch lies."""
    show = _raw_points(model) if isinstance(model, PointJepaModel) else _raw_patches(model.config)

    def read(clip: SensedClip) -> np.ndarray:
        return show(clip).numpy()

    return read


def _raw_patches(config: SenseConfig) -> Callable[[SensedClip], torch.Tensor]:
    def show(clip: SensedClip) -> torch.Tensor:
        if isinstance(config, McJepaConfig):
            size = (config.frames, *config.pixels)
            boxes = boxes_of(normalised(pictures_of(clip, config.instrument, size, _CPU)), _mc_patch(config))
        else:
            assert isinstance(config, JepaConfig)
            boxes = boxes_of(view_of(clip, config, _CPU), config.patch)
        return torch.cat([boxes.value, sines(boxes.position, _PLACE)], -1)

    return show


def _raw_points(model: PointJepaModel) -> Callable[[SensedClip], torch.Tensor]:
    config = model.config

    def show(clip: SensedClip) -> torch.Tensor:
        clouds = model.clouds(clip)
        centre = gathered(clouds.position, farthest_points(clouds.position, clouds.there, config.centres))
        near = nearest_points(centre, clouds.position, clouds.there, config.neighbours)
        group = gathered(clouds.position, near.flatten(1)).unflatten(1, near.shape[1:]) - centre[:, :, None]
        return torch.cat([group.flatten(2), centre], -1)

    return show


def _mc_patch(config: McJepaConfig) -> tuple[int, int, int]:
    side = 2 ** len(config.widths)
    return 1, side, side


_CPU = torch.device("cpu")
