"""Experts that wait in mapped files and come to the device when they are chosen; those used last stay.

Least recently used experts leave first, and the next layer's likely ones come early: Eliseev & Mazur (2023), "Fast
inference of mixture-of-experts language models with offloading", arXiv 2312.17238, sections 3.1 and 3.2.

Shape letters: m tokens, d width.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from jaxtyping import Float
from torch import Tensor, nn

from eco1.core.errors import ConfigError
from eco1.models.nn.lowbit.experts import ChosenExperts, Expert
from eco1.models.nn.lowbit.sources import ExpertSource

_FEW = 4  # tokens up to which the next layer's experts are guessed; more tokens take nearly all of them


class HotExperts:
    """The experts of all layers that are on the device, no more than fit into ``hot_bytes``.

    ``loads`` counts those that were brought, ``hits`` those that were there, or on their way, when asked for. An expert
    that has to leave while it serves is gone when it has served.

    Args:
        source: where all of them lie.
        hot_bytes: room for those that stay.
        device: where they go.

    Raises:
        ConfigError: when not even one fits.
    """

    def __init__(self, source: ExpertSource, hot_bytes: int, device: str = "cpu") -> None:
        if hot_bytes < source.expert_bytes:
            raise ConfigError(
                f"{hot_bytes:,} bytes hold no expert of {source.expert_bytes:,}. Give at least as much, better room "
                "for those that serve one token in every layer."
            )
        self._source, self._device = source, device
        self._room = hot_bytes // source.expert_bytes
        self._hot: OrderedDict[tuple[int, int], Future[Expert]] = OrderedDict()
        self._reader = ThreadPoolExecutor(1)
        self.loads = self.hits = 0

    @property
    def held_bytes(self) -> int:
        """Return the bytes of what is held, or on its way."""
        return len(self._hot) * self._source.expert_bytes

    def get(self, layer: int, number: int) -> Expert:
        """Return an expert, as soon as it is there."""
        if (layer, number) in self._hot:
            self.hits += 1
            self._hot.move_to_end((layer, number))
        else:
            self._fetch(layer, number)
        return self._hot[layer, number].result()

    def expect(self, layer: int, numbers: Iterable[int]) -> None:
        """Begin to bring experts that are likely to be asked for and are not there, no more than there is room for."""
        for number in list(numbers)[: self._room]:
            if (layer, number) not in self._hot:
                self._fetch(layer, number)

    def _fetch(self, layer: int, number: int) -> None:
        while len(self._hot) >= self._room:
            self._hot.popitem(last=False)
        self._hot[layer, number] = self._reader.submit(self._source.load, layer, number, self._device)
        self.loads += 1


class OffloadedExperts(ChosenExperts):
    """Experts of one layer, brought when they are chosen.

    Args:
        router: of this layer.
        hot: what brings and keeps experts, one for all layers.
        layer: number of this layer.
        chosen: experts that serve one token.
        normalised: whether their weights sum to 1.
        following: number and router of the next sparse layer, whose choice is guessed from this layer's tokens; None
            to guess nothing.
    """

    def __init__(
        self,
        router: nn.Linear,
        hot: HotExperts,
        layer: int,
        chosen: int,
        *,
        normalised: bool,
        following: tuple[int, nn.Linear] | None = None,
    ) -> None:
        super().__init__(router, chosen, normalised=normalised)
        self.hot, self.layer = hot, layer
        self._following = following  # in a tuple, so that the next router is not a part of this layer

    def bring(self, x: Float[Tensor, "m d"], numbers: list[int]) -> Iterator[Expert]:
        """Yield experts. While one works the next one comes; while the last does, those of the next layer."""
        for place, number in enumerate(numbers, start=1):
            expert = self.hot.get(self.layer, number)
            if place == len(numbers):
                self._look_ahead(x)
            else:
                self.hot.expect(self.layer, numbers[place : place + 1])
            yield expert

    def _look_ahead(self, x: Float[Tensor, "m d"]) -> None:
        """The stream changes little from layer to layer, so that the next router can be asked a layer early."""
        if self._following is None or x.shape[0] > _FEW:
            return
        layer, router = self._following
        likely: list[int] = router(x).topk(self.chosen, dim=-1).indices.unique().tolist()
        self.hot.expect(layer, likely)
