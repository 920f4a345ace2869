"""Landscapes: the ground of a biome, made from a seed, and the maps that the laws read."""

from eco1.sim.landscape.build import build_landscape

__all__ = ["build_landscape"]
