"""What a species, a biome and the ethogram are, as frozen dataclasses. Numbers arrive in SI units."""

from dataclasses import dataclass

#: Body plans the renderers know. A species names one of them.
BODY_PLANS = (
    "felid",
    "hyaenid",
    "canid",
    "equid",
    "bovid",
    "gazelle",
    "elephant",
    "giraffe",
    "ostrich",
    "vulture",
    "mongoose",
)
DIET_KINDS = ("carnivore", "scavenger", "grazer", "browser", "mixed_feeder", "insectivore", "omnivore")
ACTIVITY_PATTERNS = ("diurnal", "nocturnal", "crepuscular", "cathemeral")
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
    coat: str  # "#rrggbb"
    accent: str  # "#rrggbb": mane, stripes, spots
    mass: Quantity  # kg, adult
    length: Quantity  # m
    height: Quantity  # m, at the shoulder (top of the back for birds)
    birth_mass: Quantity  # kg


@dataclass(frozen=True, kw_only=True)
class Locomotion:
    """How it moves. Limits are those of a healthy adult."""

    flies: bool
    walk_speed: Quantity  # m/s, unhurried travel
    max_speed: Quantity  # m/s, best short sprint
    acceleration: Quantity  # m/s^2
    deceleration: Quantity  # m/s^2
    turn_rate: Quantity  # rad/s, at low speed; falls with speed
    sprint_duration: Quantity  # s at maximum speed before it must slow down


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

    kind: str
    prey: tuple[str, ...]
    threats: tuple[str, ...]
    scavenges: bool
    flight_distance: Quantity  # m at which it flees a threat (0 when it fears nothing)
    strike_distance: Quantity  # m from which a hunter makes its final rush ends in a strike (0 when it never hunts)
    hunt_success: Quantity  # 1, share of chases that end in a kill
    hunting_style: str  # "stalk", "ambush", "pursuit", "none"


@dataclass(frozen=True, kw_only=True)
class Sociality:
    """How it lives with its own kind: zones of the zonal model, group size and territory."""

    group_size: Quantity  # 1
    spacing: Quantity  # m, repulsion inside
    alignment_range: Quantity  # m
    attraction_range: Quantity  # m
    alignment_weight: Quantity  # 1, 0 lives alone .. 1 polarised herd
    territorial: bool
    territory_radius: Quantity  # m (0 when not territorial)
    uses_shelter: bool  # burrows, dens


@dataclass(frozen=True, kw_only=True)
class Activity:
    """When and how much it is active."""

    pattern: str
    rest_fraction: Quantity  # 1, share of a day spent resting or asleep
    drink_interval: Quantity  # s between drinks (real time; the biome's clock compresses it)
    feeding_fraction: Quantity  # 1, share of a day spent feeding


@dataclass(frozen=True, kw_only=True)
class Life:
    """Its life history in real time; the biome's clock compresses it."""

    lifespan: Quantity  # s
    maturity: Quantity  # s
    gestation: Quantity  # s (incubation for birds)
    litter_size: Quantity  # 1
    birth_interval: Quantity  # s


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
    experts_source: str
    experts: dict[str, float]  # router prior: family -> weight, as in the proposal ("wolf": hunting 2.0, flocking 1.5)


@dataclass(frozen=True, kw_only=True)
class Resident:
    """How many animals of a species live in a biome, per 64 rows."""

    species: str
    count: int


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
    rain_probability: Quantity  # 1, share of time it rains
    day_length: Quantity  # s of simulated time that stand for 24 h
    physiology_rate: Quantity  # 1, how much faster hunger, thirst and fatigue run than in real time
    life_rate: Quantity  # 1, how much faster growth, gestation, ageing and plants run than in real time
    residents: tuple[Resident, ...]
    residents_source: str


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
