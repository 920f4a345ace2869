"""What biomes look like: colours of the ground, the water, the air and what grows. All chosen by eye unless said.

Colours are linear-light RGB. A biome is told by what the catalog says of it (sea, canopy, ice, city), not by its name,
so that a new one needs no code.
"""

from dataclasses import dataclass

from eco1.catalog.records import Biome

Rgb = tuple[float, float, float]

#: Share of contrast that is left at the range of visibility: Koschmieder (1924), "Theorie der horizontalen Sichtweite".
LEAST_CONTRAST = 0.02
#: Of air with some dust: by eye.
AIR_VISIBILITY_M = 9000.0
#: How much faster red, green and blue light fade in clear sea water than blue light: after the absorption of pure water
#: in Pope & Fry (1997), DOI 10.1364/AO.36.008710, at 600, 530 and 450 nm, weakened to what still shows colours: by eye.
_SEA_FADING: Rgb = (2.2, 1.15, 1.0)


@dataclass(frozen=True, kw_only=True)
class Look:
    """One kind of scenery.

    ``bare``, ``dry`` and ``lush`` are the ground by how much grows on it; ``bank`` lies beside and under water.
    ``skyline`` is what stands at the horizon and how high (rad). ``visibility_m`` holds for the air, or for the water
    of a biome that lies under it; ``fading`` says how much faster each colour fades with distance.
    """

    bare: Rgb
    dry: Rgb
    lush: Rgb
    bank: Rgb
    rock: Rgb
    water: Rgb
    zenith: Rgb
    haze: Rgb
    skyline: Rgb
    skyline_rad: float
    sun: float  # strength of direct light
    ambient: float  # strength of the sky's light
    visibility_m: float
    fading: Rgb = (1.0, 1.0, 1.0)
    flora: str  # acacias, corals, rainforest, thicket, street
    snow: bool = False


def look_of(biome: Biome) -> Look:
    """Return what a biome looks like."""
    if biome.sea is not None:
        return _reef(float(biome.sea.visibility))
    if biome.canopy is not None:
        return _RAINFOREST
    if biome.ice is not None:
        return _TUNDRA
    if biome.city is not None:
        return _CITY
    return _SAVANNA


def _reef(visibility_m: float) -> Look:
    return Look(
        bare=(0.62, 0.56, 0.42), dry=(0.42, 0.38, 0.24), lush=(0.22, 0.27, 0.13), bank=(0.5, 0.45, 0.33),
        rock=(0.27, 0.20, 0.17), water=(0.010, 0.17, 0.36), zenith=(0.12, 0.34, 0.78), haze=(0.66, 0.78, 0.9),
        skyline=(0.1, 0.2, 0.35), skyline_rad=0.0, sun=2.6, ambient=1.0, visibility_m=visibility_m,
        fading=_SEA_FADING, flora="corals",
    )  # fmt: skip


_SAVANNA = Look(
    bare=(0.30, 0.16, 0.08), dry=(0.40, 0.27, 0.085), lush=(0.15, 0.175, 0.04), bank=(0.12, 0.085, 0.05),
    rock=(0.22, 0.15, 0.10), water=(0.045, 0.065, 0.05), zenith=(0.10, 0.27, 0.66), haze=(0.70, 0.76, 0.80),
    skyline=(0.42, 0.50, 0.58), skyline_rad=0.022, sun=2.0, ambient=0.42, visibility_m=AIR_VISIBILITY_M,
    flora="acacias",
)  # fmt: skip
_RAINFOREST = Look(
    bare=(0.10, 0.060, 0.032), dry=(0.13, 0.085, 0.035), lush=(0.045, 0.10, 0.025), bank=(0.06, 0.05, 0.03),
    rock=(0.10, 0.09, 0.07), water=(0.03, 0.045, 0.03), zenith=(0.26, 0.38, 0.40), haze=(0.27, 0.40, 0.29),
    skyline=(0.235, 0.36, 0.25), skyline_rad=0.22, sun=2.2, ambient=0.52, visibility_m=330.0, flora="rainforest",
)  # fmt: skip
_TUNDRA = Look(
    bare=(0.21, 0.185, 0.15), dry=(0.28, 0.20, 0.10), lush=(0.20, 0.19, 0.075), bank=(0.13, 0.115, 0.09),
    rock=(0.17, 0.17, 0.17), water=(0.012, 0.055, 0.085), zenith=(0.26, 0.44, 0.70), haze=(0.78, 0.85, 0.92),
    skyline=(0.62, 0.72, 0.84), skyline_rad=0.06, sun=1.15, ambient=0.5, visibility_m=AIR_VISIBILITY_M,
    flora="thicket", snow=True,
)  # fmt: skip
_CITY = Look(
    bare=(0.135, 0.135, 0.14), dry=(0.17, 0.18, 0.12), lush=(0.085, 0.20, 0.045), bank=(0.14, 0.14, 0.13),
    rock=(0.42, 0.40, 0.37), water=(0.03, 0.06, 0.06), zenith=(0.16, 0.32, 0.62), haze=(0.66, 0.72, 0.78),
    skyline=(0.28, 0.30, 0.34), skyline_rad=0.10, sun=1.8, ambient=0.46, visibility_m=2500.0, flora="street",
)  # fmt: skip
