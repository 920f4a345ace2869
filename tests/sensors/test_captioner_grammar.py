"""Nouns, numbers, verbs and the lexicon, word by word."""

import re

import pytest

from eco1.catalog.loader import inhabitant_names, load_ethogram
from eco1.sensors.captioner.grammar.nouns import common_noun, plural, short_noun, with_article
from eco1.sensors.captioner.grammar.numbers import listed, number, times
from eco1.sensors.captioner.grammar.sentences import Subject, predicate, sentence
from eco1.sensors.captioner.grammar.verbs import Form, conjugated
from eco1.sensors.captioner.interest import EVENT_KINDS
from eco1.sensors.captioner.kinds import kind_of
from eco1.sensors.captioner.lexicon import LEXICON, fitting
from eco1.sensors.captioner.lexicon.plain import PLAIN

#: What everyone in the catalog is called: one of them, several, and for short.
NAMES = {
    "african_elephant": ("an African savanna elephant", "African savanna elephants", "elephant"),
    "african_wild_dog": ("an African wild dog", "African wild dogs", "wild dog"),
    "arctic_fox": ("an Arctic fox", "Arctic foxes", "fox"),
    "arctic_wolf": ("an Arctic wolf", "Arctic wolves", "wolf"),
    "blue_morpho": ("a blue morpho", "blue morphos", "morpho"),
    "blue_wildebeest": ("a blue wildebeest", "blue wildebeest", "wildebeest"),
    "bluestripe_snapper": ("a bluestripe snapper", "bluestripe snappers", "snapper"),
    "bottlenose_dolphin": ("a bottlenose dolphin", "bottlenose dolphins", "dolphin"),
    "brown_rat": ("a brown rat", "brown rats", "rat"),
    "bullethead_parrotfish": ("a bullethead parrotfish", "bullethead parrotfish", "parrotfish"),
    "caribou": ("a caribou", "caribou", "caribou"),
    "carrion_crow": ("a carrion crow", "carrion crows", "crow"),
    "cheetah": ("a cheetah", "cheetahs", "cheetah"),
    "clownfish": ("a clownfish", "clownfish", "clownfish"),
    "collared_lemming": ("a northern collared lemming", "northern collared lemmings", "lemming"),
    "day_octopus": ("a day octopus", "day octopuses", "octopus"),
    "domestic_cat": ("a domestic cat", "domestic cats", "cat"),
    "domestic_dog": ("a domestic dog", "domestic dogs", "dog"),
    "emerald_tree_boa": ("an emerald tree boa", "emerald tree boas", "tree boa"),
    "feral_pigeon": ("a feral pigeon", "feral pigeons", "pigeon"),
    "giant_moray": ("a giant moray", "giant morays", "moray"),
    "giraffe": ("a giraffe", "giraffes", "giraffe"),
    "great_barracuda": ("a great barracuda", "great barracudas", "barracuda"),
    "green_turtle": ("a green turtle", "green turtles", "turtle"),
    "grey_reef_shark": ("a grey reef shark", "grey reef sharks", "shark"),
    "harpy_eagle": ("a harpy eagle", "harpy eagles", "eagle"),
    "honeybee": ("a honeybee", "honeybees", "honeybee"),
    "house_sparrow": ("a house sparrow", "house sparrows", "sparrow"),
    "howler_monkey": ("a mantled howler", "mantled howlers", "howler"),
    "keel_billed_toucan": ("a keel-billed toucan", "keel-billed toucans", "toucan"),
    "leafcutter_ant": ("a leafcutter ant", "leafcutter ants", "leafcutter"),
    "lion": ("a lion", "lions", "lion"),
    "meerkat": ("a meerkat", "meerkats", "meerkat"),
    "muskox": ("a muskox", "muskoxen", "muskox"),
    "ocelot": ("an ocelot", "ocelots", "ocelot"),
    "ostrich": ("a common ostrich", "common ostriches", "ostrich"),
    "plains_zebra": ("a plains zebra", "plains zebras", "zebra"),
    "polar_bear": ("a polar bear", "polar bears", "bear"),
    "raccoon": ("a raccoon", "raccoons", "raccoon"),
    "red_fox": ("a red fox", "red foxes", "fox"),
    "reef_manta": ("a reef manta ray", "reef manta rays", "manta ray"),
    "ringed_seal": ("a ringed seal", "ringed seals", "seal"),
    "scarlet_macaw": ("a scarlet macaw", "scarlet macaws", "macaw"),
    "snow_goose": ("a snow goose", "snow geese", "goose"),
    "snowy_owl": ("a snowy owl", "snowy owls", "owl"),
    "spider_monkey": ("a Geoffroy's spider monkey", "Geoffroy's spider monkeys", "spider monkey"),
    "spotted_hyena": ("a spotted hyena", "spotted hyenas", "hyena"),
    "thomsons_gazelle": ("a Thomson's gazelle", "Thomson's gazelles", "gazelle"),
    "three_toed_sloth": ("a brown-throated three-toed sloth", "brown-throated three-toed sloths", "sloth"),
    "white_backed_vulture": ("a white-backed vulture", "white-backed vultures", "vulture"),
    "person": ("a person", "people", "person"),
}


def test_everyone_in_the_catalog_is_named_in_good_english():
    assert len(NAMES) == 51
    named = {name: kind_of(name) for name in inhabitant_names() if name in NAMES}
    assert {n: (with_article(k.full), plural(k.full), k.short) for n, k in named.items()} == NAMES


def test_names_that_the_catalog_lacks_are_still_nouns():
    assert kind_of("zebra_fish_7").full == "zebra fish 7"
    assert short_noun("zebra fish 7") == "zebra fish 7"
    assert common_noun("European mole") == "European mole"
    assert [with_article(noun) for noun in ("European mole", "unicorn", "aye-aye", "urchin")] == [
        "a European mole", "a unicorn", "an aye-aye", "an urchin",
    ]  # fmt: skip
    assert [plural(noun) for noun in ("banded mongoose", "wood mouse", "house fly", "grey wolf")] == [
        "banded mongooses", "wood mice", "house flies", "grey wolves",
    ]  # fmt: skip


def test_numbers_and_lists():
    assert [number(n) for n in (0, 1, 12, 19, 20, 21, 64, 99, 120)] == [
        "no", "one", "twelve", "nineteen", "twenty", "twenty-one", "sixty-four", "ninety-nine", "120",
    ]  # fmt: skip
    assert [listed(items) for items in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]
    assert [times(n) for n in (1, 2, 5)] == ["once", "twice", "five times"]


@pytest.mark.parametrize(
    ("template", "form", "is_plural", "said"),
    [
        ("<flee> and <hide>", Form.PRESENT, False, "flees and hides"),
        ("<flee> and <hide>", Form.PROGRESSIVE, True, "are fleeing and hiding"),
        ("<lie> still", Form.PARTICIPLE, False, "lying still"),
        ("<lie> still", Form.PAST, True, "lay still"),
        ("<be> on the prowl", Form.PROGRESSIVE, False, "is on the prowl"),
        ("<be> born", Form.PAST, True, "were born"),
        ("<carry> food", Form.PRESENT, False, "carries food"),
        ("<carry> food", Form.PAST, False, "carried food"),
        ("<stop>", Form.PAST, False, "stopped"),
        ("<drop>", Form.PARTICIPLE, False, "dropping"),
        ("<patrol>", Form.PAST, True, "patrolled"),
        ("<go> and <watch>", Form.PRESENT, False, "goes and watches"),
        ("<freeze>", Form.PAST, True, "froze"),
        ("<seek> cover", Form.PAST, True, "sought cover"),
        ("<hide>", Form.PAST, True, "hid"),
        ("<shoo> it", Form.PRESENT, False, "shoos it"),
        ("<crop>", Form.PAST, True, "cropped"),
        ("<play>", Form.PAST, True, "played"),
    ],
)
def test_verbs_agree_and_change_with_tense(template, form, is_plural, said):
    assert conjugated(template, form, is_plural) == said


def test_pronouns_agree_with_the_subject():
    wolf, wolves = Subject(text="a wolf"), Subject(text="two wolves", is_plural=True)
    person = Subject(text="a person", is_person=True)
    template = "<raise> {its} {head}"
    assert predicate(template, wolf, Form.PRESENT) == "raises its head"
    assert predicate(template, wolves, Form.PRESENT) == "raise their heads"
    assert predicate(template, person, Form.PRESENT) == "raises their head"


def test_sentences_have_one_capital_one_stop_and_single_spaces():
    assert sentence("in the  dark,", "a lion roars", "", ", alone") == "In the dark, a lion roars, alone."


def test_every_behaviour_can_be_said_of_anyone():
    behaviours = set(load_ethogram().names)
    assert len(behaviours) == 49
    assert behaviours <= set(EVENT_KINDS)
    assert behaviours <= set(PLAIN)
    assert set(EVENT_KINDS) == set(LEXICON) - {"kill_passive"}
    for kind in LEXICON:
        assert any("{way}" not in phrase.text for phrase in fitting(kind, frozenset())), kind


def test_no_phrase_speaks_of_whom_where_there_may_be_nobody():
    needs_whom = {"kill", "kill_passive", "escape", "arrive_carcass"}  # never happen without
    for kind, phrases in LEXICON.items():
        for phrase in phrases:
            slots = set(re.findall(r"{(\w+)}", phrase.text))
            assert slots <= {"whom", "whoms", "its", "it", "head", "egg", "kin", "way"}, phrase
            assert "whom" in phrase.needs or kind in needs_whom or not slots & {"whom", "whoms"}, phrase


def test_every_verb_of_the_lexicon_is_spelt_right_in_every_form():
    verbs = {
        verb for phrases in LEXICON.values() for phrase in phrases for verb in re.findall(r"<([^>]+)>", phrase.text)
    }
    verbs |= {verb for text in PLAIN.values() for verb in re.findall(r"<([^>]+)>", text)}
    assert all(re.fullmatch(r"[a-z]+", verb) for verb in verbs)
    past = {verb: conjugated(f"<{verb}>", Form.PAST, True) for verb in verbs}
    assert not {verb for verb, said in past.items() if verb in _IRREGULAR_TODAY and said == f"{verb}ed"}
    participles = {conjugated(f"<{verb}>", Form.PARTICIPLE, False) for verb in verbs}
    assert {"cropping", "stopping", "swimming", "running", "digging", "hopping", "patrolling"} <= participles
    assert {"looking", "eating", "lying", "fleeing", "making", "drawing"} & participles == {
        "looking", "eating", "lying", "fleeing", "making",
    }  # fmt: skip
    assert not {said for said in participles if re.search(r"eing$|ieing$", said)} - {"being", "fleeing"}


_IRREGULAR_TODAY = frozenset(
    (
        *("begin", "bend", "bring", "buy", "catch", "cling", "come", "creep", "cut", "dig", "draw", "drink", "eat"),
        *(
            "feed",
            "find",
            "fly",
            "get",
            "go",
            "hang",
            "hear",
            "hold",
            "keep",
            "know",
            "lay",
            "lead",
            "let",
            "put",
            "run",
        ),
        *(
            "see",
            "seek",
            "sell",
            "send",
            "set",
            "shake",
            "sit",
            "sleep",
            "spread",
            "stand",
            "stick",
            "swim",
            "swing",
            "tear",
            "think",
        ),
        *("throw", "win", "withdraw"),
    )
)
