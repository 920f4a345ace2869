"""What can be said of each kind of happening. Verbs stand in angle brackets; slots are filled by the speaker.

Slots: {whom} who it is done to, {whoms} the plural of that kind; {its}, {it}, {head}, {egg} agree with the subject;
{kin} its herd or group; {way} a direction.
"""

from eco1.sensors.captioner.lexicon import company, feeding, hunting, lives, resting, travelling
from eco1.sensors.captioner.lexicon.phrase import Phrase

LEXICON: dict[str, tuple[Phrase, ...]] = {
    **hunting.PHRASES, **feeding.PHRASES, **company.PHRASES, **resting.PHRASES, **travelling.PHRASES, **lives.PHRASES
}  # fmt: skip


def fitting(kind: str, tags: frozenset[str]) -> tuple[Phrase, ...]:
    """Return the phrases that are true of a happening; of those, the ones that say most."""
    true = [phrase for phrase in LEXICON[kind] if phrase.needs <= tags]
    most = max(len(phrase.needs) for phrase in true)
    return tuple(phrase for phrase in true if len(phrase.needs) == most)
