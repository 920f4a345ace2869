"""How often wings beat, from how heavy a body is."""

#: Beats per second of insects' wings, by body plan. The bee: Altshuler et al. (2005), PNAS 102:18213-18218; the
#: butterfly: estimate, a few beats per second are usual in large butterflies.
INSECT_WING_BEAT_HZ = {"bee": 230.0, "butterfly": 8.0}


def wing_beat_hz(mass_kg: float) -> float:
    """Return how often per second a bird beats its wings: 3.98 m^-0.27.

    Regression over birds other than hummingbirds in Norberg (1990), "Vertebrate Flight", as a later review quotes it.
    Pennycuick (1996), J. Exp. Biol. 199:1613-1618, asks for the span and area of the wings, which the catalog lacks.
    """
    return 3.98 * mass_kg**-0.27
