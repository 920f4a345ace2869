"""Which batch comes from where."""

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np

from eco1.core.fakes import FakeSimulator
from eco1.core.records import Clip, Observation
from eco1.core.senses import Caption, Description, Question, SensedClip, Senses
from eco1.recipes.mixing import InTurn, Unasked


@dataclass
class Source:
    """Batches that say in their lengths of time what they are."""

    name: int

    def batch_at(self, step: int, /) -> Clip:
        simulator = FakeSimulator(worlds=2, animals=1)
        scene = Observation.stack([simulator.observe(simulator.reset(0))], axis=1)
        return Clip(observation=scene, dt_s=np.array([self.name, step], np.float32))


def test_batches_come_from_each_source_in_turn():
    turns = InTurn([Source(0), Source(1), Source(2)])
    places = [tuple(turns.batch_at(step).dt_s.astype(int)) for step in range(7)]
    assert places == [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1), (0, 2)]


def test_captions_are_learned_without_the_questions_that_lie_near():
    told = Caption(kind="event", start_s=0.0, end_s=1.0, rows=(0,), text="A lion sleeps.")
    asked = Question(
        kind="actor", start_s=0.0, end_s=1.0, question="Who sleeps?", answer="a lion", choices=("a lion", "a hyena")
    )
    said = (Description(captions=(told,), questions=(asked,)), Description(captions=(told,)))
    clip = SensedClip(**vars(Source(3).batch_at(5)), senses=Senses(), said=said)
    found = Unasked(SimpleNamespace(batch_at=lambda _: clip)).batch_at(0)
    assert isinstance(found, SensedClip)
    assert found.said == (Description(captions=(told,)),) * 2
    assert found.observation is clip.observation


def test_what_says_nothing_is_left_as_it_is():
    assert Unasked(Source(3)).batch_at(5).dt_s.tolist() == [3, 5]
