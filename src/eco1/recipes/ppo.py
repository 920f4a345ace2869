"""Train Stable-Baselines3's PPO on a task and draw what it learns beside the built-in animal and random actions."""

import csv
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from eco1.core.errors import ConfigError
from eco1.core.extras import require
from eco1.environments.vector_env import EcoVectorEnv
from eco1.recipes.env_references import References, Returns, played, reference_returns
from eco1.recipes.limits import require_seed


@dataclass(frozen=True, kw_only=True)
class PpoConfig:
    """A run. Actions are discrete and last ``hold`` simulated steps of 0.1 s: half a second, a quick reaction.

    Hyper-parameters are Stable-Baselines3's defaults (Schulman et al. 2017, arXiv 1707.06347) except those here:
    shorter rollouts of more worlds, a learning rate that falls to 0, and a horizon (``gamma``) of 50 s.
    """

    task: str = "forage"
    biome: str = "savanna"
    out: Path = Path("runs/ppo")
    steps: int = 600_000
    envs: int = 128
    hold: int = 5
    seed: int = 0
    gamma: float = 0.99
    lr: float = 5e-4
    rollout: int = 64
    batch: int = 2048
    epochs: int = 6
    entropy: float = 0.005
    evaluations: int = 10
    episodes: int = 256


@dataclass(frozen=True, kw_only=True)
class Point:
    """One point of a learning curve, measured on seeds that are never trained on."""

    steps: int
    mean: float
    low: float
    high: float
    success: float


@dataclass(frozen=True, kw_only=True)
class PpoResult:
    """What came out, and what it is compared with. ``beats_scripted``: the intervals do not overlap."""

    curve: list[Point]
    references: References
    beats_scripted: bool
    csv: Path
    png: Path
    policy: Path


def train_ppo(config: PpoConfig, report: Callable[[Point], None] = lambda _: None) -> PpoResult:
    """Train, measure on the way, and write curve (CSV and PNG) and policy.

    Raises:
        MissingExtraError: Stable-Baselines3, torch or matplotlib is not installed.
        UnknownNameError: no such task or biome.
        ConfigError: a number is out of range.
    """
    sb3 = require("stable_baselines3", "eco1 ppo")
    plt = require("matplotlib.pyplot", "The learning curve")
    _check(config)
    references = reference_returns(config.task, episodes=config.episodes, hold=config.hold, biome=config.biome)
    model, measure = _learner(sb3, config)
    curve = list[Point]()

    def look(_locals: Any = None, _globals: Any = None) -> bool:
        if model.num_timesteps >= config.steps * len(curve) / config.evaluations:
            curve.append(measure(model.num_timesteps))
            report(curve[-1])
        return True

    with _one_thread():
        look()
        model.learn(config.steps, callback=look)
    config.out.mkdir(parents=True, exist_ok=True)
    stem = config.out / f"{config.task}-{config.biome}-{config.seed}"
    files = {end: Path(f"{stem}.{end}") for end in ("csv", "png", "zip")}
    _write(files["csv"], curve)
    _draw(plt, files["png"], curve, references)
    model.save(files["zip"])
    return PpoResult(
        curve=curve,
        references=references,
        beats_scripted=curve[-1].low > references.scripted.high,
        csv=files["csv"],
        png=files["png"],
        policy=files["zip"],
    )


def ppo_rows(result: PpoResult) -> list[dict[str, str]]:
    """Return what was learned and what it is compared with, as words of a table."""
    last, known = result.curve[-1], result.references
    rows = {f"PPO after {last.steps:,} steps": last, f"{known.species} itself": known.scripted, "random": known.random}
    return [
        {
            "policy": who,
            "return": f"{r.mean:.2f}",
            "95 %": f"{r.low:.2f} to {r.high:.2f}",
            "success": f"{r.success:.0%}",
        }
        for who, r in rows.items()
    ]


@contextmanager
def _one_thread() -> Generator[None]:
    """Let torch use one thread: networks so small lose time on more, and sums come out in the same order."""
    torch = require("torch", "eco1 ppo")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _check(config: PpoConfig) -> None:
    require_seed(config.seed)
    for name in ("steps", "envs", "hold", "rollout", "batch", "epochs", "evaluations"):
        if getattr(config, name) < 1:
            raise ConfigError(f"--{name} must be at least 1; got {getattr(config, name)}.")


def _learner(sb3: Any, config: PpoConfig) -> tuple[Any, Callable[[int], Point]]:
    """Return the untrained model and what measures it."""
    from eco1.recipes.sb3_worlds import Sb3Worlds

    def falling(left: float) -> float:
        return config.lr * left

    shared: dict[str, Any] = {"task": config.task, "biome": config.biome, "actions": "discrete", "hold": config.hold}
    vec = require("stable_baselines3.common.vec_env", "eco1 ppo")
    normalized = vec.VecNormalize(
        Sb3Worlds(EcoVectorEnv(config.envs, autoreset_mode="SameStep", **shared), config.seed), gamma=config.gamma
    )
    model = sb3.PPO(
        "MlpPolicy",
        normalized,
        n_steps=config.rollout,
        batch_size=config.batch,
        n_epochs=config.epochs,
        learning_rate=falling,
        gamma=config.gamma,
        ent_coef=config.entropy,
        seed=config.seed,
        device="cpu",
    )
    judges = EcoVectorEnv(config.episodes, **shared)

    def act(seen: Any) -> Any:
        return model.predict(normalized.normalize_obs(seen))[0]

    def measure(steps: int) -> Point:
        result = played(judges, act)
        known = asdict(result)
        return Point(steps=steps, **{f.name: known[f.name] for f in fields(Point) if f.name != "steps"})

    return model, measure


def _write(path: Path, curve: list[Point]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [f.name for f in fields(Point)])
        writer.writeheader()
        writer.writerows(asdict(point) for point in curve)


def _draw(plt: Any, path: Path, curve: list[Point], references: References) -> None:
    figure, axes = plt.subplots(figsize=(7, 4.2), layout="constrained")
    steps = np.array([point.steps for point in curve]) / 1e6
    axes.fill_between(steps, [p.low for p in curve], [p.high for p in curve], alpha=0.25, linewidth=0)
    axes.plot(steps, [p.mean for p in curve], marker="o", markersize=3, label="PPO")
    for name, color in (("scripted", "tab:green"), ("random", "tab:gray")):
        line: Returns = getattr(references, name)
        axes.axhspan(line.low, line.high, color=color, alpha=0.15, linewidth=0)
        label = "the animal itself" if name == "scripted" else "random actions"
        axes.axhline(line.mean, color=color, linestyle="--", label=label)
    axes.set(
        title=f"{references.task}: {references.species.replace('_', ' ')}, {references.biome}",
        xlabel="million steps of the environment",
        ylabel=f"return of {references.scripted.episodes} episodes (mean, 95 %)",
    )
    axes.legend(loc="best")
    figure.savefig(path, dpi=130)
    plt.close(figure)
