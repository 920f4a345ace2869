"""Verbs about what models perceive: probing them, and asking them about recordings."""

from pathlib import Path
from typing import Literal

import tyro

from eco1.cli.output import ERR, OUT, command, done, print_json, print_table

Positional = tyro.conf.Positional
Sense = Literal["video", "audio", "points", "motion", "text"]


def probe(
    model: Path, episodes: Path = Path("runs/senses"), clips: int = 2560, seed: int = 0, *, json: bool = False
) -> None:
    """See what frozen features of a model of one sense tell, beside an untrained one and the raw numbers.

    Args:
        model: a checkpoint of i-jepa, v-jepa, a-jepa, point-jepa, 3d-jepa or mc-jepa.
        episodes: the recordings it was trained from; the held-out seeds are asked about.
        clips: to fit probes on; half as many are asked about.
        seed: of the clips drawn, and of the untrained encoder.
        json: print JSON.
    """
    from eco1.recipes.sense_probe import probe_sense, report_rows

    report, path = probe_sense(model, episodes, clips=clips, seed=seed)
    if json:
        return print_json(report)
    print_table(f"probes on {report.test_clips} held-out clips: accuracy, R2", report_rows(report))
    return done(command("train", "--help"), path)


def caption(model: Path, episode: Positional[Path], senses: tuple[Sense, ...] = (), *, json: bool = False) -> None:
    """Say what happens in a recording, stretch by stretch.

    Args:
        model: a checkpoint of Eco-1 of several senses.
        episode: a recording.
        senses: to go by, all there are when not given.
        json: print JSON.
    """
    from eco1.recipes.asking import caption_episode

    said = caption_episode(model, episode, senses or None)
    if json:
        return print_json(said)
    print_table(str(episode), [{"s": f"{c.start_s:.1f} to {c.end_s:.1f}", "caption": c.text} for c in said])
    return done(command("ask", episode, "Which animals hunt?", "--model", model))


def ask(
    model: Path,
    episode: Positional[Path],
    question: Positional[str],
    choices: tuple[str, ...] = (),
    start: float = 0.0,
    end: float | None = None,
    senses: tuple[Sense, ...] = (),
    *,
    json: bool = False,
) -> None:
    """Answer a question about a recording.

    Args:
        model: a checkpoint of Eco-1 of several senses.
        episode: a recording.
        question: in English, like those that recordings with text come with.
        choices: answers to choose from; without them the answer is written freely.
        start: of the stretch that is meant, s.
        end: of the stretch, s (default: 30 s later, or the end).
        senses: to go by, all there are when not given.
        json: print JSON.
    """
    from eco1.recipes.asking import ask_episode

    found = ask_episode(model, episode, question, choices=choices, start_s=start, end_s=end, senses=senses or None)
    if json:
        return print_json(found)
    OUT.print(found.answer, highlight=False)
    if found.choices:
        print_table("how likely", [{"answer": a, "share": f"{p:.2f}"} for a, p in found.choices.items()])
    return done(command("caption", episode, "--model", model))


def embed(
    model: Path, episodes: Positional[Path], sense: Sense = "video", out: Path = Path("runs/embeddings.npz")
) -> None:
    """Write one vector for each 3.2 s of recordings; vectors of different senses can be compared.

    Args:
        model: a checkpoint of Eco-1 of several senses.
        episodes: a folder of recordings, or one.
        sense: whose vectors.
        out: a NumPy archive: vector, episode, start_s.
    """
    from eco1.recipes.asking import embed_episodes

    done(command("retrieve", episodes, "A lion sleeps.", "--model", model), embed_episodes(model, episodes, sense, out))


def retrieve(
    model: Path,
    episodes: Positional[Path],
    sentence: Positional[str],
    sense: Sense = "video",
    top: int = 5,
    *,
    json: bool = False,
) -> None:
    """Find the stretches of recordings that fit a sentence.

    Args:
        model: a checkpoint of Eco-1 of several senses.
        episodes: a folder of recordings, or one.
        sentence: what to look for.
        sense: to look by: pictures, sounds, points or motion.
        top: how many to show.
        json: print JSON.
    """
    from eco1.recipes.asking import retrieve

    found = retrieve(model, episodes, sentence, sense=sense, top=top)
    if json:
        return print_json(found)
    rows = [
        {"episode": f.episode, "s": f"{f.start_s:.1f} to {f.end_s:.1f}", "likeness": f"{f.likeness:.2f}"} for f in found
    ]
    print_table(sentence, rows)
    return done(command("caption", found[0].episode, "--model", model))


def ablate(
    episodes: Path = Path("runs/senses"),
    words: Path | None = None,
    out: Path = Path("runs/ablation"),
    variants: tuple[str, ...] = (),
    seeds: tuple[int, ...] = (0, 1, 2),
    steps: int = 600,
    batch: int = 24,
    lr: float = 3e-3,
    questions: int = 600,
    *,
    json: bool = False,
) -> None:
    """Train Eco-1 without one of its parts at a time and compare; a run that was cut short goes on with the next model.

    Args:
        episodes: recordings with senses and words.
        words: further recordings of animals and text alone.
        out: where the models go, one folder for each variant and seed.
        variants: what is trained, all there are when not given.
        seeds: each variant is trained once with each.
        steps: of each training.
        batch: clips in a step.
        lr: learning rate.
        questions: that each model is asked.
        json: print JSON.
    """
    from eco1.recipes.ablation import VARIANTS, AblationConfig, ablate, report_rows
    from eco1.recipes.multimodal_fit import MultimodalFitConfig
    from eco1.recipes.running import RunOptions

    fit = MultimodalFitConfig(
        episodes=episodes, words=words, out=out, workers=1, options=RunOptions(steps=steps, batch=batch, lr=lr)
    )
    config = AblationConfig(fit=fit, variants=variants or tuple(VARIANTS), seeds=seeds, questions=questions)
    found, path = ablate(config, console=ERR)
    if json:
        return print_json(found)
    print_table(f"{len(seeds)} seeds, mean and deviation", report_rows(found))
    return done(command("eval", "--help"), path)
