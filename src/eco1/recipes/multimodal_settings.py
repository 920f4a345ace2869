"""What an Eco-1 is made of that is to learn from certain recordings: their species, instruments and words."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from eco1.catalog.loader import biome_names
from eco1.core.errors import EpisodeError, unknown_name
from eco1.data.reader import read_manifest
from eco1.data.sensed import open_senses, read_text
from eco1.models.multimodal import SENSES, MultimodalConfig
from eco1.models.multimodal.config import INSTRUMENTS, Sense
from eco1.models.multimodal.ladder import rung
from eco1.models.multimodal.words import learn_tokenizer
from eco1.recipes.kinds import router_prior, species_traits
from eco1.recipes.sensing import only_instrument, species_in
from eco1.sensors.captioner.kinds import kind_of
from eco1.sensors.captioner.lexicon.plain import plainly


def multimodal_config(
    learned: Sequence[Path], held_out: Sequence[Path], size: str, settings: dict[str, Any]
) -> MultimodalConfig:
    """Return the settings of a model for these recordings, with what the catalog says of their species.

    Raises:
        EpisodeError: when no recording has instruments for senses that need them.
        ConfigError: when settings do not fit, or there is not one instrument of each of the model's senses.
        UnknownNameError: when there is no such size or setting.
    """
    for name in settings:
        if name not in (allowed := [field.name for field in fields(MultimodalConfig)]):
            raise unknown_name("setting of Eco-1", name, allowed)
    senses: Sequence[Sense] = settings.get("senses", SENSES)
    needed: list[Sense] = [sense for sense in senses if sense in INSTRUMENTS]
    first = next((path for path in learned if not needed or read_manifest(path).chunk_crc32), None)
    if first is None:
        raise EpisodeError(
            f"No recording has instruments for {', '.join(needed)}. "
            f"Record some: eco1 record --senses {' '.join(needed)} text. "
            'Or learn of motion and words alone: --settings \'senses=["motion","text"]\''
        )
    species, info = species_in((*learned, *held_out)), read_manifest(first).info
    vocabulary = int(settings.get("vocabulary", rung(size).language.vocabulary))
    known: dict[str, Any] = {
        "species_names": species,
        "behavior_names": info.behavior_names,
        "environment_names": biome_names(),
        "vocabulary": vocabulary,
        **_instruments(first, needed),
        "species_words": tuple(kind_of(name).full for name in species),
        "behavior_words": tuple(map(plainly, info.behavior_names)),
        **router_prior(species, info.behavior_names),
        **species_traits(species),
        **settings,
    }
    if "tokenizer" not in known:
        known["tokenizer"] = learn_tokenizer(_texts(learned), vocabulary)
    return MultimodalConfig.of_size(size, **known)


def _instruments(episode: Path, senses: Sequence[Sense]) -> dict[str, Any]:
    """Return the names of the instruments of some senses, and the size of pictures."""
    found: dict[str, Any] = {INSTRUMENTS[sense]: only_instrument([episode], sense) for sense in senses}
    if "camera" in found:
        found["pixels"] = int(open_senses(episode).arrays[f"video/{found['camera']}/rgb"].shape[1])
    return found


def _texts(paths: Sequence[Path]) -> Iterator[str]:
    for path in paths:
        said = read_text(path)
        yield from (caption.text for caption in said.captions)
        for question in said.questions:
            yield question.question
            yield from question.choices
