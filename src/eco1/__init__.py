"""Eco-1: world models of animal life."""

__version__ = "0.1.0"
