"""What the microphone must know of each species, as tables that kernels can read: its voice, its body, its habits."""

from typing import Any, NamedTuple

import numpy as np

from eco1.catalog.loader import load_species
from eco1.catalog.records import ACTIVITY_PATTERNS, VOICE_KINDS, Species
from eco1.sensors.microphone.compiled import F32, I8

AIR_REFERENCE_PA = 20e-6  # ISO 1683: reference sound pressure in gases
WATER_REFERENCE_PA = 1e-6  # ISO 1683: in liquids

#: Values of ``SpeciesTable.kind``: an index into the catalog's VOICE_KINDS, or MUTE.
MUTE = -1
HARMONIC, WHISTLE, NOISE, CLICKS, HUM = (
    VOICE_KINDS.index(kind) for kind in ("harmonic", "whistle", "noise", "clicks", "hum")
)
DIURNAL, NOCTURNAL, CREPUSCULAR = (
    ACTIVITY_PATTERNS.index(pattern) for pattern in ("diurnal", "nocturnal", "crepuscular")
)
#: Values of ``SpeciesTable.feet``: how what carries it meets the ground.
NO_FEET, PAWS, HOOVES, TWO_FEET = range(4)

# Characteristic impedances at 20 degC, Pa s/m: air 413, sea water 1.5e6. The same acoustic power makes a pressure in
# air that is lower by the root of their ratio.
_AIR_OVER_WATER = (413.0 / 1.5e6) ** 0.5
#: Share of the pressure, taken as it would be in air, that gets out of the water: twice that root.
SURFACE_PASSES = 2 * _AIR_OVER_WATER

_FOOTLESS = ("shark", "fish", "barracuda", "eel", "octopus", "dolphin", "ray", "turtle", "snake", "seal", "sloth")
_TOO_LIGHT = ("ant", "butterfly", "bee")
_HOOFED = ("equid", "bovid", "gazelle", "giraffe", "deer", "muskox")
_UPRIGHT = ("ostrich", "vulture", "parrot", "toucan", "raptor", "owl", "goose", "pigeon", "songbird", "crow", "person")
_SILENT_WINGS = ("butterfly", "bee")  # a bee's wings are its voice, the hum
_SOFT_WINGS = ("owl",)
_BONE_CRACKERS = ("hyaenid", "canid", "wolf", "bear")

# Formants of a tube closed at the glottis lie at odd multiples of c / (4 L): Fitch (1997), DOI 10.1121/1.421048. The
# tract is put at 0.18 of head and body: estimate through 0.16 m in people (0.88 m) and 0.08 m in macaques (0.45 m).
_TRACT_PER_LENGTH = 0.18
# estimate: a few per cent; but each bottlenose dolphin has a whistle of its own (Caldwell & Caldwell 1965,
# "Individualized whistle contours in bottle-nosed dolphins", Nature 207:434-435), spread over the catalog's range
_OWN_PITCH_SPREAD, _SIGNATURE_SPREAD = 0.03, 0.35


class SpeciesTable(NamedTuple):
    """One row per species, (S,). Levels are turned into Pa (rms) at 1 m; lengths are those of adults."""

    kind: I8
    pitch_hz: F32
    glide: F32
    syllables: F32
    duration_s: F32
    interval_s: F32
    pressure_pa: F32
    pattern: I8
    length_m: F32
    height_m: F32
    mass_kg: F32
    tract_m: F32
    own_pitch: F32  # standard deviation between animals, in log units
    feet: I8
    wings: F32  # 0 none that are heard, 1 usual, less for soft feathers
    swims: I8  # the way of moving it prefers
    cracks_bones: I8
    clicks_for_echoes: I8


def _pressure_pa(species: Species, under_water: bool) -> float:
    """Return the rms pressure at 1 m. Levels of swimmers are given for water; in air they put out the same power."""
    if species.voice is None:
        return 0.0
    factor = 10 ** (float(species.voice.level) / 20)
    if not _swims(species):
        return AIR_REFERENCE_PA * factor
    return WATER_REFERENCE_PA * factor * (1.0 if under_water else _AIR_OVER_WATER)


def _swims(species: Species) -> bool:
    return species.locomotion.modes[0] == "swim"


def _feet(species: Species) -> int:
    plan = species.body.plan
    if plan in _FOOTLESS or plan in _TOO_LIGHT:
        return NO_FEET
    if plan in _UPRIGHT:
        return TWO_FEET
    return HOOVES if plan in _HOOFED else PAWS


def _wings(species: Species) -> float:
    if not species.locomotion.flies or species.body.plan in _SILENT_WINGS:
        return 0.0
    # estimate: an owl's fringed feathers take about 15 dB
    return 0.18 if species.body.plan in _SOFT_WINGS else 1.0


def _row(species: Species, under_water: bool) -> tuple[float, ...]:
    voice, body, plan = species.voice, species.body, species.body.plan
    call = (MUTE, 1.0, 1.0, 1.0, 1.0, 1.0)
    if voice is not None:
        numbers = (voice.pitch, voice.glide, voice.syllables, voice.duration, voice.interval)
        call = (VOICE_KINDS.index(voice.kind), *(float(number) for number in numbers))
    return (
        *call,
        _pressure_pa(species, under_water),
        ACTIVITY_PATTERNS.index(species.activity.pattern),
        float(body.length),
        float(body.height),
        float(body.mass),
        _TRACT_PER_LENGTH * float(body.length),
        _SIGNATURE_SPREAD if plan == "dolphin" else _OWN_PITCH_SPREAD,
        _feet(species),
        _wings(species),
        _swims(species),
        plan in _BONE_CRACKERS,
        plan == "dolphin",
    )


def species_table(names: tuple[str, ...], under_water: bool) -> SpeciesTable:
    """Return the table of species or actors of the catalog, in the order of ``names``, for a world in air or water.

    Raises:
        UnknownNameError: the catalog has no such species.
    """
    columns = zip(*(_row(load_species(name), under_water) for name in names), strict=True)
    types = [np.int8 if kind is I8 else np.float32 for kind in SpeciesTable.__annotations__.values()]
    arrays: list[Any] = [np.array(column, dtype) for column, dtype in zip(columns, types, strict=True)]
    return SpeciesTable(*arrays)
