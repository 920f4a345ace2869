"""What happened, as the captioner holds it before it becomes an Event and words."""

from dataclasses import dataclass

from eco1.core.senses import Event


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why something happened. ``kind``: need (a drive), threat or rival (a row, so far away), shown (a row)."""

    kind: str
    drive: str = ""
    row: int = -1
    distance_m: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where: ``key`` names the kind of place, ``phrase`` says it."""

    key: str
    phrase: str


NOWHERE = Place(key="", phrase="")


@dataclass(frozen=True, kw_only=True)
class Happening:
    """Something that happened in the frames [first, last): ``actors`` did it, to ``others`` if to anyone.

    ``behavior`` is the entry of the ethogram that it is a bout of, "" for what is more than one bout; ``pauses`` counts
    the looks around within. ``outcome`` of a pursuit is kill or escape, of a death its cause, "" what is not known.
    """

    kind: str
    first: int
    last: int
    actors: tuple[int, ...]
    others: tuple[int, ...] = ()
    behavior: str = ""
    pauses: int = 0
    outcome: str = ""
    cause: Cause | None = None
    place: Place = NOWHERE
    tags: frozenset[str] = frozenset()

    @property
    def rows(self) -> tuple[int, ...]:
        """Everyone concerned, those who did it first."""
        return self.actors + self.others

    @property
    def middle(self) -> int:
        """The frame in the middle."""
        return (self.first + self.last - 1) // 2

    def event(self, dt_s: float) -> Event:
        """Return the record of it."""
        return Event(
            kind=self.kind,
            start_s=round(self.first * dt_s, 3),
            end_s=round(self.last * dt_s, 3),
            rows=self.rows,
            place=self.place.phrase,
        )
