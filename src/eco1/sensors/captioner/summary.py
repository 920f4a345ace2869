"""The summary: where, who, what they mostly did, the main events in order, and how it ended. In the past tense."""

import numpy as np

from eco1.catalog.loader import biome_names, load_biome
from eco1.core.senses import Caption
from eco1.sensors.captioner.grammar.nouns import common_noun, plural, with_article
from eco1.sensors.captioner.grammar.numbers import listed, number
from eco1.sensors.captioner.grammar.sentences import Subject, predicate, sentence, words_in
from eco1.sensors.captioner.grammar.verbs import Form
from eco1.sensors.captioner.happenings import Happening
from eco1.sensors.captioner.interest import interest
from eco1.sensors.captioner.lexicon.plain import PLAIN
from eco1.sensors.captioner.speaker import Speaker

_NAMED, _MOSTLY, _EVENTS = 4, 3, 3  # kinds named with their number, kinds whose main activity is told, main events
_GRIPPING = 4.0  # interest from which something is a main event
_LONGEST = 29
_ASIDE = ("vigilant",)  # is done between everything else


def summary(speaker: Speaker, told: list[Happening]) -> Caption:
    """Return a paragraph of three to six sentences about the whole episode."""
    log = speaker.log
    main = _main_events(told)
    sentences = [_scene(speaker), _mostly(speaker), *_events(speaker, main), _outcome(speaker, told)]
    rows = dict.fromkeys(row for each in main for row in each.rows)
    text = " ".join(each for each in sentences if each)
    return Caption(kind="summary", start_s=0.0, end_s=round(log.seconds, 3), rows=tuple(rows), text=text)


def _duration(seconds: float) -> str:
    if seconds < 90 and abs(seconds - 60) > 5:
        whole = max(1, round(seconds))
        return "a second" if whole == 1 else f"{number(whole)} seconds"
    minutes = max(1, round(seconds / 60))
    return "a minute" if minutes == 1 else f"{number(minutes)} minutes"


def _place(biome: str) -> str:
    """Return the biome with its article: "an African savanna"."""
    if biome not in biome_names():
        return "an unknown place" if not biome else f"the {biome.replace('_', ' ')}"
    title = common_noun(load_biome(biome).title)
    return title if title.endswith("s") else f"the {title}" if title.endswith("tundra") else with_article(title)


def _scene(speaker: Speaker) -> str:
    """Say where it was, by day or night, and who was there."""
    log, namer = speaker.log, speaker.namer
    if not log.alive.any():
        return sentence(f"in {_duration(log.seconds)}, no animal was to be seen")
    begin = int(log.alive.any(1).argmax())
    counts = np.bincount(log.species[begin][log.alive[begin]], minlength=len(log.kinds))
    order = [int(s) for s in np.argsort(-counts, kind="stable") if counts[s]]
    light = "from day into night" if log.is_dark(log.steps - 1) and not log.is_dark(0) else ""
    light = light or (
        "by night" if log.is_dark(0) else "by day" if log.daylight.min() < 1 or log.drives is not None else ""
    )
    named = [_count(int(counts[s]), namer.noun(log.kinds[s], short=False)) for s in order[:_NAMED]]
    rest = order[_NAMED:]
    if rest:
        animals = int(sum(counts[s] for s in rest))
        kinds = f"{number(len(rest))} more kinds" if len(rest) > 1 else "one more kind"
        named.append(f"{_count(animals, 'animal')} of {kinds}")
    setting = f"{_duration(log.seconds)} in {_place(log.biome)} {light}".strip()
    text = sentence(f"{setting} showed {listed(named)}")
    return (
        text if words_in(text) <= _LONGEST + 1 else sentence(f"{setting} showed {listed([*named[:2], 'many others'])}")
    )


def _count(n: int, noun: str) -> str:
    return with_article(noun) if n == 1 else f"{number(n)} {plural(noun)}"


def _mostly(speaker: Speaker) -> str:
    """Say what the most numerous kinds mostly did, by the frames they spent on it."""
    log = speaker.log
    counts = np.bincount(log.species[log.alive], minlength=len(log.kinds))
    parts: list[tuple[str, str]] = []
    for s in np.argsort(-counts, kind="stable")[:_MOSTLY].tolist():
        shown = log.behavior[log.alive & (log.species == s)]
        shown = shown[(shown >= 0) & ~np.isin(shown, log.codes(*_ASIDE))]
        if len(shown):
            name = log.behaviors[int(np.bincount(shown).argmax())]
            many = counts[s] > log.steps
            noun = speaker.namer.noun(log.kinds[s], short=True)
            subject = Subject(text=f"the {plural(noun) if many else noun}", is_plural=bool(many))
            parts.append((subject.text, predicate(PLAIN[name], subject, Form.PAST)))
    groups: dict[str, list[str]] = {}
    for who, did in parts:
        groups.setdefault(did, []).append(who)
    clauses = [f"{listed(who)} {did}" for did, who in groups.items()]
    return sentence(f"above all, {listed(clauses)}") if clauses else ""


def _main_events(told: list[Happening]) -> list[Happening]:
    """Return the few most gripping happenings of different kinds or animals, in order of time."""
    chosen: list[Happening] = []
    for each in sorted(told, key=lambda happening: (-interest(happening), happening.first)):
        if interest(each) < _GRIPPING or len(chosen) == _EVENTS:
            break
        if all(each.kind != other.kind and not set(each.others) & set(other.rows) for other in chosen):
            chosen.append(each)
    return sorted(chosen, key=lambda happening: happening.first)


def _events(speaker: Speaker, main: list[Happening]) -> list[str]:
    said: list[str] = []
    for each in main:
        clause = speaker.clause(each, speaker.introduced(each, short=True), Form.PAST, short=True)
        place = speaker.placed(clause)[1]
        text = sentence(_when(speaker, each), clause.text, place)
        said.append(text if words_in(text) <= _LONGEST else sentence(clause.text))
    return said


def _when(speaker: Speaker, happening: Happening) -> str:
    """Return when something began, as a share of the episode or in seconds."""
    log = speaker.log
    share, seconds = happening.first / log.steps, round(happening.first * log.dt_s)
    if share < 0.1:
        return speaker.chooser.pick("early", ("at the very beginning,", "right at the start,"))
    if share > 0.85:
        return speaker.chooser.pick("late", ("towards the end,", "near the end,"))
    if seconds < 2:
        return "soon after,"
    ways = (
        f"after {number(seconds)} seconds,",
        f"some {number(seconds)} seconds in,",
        f"{number(seconds)} seconds in,",
    )
    return speaker.chooser.pick("when", ways)


def _outcome(speaker: Speaker, told: list[Happening]) -> str:
    """Say how many were born, killed and died, or that all lived."""
    if not speaker.log.alive.any():
        return ""
    born = sum(len(each.actors) for each in told if each.kind == "birth")
    killed = sum(each.kind == "kill" for each in told)
    died = sum(each.kind == "death" for each in told)
    parts = [
        f"{number(count)} {noun} had {what}"
        for count, noun, what in (
            (killed, "animal" if killed == 1 else "animals", "been killed"),
            (
                died,
                "animal" if died == 1 and not killed else "animals" if not killed else "more" if killed else "",
                "died",
            ),
            (born, "young one" if born == 1 else "young", "been born"),
        )
        if count
    ]
    if killed or died:
        return sentence(f"by the end, {listed(parts)}")
    return sentence(
        f"nobody died, and {number(born)} {'young one was' if born == 1 else 'young were'} born"
        if born
        else "nobody died"
    )
