"""What every `Recorder` promises."""

import numpy as np
import pytest
from tests.contracts.scenes import DT_S, scenes

from eco1.core.errors import EpisodeError
from eco1.core.fakes import FakeBrain, FakeRecorder, FakeSimulator
from eco1.core.protocols import Recorder
from eco1.core.records import EpisodeInfo
from eco1.core.senses import Caption, Description, Senses, Sound
from eco1.data.store import open_senses, read_episode, read_text
from eco1.data.uploads import recorder_at

INFO = EpisodeInfo(
    biome="plain",
    seed=0,
    world=0,
    dt_s=DT_S,
    species_names=FakeSimulator.species_names,
    behavior_names=FakeSimulator.behavior_names,
    provenance={"source": "test"},
)


class InMemory:
    def __init__(self, folder):
        self.recorder = FakeRecorder()

    def written(self):
        return self.recorder

    def heard(self):
        return [senses.audio["ears"].samples for senses in self.recorder.senses]

    def words(self):
        return self.recorder.description


class OnDisk:
    def __init__(self, folder):
        self.path = self.place(folder)
        self.recorder = recorder_at(self.path, INFO)

    def place(self, folder):
        return folder / "episode.zarr"

    def written(self):
        return read_episode(self.path)

    def heard(self):
        return list(open_senses(self.path).read(slice(None)).audio["ears"].samples)

    def words(self):
        return read_text(self.path)


class BehindUrl(OnDisk):
    def place(self, folder):
        return f"memory://{folder.name}/episode.zarr"


@pytest.fixture(params=[InMemory, OnDisk, BehindUrl], name="kept")
def _kept(request, tmp_path):
    return request.param(tmp_path)


def test_what_was_seen_and_told_is_kept_step_by_step(kept):
    seen = [scene[0] for scene in scenes(1, 5)]
    assert isinstance(kept.recorder, Recorder)
    with kept.recorder as recorder:
        for scene in seen:
            action = FakeBrain().act(0, scene, None)[1]
            recorder.append(scene, None, action)
            action.velocity_mps[:] = np.nan  # the arrays were copied
    written = kept.written()
    assert len(written.observation.alive) == 5
    assert np.array_equal(written.observation.heading_rad[4], seen[4].heading_rad)
    assert np.isfinite(written.action.velocity_mps).all()
    assert written.action.controlled.all()


def test_what_was_sensed_and_said_is_kept_step_by_step(kept):
    said = Description(captions=(Caption(kind="dense", start_s=0.0, end_s=0.3, rows=(1, 2), text="Two walk."),))
    with kept.recorder as recorder:
        for step, scene in enumerate(scenes(1, 3)):
            samples = np.full((2, 5), step, np.int16)
            recorder.append(scene[0], senses=Senses(audio={"ears": Sound(samples=samples, ear_m=np.zeros(3, "f4"))}))
            samples[:] = 99  # the arrays were copied
        recorder.describe(said)
    assert np.array_equal(kept.heard(), [np.full((2, 5), step, np.int16) for step in range(3)])
    assert kept.words() == said


def struck(recorder):
    with recorder:
        recorder.append(scenes(1, 1)[0][0])
        raise RuntimeError("lightning")


def test_an_error_leaves_no_episode(kept):
    with pytest.raises(RuntimeError, match="lightning"):
        struck(kept.recorder)
    if isinstance(kept, OnDisk):
        with pytest.raises(EpisodeError, match="No episode"):
            kept.written()
    else:
        assert kept.written().observation is None
