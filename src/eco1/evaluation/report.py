"""All that was measured of one model, as data."""

import json
import math
from dataclasses import asdict, dataclass
from typing import Any

from eco1.evaluation.anticipation import AnticipationReport
from eco1.evaluation.collapse import CollapseReport
from eco1.evaluation.motion import MotionReport
from eco1.evaluation.probes import ProbeReport
from eco1.evaluation.realism import RealismReport


@dataclass(frozen=True, kw_only=True)
class EvaluationReport:
    """What could be measured. A part is None where the model or the recordings lack what it needs; see ``skipped``.

    ``social`` is motion with neighbours hidden (scores ``model``, ``model alone``).
    """

    source: str
    train_episodes: int
    test_episodes: int
    dt_s: float
    history_s: float
    motion: MotionReport | None
    social: MotionReport | None
    anticipation: AnticipationReport | None
    probes: ProbeReport | None
    collapse: CollapseReport | None
    realism: RealismReport | None
    skipped: dict[str, str]
    seconds: dict[str, float]

    def to_json(self) -> str:
        """Return the report as JSON text; what is no number (such as a score without samples) becomes null."""
        return json.dumps(plain(asdict(self)), indent=2, allow_nan=False)


def plain(value: Any) -> Any:
    """Return dictionaries, lists and numbers that JSON can hold."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
