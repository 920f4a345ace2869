"""Machines: where worlds are computed. The rules are the same on all of them, and so are the worlds."""
