"""Recordings with senses as training and probing see them: which seeds, which arrays, how long a clip."""

from collections.abc import Sequence
from pathlib import Path

from eco1.core.errors import ConfigError
from eco1.data.clips import ClipSampler
from eco1.data.kept import Memory
from eco1.data.reader import read_manifest
from eco1.data.splits import Split
from eco1.recipes.kinds import all_species
from eco1.recipes.splits import folder_split

#: Decoded pictures, sounds and points kept in memory.
CACHE_BYTES = 6 * 2**30
#: What is asked about a camera's pictures, beside the pictures.
TRUTHS = ("depth_m", "instance", "flow_px", "eye_m", "axes")
#: What of it is asked about patches of the picture.
OF_PATCHES = ("depth_m", "flow_px")


def sensed_split(folder: Path) -> Split[Path]:
    """Return the training and held-out recordings of a folder as ``folder_split`` does.

    Raises:
        EpisodeError: when there is none.
        ConfigError: when there are fewer than two seeds, or nothing in which animals were left alone.
    """
    return folder_split(folder, "video audio points text")


def by_biome(paths: Sequence[Path]) -> dict[str, list[Path]]:
    """Return the recordings of each biome."""
    found: dict[str, list[Path]] = {}
    for path in paths:
        found.setdefault(read_manifest(path).info.biome, []).append(path)
    return found


def species_in(paths: Sequence[Path]) -> tuple[str, ...]:
    """Return one list of the species of all recordings."""
    return all_species(read_manifest(path).info.species_names for path in paths)


def sense_sampler(
    paths: Sequence[Path],
    senses: Sequence[str],
    *,
    frames: int,
    batch: int,
    seed: int,
    species_names: tuple[str, ...],
    strides: tuple[int, ...] = (1,),
    workers: int = 0,
    every: int = 1,
    memory: Memory | None = None,
) -> ClipSampler:
    """Return batches of clips with senses.

    Raises:
        UnknownNameError: when a recording lacks a sense.
        ConfigError: when recordings are shorter than a clip.
    """
    return ClipSampler(
        list(paths),
        frames=frames,
        batch=batch,
        seed=seed,
        species_names=species_names,
        strides=strides,
        senses=tuple(senses),
        workers=workers,
        every=every,
        cache_bytes=CACHE_BYTES,
        memory=memory,
    )


def only_instrument(paths: Sequence[Path], modality: str) -> str:
    """Return the name of the one instrument of a modality.

    Raises:
        ConfigError: when there is none, or several.
    """
    names = sorted(
        {path.split("/")[1] for path in read_manifest(paths[0]).chunk_crc32 if path.startswith(f"{modality}/")}
    )
    if len(names) != 1:
        found = f"{len(names)}: {', '.join(names)}" if names else "none"
        raise ConfigError(
            f"One instrument of {modality} is needed; {paths[0]} has {found}. "
            f"Record one: eco1 record --senses {modality}"
        )
    return names[0]
