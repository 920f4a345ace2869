"""Cut what instruments recorded along with the animals, reading only the chunks that are needed."""

from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from eco1.core.errors import ConfigError
from eco1.core.records import Episode
from eco1.core.senses import Senses
from eco1.data.sense_schema import assemble, wanted_paths
from eco1.data.sensed import RecordedSenses, open_senses
from eco1.data.sources import Source

#: Episodes kept open: a few kilobytes each.
_OPEN = 256


class SenseCutter:
    """Cuts the wanted arrays of any episode."""

    def __init__(self, sources: Sequence[Source], wanted: tuple[str, ...]) -> None:
        """Prepare for some modalities, instruments or arrays.

        Raises:
            UnknownNameError: when an episode lacks one of them.
            ConfigError: when episodes have different arrays of that name.
        """
        self._sources, self._wanted = sources, wanted
        self._kept: OrderedDict[int, RecordedSenses] = OrderedDict()
        if wanted:
            found = {tuple(wanted_paths(dict.fromkeys(s.sensed), wanted, _name(s))): _name(s) for s in sources}
            if len(found) > 1:
                (one, here), (other, there), *_ = found.items()
                raise _different(f"{list(one)} in {here}, {list(other)} in {there}")

    def batch(self, places: Sequence[tuple[int, slice]]) -> Senses:
        """Return cuts (B, T first), each from an episode by its number.

        Raises:
            ConfigError: when pictures, sounds or clouds of different size meet in a batch.
            EpisodeError: when a chunk is missing or damaged.
        """
        cuts = [{path: array[frames] for path, array in self._open(index).arrays.items()} for index, frames in places]
        for path in cuts[0]:
            if len(sizes := {cut[path].shape for cut in cuts}) > 1:
                raise _different(f"{path} of shapes {sorted(sizes)}")
        return assemble({path: np.stack([cut[path] for cut in cuts]) for path in cuts[0]})

    def _open(self, index: int) -> RecordedSenses:
        if index not in self._kept:
            origin = self._sources[index].episode
            assert not isinstance(origin, Episode), "episodes in memory have no sensed arrays, which __init__ refuses"
            self._kept[index] = open_senses(origin).only(self._wanted)
        self._kept.move_to_end(index)
        if len(self._kept) > _OPEN:
            self._kept.popitem(last=False)
        return self._kept[index]


def _name(source: Source) -> str:
    return "an episode in memory" if isinstance(source.episode, Episode) else str(source.episode)


def _different(what: str) -> ConfigError:
    return ConfigError(
        f"A batch needs the same instruments in every episode; these have {what}. Ask for what they share."
    )
