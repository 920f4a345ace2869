"""Layers that world models share."""
