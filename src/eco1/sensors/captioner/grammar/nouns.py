"""Names of animals as English nouns: capitals, articles, plurals, short forms."""

import re

#: Words of names that keep their capital.
_PROPER = frozenset(("African", "Arctic", "American", "Asian", "European", "Indian", "Australian", "Siberian"))
#: Last words whose plural no rule gives.
_PLURALS = {
    "wolf": "wolves", "calf": "calves", "goose": "geese", "mouse": "mice", "ox": "oxen", "muskox": "muskoxen",
    "person": "people", "child": "children", "man": "men", "woman": "women", "wildebeest": "wildebeest",
    "caribou": "caribou", "deer": "deer", "moose": "moose", "bison": "bison", "sheep": "sheep", "squid": "squid",
    "salmon": "salmon", "trout": "trout", "grouse": "grouse", "eland": "eland", "kudu": "kudu",
}  # fmt: skip
#: Names whose last word alone would mean something else.
_SHORT = {
    "wild dog": "wild dog", "manta ray": "manta ray", "tree boa": "tree boa", "spider monkey": "spider monkey",
    "leafcutter ant": "leafcutter",
}  # fmt: skip
_AN = re.compile(r"^(?!eu|uni|use|one\b|ur[aeiou])[aeiou]", re.IGNORECASE)


def common_noun(name: str) -> str:
    """Return a name as it stands in the middle of a sentence: "Plains zebra" becomes "plains zebra"."""
    first, _, rest = name.partition(" ")
    keeps = first in _PROPER or first.endswith("'s")
    return name if keeps or not first else first[0].lower() + first[1:] + (f" {rest}" if rest else "")


def short_noun(noun: str) -> str:
    """Return what an animal is called once it is clear which kind is meant: its last word as a rule."""
    words = re.split(r"[ -]", noun)
    return _SHORT.get(" ".join(words[-2:]), words[-1] if words[-1].isalpha() else noun)


def plural(noun: str) -> str:
    """Return the plural of a noun or of a name that ends in one."""
    head, gap, last = noun.rpartition(" ")
    return head + gap + _plural_word(last)


def _plural_word(word: str) -> str:
    if word in _PLURALS:
        return _PLURALS[word]
    if word.endswith(("fish", "fowl")):
        return word
    if re.search(r"(s|x|z|ch|sh)$", word):
        return word + "es"
    if re.search(r"[^aeiou]y$", word):
        return word[:-1] + "ies"
    return word + "s"


def with_article(noun: str) -> str:
    """Return the noun with "a" or "an" before it."""
    return f"{'an' if _AN.match(noun) else 'a'} {noun}"
