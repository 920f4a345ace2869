"""Probe a trained model of one sense beside an untrained one and the raw numbers it was shown."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

import torch

from eco1.core.files import write_result
from eco1.core.senses import SensedClip
from eco1.evaluation.sense_probes import SenseReport, evaluate_sense_probes
from eco1.evaluation.sense_rows import Reader, collect_sense_rows, with_principal
from eco1.models.registry import build_model
from eco1.recipes.sense_models import Needs, SenseModel, as_sense_model, latents, needs_of, raw, sense_model
from eco1.recipes.sensing import OF_PATCHES, TRUTHS, only_instrument, sense_sampler, sensed_split, species_in
from eco1.training.checkpoint import load_checkpoint

_BATCH = 64
_WATCH_EVERY = 5  # every fifth training recording decides about probes


def probe_sense(folder: Path, episodes: Path, *, clips: int = 2560, seed: int = 0) -> tuple[SenseReport, Path]:
    """Return what a model's latents tell of held-out recordings, and the JSON file it was written to.

    Beside them stand those of an untrained model, the raw numbers, and as many principal components of these.

    Args:
        folder: a checkpoint of a model of one sense.
        episodes: the recordings it was trained from, with a camera's depth, instances and flow.
        clips: to fit probes on; half as many are asked.
        seed: of the clips drawn, and of the untrained encoder.

    Raises:
        Eco1Error: when checkpoint and recordings cannot be read or do not go together.
    """
    model = as_sense_model(load_checkpoint(folder, build_model).model, folder)
    split = sensed_split(episodes)
    watched = split.train[::_WATCH_EVERY]
    learned = tuple(path for path in split.train if path not in set(watched)) or watched  # there may be only one
    names = species_in((*split.train, *split.held_out))
    needs = needs_of(model.config, split.train[0])
    draw = _Clips(needs, names, seed, split.train[0])
    share = clips // _WATCH_EVERY
    readers = readers_of(model, seed)
    both = chain(draw.of(learned, clips - share), draw.of(watched, share))
    known = collect_sense_rows(readers, both, draw.camera, needs.patch, needs.steps)
    asked = collect_sense_rows(readers, draw.of(split.held_out, clips // 2), draw.camera, needs.patch, needs.steps)
    width = known.tokens["model"].shape[-1]
    report = evaluate_sense_probes(*with_principal((known, asked), "raw", width))
    return report, write_result(folder.parent / "probes.json", json.dumps(asdict(report), indent=2))


def readers_of(model: SenseModel, seed: int) -> dict[str, Reader]:
    """Return the model, an untrained one of the same config, and its raw input as readers of tokens."""
    torch.manual_seed(seed)
    return {"model": latents(model), "untrained": latents(sense_model(model.config).eval()), "raw": raw(model)}


def report_rows(report: SenseReport) -> list[dict[str, Any]]:
    """Return the scores as rows of a table, one for each task and probe."""
    rows: list[dict[str, Any]] = []
    for task in next(iter(report.scores.values())):
        for probe in ("linear", "attentive"):
            values = {name: getattr(scores[task], probe) for name, scores in report.scores.items()}
            if None not in values.values():
                best = {name: f"{value:.3f}" for name, value in values.items()}
                rows.append({"what": task, "probe": probe, **best, "chance": report.chance.get(task, 0.0)})
    return rows


class _Clips:
    """Draws clips from recordings, the same for all readers."""

    def __init__(self, needs: Needs, names: tuple[str, ...], seed: int, episode: Path) -> None:
        self._names, self._seed, self._frames = names, seed, needs.frames
        self.camera = only_instrument([episode], "video")
        asked = TRUTHS if needs.patch else tuple(name for name in TRUTHS if name not in OF_PATCHES)
        self._senses = sorted({needs.array, *(f"video/{self.camera}/{name}" for name in asked)})

    def of(self, paths: Sequence[Path], clips: int) -> Iterator[SensedClip]:
        """Yield batches of about so many clips."""
        sampler = sense_sampler(
            paths, self._senses, frames=self._frames, batch=_BATCH, seed=self._seed, species_names=self._names
        )
        for number in range(max(clips // _BATCH, 1)):
            clip = sampler.batch_at(number)
            assert isinstance(clip, SensedClip)
            yield clip
