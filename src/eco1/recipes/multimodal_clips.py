"""What Eco-1 learns from and is judged by: clips of recordings with their words, and with questions about them."""

from collections.abc import Callable, Sequence
from pathlib import Path

from eco1.core.senses import Question
from eco1.data.kept import Memory
from eco1.data.places import Place
from eco1.data.question_clips import QuestionSampler, recorded_questions
from eco1.models.multimodal import MultimodalConfig
from eco1.recipes.mixing import InTurn, Unasked
from eco1.recipes.sensing import CACHE_BYTES, by_biome, sense_sampler
from eco1.training.sources import BatchSource

#: Of a camera, what a model needs beside its pictures: whom it follows.
_WHOM = ("eye_m", "axes")
_STRIDES = (2,)


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
    """Return random clips of recordings, with captions."""
    wanted = arrays_of(config) if senses is None else senses
    clips = sense_sampler(
        paths,
        (*wanted, "text"),
        frames=config.frames,
        batch=batch,
        seed=seed,
        species_names=config.species_names,
        strides=_STRIDES,
        memory=memory,
    )
    return Unasked(clips)


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


def clips_in_turn(
    config: MultimodalConfig,
    sensed: Sequence[Path],
    told: Sequence[Path],
    *,
    asked: Callable[[Place], Sequence[Question]] | None,
    batch: int,
    seed: int,
    every: int = 1,
    sharing: int = 1,
) -> InTurn:
    """Return clips and questions of recordings with all senses, and of those with words alone.

    Where nothing is ``asked`` there are no questions. ``sharing`` processes share the memory for what was read. What is
    made when it is asked for can be any batch next.
    """
    memory = Memory(CACHE_BYTES // max(sharing, 1), with_senses=True)
    kinds: list[tuple[Sequence[Path], tuple[str, ...] | None]] = [(sensed, None), (told, ())]
    sources: list[BatchSource] = []
    for paths, senses in kinds:
        if paths:
            sources.append(clips_with_senses(config, paths, batch, seed, senses, memory))
            if asked is not None:
                sources.append(clips_with_questions(config, paths, batch, seed, senses, asked, memory))
    return InTurn(sources)


def clips_by_biome(
    config: MultimodalConfig,
    sensed: Sequence[Path],
    *,
    batch: int,
    seed: int,
    every: int = 1,
    sharing: int = 1,
) -> InTurn:
    """Return batches of all biomes and of one biome, in turn.

    Whoever knows no more than the biome cannot tell clips of one apart; and of these alone it would be forgotten.
    """
    memory = Memory(CACHE_BYTES // max(sharing, 1), with_senses=True)
    groups = (sensed, *by_biome(sensed).values())
    of_all, *of_one = (clips_with_senses(config, each, batch, seed, None, memory) for each in groups)
    return InTurn([of_all, InTurn(of_one)])
