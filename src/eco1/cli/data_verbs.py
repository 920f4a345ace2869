"""Verbs about episodes in other formats."""

from pathlib import Path
from typing import Literal

import tyro

from eco1.cli.output import command, done

Positional = tyro.conf.Positional


def export(
    episodes: Positional[str],
    to: Literal["minari", "movement", "mp4", "pettingzoo"],
    out: Path | None = None,
    species: str | None = None,
) -> None:
    """Write episodes in the format of another library.

    Args:
        episodes: a folder of episodes, one episode, or a URL.
        to: minari (one species, for offline reinforcement learning), movement (netCDF poses), mp4 (film and JSON of
            every camera) or pettingzoo (a file for each agent).
        out: a folder that is not there yet (default: beside the episodes, named after the format).
        species: only these animals.
    """
    from eco1.data.places import as_place
    from eco1.recipes.export import export

    place = as_place(episodes)
    written = export(place, to, out, species)
    done(command("eval", "--episodes", place), written)
