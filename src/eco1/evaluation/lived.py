"""How a model lives: its brain and those of its baselines beside animals that nobody drives."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eco1.core.protocols import Brain, Simulator
from eco1.evaluation.closed_loop import Rollout, roll_out_seeds
from eco1.evaluation.realism import RealismReport, evaluate_realism

if TYPE_CHECKING:
    from torch import Generator


@dataclass(frozen=True, kw_only=True)
class ClosedLoop:
    """Where and for how long the brain lives. ``seeds`` must be held out from training."""

    simulator: Simulator[Any]
    brain: Brain[Any]
    seeds: tuple[int, ...]
    burn_in_s: float = 30.0
    duration_s: float = 60.0
    warm_up_s: float = 1.0
    baselines: bool = True


def judge_realism(
    where: ClosedLoop, rivals: Mapping[str, Brain[Any]], generator: "Generator | None" = None
) -> RealismReport:
    """Compare the lives of the model and of each rival, by name, with those of the same seeds left alone.

    Raises:
        MissingExtraError: when scikit-learn is not installed.
    """
    lived = {name: _live(where, brain, generator) for name, brain in {"model": where.brain, **rivals}.items()}
    return evaluate_realism(_live(where, None, None), lived, where.simulator.dt_s)


def _live(where: ClosedLoop, brain: Brain[Any] | None, generator: "Generator | None") -> list[Rollout]:
    return roll_out_seeds(
        where.simulator,
        brain,
        where.seeds,
        burn_in_s=where.burn_in_s,
        duration_s=where.duration_s,
        warm_up_s=where.warm_up_s,
        generator=generator,
    )
