"""One animal's life under a brain, in a world that is sensed.

Shape letters: T frames, N animals.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Bool

from eco1.brains.drive import drive
from eco1.core.protocols import Brain
from eco1.core.records import Action, Observation
from eco1.data.uploads import recorder_at
from eco1.recipes.record_seed import episode_name
from eco1.recipes.sensed_world import SensedState, SensedWorld, only_followed


def live_once(
    world: SensedWorld, brain: Brain[Any] | None, seed: int, seconds: float, folder: Path | None = None
) -> tuple[Observation, Bool[np.ndarray, "t n"]]:
    """Let a brain live in whom the camera of the first world follows; without a brain, look on.

    Args:
        world: where; its worlds begin anew.
        brain: who decides, or nobody.
        seed: of the world and of the brain's dice.
        seconds: how long.
        folder: where the life is recorded with all senses; None keeps no recording.

    Returns:
        What was to be seen (T, N), and which animal the brain decided for; without a brain, whom the camera followed.

    Raises:
        EpisodeError: when a recording of the same name is there already.
    """
    seen, chosen = list[Observation](), list[np.ndarray]()
    with ExitStack() as stack:
        recorder: Any = None
        for state, action in islice(_steps(world, brain, seed), round(seconds / world.dt_s)):
            now = state.seen
            seen.append(now.scene[0])
            chosen.append((only_followed(now) if action is None else action.controlled)[0])
            if folder is not None:
                if recorder is None:
                    place = folder / episode_name(world.biome, seed)
                    recorder = stack.enter_context(recorder_at(place, world.info(seed, 0), world.landscape(state)))
                senses = now.senses.map(lambda array: np.asarray(array[0]))
                recorder.append(seen[-1], None, None if action is None else action[0], senses)
    return Observation.stack(seen), np.stack(chosen)


def _steps(world: SensedWorld, brain: Brain[Any] | None, seed: int) -> Iterator[tuple[SensedState, Action | None]]:
    state = world.reset(seed)
    if brain is not None:
        moments = drive(world, state, brain, driven=only_followed, seed=seed)
        yield from ((moment.state, moment.action) for moment in moments)
    while True:
        yield state, None
        state = world.step(state, None)
