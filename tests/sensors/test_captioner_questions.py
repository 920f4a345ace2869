"""The answers are worked out again from the arrays, by other means than those that wrote the questions."""

import re
from collections import Counter

import numpy as np
import pytest
from described_worlds import BIOMES, described, recording

from eco1.sensors.captioner import ask
from eco1.sensors.captioner.grammar.nouns import plural, with_article
from eco1.sensors.captioner.grammar.numbers import number
from eco1.sensors.captioner.grammar.verbs import Form, conjugated
from eco1.sensors.captioner.kinds import kind_of
from eco1.sensors.captioner.lexicon.plain import PLAIN

biomes = pytest.mark.parametrize("biome", BIOMES)
KINDS = {"count", "actor", "order", "cause", "future", "place"}


class Facts:
    """The arrays of a recording, asked for by the words of a question."""

    def __init__(self, biome):
        episode = recording(biome)
        self.seen, self.hidden, self.land = episode.observation, episode.hidden, episode.landscape
        self.kinds = [kind_of(name) for name in episode.info.species_names]
        self.behaviors = episode.info.behavior_names

    def species(self, noun):
        (index,) = (s for s, kind in enumerate(self.kinds) if noun in _forms(kind.full))
        return index

    def behavior(self, phrase):
        (index,) = (b for b, name in enumerate(self.behaviors) if phrase in _said(name))
        return index

    def mask(self, species, behavior, first, last):
        """Return (frames, rows) of a window in which animals of a species show a behaviour."""
        span = slice(first, last)
        return self.seen.alive[span] & (self.seen.species[span] == species) & (self.seen.behavior[span] == behavior)


def _forms(noun):
    return {form.lower() for form in (noun, plural(noun), with_article(noun))} | {
        noun,
        plural(noun),
        with_article(noun),
    }


def _said(behavior):
    shapes = [(Form.PRESENT, False), (Form.PRESENT, True), (Form.BASE, False), (Form.PROGRESSIVE, False)]
    return {
        conjugated(PLAIN[behavior], form, many).replace("{its}", "their" if many else "its") for form, many in shapes
    }


def asked(biome, kind, pattern):
    for question in described(biome).questions:
        if question.kind == kind and (found := re.fullmatch(pattern, question.question)):
            yield question, found, round(question.start_s * 10), round(question.end_s * 10)


def split(facts, text):
    """Return the species and behaviour that a text begins with a name of and goes on with."""
    for kind in facts.kinds:
        for form in sorted(_forms(kind.full), key=len, reverse=True):
            if text.lower().startswith(f"{form.lower()} "):
                return facts.species(form), facts.behavior(text[len(form) + 1 :])
    raise AssertionError(text)


@biomes
def test_every_question_has_four_different_choices_and_the_answer_among_them(biome):
    questions = described(biome).questions
    assert len(questions) >= 15
    assert {question.kind for question in questions} | {"place"} == KINDS  # not every scene has a pair of places
    for question in questions:
        assert len(set(question.choices)) == 4
        assert question.answer in question.choices
        assert question.question.endswith("?")
        assert all(choice[0].isupper() for choice in question.choices), question


def test_right_answers_stand_everywhere_equally_often_and_no_number_is_favoured():
    questions = [question for biome in BIOMES for question in described(biome).questions]
    places = Counter(question.choices.index(question.answer) for question in questions)
    assert max(places.values()) - min(places.values()) <= len(BIOMES)
    counts = [question for question in questions if question.kind == "count"]
    values = {number(n).capitalize(): n for n in range(1, 65)} | {"None": 0}
    ranks = Counter(sorted(values[choice] for choice in q.choices).index(values[q.answer]) for q in counts)
    assert max(ranks.values()) <= 0.6 * len(counts)


@biomes
def test_counts(biome):
    facts, checked = Facts(biome), 0
    for question, found, first, last in asked(biome, "count", r"How many (.+) between \d+ s and \d+ s\?"):
        rows = facts.mask(*split(facts, found[1]), first, last).any(0)
        assert question.answer.lower() == (number(int(rows.sum())) if rows.any() else "none"), question
        checked += 1
    assert checked >= 2


@biomes
def test_actors(biome):
    facts = Facts(biome)
    for question, found, first, last in asked(biome, "actor", r"Which animals (.+) between \d+ s and \d+ s\?"):
        behavior = facts.behavior(found[1])
        doing = {s for s in range(len(facts.kinds)) if facts.mask(s, behavior, first, last).any()}
        assert doing == {facts.species(question.answer.lower())}, question
        everyone = {
            s for s in range(len(facts.kinds)) if (facts.seen.alive & (facts.seen.species == s))[first:last].any()
        }
        assert {facts.species(choice.lower()) for choice in question.choices} <= everyone
    for question, found, first, last in asked(biome, "actor", r"Which animal kills (.+) between \d+ s and \d+ s\?"):
        struck = _strikers(facts, facts.species(found[1]), first, last)
        assert {facts.kinds[s].full for s in struck} == {question.answer.split(" ", 1)[1]}, question


def _strikers(facts, victim, first, last):
    """Return the species of those that strike at the animals of a species that die within a window."""
    seen, strike = facts.seen, facts.behaviors.index("strike")
    found = set()
    for frame in range(first, min(last, len(seen.alive) - 1)):
        died = np.flatnonzero(seen.alive[frame] & seen.carcass[frame + 1] & (seen.species[frame] == victim))
        for row in died:
            hits = (seen.behavior[frame + 1] == strike) & (facts.hidden.target[frame + 1] == row)
            found |= set(seen.species[frame + 1, hits].tolist())
    return found


@biomes
def test_orders(biome):
    facts, checked = Facts(biome), 0
    for question, found, first, last in asked(biome, "order", r"Which of these begins (first|last) between .+\?"):
        onsets = {}
        for choice in question.choices:
            shown = facts.mask(*split(facts, choice.replace(" begins to ", " ")), first, last).any(1)
            assert not shown[0]
            onsets[choice] = int(np.flatnonzero(shown)[0])
        best = min if found[1] == "first" else max
        assert best(onsets, key=onsets.__getitem__) == question.answer, question
        assert np.diff(sorted(onsets.values())).min() >= 15
        checked += 1
    assert checked >= 1


@biomes
def test_futures_are_not_yet_to_be_seen(biome):
    facts, checked = Facts(biome), 0
    for question, found, _, last in asked(biome, "future", r"What will the (.+?) that (.+) at [\d.]+ s do next\?"):
        species, now = facts.species(found[1]), facts.behavior(found[2])
        (row,) = np.flatnonzero(facts.mask(species, now, last, last + 1)[0])
        coming = facts.behavior(question.answer[0].lower() + question.answer[1:])
        after = facts.seen.behavior[last : last + 10, row]
        assert coming in after, question
        assert facts.seen.behavior[last - 1, row] == now
        first = int(np.flatnonzero(after == coming)[0])
        for choice in set(question.choices) - {question.answer}:
            other = facts.behavior(choice[0].lower() + choice[1:])
            assert other not in after[: first + 5], question
        checked += 1
    assert checked >= 2


@biomes
def test_causes(biome):
    facts, checked = Facts(biome), 0
    fears = r"Why does (.+) (flee|freeze|keep watch) at ([\d.]+) s\?"
    acts = {"flee": "flee", "freeze": "camouflage", "keep watch": "vigilant"}
    for question, found, _, _ in asked(biome, "cause", fears):
        frame, species = round(float(found[3]) * 10), facts.species(found[1])
        rows = np.flatnonzero(facts.mask(species, facts.behaviors.index(acts[found[2]]), frame, frame + 1)[0])
        named = {choice: facts.species(re.fullmatch(r"Because (.+) is near", choice)[1]) for choice in question.choices}
        near = {choice: _nearest(facts, frame, rows, s) for choice, s in named.items()}
        danger = named[question.answer]
        targets = facts.hidden.target[frame : frame + 40][:, rows]
        assert (facts.seen.species[frame][targets[targets >= 0]] == danger).any(), question
        assert facts.kinds[danger].name in facts.kinds[species].threats
        assert all(near[question.answer] < metres for choice, metres in near.items() if choice != question.answer)
        checked += 1
    deaths = r"What brings about the death of (.+) between \d+ s and \d+ s\?"
    for question, found, first, last in asked(biome, "cause", deaths):
        struck = {facts.kinds[s].full for s in _strikers(facts, facts.species(found[1]), first, last)}
        if question.answer == "Nobody attacks it":
            assert not struck
        else:
            assert struck == {re.fullmatch(r"An? (.+) kills it", question.answer)[1]}
        checked += 1
    assert checked >= 1


def _nearest(facts, frame, rows, species):
    """Return how near any of the rows an animal of the species is."""
    there = facts.seen.alive[frame] & (facts.seen.species[frame] == species)
    position = facts.seen.position_m[frame]
    return np.linalg.norm(position[rows][:, None] - position[there][None], axis=-1).min()


_WHERE = r"Where is the (.+) between \d+ s and \d+ s\?"


def test_places():
    checked = 0
    for biome in BIOMES:
        facts = Facts(biome)
        for question, found, first, last in asked(biome, "place", _WHERE):
            species, behavior = split(facts, found[1].replace(" that ", " ", 1))
            (row,) = np.flatnonzero(facts.mask(species, behavior, first, last).any(0))
            track = facts.seen.position_m[[first, (first + last) // 2, last - 1], row]
            for choice in question.choices:
                if choice in _PLACES:
                    is_there = _PLACES[choice](facts.land, track)
                    assert is_there.all() if choice == question.answer else not is_there.all(), (question, choice)
                    checked += 1
    assert checked >= 6


def test_places_are_asked_of_a_kind_twice_so_that_knowing_the_kind_is_no_help():
    pairs = 0
    for biome in BIOMES:
        facts = Facts(biome)
        kinds = [
            (split(facts, found[1].replace(" that ", " ", 1))[0], question)
            for question, found, _, _ in asked(biome, "place", _WHERE)
        ]
        for species, question in kinds:
            others = [other for s, other in kinds if s == species and other.answer != question.answer]
            assert any(o.answer in question.choices and question.answer in o.choices for o in others), question
            pairs += 1
    assert pairs >= 4


def _near(points_of, metres):
    def check(land, track):
        points = points_of(land)[:, :2]
        return np.linalg.norm(track[:, None, :2] - points[None], axis=-1).min(1) < metres

    return check


def _above(low, high):
    """Return whether a body is so high above the ground of its cell."""

    def check(land, track):
        cell = land.size_m / len(land.height_m)
        column, line = np.clip((track[:, :2] // cell).astype(int), 0, len(land.height_m) - 1).T
        above = track[:, 2] - land.height_m[line, column]
        return (above >= low) & (above < high)

    return check


_PLACES = {
    "Beside a den": _near(lambda land: land.shelter_position_m, 4),
    "Beside a crevice in the reef": _near(lambda land: land.shelter_position_m, 2),
    "Among the coral heads": _near(lambda land: land.tree_position_m, 3),
    "Under an acacia": _near(lambda land: land.tree_position_m, 4),
    "Among dwarf willows": _near(lambda land: land.tree_position_m, 4),
    "Under a tree": _near(lambda land: land.tree_position_m, 2.5),
    "Beside a refuse bin": _near(lambda land: land.refuse_position_m, 2.5),
    "Among the flowers": _near(lambda land: land.flower_position_m, 2.5),
    "Beside a breathing hole": _near(lambda land: land.hole_position_m, 4),
    "In the crowns": _above(8, 20),
    "High in the crowns": _above(20, 99),
    "On the forest floor": _above(-1, 1.5),
    "In open water above the reef": _above(4, 99),
    "Close to the sea bed": _above(-1, 1),
    "In the lower branches": _above(1.5, 8),
}


@biomes
def test_further_draws_ask_further_questions_that_are_answered_the_same(biome):
    asked_before = {(each.question, each.answer) for each in described(biome).questions}
    more = ask(recording(biome), 4)
    said = [(each.question, each.answer) for each in more]
    assert len(said) == len(set(said))
    assert len(set(said) - asked_before) > len(asked_before)
    answers = dict(asked_before)
    counts = [each for each in more if each.kind == "count"]
    assert counts
    assert all(answers.get(each.question, each.answer) == each.answer for each in counts)
