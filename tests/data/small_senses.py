"""What small made-up instruments bring back, different in every frame."""

import numpy as np
from small_episodes import episode_of, info_of

from eco1.core.senses import Caption, Description, Event, Frames, PointCloud, Question, Senses, Sound
from eco1.data.recorder import EpisodeRecorder

WORDS = Description(
    events=(Event(kind="chase", start_s=0.1, end_s=0.4, rows=(2, 5), place="waterhole"),),
    captions=(Caption(kind="dense", start_s=0.0, end_s=0.5, rows=(2,), text="Eine Löwin schleicht – 30 m."),),
    questions=(
        Question(kind="actor", start_s=0.1, end_s=0.4, question="Who hunts?", answer="lion", choices=("lion", "zebra")),
    ),
)


def frames_of(rng: np.random.Generator, height: int, width: int) -> Frames:
    depth = rng.random((height, width), np.float32) * 100
    depth[0] = np.inf
    return Frames(
        rgb=rng.integers(0, 256, (height, width, 3), np.uint8),
        depth_m=depth,
        instance=rng.integers(-2, 6, (height, width)).astype(np.int16),
        flow_px=rng.normal(size=(height, width, 2)).astype(np.float32),
        eye_m=rng.random(3, np.float32),
        axes=np.eye(3, dtype=np.float32),
        field_of_view_rad=np.asarray(rng.random(), np.float32),
    )


def senses_of(frame: int, *, height: int = 8, width: int = 12, points: int = 20) -> Senses:
    rng = np.random.default_rng(frame)
    return Senses(
        video={"herd": frames_of(rng, height, width), "tower": frames_of(rng, 4, 4)},
        audio={
            "ears": Sound(samples=rng.integers(-999, 999, (2, 160)).astype(np.int16), ear_m=rng.random(3, np.float32))
        },
        points={
            "lidar": PointCloud(
                position_m=np.where(rng.random((points, 1)) < 0.2, np.nan, rng.random((points, 3))).astype(np.float32),
                instance=rng.integers(-2, 6, points).astype(np.int16),
                species=rng.integers(-1, 2, points).astype(np.int16),
            )
        },
    )


def record_senses(path, frames, *, words=WORDS, seed=0, animals=6, sense_fields=None, **sizes):
    episode = episode_of(frames, animals, seed)
    with EpisodeRecorder(path, info_of(seed), sense_fields=sense_fields) as recorder:
        for frame in range(frames):
            recorder.append(episode.observation[frame], None, None, senses_of(frame, **sizes))
        recorder.describe(words)
    return path
