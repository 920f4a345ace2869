"""Train Eco-1 on recordings with several senses, on recordings of animals and words alone, and on questions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console

from eco1.catalog.loader import biome_names
from eco1.core.errors import ConfigError, EpisodeError, unknown_name
from eco1.data.question_clips import recorded_questions
from eco1.data.reader import read_manifest
from eco1.data.sensed import open_senses, read_text
from eco1.data.workers import MadeElsewhere
from eco1.models.multimodal import SENSES, MultimodalConfig, MultimodalModel
from eco1.models.multimodal.ladder import rung
from eco1.models.multimodal.words import learn_tokenizer
from eco1.recipes.further_questions import many_questions
from eco1.recipes.kinds import router_prior, species_traits
from eco1.recipes.multimodal_clips import clips_in_turn
from eco1.recipes.running import RunOptions, run
from eco1.recipes.sensing import only_instrument, sensed_split, species_in
from eco1.recipes.strangers import load_multimodal, ready_for
from eco1.sensors.captioner.kinds import kind_of
from eco1.sensors.captioner.lexicon.plain import plainly
from eco1.training.sources import BatchSource


@dataclass(frozen=True, kw_only=True)
class MultimodalFitConfig:
    """One training run. ``size`` is a rung of the ladder, ``model`` changes single settings of it.

    ``words`` are further recordings of animals and words without instruments, which are cheap to make many of.
    ``workers`` are processes of each rank that read clips and work out questions ahead. ``start_from`` is a checkpoint
    of another run to learn on from, with its settings.
    """

    episodes: Path
    out: Path
    words: Path | None = None
    options: RunOptions
    size: str = "nano"
    workers: int = 0
    start_from: Path | None = None
    model: dict[str, Any] = field(default_factory=dict)


def fit_multimodal(config: MultimodalFitConfig, *, console: Console | None = None) -> Path:
    """Train on the training seeds of both folders and return the folder of the last checkpoint.

    Raises:
        Eco1Error: when recordings, settings or a run to resume do not fit together.
    """
    split = sensed_split(config.episodes)
    told = () if config.words is None else sensed_split(config.words).train
    paths = (*split.train, *told)
    start = config.start_from
    before = None if start is None else _learned_before(start, config.model, (*paths, *split.held_out))
    made_for = multimodal_config(paths, split.held_out, config.size, config.model) if before is None else before.config

    learned = partial(clips_in_turn, made_for, split.train, told, asked=many_questions)
    held_out = partial(clips_in_turn, made_for, split.held_out, (), asked=recorded_questions)

    def made_elsewhere(*, batch: int, seed: int, every: int = 1) -> BatchSource:
        return MadeElsewhere(partial(learned, batch=batch, seed=seed, sharing=config.workers), config.workers, every)

    return run(
        lambda: MultimodalModel(made_for) if before is None else before,
        made_elsewhere if config.workers else learned,
        held_out,
        config.options,
        config.out,
        console=console,
    )


def _learned_before(folder: Path, settings: Mapping[str, Any], paths: Sequence[Path]) -> MultimodalModel:
    if settings:
        raise ConfigError(f"{folder} has settings of its own; {', '.join(settings)} cannot be changed.")
    return ready_for(load_multimodal(folder), paths)


def multimodal_config(
    learned: Sequence[Path], held_out: Sequence[Path], size: str, settings: dict[str, Any]
) -> MultimodalConfig:
    """Return the settings of a model for these recordings, with what the catalog says of their species.

    Raises:
        EpisodeError: when no recording has instruments.
        ConfigError: when settings do not fit, or there is not one instrument of each of the model's senses.
        UnknownNameError: when there is no such size or setting.
    """
    for name in settings:
        if name not in (allowed := [field.name for field in fields(MultimodalConfig)]):
            raise unknown_name("setting of Eco-1", name, allowed)
    first = next((path for path in learned if read_manifest(path).chunk_crc32), None)
    if first is None:
        raise EpisodeError("No recording has instruments. Record some: eco1 record --senses video audio points text")
    species, info = species_in((*learned, *held_out)), read_manifest(first).info
    vocabulary = int(settings.get("vocabulary", rung(size).language.vocabulary))
    known: dict[str, Any] = {
        "species_names": species,
        "behavior_names": info.behavior_names,
        "environment_names": biome_names(),
        "vocabulary": vocabulary,
        **_instruments(first, settings.get("senses", SENSES)),
        "species_words": tuple(kind_of(name).full for name in species),
        "behavior_words": tuple(map(plainly, info.behavior_names)),
        **router_prior(species, info.behavior_names),
        **species_traits(species),
        **settings,
    }
    if "tokenizer" not in known:
        known["tokenizer"] = learn_tokenizer(_texts(learned), vocabulary)
    return MultimodalConfig.of_size(size, **known)


def _instruments(episode: Path, senses: Sequence[str]) -> dict[str, Any]:
    """Return the names of the instruments that a model of some senses needs, and the size of pictures."""
    kinds = {"video": "camera", "audio": "microphone", "points": "lidar"}
    found: dict[str, Any] = {kinds[sense]: only_instrument([episode], sense) for sense in senses if sense in kinds}
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
