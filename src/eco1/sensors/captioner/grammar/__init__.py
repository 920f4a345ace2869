"""English as far as captions need it: nouns, numbers, verbs, and sentences made of them."""
