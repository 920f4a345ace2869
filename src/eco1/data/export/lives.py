"""The lives in an episode: for every animal the stretches in which it was seen alive without a gap."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int64

from eco1.core.errors import unknown_name
from eco1.core.records import Episode, Observation


@dataclass(frozen=True, kw_only=True)
class Life:
    """One stretch: frames ``first`` to ``last`` (included) of a row.

    ``born`` and ``died`` say that the animal came into the world, or left it, while it was recorded. Of tracked
    animals neither is known: they come into view and leave it.
    """

    row: int
    identity: int
    species: str
    first: int
    last: int
    born: bool
    died: bool

    @property
    def frames(self) -> slice:
        """Its frames."""
        return slice(self.first, self.last + 1)

    @property
    def name(self) -> str:
        """Species and identity, such as ``lion_7``."""
        return f"{self.species}_{self.identity}"


def lives_of(episode: Episode) -> list[Life]:
    """Return all lives, by row and time."""
    seen, info = episode.observation, episode.info
    simulated = info.provenance.get("source") == "simulation"
    firsts, lasts, rows = _stretches(seen)
    return [
        Life(
            row=row,
            identity=int(seen.identity[first, row]),
            species=info.species_names[seen.species[first, row]],
            first=first,
            last=last,
            born=simulated and first > 0,
            died=simulated and last < len(seen.alive) - 1,
        )
        for first, last, row in zip(firsts.tolist(), lasts.tolist(), rows.tolist(), strict=True)
    ]


def only_species(episode: Episode, species: str | None, where: str) -> Iterator[Life]:
    """Return the lives of one species, or of all.

    Raises:
        UnknownNameError: when no animal of that species lives in the episode.
    """
    lives = lives_of(episode)
    if species is not None and species not in (there := {life.species for life in lives}):
        raise unknown_name("species", species, there or {"(nobody lives in it)"}, where=where)
    return (life for life in lives if species in (None, life.species))


def _stretches(seen: Observation) -> tuple[Int64[np.ndarray, " k"], Int64[np.ndarray, " k"], Int64[np.ndarray, " k"]]:
    """Return first and last frame, and row, of every stretch in which a row is one living animal."""
    who = np.where(seen.alive, seen.identity, -1).T
    edge = np.full((len(who), 1), -1)
    before, after = np.hstack([edge, who[:, :-1]]), np.hstack([who[:, 1:], edge])
    rows, firsts = np.nonzero((who >= 0) & (who != before))
    lasts = np.nonzero((who >= 0) & (who != after))[1]
    return firsts, lasts, rows
