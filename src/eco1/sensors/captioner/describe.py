"""The entries to the captioner: an episode in, words out."""

from eco1.core.records import Episode
from eco1.core.senses import Caption, Description, Question
from eco1.sensors.captioner.chooser import Chooser
from eco1.sensors.captioner.dense import dense_captions
from eco1.sensors.captioner.extraction import extract
from eco1.sensors.captioner.happenings import Happening
from eco1.sensors.captioner.log import read_log
from eco1.sensors.captioner.questions import write_questions
from eco1.sensors.captioner.speaker import Speaker
from eco1.sensors.captioner.summary import summary


def describe(episode: Episode) -> Description:
    """Return everything that happened in an episode, as events, captions and questions.

    Captions of kind ``event`` stand for one event each and in the same order, those of kind ``dense`` tell adjoining
    spans of about five seconds, the one of kind ``summary`` tells the whole. Without ``hidden`` there are fewer
    reasons, and whom an act concerns is worked out from who is near and eats whom; without ``landscape`` there are no
    places. The same episode gives the same words.
    """
    log = read_log(episode)
    told = extract(log)
    speaker = Speaker(log, Chooser(episode.info.seed, episode.info.world))
    captions = [_event_caption(speaker, each) for each in told]
    return Description(
        events=tuple(each.event(log.dt_s) for each in told),
        captions=(*captions, *dense_captions(speaker, told), summary(speaker, told)),
        questions=tuple(write_questions(speaker, told)),
    )


def ask(episode: Episode, draws: int) -> tuple[Question, ...]:
    """Return questions of further draws than the one of ``describe``, each once: for learners, who never have enough.

    Two are the same when they ask the same and have the same answer, whatever else there is to choose from.
    """
    log = read_log(episode)
    told = extract(log)
    asked: dict[tuple[str, str], Question] = {}
    for draw in range(1, draws + 1):
        speaker = Speaker(log, Chooser(episode.info.seed, episode.info.world, draw))
        for question in write_questions(speaker, told):
            asked.setdefault((question.question, question.answer), question)
    return tuple(asked.values())


def _event_caption(speaker: Speaker, happening: Happening) -> Caption:
    event = happening.event(speaker.log.dt_s)
    text, rows = speaker.caption(happening)
    return Caption(kind="event", start_s=event.start_s, end_s=event.end_s, rows=rows, text=text)
