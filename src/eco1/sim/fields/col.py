"""Fields of the animals: ``f[col.X, i]`` (floats) and ``k[col.STATUS, i]`` (integers) of animal ``i`` in one world."""

# Floats, f (fields, N), float32.
X, Y, Z = range(3)  # m
HEADING_X, HEADING_Y = 3, 4  # unit vector
SPEED, CLIMB = 5, 6  # m/s over ground, m/s up
WISH_X, WISH_Y = 7, 8  # unit vector, where it wants to go
WISH_SPEED, WISH_HEIGHT = 9, 10  # m/s, m above ground
WANDER, WANDER_GOAL = 11, 12  # rad, slow random deviation from the wished direction
CLOCK, BOUT = 13, 14  # s since the behaviour began, s it is meant to last
GOAL_X, GOAL_Y = 15, 16  # m
HOME_X, HOME_Y = 17, 18  # m
ENERGY = 19  # J that can still be spent
MASS = 20  # kg
POWER = 21  # W, resting metabolism at its mass, sped up by the biome's clock
AGE, LIFESPAN = 22, 23  # s
STAMINA = 24  # 0 exhausted .. 1 fresh
GESTATION = 25  # s left, negative when not pregnant
BREEDING_PAUSE = 26  # s until it can breed again
MEAT = 27  # kg left on a carcass
DRIVES = 28  # seven rows in the order of core.records.DRIVES
PERSONALITY = 35  # four rows in the order of core.records.PERSONALITY
PUSH_X, PUSH_Y = 39, 40  # away from bodies that are too close
FLOW_X, FLOW_Y = 41, 42  # mean velocity of kin nearby, m/s
HERD_X, HERD_Y = 43, 44  # offset to the middle of kin in sight, m
KIN_D2, THREAT_D2, PREY_D2 = 45, 46, 47  # squared distances, m^2
ORDER_X, ORDER_Y, ORDER_Z = 48, 49, 50  # velocity wished for from outside, m/s
PLAN_LEFT = 51  # s until it does what it has made up its mind to do
KNOWN_X, KNOWN_Y = 52, 53  # m, where it or one of its own has found food
BREATH = 54  # s until it must come up for air
SHOWN_X, SHOWN_Y = 55, 56  # m, the food that it leads others to since the last step, while it recruits
FLOATS = 57

# Integers, k (fields, N), int32. Rows are rows of the same world, -1 for none.
STATUS = 0  # EMPTY, ALIVE or CARCASS
IDENTITY, SPECIES, FEMALE = 1, 2, 3
LEADER, MOTHER, YOUNG = 4, 5, 6  # rows: head of its group, its mother, its youngest
BEHAVIOR, NEXT_BEHAVIOR = 7, 8
TARGET, NEXT_TARGET = 9, 10  # row it attends to
INTENT = 11  # index of the drive it acts on
WORLD = 12  # number of the world's random stream
KIN, WATCHERS = 13, 14  # how many of its kind are in touch, how many of those nearby are vigilant
KIN_ROW, ALARM, THREAT, PREY = 15, 16, 17, 18  # nearest of its kind, nearest in flight, worst threat, best prey
CONTROLLED, ORDER = 19, 20  # who decides (below), and the behaviour that the outside wants
CARCASSES = 21  # rows of carcasses, ended by -1
SORTED = 22  # rows of the living, sorted by cell of the neighbour grid
PLAN = 23  # the behaviour it has made up its mind to begin, -1 none
CLAN = 24  # identity of the founder of its group: unlike LEADER never given to others
MEAL = 25  # which of its foods it is after, a flag of trait; 0 any
MATE = 26  # row of the nearest female that is ready, found by those that court
SHOWN_MEAL = 27  # the same of MEAL
INTEGERS = 28

EMPTY, ALIVE, CARCASS = 0, 1, 2
FREE, TOLD, RELEASED = 0, 1, 2  # RELEASED: free again since this step
