"""What a species, a biome and the ethogram are, as frozen dataclasses. Numbers arrive in SI units."""

from dataclasses import dataclass

#: Body plans the renderers know. A species names one of them.
BODY_PLANS = (
    *("felid", "hyaenid", "canid", "equid", "bovid", "gazelle", "elephant", "giraffe", "ostrich", "vulture"),
    *("mongoose", "shark", "fish", "barracuda", "eel", "octopus", "dolphin", "ray", "turtle", "monkey", "sloth"),
    *("raptor", "parrot", "toucan", "snake", "ant", "butterfly", "bear", "seal", "wolf", "fox", "deer", "muskox"),
    *("rodent", "owl", "goose", "pigeon", "songbird", "crow", "raccoon", "bee", "person"),
)
#: Where colours lie on a body.
COAT_PATTERNS = (
    *("plain", "tawny", "spots", "blotches", "stripes", "patches", "flank_band", "brindle", "back_bands", "wrinkled"),
    *("countershaded", "bars", "lines", "scales", "rosettes", "bib", "mask", "saddle", "bright_wings", "white_belly"),
)
#: How it gets about. ``walk`` is on the ground or the sea bed, ``climb`` up trees and walls, ``swing`` hand over hand.
MODES = ("walk", "climb", "swing", "fly", "swim")
#: What it lives on. ``ground_plants`` is what grows within reach of the ground: grass, herbs, lichen, algae, seeds.
FOODS = ("ground_plants", "leaves", "fruit", "nectar", "invertebrates", "plankton", "flesh", "carrion", "refuse")
ACTIVITY_PATTERNS = ("diurnal", "nocturnal", "crepuscular", "cathemeral")
GROUPINGS = ("solitary", "pair", "family", "herd", "pack", "troop", "flock", "school", "colony")
#: What it does in the cold or lean half of the year.
WINTERS = ("active", "dens", "migrates")
#: How a call sounds: harmonics of a voice, a pure whistle, breath and hiss, clicks in a row, the hum of wings.
VOICE_KINDS = ("harmonic", "whistle", "noise", "clicks", "hum")
#: The eight expert families of the Eco-1 proposal, in its order.
FAMILIES = ("hunting", "grazing", "flocking", "nesting", "territorial", "mating", "migration", "playing")


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """One number: its value and range in SI units, the unit as written in the file, and where it comes from."""

    value: float
    low: float
    high: float
    unit: str
    source: str

    def __float__(self) -> float:
        return self.value


@dataclass(frozen=True, kw_only=True)
class Body:
    """Size and shape. ``length`` is head and body without the tail."""

    plan: str
    pattern: str
    coat: str  # "#rrggbb"
    accent: str  # "#rrggbb": mane, stripes, spots
    camouflage: Quantity  # 1, how much harder it is to see when it keeps still: 0 not at all .. 1 gone
    mass: Quantity  # kg, adult
    length: Quantity  # m
    height: Quantity  # m, at the shoulder (top of the back for birds, depth of the body for fish)
    birth_mass: Quantity  # kg
    resting_power: Quantity  # W, of a quiet adult: basal or standard metabolic rate


@dataclass(frozen=True, kw_only=True)
class Locomotion:
    """How it moves. Limits are those of a healthy adult."""

    modes: tuple[str, ...]
    cruise_speed: Quantity  # m/s, unhurried travel
    max_speed: Quantity  # m/s, best short sprint
    acceleration: Quantity  # m/s^2
    deceleration: Quantity  # m/s^2
    turn_rate: Quantity  # rad/s, at low speed; falls with speed
    sprint_duration: Quantity  # s at maximum speed before it must slow down
    climb_speed: Quantity  # m/s, fastest change of height: climbing, flying or swimming (0 when bound to the ground)
    level: Quantity  # m above the ground or sea bed, where it spends its active time

    @property
    def flies(self) -> bool:
        """Whether it can leave the ground on wings."""
        return "fly" in self.modes


@dataclass(frozen=True, kw_only=True)
class Senses:
    """How far and how widely it perceives."""

    sight_range: Quantity  # m
    field_of_view: Quantity  # rad, both eyes together
    hearing_range: Quantity  # m, all around
    smell_range: Quantity  # m, for food
    night_vision: Quantity  # 1, share of sight_range kept in the dark


@dataclass(frozen=True, kw_only=True)
class Diet:
    """What it eats and what eats it. ``prey`` lists species names it hunts; ``threats`` those it flees from."""

    eats: tuple[str, ...]
    prey: tuple[str, ...]
    threats: tuple[str, ...]
    begs: bool  # comes to people for food
    flight_distance: Quantity  # m at which it flees a threat (0 when it fears nothing)
    strike_distance: Quantity  # m from which a hunter makes its final rush ends in a strike (0 when it never hunts)
    hunt_success: Quantity  # 1, share of chases that end in a kill
    hunting_style: str


@dataclass(frozen=True, kw_only=True)
class Sociality:
    """How it lives with its own kind: zones of the zonal model, group size and territory."""

    grouping: str
    group_size: Quantity  # 1
    spacing: Quantity  # m, repulsion inside
    alignment_range: Quantity  # m
    attraction_range: Quantity  # m
    alignment_weight: Quantity  # 1, 0 lives alone .. 1 polarised herd
    territorial: bool
    territory_radius: Quantity  # m (0 when not territorial)
    uses_shelter: bool  # burrows, dens, nests, crevices
    recruits: bool  # leads others to food it has found


@dataclass(frozen=True, kw_only=True)
class Activity:
    """When and how much it is active."""

    pattern: str
    rest_fraction: Quantity  # 1, share of a day spent resting or asleep
    drink_interval: Quantity  # s between drinks (real time; the biome's clock compresses it)
    feeding_fraction: Quantity  # 1, share of a day spent feeding
    winter: str


@dataclass(frozen=True, kw_only=True)
class Life:
    """Its life history in real time; the biome's clock compresses it."""

    lifespan: Quantity  # s
    maturity: Quantity  # s
    gestation: Quantity  # s (incubation for birds)
    litter_size: Quantity  # 1
    birth_interval: Quantity  # s


@dataclass(frozen=True, kw_only=True)
class Voice:
    """Its commonest call. Levels in water are re 1 uPa, in air re 20 uPa."""

    kind: str
    pitch: Quantity  # Hz, fundamental or centre of the band
    glide: Quantity  # 1, pitch at the end over pitch at the beginning
    syllables: Quantity  # 1, per call
    duration: Quantity  # s, of the whole call
    interval: Quantity  # s between calls of an animal that is active
    level: Quantity  # dB at 1 m


@dataclass(frozen=True, kw_only=True)
class Species:
    """One kind of animal."""

    name: str  # snake_case key
    common_name: str
    scientific_name: str
    body: Body
    locomotion: Locomotion
    senses: Senses
    diet: Diet
    sociality: Sociality
    activity: Activity
    life: Life
    voice: Voice | None  # None: no call that anyone hears
    experts_source: str
    experts: dict[str, float]  # router prior: family -> weight, as in the proposal ("wolf": hunting 2.0, flocking 1.5)


@dataclass(frozen=True, kw_only=True)
class Resident:
    """How many animals of a species live in a biome, per 64 rows."""

    species: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Sea:
    """A biome under water: the ground is the sea bed."""

    depth: Quantity  # m of water over the deepest ground
    current: Quantity  # m/s, usual speed of the flow
    visibility: Quantity  # m, how far anything is seen under water
    plankton: Quantity  # 1, share of the water that carries a swarm worth feeding on


@dataclass(frozen=True, kw_only=True)
class Canopy:
    """A forest in layers."""

    height: Quantity  # m, of closed crowns
    emergents: Quantity  # m, of the trees that rise above them
    closure: Quantity  # 1, share of the ground under crowns
    fruiting: Quantity  # 1, share of trees in fruit at a time
    flowering: Quantity  # 1, share of trees in flower at a time


@dataclass(frozen=True, kw_only=True)
class Ice:
    """A frozen coast: part of the square is sea, and part of the sea is ice."""

    sea_share: Quantity  # 1, of the square
    winter_cover: Quantity  # 1, share of the sea that is ice at its most
    summer_cover: Quantity  # 1, at its least
    holes: Quantity  # 1/m^2, breathing holes in the ice
    snow_depth: Quantity  # m, in winter


@dataclass(frozen=True, kw_only=True)
class City:
    """Streets, houses and parks."""

    block: Quantity  # m, side of a block of houses
    street: Quantity  # m, width
    park_share: Quantity  # 1, share of blocks that are parks
    building_height: Quantity  # m
    refuse: Quantity  # 1/m^2, bins and other places with refuse


@dataclass(frozen=True, kw_only=True)
class Biome:
    """One kind of world. ``size`` is the side of the square that 64 animals live in; area grows with their number."""

    name: str
    title: str
    size: Quantity  # m
    relief: Quantity  # m, height between valley and hill
    roughness: Quantity  # 1, spectral exponent of the terrain
    water_fraction: Quantity  # 1, share of the ground under water
    tree_density: Quantity  # 1/m^2
    shelter_density: Quantity  # 1/m^2
    vegetation_capacity: Quantity  # kg/m^2 dry matter
    vegetation_growth: Quantity  # 1/s, intrinsic rate r of logistic growth, real time
    temperature_mean: Quantity  # K
    temperature_swing: Quantity  # K, half of day minus night
    season_swing: Quantity  # K, half of summer minus winter
    growth_swing: Quantity  # 1, share by which plants grow less in the lean season
    rain_probability: Quantity  # 1, share of time it rains
    day_length: Quantity  # s of simulated time that stand for 24 h
    physiology_rate: Quantity  # 1, how much faster hunger, thirst and fatigue run than in real time
    life_rate: Quantity  # 1, how much faster growth, gestation, ageing and plants run than in real time
    residents: tuple[Resident, ...]
    residents_source: str
    sea: Sea | None
    canopy: Canopy | None
    ice: Ice | None
    city: City | None


@dataclass(frozen=True, kw_only=True)
class Behavior:
    """One entry of the ethogram."""

    name: str
    family: str
    definition: str


@dataclass(frozen=True, kw_only=True)
class Ethogram:
    """All behaviours in a fixed order; an index into ``behaviors`` is what episodes store."""

    behaviors: tuple[Behavior, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names in order of their indices."""
        return tuple(behavior.name for behavior in self.behaviors)

    def index(self, name: str) -> int:
        """Return the index of a behaviour.

        Raises:
            ValueError: when there is no such behaviour.
        """
        return self.names.index(name)
