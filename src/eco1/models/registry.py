"""Models by name: from a config as JSON to a model."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from torch import nn

from eco1.core.errors import ConfigError, unknown_name
from eco1.models.eco import EcoConfig, EcoModel
from eco1.models.jepa import JepaConfig, JepaModel
from eco1.models.jepa.acting import VJepaAcConfig, VJepaAcModel
from eco1.models.jepa.motion import McJepaConfig, McJepaModel
from eco1.models.jepa.points import PointJepaConfig, PointJepaModel
from eco1.models.multimodal import MultimodalConfig, MultimodalModel

_Config = EcoConfig | JepaConfig | PointJepaConfig | McJepaConfig | VJepaAcConfig | MultimodalConfig
_MODELS: dict[str, tuple[type[_Config], type[nn.Module]]] = {
    "eco": (EcoConfig, EcoModel),
    "jepa": (JepaConfig, JepaModel),
    "point_jepa": (PointJepaConfig, PointJepaModel),
    "mc_jepa": (McJepaConfig, McJepaModel),
    "vjepa2_ac": (VJepaAcConfig, VJepaAcModel),
    "multimodal": (MultimodalConfig, MultimodalModel),
}


def build_model(config_json: dict[str, Any]) -> nn.Module:
    """Return a new model with fresh weights.

    Raises:
        UnknownNameError: when ``kind`` or a setting does not exist.
        ConfigError: when a setting is missing or contradicts another.
    """
    config = _config_of(config_json)
    return _MODELS[config.kind][1](config)


def _config_of(config_json: Mapping[str, Any]) -> _Config:
    """Return the config; one inside of another is found by its ``kind`` too."""
    kind = str(config_json.get("kind", ""))
    if kind not in _MODELS:
        raise unknown_name("model kind", kind, _MODELS)
    config_type = _MODELS[kind][0]
    known = {f.name for f in fields(config_type)}
    for name in config_json:
        if name not in known:
            raise unknown_name(f"setting of model {kind!r}", name, known)
    try:
        return config_type(**{name: _frozen(value) for name, value in config_json.items()})
    except TypeError as error:
        raise ConfigError(f"The config of model {kind!r} is incomplete: {error}.") from error


def _frozen(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _config_of(value)
    return tuple(_frozen(item) for item in value) if isinstance(value, list | tuple) else value
