"""Layers of the maps: ``g.maps[layer.HEIGHT, r, c]``. Nearest things are given as points in metres."""

HEIGHT = 0  # m
DEPTH = 1  # m of water
SLOPE_X, SLOPE_Y = 2, 3  # m per m, uphill
SHORE_X, SHORE_Y = 4, 5  # nearest water's edge
TREE_X, TREE_Y = 6, 7  # nearest tree
DEN_X, DEN_Y = 8, 9  # nearest burrow or den
COVER = 10  # 0 bare .. 1 hides a crouching animal
LAYERS = 11
