"""The rules of the world, one file per law: plain scalar functions compiled by Numba."""
