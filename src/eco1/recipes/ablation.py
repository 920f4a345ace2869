"""What each part of Eco-1 is good for: the same training without it, several seeds of each, judged alike."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from rich.console import Console

from eco1.core.errors import unknown_name
from eco1.core.files import write_result
from eco1.recipes.multimodal_eval import MultimodalReport, evaluate_multimodal
from eco1.recipes.multimodal_fit import MultimodalFitConfig, fit_multimodal


@dataclass(frozen=True, kw_only=True)
class Variant:
    """A model that lacks something: objectives that do not count, or settings that leave out a part."""

    without: tuple[str, ...] = ()
    model: dict[str, Any] = field(default_factory=dict)


VARIANTS = {
    "whole": Variant(),
    "no zjepa": Variant(without=("zjepa",)),
    "no language": Variant(without=("language",)),
    "no behavior": Variant(without=("behavior",)),
    "no alignment": Variant(without=("alignment",)),
    "dense": Variant(model={"experts": 0}),
    "no leaning": Variant(model={"routing_bias": False}),
}


@dataclass(frozen=True, kw_only=True)
class AblationConfig:
    """``fit`` is the training run that is repeated for each variant and seed, ``questions`` what each is asked."""

    fit: MultimodalFitConfig
    variants: tuple[str, ...] = tuple(VARIANTS)
    seeds: tuple[int, ...] = (0, 1, 2)
    questions: int = 600


#: Of a variant, each number of each seed.
Found = dict[str, dict[str, list[float]]]


def ablate(config: AblationConfig, *, console: Console | None = None) -> tuple[Found, Path]:
    """Train and judge every variant with every seed; what was judged before under the same folder is not done again.

    A training that was stopped goes on from its last checkpoint.

    Raises:
        UnknownNameError: when there is no such variant.
        Eco1Error: when recordings and settings do not fit together.
    """
    for name in config.variants:
        if name not in VARIANTS:
            raise unknown_name("variant", name, VARIANTS)
    found: Found = {name: {} for name in config.variants}
    for seed in config.seeds:
        for name in config.variants:
            for number, value in _judged(config, name, seed, console).items():
                found[name].setdefault(number, []).append(value)
    return found, write_result(config.fit.out / "ablation.json", json.dumps(found, indent=2))


def _judged(config: AblationConfig, name: str, seed: int, console: Console | None) -> dict[str, float]:
    variant, fit = VARIANTS[name], config.fit
    out = fit.out / name.replace(" ", "-") / str(seed)
    kept = out / "judged.json"
    if kept.exists():
        return json.loads(kept.read_text())
    run = replace(
        fit,
        out=out,
        model={**fit.model, **variant.model},
        options=replace(fit.options, seed=seed, without=variant.without, resume=(out / "last").exists()),
    )
    last = fit_multimodal(run, console=console)
    report, _ = evaluate_multimodal(last, fit.episodes, questions=config.questions, beside=False)
    numbers = numbers_of(report)
    write_result(kept, json.dumps(numbers))
    return numbers


def numbers_of(report: MultimodalReport) -> dict[str, float]:
    """Return the few numbers of a report that variants are compared by."""
    numbers = {
        "answers": report.answers["all"]["all"].right.mean,
        "answers, given none": report.answers["none"]["all"].right.mean,
        "retrieval": mean(pair.times_chance for pair in report.retrieval.values()),
    }
    if foreseen := [part["all"].top1 for part in report.anticipation.everyone.values() if "all" in part]:
        numbers["next behaviour"] = mean(foreseen)
    if report.experts:
        use = report.experts.get("leaning") or report.experts["free"]
        numbers |= {"information": mean(use.information), "least share": use.least_share}
    return numbers


def report_rows(found: Found) -> list[dict[str, str]]:
    """Return mean and standard deviation over seeds as rows of a table."""
    names = list(dict.fromkeys(number for numbers in found.values() for number in numbers))
    return [
        {"variant": variant, **{name: _with_spread(numbers.get(name, ())) for name in names}}
        for variant, numbers in found.items()
    ]


def _with_spread(values: Sequence[float]) -> str:
    if not values:
        return "-"
    return f"{mean(values):.3f}" + (f" ± {stdev(values):.3f}" if len(values) > 1 else "")
