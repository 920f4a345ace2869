"""What exists, in one line each or with every value."""

from eco1.catalog.listing import behavior_table, biome_table, species_table
from eco1.catalog.loader import biome_names, load_biome, load_ethogram, load_species, species_names


def everything(what: str) -> list[dict[str, object]]:
    """Return all values of ``species``, ``biomes`` or ``behaviors``, with unit, range and source, or of ``models``."""
    tables = {"species": species_table, "biomes": biome_table, "behaviors": behavior_table, "models": _model_table}
    return tables[what]()


def overview(what: str) -> list[dict[str, object]]:
    """Return one short row each."""
    return {"species": _species, "biomes": _biomes, "behaviors": _behaviors, "models": _models}[what]()


def _species() -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for name in species_names():
        kind = load_species(name)
        rows.append(
            {
                "name": name,
                "scientific": kind.scientific_name,
                "mass": _mass(float(kind.body.mass)),
                "top speed": f"{float(kind.locomotion.max_speed):.1f} m/s",
                "eats": ", ".join(kind.diet.eats),
                "hunted by": ", ".join(kind.diet.threats) or "-",
            }
        )
    return rows


def _mass(kg: float) -> str:
    if kg >= 10:
        return f"{kg:,.0f} kg"
    return f"{kg:.1f} kg" if kg >= 1 else f"{1e3 * kg:.3g} g"


def _biomes() -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for name in biome_names():
        biome = load_biome(name)
        inhabitants = sum(resident.count for resident in biome.residents)
        rows.append(
            {
                "name": name,
                "title": biome.title,
                "side": f"{float(biome.size):g} m",
                "species": len(biome.residents),
                "animals per 64 rows": inhabitants,
            }
        )
    return rows


def _behaviors() -> list[dict[str, object]]:
    return [{"name": b.name, "family": b.family, "definition": b.definition} for b in load_ethogram().behaviors]


def _models() -> list[dict[str, object]]:
    from eco1.recipes.sizes import size_rows  # here, so that the catalog can be listed without torch

    return size_rows()


def _model_table() -> list[dict[str, object]]:
    from eco1.recipes.sizes import size_table

    return size_table()
