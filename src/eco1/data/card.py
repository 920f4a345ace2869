"""The data card of a dataset: what is in it, where it comes from, how to make it again and what it does not show."""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from eco1.data.card_text import card_text, reproducing
from eco1.data.finding import list_episodes
from eco1.data.opening import open_episode, read_checked
from eco1.data.places import Place, child, store, store_errors
from eco1.data.reader import read_episode
from eco1.data.schema import ANIMALS, LANDSCAPE, Manifest
from eco1.data.sense_schema import RECORDS, TEXT

N = TypeVar("N", int, float)

CARD_JSON, CARD_TEXT = "card.json", "CARD.md"
_SIMULATED = "simulation"


@dataclass(frozen=True, kw_only=True)
class EpisodeFacts:
    """What the card needs of one episode."""

    manifest: Manifest
    individuals: dict[str, int]
    animal_seconds: dict[str, float]
    behavior_seconds: dict[str, float]
    born: int
    died: int
    arrays: dict[str, dict[str, Any]]


def write_card(root: Place) -> dict[str, Any]:
    """Write ``card.json`` and ``CARD.md`` beside the episodes of ``root`` and return what the former holds.

    The same episodes give the same card.

    Raises:
        EpisodeError: when an episode is damaged, or the place cannot be written.
    """
    card = dataset_card(root)
    files, _ = store(root)
    for name, text in ((CARD_JSON, json.dumps(card, indent=2) + "\n"), (CARD_TEXT, card_text(card))):
        with store_errors(root):
            path = store(child(root, name))[1]
            files.pipe_file(f"{path}.part", text.encode())
            files.mv(f"{path}.part", path)
    return card


def dataset_card(root: Place) -> dict[str, Any]:
    """Return the card of the episodes under ``root``.

    Raises:
        EpisodeError: when there is no such place, or an episode is damaged.
    """
    episodes = [_episode_facts(place) for place in list_episodes(root)]
    manifests = [facts.manifest for facts in episodes]
    simulated = [facts for facts in episodes if facts.manifest.info.provenance.get("source") == _SIMULATED]
    return {
        "format": "eco1-card",
        "version": 1,
        "episodes": len(episodes),
        "seconds": round(sum(manifest.duration_s for manifest in manifests), 3),
        "frames": sum(manifest.frames for manifest in manifests),
        "biomes": dict(sorted(Counter(manifest.info.biome for manifest in manifests).items())),
        "seeds": sorted({manifest.info.seed for manifest in manifests}),
        "species": _species(episodes),
        "behaviors": _shares(_added([facts.behavior_seconds for facts in episodes])),
        "births": sum(facts.born for facts in simulated) if simulated else None,
        "deaths": sum(facts.died for facts in simulated) if simulated else None,
        "modalities": _modalities(episodes),
        "licences": _values(manifests, "licence"),
        "sources": _values(manifests, "source"),
        "generators": _values(manifests, "generator"),
        "reproduce": reproducing(manifests),
    }


def _episode_facts(place: Place) -> EpisodeFacts:
    group, manifest = open_episode(place)
    raw = _animals(group, manifest, place)
    alive = raw["alive"]
    pairs = np.unique(np.stack([raw["identity"][alive], raw["species"][alive]], -1), axis=0)
    species = manifest.info.species_names
    first, last = (set(raw["identity"][frame][alive[frame]].tolist()) for frame in (0, -1))
    everybody = set(pairs[:, 0].tolist())
    return EpisodeFacts(
        manifest=manifest,
        individuals=dict(Counter(species[index] for index in pairs[:, 1].tolist())),
        animal_seconds=_seconds(raw["species"][alive], species, manifest.info.dt_s),
        behavior_seconds=_seconds(raw["behavior"][alive], manifest.info.behavior_names, manifest.info.dt_s),
        born=len(everybody - first),
        died=len(everybody - last),
        arrays=_arrays(group, manifest, place),
    )


def _animals(group: Any, manifest: Manifest, place: Place) -> dict[str, np.ndarray]:
    """Return who lived, who they were and what they did, (T, N), reading no more than that where it can be."""
    names = ("alive", "identity", "species", "behavior")
    if manifest.has_positions_alone:
        seen = read_episode(place).observation
        return {name: getattr(seen, name) for name in names}
    shape = (manifest.frames, manifest.animals)
    return {name: read_checked(group, manifest, f"{ANIMALS}/{name}", place, shape) for name in names}


def _seconds(indices: np.ndarray, names: Sequence[str], dt_s: float) -> dict[str, float]:
    counts = np.bincount(indices[indices >= 0], minlength=len(names))
    return {name: count * dt_s for name, count in zip(names, counts.tolist(), strict=True) if count}


def _added(parts: Sequence[dict[str, N]]) -> dict[str, N]:
    whole: dict[str, N] = {}
    for part in parts:
        for name, value in part.items():
            whole[name] = whole[name] + value if name in whole else value
    return whole


def _arrays(group: Any, manifest: Manifest, place: Place) -> dict[str, dict[str, Any]]:
    """Return shape of a moment, type and stored bytes by what was recorded; animals and the rest as one entry each."""
    files, top = store(place)
    with store_errors(place):
        sizes = {path.removeprefix(f"{top}/"): entry["size"] for path, entry in files.find(top, detail=True).items()}
    found: dict[str, dict[str, Any]] = {}
    for name in (ANIMALS, LANDSCAPE, TEXT, *manifest.chunk_crc32):
        stored = sum(size for path, size in sizes.items() if path.startswith(f"{name}/"))
        if not stored:
            continue
        sensed = name.split("/")[0] in RECORDS
        about = {"shape": list(group[name].shape[1:]), "type": str(group[name].dtype)} if sensed else {}
        found[name] = {**about, "stored_bytes": stored}
    return found


def _species(episodes: Sequence[EpisodeFacts]) -> dict[str, dict[str, float]]:
    individuals = _added([facts.individuals for facts in episodes])
    seconds = _added([facts.animal_seconds for facts in episodes])
    return {
        name: {"individuals": individuals[name], "animal_hours": round(seconds[name] / 3600, 4)}
        for name in sorted(individuals)
    }


def _shares(seconds: dict[str, float]) -> dict[str, float]:
    whole = sum(seconds.values())
    ordered = sorted(seconds.items(), key=lambda item: (-item[1], item[0]))
    return {name: round(time / whole, 5) for name, time in ordered}


def _modalities(episodes: Sequence[EpisodeFacts]) -> dict[str, dict[str, Any]]:
    entries: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for facts in episodes:
        for name, entry in facts.arrays.items():
            entries[name].append(entry)
    return {
        name: {
            "episodes": len(found),
            **(
                {"shapes": [list(shape) for shape in sorted({tuple(entry["shape"]) for entry in found})]}
                if "shape" in found[0]
                else {}
            ),
            **({"type": found[0]["type"]} if "type" in found[0] else {}),
            "stored_bytes": sum(entry["stored_bytes"] for entry in found),
        }
        for name, found in entries.items()
    }


def _values(manifests: Sequence[Manifest], key: str) -> list[str]:
    return sorted({manifest.info.provenance.get(key, "unknown") for manifest in manifests})
