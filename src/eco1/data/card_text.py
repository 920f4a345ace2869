"""A data card in words, and the commands that record the same again."""

import shlex
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from eco1.data.schema import Manifest

_MOST_BEHAVIORS = 12
_LIMITS = (
    "Simulated animals follow built-in drives with parameters from the literature; they are no measurement of any "
    "real animal.",
    "A day, and life from birth to death, run faster than in nature; the biome's clock is in its catalog file.",
    "Hidden drives are ground truth to probe against, never an input of a model.",
)
_LIMITS_OF_TRACKS = (
    "Real tracks have gaps; velocities are backward differences, and behaviours were not annotated.",
    "Scales called nominal are no measurement: report errors in the tracker's own unit.",
)


def card_text(card: dict[str, Any]) -> str:
    """Return a card as Markdown."""
    biomes = ", ".join(f"{name} ({count})" for name, count in card["biomes"].items())
    simulated = card["births"] is not None
    changes = [f"- Born while recorded: {card['births']}, died: {card['deaths']}"] if simulated else []
    return "\n".join(
        [
            "# Data card",
            "",
            f"{card['episodes']} episodes, {_time(card['seconds'])} in all, {card['frames']:,} frames.",
            "",
            f"- Worlds (episodes): {biomes or 'none'}",
            f"- Seeds: {_ranges(card['seeds'])}",
            *changes,
            f"- Licence: {', '.join(card['licences'])}",
            f"- Source: {', '.join(card['sources'])}; written by {', '.join(card['generators'])}",
            "",
            *_table("Animals", ("species", "individuals", "animal hours"), _species_rows(card)),
            *_table("Behaviour", ("behaviour", "share of animal time"), _behavior_rows(card)),
            *_table("What was recorded", ("part", "episodes", "one moment", "stored"), _modality_rows(card)),
            "## Make it again",
            "",
            *(f"    {line}" for line in card["reproduce"]),
            "",
            "## Known limits",
            "",
            *(f"- {limit}" for limit in (_LIMITS if simulated else _LIMITS_OF_TRACKS)),
            "",
        ]
    )


def reproducing(manifests: Sequence[Manifest]) -> list[str]:
    """Return the commands that record the simulated episodes again, and where the others came from."""
    seeds: dict[tuple[str, ...], set[int]] = defaultdict(set)
    worlds: dict[tuple[str, ...], int] = defaultdict(int)
    others: set[str] = set()
    for manifest in manifests:
        if manifest.info.provenance.get("source") != "simulation":
            others.add(f"imported from {manifest.info.provenance.get('source', 'unknown')}")
            continue
        words = _words(manifest)
        seeds[words].add(manifest.info.seed)
        worlds[words] = max(worlds[words], manifest.info.world + 1)
    commands = [
        shlex.join([*words, "--worlds", str(worlds[words]), "--first-seed", str(first), "--episodes", str(count)])
        for words in sorted(seeds)
        for first, count in _runs(sorted(seeds[words]))
    ]
    return [*commands, *sorted(others)]


def _words(manifest: Manifest) -> tuple[str, ...]:
    facts = manifest.info.provenance
    words = ["eco1", "record", "--biome", manifest.info.biome, "--seconds", f"{manifest.duration_s:g}"]
    words += ["--animals", str(manifest.animals)]
    if facts.get("detours_per_minute", "0") != "0":
        words += ["--detours-per-minute", facts["detours_per_minute"]]
    if "led_by" in facts:
        words += ["--led-by", facts["led_by"]]
    return tuple(words)


def _runs(seeds: Sequence[int]) -> list[tuple[int, int]]:
    """Return first seed and length of every stretch of seeds that follow each other."""
    runs: list[tuple[int, int]] = []
    for seed in seeds:
        if runs and seed == sum(runs[-1]):
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((seed, 1))
    return runs


def _ranges(seeds: Sequence[int]) -> str:
    spans = [str(first) if count == 1 else f"{first} to {first + count - 1}" for first, count in _runs(seeds)]
    return ", ".join(spans) or "none"


def _table(title: str, heading: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    if not rows:
        return []
    lines = [heading, tuple("---" for _ in heading), *rows]
    return [f"## {title}", "", *(f"| {' | '.join(line)} |" for line in lines), ""]


def _species_rows(card: dict[str, Any]) -> list[tuple[str, ...]]:
    return [(name, str(one["individuals"]), f"{one['animal_hours']:.3g}") for name, one in card["species"].items()]


def _behavior_rows(card: dict[str, Any]) -> list[tuple[str, ...]]:
    items = list(card["behaviors"].items())
    rows = [(name, f"{share:.2%}") for name, share in items[:_MOST_BEHAVIORS]]
    rest = items[_MOST_BEHAVIORS:]
    return [*rows, (f"{len(rest)} others", f"{sum(share for _, share in rest):.2%}")] if rest else rows


def _modality_rows(card: dict[str, Any]) -> list[tuple[str, ...]]:
    return [(name, str(one["episodes"]), _moment(one), _size(one["stored_bytes"])) for name, one in _parts(card)]


def _parts(card: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return list(card["modalities"].items())


def _moment(one: dict[str, Any]) -> str:
    shapes = [" x ".join(map(str, shape)) or "1" for shape in one.get("shapes", ())]
    return f"{' or '.join(shapes)} {one['type']}" if shapes else ""


def _size(stored_bytes: float) -> str:
    for unit in ("B", "kB", "MB"):
        if stored_bytes < 1000:
            return f"{stored_bytes:.3g} {unit}"
        stored_bytes /= 1000
    return f"{stored_bytes:.3g} GB"


def _time(seconds: float) -> str:
    hours, rest = divmod(round(seconds), 3600)
    minutes, left = divmod(rest, 60)
    parts = [(hours, "h"), (minutes, "min"), (left, "s")]
    return " ".join(f"{value} {unit}" for value, unit in parts if value) or f"{seconds:g} s"
