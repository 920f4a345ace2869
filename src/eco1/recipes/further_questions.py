"""Many questions about recordings to learn from: worked out once for an episode, then kept in the user's cache.

Working out the further questions of 30 s takes half a second, for a thousand recordings as long as hundreds of steps.
"""

import gzip
import hashlib
import zlib
from functools import cache
from pathlib import Path

import numpy as np

from eco1.core.compiling import source_digest
from eco1.core.files import cache_folder, write_durably
from eco1.core.senses import Description, Question
from eco1.data.places import Place
from eco1.data.question_clips import recorded_questions
from eco1.data.reader import read_episode, read_manifest
from eco1.data.text import pack_text, unpack_text
from eco1.sensors import captioner

_DRAWS = 8
_KIND = "questions"


@cache
def many_questions(episode: Place) -> tuple[Question, ...]:
    """Return what was asked when an episode was recorded, and what else can be asked of it.

    Raises:
        EpisodeError: when it cannot be read.
    """
    recorded = recorded_questions(episode)
    return (*recorded, *_further(episode)) if recorded else ()


def _further(episode: Place) -> tuple[Question, ...]:
    path = _kept_at(episode)
    try:
        packed = gzip.decompress(path.read_bytes())
        return unpack_text({_KIND: np.frombuffer(packed, np.uint8)}).questions
    except (OSError, EOFError, ValueError, zlib.error):
        found = captioner.ask(read_episode(episode), _DRAWS)
        _keep(path, found)
        return found


def _keep(path: Path, questions: tuple[Question, ...]) -> None:
    """Keep questions for the next time; whoever has no room for them works them out again."""
    packed = pack_text(Description(questions=questions)).get(_KIND, np.frombuffer(b"[]", np.uint8))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_durably(path, gzip.compress(packed.tobytes()))
    except OSError:
        return


def _kept_at(episode: Place) -> Path:
    """Return a place that is another one for another content, and for a captioner that asks otherwise."""
    content = hashlib.sha256(repr(read_manifest(episode)).encode()).hexdigest()[:32]
    return cache_folder() / f"questions-{_captioner_state()}" / f"{content}-{_DRAWS}.json.gz"


@cache
def _captioner_state() -> str:
    return source_digest(Path(captioner.__file__).parent)
