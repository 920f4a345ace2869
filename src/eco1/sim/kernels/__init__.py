"""Loops over animals and worlds that apply the laws in their order."""
