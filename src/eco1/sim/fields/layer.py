"""Layers of the maps: ``g.maps[layer.HEIGHT, r, c]``. Nearest things are given as points in metres."""

HEIGHT = 0  # m
DEPTH = 1  # m of water
SLOPE_X, SLOPE_Y = 2, 3  # m per m, uphill
SHORE_X, SHORE_Y = 4, 5  # nearest water's edge
TREE_X, TREE_Y = 6, 7  # nearest tree
DEN_X, DEN_Y = 8, 9  # nearest burrow or den
COVER = 10  # 0 bare .. 1 hides a crouching animal
CROWN = 11  # m above ground up to which branches reach
ROOF = 12  # m above ground, of buildings
FREEZING = 13  # frozen while the share of ice is at least this
HOLE_X, HOLE_Y = 14, 15  # nearest breathing hole in the ice
FLOW_X, FLOW_Y = 16, 17  # m/s, of the current at full strength
FLOWER_X, FLOWER_Y = 18, 19
BIN_X, BIN_Y = 20, 21  # nearest refuse
FRUIT_X, FRUIT_Y = 22, 23  # nearest tree in fruit in the first quarter of the year, then the other three
WALL_X, WALL_Y = 30, 31  # nearest wall of a building
LAYERS = 32

#: Coordinate of the nearest thing where there is none at all, m. Not NaN: compiled laws may not compare with that.
NOWHERE = -1e6
