"""Batches larger than memory: asked for part by part, and blocks computed twice."""

from dataclasses import dataclass, field

import pytest
import torch
from tests.training.team_models import SOURCES, Words, model_of, settings
from tests.training.tiny_world import Wanderers, tiny

from eco1.core.errors import ConfigError
from eco1.core.records import Clip
from eco1.training.blocks import blocks_of, recomputed_blocks
from eco1.training.budget import steps_within
from eco1.training.loop import train
from eco1.training.sources import InParts, parts_at
from eco1.training.step import Trainer

CPU = torch.device("cpu")


@dataclass
class Watched:
    """Remembers which small batches were asked for."""

    source: Words
    asked: list[int] = field(default_factory=list)

    def batch_at(self, step: int) -> Clip:
        self.asked.append(step)
        return self.source.batch_at(step)


@dataclass(frozen=True)
class Joined:
    """The same clips as so many small batches, all at once."""

    small: Words
    parts: int

    def batch_at(self, step: int) -> Clip:
        clips = [self.small.batch_at(step * self.parts + part) for part in range(self.parts)]
        seen = clips[0].observation.map(lambda array: array)
        for name in vars(seen):
            joined = [getattr(clip.observation, name) for clip in clips]
            object.__setattr__(seen, name, torch.cat([torch.from_numpy(array) for array in joined]).numpy())
        return Clip(observation=seen, dt_s=clips[0].dt_s.repeat(self.parts))


def trained(source, parts: int, **changes):
    model = model_of("words")
    config = settings("words", batch=8, accumulation=parts, loss_weights={"words": 1.0, "balance": 0.0}, **changes)
    trainer = Trainer(model, config, CPU)
    numbers = [trainer.step(parts_at(source, step, parts, 8), step) for step in range(3)]
    return numbers, model


def test_parts_are_asked_for_one_by_one_and_learned_like_one_batch():
    small = Watched(Words(batch=2))
    in_parts, ours = trained(InParts(small), 4)
    at_once, theirs = trained(Joined(Words(batch=2), 4), 1)
    assert small.asked == list(range(12))
    for one, other in zip(in_parts, at_once, strict=True):
        assert one["words"] == pytest.approx(other["words"], abs=1e-5)
        assert one["grad_norm"] == pytest.approx(other["grad_norm"], rel=1e-4)
    assert all(torch.allclose(a, b, atol=2e-5) for a, b in zip(ours.parameters(), theirs.parameters(), strict=True))


def test_a_part_of_another_size_is_refused():
    with pytest.raises(ConfigError, match=r"gives 4 clips a part; the training settings make it 2"):
        parts_at(InParts(Words(batch=4)), 0, 4, 8)(0)


def test_the_loop_and_the_budget_take_parts(tmp_path):
    config = settings("tiny", batch=8, accumulation=4)
    small = InParts(Wanderers(batch=2))
    assert train(tiny(), small, config, tmp_path).progress.step == 4
    assert steps_within(1.0, tiny(), small, config).steps > 1


@pytest.mark.parametrize("kind", ["words", "film", "eco"])
def test_computing_blocks_twice_gives_the_same_gradients(kind):
    found = []
    for recompute in (False, True):
        model = model_of(kind)
        trainer = Trainer(model, settings(kind, recompute=recompute), CPU)
        numbers = [trainer.step(SOURCES[kind]().batch_at(step), step) for step in range(2)]
        found.append((numbers, [p.grad for p in model.parameters() if p.grad is not None]))
        assert not any("forward" in vars(module) for module in model.modules()), "nothing is left in place"
    assert found[0][0] == found[1][0]
    assert len(found[0][1]) == len(found[1][1])
    assert all(torch.equal(a, b) for a, b in zip(found[0][1], found[1][1], strict=True))


def test_blocks_keep_less_for_the_gradient():
    kept = {}
    for recompute in (False, True):
        sizes: list[int] = []
        model = model_of("film").train()
        clip, generator = SOURCES["film"]().batch_at(0), torch.Generator().manual_seed(0)
        stand_ins = recomputed_blocks(model) if recompute else ()
        for part in stand_ins:
            setattr(part.owner, part.name, part.method)
        with torch.autograd.graph.saved_tensors_hooks(lambda x, s=sizes: (s.append(x.numel()), x)[1], lambda x: x):
            model.loss(clip, generator)
        kept[recompute] = sum(sizes)
    assert kept[True] < 0.5 * kept[False]


def test_blocks_are_layers_in_a_stack_and_no_single_maps():
    model = model_of("words")
    assert list(blocks_of(model)) == [*model.words.blocks]
    eco = model_of("eco")
    assert {type(block).__name__ for block in blocks_of(eco)} == {"Block", "NeighbourAttention"}
    learned = {part.owner for part in recomputed_blocks(eco)}
    assert not learned & set(eco.network.target.modules())
    assert learned >= set(eco.network.decoder.blocks)
