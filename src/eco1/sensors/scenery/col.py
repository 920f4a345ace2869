"""Columns of the tables of solids: ``row[col.X]`` is the x of a solid's middle, in world axes."""

# Of every solid, float32.
X, Y, Z = range(3)  # m, the middle; of a capsule the middle of its first ball
UNIT = 3  # nine: from world axes to a space in which the solid is a unit ball or a cube; of a capsule its axis in front
HALF = 12  # three: m, half-lengths; of a capsule the length of its axis and its first and second radius
BOUND = 15  # m, radius of a ball around (X, Y, Z) that holds it
FLOATS = 16

# Of every solid, int32.
KIND = 0  # ELLIPSOID, CAPSULE or BOX
INSTANCE = 1  # row of the animal, or one of GROUND, WATER ... of core.senses
COLORS = 2  # row of the table of colours
PART = 3  # row of the placements' parts, all animals in one list; -1 for what does not move
INTEGERS = 4

ELLIPSOID, CAPSULE, BOX = range(3)

# Of the table of colours, float32. The point that a pattern is painted at is ((point + REST) * PER_M), in the axes of
# the part (of the world for what does not move).
COAT, ACCENT = 0, 3  # linear-light RGB each
REST, PER_M = 6, 9  # m, 1/m
PATTERN = 12  # index into surfaces.SURFACES
COLOR_FLOATS = 13
