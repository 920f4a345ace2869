"""What is written about a minute of every biome reads as English and says something new each time."""

import re
from collections import defaultdict
from itertools import pairwise

import pytest
from described_worlds import BIOMES, described, recording

from eco1.sensors.captioner import EVENT_KINDS
from eco1.sensors.captioner.grammar.nouns import plural
from eco1.sensors.captioner.grammar.numbers import number
from eco1.sensors.captioner.kinds import kind_of
from eco1.sensors.captioner.lexicon.plain import plainly

#: A sentence: capital, words with plain punctuation between them, full stop.
SENTENCE = re.compile(r"[A-Z][A-Za-z']*(-[a-z]+)*((,|;)? [A-Za-z0-9'/]+(-[A-Za-z]+)*)*\.")
VOWEL = re.compile(r"\ba (?!eu|uni|use|one)[aeiou]", re.IGNORECASE)
CONSONANT = re.compile(r"\ban [^aeiou]", re.IGNORECASE)
MANY = r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|both|all \w+)"
DOUBLED = re.compile(r"\b(\w+) \1\b", re.IGNORECASE)
NUMBER_WORDS = {number(n): n for n in range(1, 65)} | {"an": 1, "a": 1}

biomes = pytest.mark.parametrize("biome", BIOMES)


def sentences_of(text):
    return [part + "." for part in text.removesuffix(".").split(". ")]


def names_in(biome):
    kinds = [kind_of(name) for name in recording(biome).info.species_names]
    return sorted({word for kind in kinds for word in (kind.full, kind.short)}, key=len, reverse=True)


@biomes
def test_every_sentence_is_well_formed(biome):
    for caption in described(biome).captions:
        for text in sentences_of(caption.text):
            assert SENTENCE.fullmatch(text), text
            assert not set("_{}<>") & set(text), text
            assert not VOWEL.search(text), text
            assert not CONSONANT.search(text), text
            assert not DOUBLED.search(text), text
            assert len(text.split()) <= 30, text


@biomes
def test_nouns_agree_with_their_number(biome):
    texts = [caption.text for caption in described(biome).captions]
    for noun in names_in(biome):
        several = plural(noun)
        longer = "".join(rf"(?!{name.removeprefix(noun)})" for name in names_in(biome) if name.startswith(f"{noun} "))
        for text in texts:
            if several != noun:
                assert not re.search(rf"\b{MANY} (?:other |young |new |thirsty |hungry )?{noun}\b{longer}", text), text
                assert not re.search(rf"\b(?:a|an|another|one|1) (?:young |new )?{several}\b", text), text


@biomes
def test_verbs_agree_with_the_subject(biome):
    noun = "|".join(re.escape(name) for name in names_in(biome))
    several = "|".join(re.escape(plural(name)) for name in names_in(biome))
    one = re.compile(rf"^(?:An?|Another|The) (?:young |new |\w+y )?(?:{noun}) ([a-z]+)\b")
    more = re.compile(
        rf"^(?:{MANY}|All \w+|Both|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten) (?:{several}) ([a-z]+)\b"
    )
    seen = 0
    for caption in described(biome).captions:
        if caption.kind != "event":
            continue
        if found := one.match(caption.text):
            assert found[1].endswith("s"), caption.text
            seen += 1
        elif found := more.match(caption.text):
            assert not re.search(r"[^s]s$", found[1]), caption.text
            seen += 1
    assert seen > 50


@biomes
def test_captions_of_one_kind_differ_in_more_than_names(biome):
    names = "|".join(re.escape(form) for name in names_in(biome) for form in (plural(name), name))
    groups = defaultdict(list)
    told = described(biome)
    for event, caption in zip(told.events, told.captions, strict=False):
        groups[event.kind].append(re.sub(rf"\b({names})\b", "NAME", caption.text))
    for kind, texts in groups.items():
        if len(texts) < 4:
            continue  # too few to tell variety from chance
        assert len(set(texts)) >= 0.6 * len(texts), (kind, texts)


@biomes
def test_the_summary_has_three_to_six_sentences_and_counts_right(biome):
    summary = described(biome).captions[-1]
    seen = recording(biome).observation
    assert summary.kind == "summary"
    assert (summary.start_s, summary.end_s) == (0.0, 60.0)
    assert 3 <= len(sentences_of(summary.text)) <= 6
    scene = sentences_of(summary.text)[0]
    names = recording(biome).info.species_names
    told = 0
    for index, name in enumerate(names):
        noun = kind_of(name).full
        if found := re.search(rf"\b(\w+) (?:{re.escape(plural(noun))}|{re.escape(noun)})\b", scene):
            count = int((seen.alive[0] & (seen.species[0] == index)).sum())
            assert NUMBER_WORDS[found[1]] == count, scene
            told += 1
    assert told >= 2


@biomes
def test_dense_captions_adjoin_and_cover_everything(biome):
    dense = [caption for caption in described(biome).captions if caption.kind == "dense"]
    assert (dense[0].start_s, dense[-1].end_s) == (0, 60)
    assert all(one.end_s == other.start_s for one, other in pairwise(dense))
    assert all(4 <= caption.end_s - caption.start_s <= 6 for caption in dense)
    assert len({caption.text for caption in dense}) == len(dense)


@biomes
def test_spans_and_rows_lie_within_the_recording(biome):
    told, seen = described(biome), recording(biome).observation
    there = seen.alive | seen.carcass
    for each in (*told.events, *told.captions, *told.questions):
        assert 0 <= each.start_s < each.end_s <= 60.0
    for each in (*told.events, *(caption for caption in told.captions if caption.kind != "summary")):
        span = slice(round(each.start_s * 10), max(round(each.start_s * 10) + 1, round(each.end_s * 10)))
        assert all(there[span, row].any() for row in each.rows), each
    assert {event.kind for event in told.events} <= set(EVENT_KINDS)


@biomes
def test_an_event_caption_stands_for_each_event_and_names_its_actors(biome):
    told = described(biome)
    captions = [caption for caption in told.captions if caption.kind == "event"]
    assert len(captions) == len(told.events) > 100
    seen, names = recording(biome).observation, recording(biome).info.species_names
    for event, caption in zip(told.events, captions, strict=True):
        assert (event.start_s, event.end_s) == (caption.start_s, caption.end_s)
        kind = kind_of(names[seen.species[round(event.start_s * 10), event.rows[0]]])
        said = caption.text.lower()
        assert any(form.lower() in said for name in (kind.full, kind.short) for form in (name, plural(name))), caption


def test_deeds_without_a_subject():
    assert [plainly(name) for name in ("go_to_water", "patrol", "roll_over")] == [
        "head for water", "patrol its territory", "roll over",
    ]  # fmt: skip
