"""Train Eco-1 on recordings with several senses, on recordings of animals and words alone, and on questions."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache, partial
from pathlib import Path
from typing import Any

from rich.console import Console

from eco1.catalog.loader import biome_names
from eco1.core.errors import ConfigError, EpisodeError, unknown_name
from eco1.core.senses import Question
from eco1.data.kept import Memory
from eco1.data.places import Place
from eco1.data.question_clips import QuestionSampler, recorded_questions
from eco1.data.reader import read_episode, read_manifest
from eco1.data.sensed import open_senses, read_text
from eco1.data.workers import MadeElsewhere
from eco1.models.multimodal import SENSES, MultimodalConfig, MultimodalModel
from eco1.models.multimodal.ladder import rung
from eco1.models.multimodal.words import learn_tokenizer
from eco1.recipes.kinds import router_prior, species_traits
from eco1.recipes.mixing import InTurn
from eco1.recipes.running import RunOptions, run
from eco1.recipes.sensing import CACHE_BYTES, only_instrument, sense_sampler, sensed_split, species_in
from eco1.recipes.strangers import load_multimodal, ready_for
from eco1.sensors.captioner import ask
from eco1.sensors.captioner.kinds import kind_of
from eco1.sensors.captioner.lexicon.plain import plainly
from eco1.training.sources import BatchSource

#: Of a camera, what a model needs beside its pictures: whom it follows.
_WHOM = ("eye_m", "axes")
_STRIDES = (2,)
_FURTHER_DRAWS = 8  # of questions to learn from


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

    learned = partial(_in_turn, made_for, split.train, told, asked=many_questions)
    held_out = partial(_in_turn, made_for, split.held_out, (), asked=recorded_questions)

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


def arrays_of(config: MultimodalConfig) -> tuple[str, ...]:
    """Return the paths of the arrays that a model perceives."""
    found: list[str] = []
    if "video" in config.senses:
        found += [f"video/{config.camera}/{name}" for name in ("rgb", *_WHOM)]
    if "audio" in config.senses:
        found.append(f"audio/{config.microphone}/samples")
    if "points" in config.senses:
        found.append(f"points/{config.lidar}/position_m")
    return tuple(found)


def clips_with_senses(
    config: MultimodalConfig,
    paths: Sequence[Path],
    batch: int,
    seed: int,
    senses: tuple[str, ...] | None = None,
    memory: Memory | None = None,
) -> BatchSource:
    """Return random clips of recordings, with words."""
    wanted = arrays_of(config) if senses is None else senses
    return sense_sampler(
        paths,
        (*wanted, "text"),
        frames=config.frames,
        batch=batch,
        seed=seed,
        species_names=config.species_names,
        strides=_STRIDES,
        memory=memory,
    )


def clips_with_questions(
    config: MultimodalConfig,
    paths: Sequence[Path],
    batch: int,
    seed: int,
    senses: tuple[str, ...] | None = None,
    questions_of: Callable[[Place], Sequence[Question]] = recorded_questions,
    memory: Memory | None = None,
) -> QuestionSampler:
    """Return clips that come with a question."""
    return QuestionSampler(
        list(paths),
        config.frames,
        batch,
        seed,
        species_names=config.species_names,
        senses=arrays_of(config) if senses is None else senses,
        questions_of=questions_of,
        memory=memory,
    )


@cache
def many_questions(episode: Place) -> tuple[Question, ...]:
    """Return what was asked when an episode was recorded, and what else can be asked of it."""
    recorded = recorded_questions(episode)
    return (*recorded, *ask(read_episode(episode), _FURTHER_DRAWS)) if recorded else ()


def _in_turn(
    config: MultimodalConfig,
    sensed: Sequence[Path],
    told: Sequence[Path],
    *,
    asked: Callable[[Place], Sequence[Question]],
    batch: int,
    seed: int,
    every: int = 1,
    sharing: int = 1,
) -> InTurn:
    """Return clips and questions of recordings with all senses, and of those with words alone.

    ``sharing`` processes share the memory for what was read. What is made when it is asked for can be any batch next.
    """
    memory = Memory(CACHE_BYTES // max(sharing, 1), with_senses=True)
    sources: list[BatchSource] = [
        clips_with_senses(config, sensed, batch, seed, memory=memory),
        clips_with_questions(config, sensed, batch, seed, None, asked, memory),
    ]
    if told:
        sources.append(clips_with_senses(config, told, batch, seed, (), memory))
        sources.append(clips_with_questions(config, told, batch, seed, (), asked, memory))
    return InTurn(sources)


def _texts(paths: Sequence[Path]) -> Iterator[str]:
    for path in paths:
        said = read_text(path)
        yield from (caption.text for caption in said.captions)
        for question in said.questions:
            yield question.question
            yield from question.choices
