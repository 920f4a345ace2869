"""Forms of English verbs, and templates whose verbs stand in angle brackets: "<lie> still and <watch> {whom}"."""

import re
from enum import Enum

_IRREGULAR = {
    "be": "was", "begin": "began", "bend": "bent", "break": "broke", "bring": "brought", "catch": "caught",
    "come": "came", "creep": "crept", "cut": "cut", "dig": "dug", "do": "did", "drink": "drank", "drive": "drove",
    "eat": "ate", "fall": "fell", "feed": "fed", "find": "found", "flee": "fled", "fly": "flew", "freeze": "froze",
    "get": "got", "give": "gave", "go": "went", "hang": "hung", "have": "had", "hide": "hid", "hold": "held",
    "keep": "kept", "lay": "laid", "lead": "led", "leave": "left", "let": "let", "lie": "lay", "lose": "lost",
    "make": "made", "put": "put", "rise": "rose", "run": "ran", "seek": "sought", "send": "sent", "set": "set",
    "shake": "shook", "show": "showed", "sit": "sat", "sleep": "slept", "spend": "spent", "stand": "stood",
    "strike": "struck", "sweep": "swept", "swim": "swam", "swing": "swung", "take": "took", "tear": "tore",
    "withdraw": "withdrew",
}  # fmt: skip
#: One short syllable that ends in one consonant doubles it ("stop", "swim"); so do these.
_DOUBLING = re.compile(r"[^aeiou]*[aeiou][^aeiouwxy]|begin|patrol|travel")
_VERB = re.compile(r"<([^>]+)>")


class Form(Enum):
    """How a verb stands: "grazes", "grazed", "is grazing", "grazing", "graze"."""

    PRESENT = "present"
    PAST = "past"
    PROGRESSIVE = "progressive"
    PARTICIPLE = "participle"
    BASE = "base"


def _doubled(verb: str) -> str:
    return verb[-1] if _DOUBLING.fullmatch(verb) else ""


def third_person(verb: str) -> str:
    """Return the form after "it"."""
    if verb in ("be", "have"):
        return {"be": "is", "have": "has"}[verb]
    if re.search(r"(s|x|z|ch|sh|[^aeiou]o)$", verb):
        return verb + "es"
    return verb[:-1] + "ies" if re.search(r"[^aeiou]y$", verb) else verb + "s"


def past(verb: str) -> str:
    """Return the past tense (of "be" the singular)."""
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith("e"):
        return verb + "d"
    if re.search(r"[^aeiou]y$", verb):
        return verb[:-1] + "ied"
    return verb + _doubled(verb) + "ed"


def participle(verb: str) -> str:
    """Return the form in -ing."""
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe")) and verb != "be":
        return verb[:-1] + "ing"
    return verb + _doubled(verb) + "ing"


def _inflected(verb: str, form: Form, is_plural: bool) -> str:
    if form is Form.BASE:
        return verb
    if form is Form.PARTICIPLE:
        return participle(verb)
    if form is Form.PAST:
        return "were" if verb == "be" and is_plural else past(verb)
    if is_plural:
        return "are" if verb == "be" else verb
    return third_person(verb)


def conjugated(template: str, form: Form, is_plural: bool) -> str:
    """Return a template with its verbs in the wanted form; only the first of a progressive gets "is" or "are"."""
    if form is not Form.PROGRESSIVE:
        return _VERB.sub(lambda match: _inflected(match[1], form, is_plural), template)
    if template.startswith("<be>"):
        return conjugated(template, Form.PRESENT, is_plural)
    return ("are " if is_plural else "is ") + conjugated(template, Form.PARTICIPLE, is_plural)
