"""What an episode on disk is made of: array names, units, channels and the manifest.

Layout: a Zarr v3 group with time first. The manifest is the attributes of the root group and is written last.
"""

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from eco1.core.errors import EpisodeError
from eco1.core.records import DRIVES, PERSONALITY, SURROUNDINGS, EpisodeInfo
from eco1.data.sense_schema import RECORDS, TEXT, TEXT_FIELDS, unit_of

FORMAT_NAME = "eco1-episode"
FORMAT_VERSION = 3
EPISODE_SUFFIX = ".zarr"
PARTIAL_SUFFIX = ".partial"
ANIMALS = "animals"
LANDSCAPE = "landscape"

#: Unit of every array, named as the field of the record it fills; "1" is a number without unit.
OBSERVATION_UNITS = {
    "position_m": "m",
    "velocity_mps": "m/s",
    "heading_rad": "rad",
    "alive": "1",
    "carcass": "1",
    "identity": "1",
    "species": "index of species_names",
    "behavior": "index of behavior_names",
    "body_length_m": "m",
    "surroundings": "see channels",
}
HIDDEN_UNITS = {
    "drives": "1",
    "intent": "index of channels of drives",
    "personality": "1",
    "target": "row",
}
#: By array: the field of ``Action`` it fills. Recorded only when somebody told animals what to do.
ACTION_FIELDS = {"action_velocity_mps": "velocity_mps", "action_behavior": "behavior", "controlled": "controlled"}
ACTION_UNITS = {"action_velocity_mps": "m/s", "action_behavior": "index of behavior_names", "controlled": "1"}
LANDSCAPE_UNITS = {
    "height_m": "m",
    "water_depth_m": "m",
    "vegetation": "1",
    "tree_position_m": "m",
    "tree_height_m": "m",
    "shelter_position_m": "m",
    "crown_height_m": "m",
    "building_height_m": "m",
    "freezing": "1",
    "hole_position_m": "m",
    "refuse_position_m": "m",
    "flower_position_m": "m",
}
#: Parts of a landscape that every biome has; the others are left out where there is none.
EVERY_LANDSCAPE = tuple(LANDSCAPE_UNITS)[:6]
#: Meaning of the last axis where it is a list of different things.
CHANNELS = {
    "surroundings": list(SURROUNDINGS),
    "drives": list(DRIVES),
    "personality": list(PERSONALITY),
}


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """The attributes of an episode. ``crc32`` holds the checksum of every array by its path in the group.

    ``chunk_crc32`` holds those of every chunk of what instruments recorded, so that a part can be read and checked.
    ``body_length_m`` is that of every animal in an episode of positions alone, and None where an array holds it.
    """

    info: EpisodeInfo
    frames: int
    animals: int
    crc32: dict[str, str]
    landscape_size_m: float | None = None
    body_length_m: float | None = None
    chunk_crc32: dict[str, list[str]] = field(default_factory=dict)

    @property
    def instruments(self) -> dict[str, tuple[str, ...]]:
        """Names of the instruments by modality, those modalities only that were recorded."""
        pairs = dict.fromkeys(tuple(path.split("/")[:2]) for path in self.chunk_crc32)
        by_modality = {modality: tuple(name for kind, name in pairs if kind == modality) for modality in RECORDS}
        return {modality: names for modality, names in by_modality.items() if names}

    @property
    def texts(self) -> tuple[str, ...]:
        """Kinds of text that were recorded."""
        return tuple(kind for kind in TEXT_FIELDS if f"{TEXT}/{kind}" in self.crc32)

    @property
    def has_positions_alone(self) -> bool:
        """Whether nothing but positions was observed, so that the rest of an observation is worked out from them."""
        return [name for name in OBSERVATION_UNITS if f"{ANIMALS}/{name}" in self.crc32] == ["position_m"]

    @property
    def has_hidden(self) -> bool:
        """Whether the hidden state was recorded."""
        return f"{ANIMALS}/drives" in self.crc32

    @property
    def has_action(self) -> bool:
        """Whether animals were told what to do."""
        return f"{ANIMALS}/controlled" in self.crc32

    @property
    def duration_s(self) -> float:
        """Recorded time in seconds."""
        return self.frames * self.info.dt_s

    def attributes(self) -> dict[str, Any]:
        """Return the manifest as attributes of the root group."""
        units = {path: _unit(path) for path in (*self.crc32, *self.chunk_crc32)}
        body: dict[str, Any] = {
            "format": FORMAT_NAME,
            "version": FORMAT_VERSION,
            **asdict(self.info),
            "species_names": list(self.info.species_names),
            "behavior_names": list(self.info.behavior_names),
            "frames": self.frames,
            "animals": self.animals,
            "units": units,
            "channels": CHANNELS,
            "crc32": self.crc32,
            "chunk_crc32": self.chunk_crc32,
            "landscape_size_m": self.landscape_size_m,
            "body_length_m": self.body_length_m,
        }
        return {**body, "manifest_crc32": _manifest_crc32(body)}


def parse_manifest(attributes: Mapping[str, Any], where: str) -> Manifest:
    """Return the manifest of the root attributes of the episode at ``where``.

    Raises:
        EpisodeError: when they are not those of a complete, undamaged episode of a version this code reads.
    """
    _refuse_foreign(attributes, where)
    body = {key: value for key, value in attributes.items() if key != "manifest_crc32"}
    if attributes.get("manifest_crc32") != _manifest_crc32(body):
        raise damaged(where, "its manifest does not match its own checksum")
    if body["channels"] != CHANNELS:
        raise EpisodeError(
            f"Episode {where} has channels {body['channels']}; this eco1 reads {CHANNELS}. "
            "Record it again: eco1 record --help"
        )
    info = EpisodeInfo(
        biome=body["biome"],
        seed=body["seed"],
        world=body["world"],
        dt_s=body["dt_s"],
        species_names=tuple(body["species_names"]),
        behavior_names=tuple(body["behavior_names"]),
        provenance=dict(body["provenance"]),
    )
    return Manifest(
        info=info,
        frames=body["frames"],
        animals=body["animals"],
        crc32=dict(body["crc32"]),
        landscape_size_m=body["landscape_size_m"],
        body_length_m=body.get("body_length_m"),  # older manifests mention neither this nor the next
        chunk_crc32=dict(body.get("chunk_crc32", {})),
    )


def damaged(where: str, reason: str) -> EpisodeError:
    """Return the error for an episode whose bytes are not those that were written."""
    return EpisodeError(
        f"Episode {where} is damaged: {reason}. Only undamaged episodes are read. "
        "Delete it and record or import it again: eco1 record --help"
    )


def crc32(array: np.ndarray, start: int = 0) -> int:
    """Return the CRC-32 of the bytes of ``array`` in C order, continued from ``start``."""
    return zlib.crc32(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data, start)


def _refuse_foreign(attributes: Mapping[str, Any], where: str) -> None:
    if attributes.get("format") != FORMAT_NAME:
        raise EpisodeError(
            f"{where} is not a complete episode: its manifest says format {attributes.get('format')!r}, "
            f"wanted {FORMAT_NAME!r}. Record one: eco1 record --help"
        )
    version = attributes.get("version")
    if not isinstance(version, int) or version > FORMAT_VERSION:
        raise EpisodeError(
            f"Episode {where} has format version {version!r}; this eco1 reads versions up to {FORMAT_VERSION}. "
            "Update: pip install --upgrade eco1"
        )


def _unit(path: str) -> str:
    group, _, name = path.partition("/")
    if group in RECORDS:
        return unit_of(path)
    if group == TEXT:
        return "UTF-8 JSON"
    return LANDSCAPE_UNITS[name] if group == LANDSCAPE else {**OBSERVATION_UNITS, **HIDDEN_UNITS, **ACTION_UNITS}[name]


def _manifest_crc32(body: Mapping[str, Any]) -> str:
    return f"{zlib.crc32(json.dumps(body, sort_keys=True).encode()):08x}"
