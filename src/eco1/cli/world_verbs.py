"""Verbs about worlds and recordings."""

from pathlib import Path
from typing import Literal

import tyro

from eco1.cli.output import OUT, command, done, print_json, print_table
from eco1.recipes.shipped import BEST

Positional = tyro.conf.Positional


def list_(
    what: Positional[Literal["species", "biomes", "behaviors", "models"]] = "species", *, json: bool = False
) -> None:
    """List what exists.

    Args:
        what: the kind of thing; models - the sizes of Eco-1 and what each costs.
        json: print every value as JSON, those of the catalog with unit and source.
    """
    from eco1.recipes.listing import everything, overview

    if json:
        return print_json(everything(what))
    print_table(what, overview(what))
    return done(f"eco1 list {what} --json")


def simulate(biome: str = "savanna", seconds: float = 60.0, seed: int = 0, animals: int = 64) -> None:
    """Run a world of built-in animals and count who lived, died and did what.

    Args:
        biome: which world.
        seconds: simulated time, s.
        seed: of the world.
        animals: rows of the world; its area grows with them.
    """
    from eco1.recipes.simulate import census_rows, simulate

    print_table(f"{biome}, seed {seed}, {seconds:g} s", census_rows(simulate(biome, seconds, seed, animals)))
    done("eco1 record --out runs/savanna")


def record(
    out: str = "runs/savanna",
    biome: str = "savanna",
    episodes: int = 8,
    seconds: float = 60.0,
    first_seed: int = 0,
    worlds: int = 1,
    animals: int = 64,
    detours_per_minute: float = 0.0,
    led_by: Path | None = None,
    workers: int = 1,
    engine: Literal["processes", "ray"] = "processes",
    senses: tuple[Literal["video", "audio", "points", "text"], ...] = (),
    camera_px: int = 64,
) -> None:
    """Record episodes of built-in animals.

    Args:
        out: folder to write to, or a URL such as s3://bucket/savanna.
        biome: which world.
        episodes: how many seeds; each is a landscape of its own.
        seconds: length of an episode, s.
        first_seed: seeds count up from here.
        worlds: worlds side by side in each landscape.
        animals: rows of a world.
        detours_per_minute: how often each animal is led astray, to record how it finds back.
        led_by: a checkpoint that leads every animal half of the time, to record what they do where it gets to.
        workers: how many record at a time; the episodes do not depend on it.
        engine: what the workers are, processes of this machine or Ray's.
        senses: what to record beside the animals: pictures and what they show, sound, a lidar's points, words.
        camera_px: side of the pictures.
    """
    from eco1.data.places import as_place
    from eco1.recipes.record import RecordConfig, record
    from eco1.recipes.watching import SimulatedSenses

    config = RecordConfig(
        out=as_place(out),
        biome=biome,
        episodes=episodes,
        seconds=seconds,
        first_seed=first_seed,
        worlds=worlds,
        animals=animals,
        detours_per_minute=detours_per_minute,
        led_by=led_by,
        workers=workers,
        engine=engine,
    )
    paths = record(config, SimulatedSenses(senses=senses, size_px=camera_px) if senses else None)
    done(command("train", "--episodes", out), f"{len(paths)} episodes in {out}")


def import_(
    tracks: Positional[Path],
    out: Path | None = None,
    species: str = "unidentified",
    fps: float | None = None,
    body_length: float | None = None,
    units_per_m: float | None = None,
    arena: Literal["border", "hull", "none"] = "border",
    arena_box: tuple[float, float, float, float] | None = None,
    video: Path | None = None,
    video_height: int = 128,
) -> None:
    """Bring real tracks in: idtracker.ai or trajectorytools .npy, or CSV with time, id, x, y[, z]; with their film.

    Args:
        tracks: the file.
        out: episode to write (default: beside the file); .zarr is added where the name lacks it.
        species: name of the animals.
        fps: frames per second, where the file does not say.
        body_length: of one animal, in the file's unit of length.
        units_per_m: how many of the file's units make a metre (default: 1 for CSV, 1000 for pixels).
        arena: walls from the border points in the file, where it has them, or around where the animals went, or none.
        arena_box: walls of a rectangle x0 y0 x1 y1 instead, in the file's unit of length.
        video: the film that was tracked, with as many frames.
        video_height: of the pictures that are kept of it, px.
    """
    from eco1.recipes.tracks import import_tracks

    path = import_tracks(
        tracks,
        out,
        species=species,
        fps=fps,
        body_length=body_length,
        units_per_m=units_per_m,
        arena=arena,
        arena_box=arena_box,
        video=video,
        video_height_px=video_height,
    )
    done(command("train", "--episodes", path), path)


def fetch(what: Positional[Literal["fish"]] = "fish") -> None:
    """Bring real recordings into the cache (never into a repository).

    Args:
        what: fish - two recordings of schooling fish and the film of one, from the packages trajectorytools and
            idtrackerai (GPL).
    """
    from eco1.data.fish import fetch_fish, fetch_fish_film

    paths = fetch_fish() | fetch_fish_film()
    for name, path in paths.items():
        OUT.print(f"{name}: {path}", soft_wrap=True)
    done("eco1 eval --fish")


def play(model: Path | None = BEST, biome: str = "savanna", seed: int = 0, animals: int = 64, port: int = 8080) -> None:
    """Open a live 3D world in the browser.

    Args:
        model: a checkpoint folder or shipped weights; None: all animals follow their built-in drives.
        biome: which world.
        seed: of the world.
        animals: rows of the world.
        port: where to serve.
    """
    from eco1.recipes.play import play

    play(model, biome, seed=seed, animals=animals, port=port)
    done(command("film", "--model", model, "--seed", seed))


def film(
    out: Path = Path("runs/film.mp4"),
    model: Path | None = BEST,
    episode: Path | None = None,
    biome: str = "savanna",
    seconds: float = 20.0,
    seed: int = 0,
) -> None:
    """Write a film of a run, without browser or display.

    Args:
        out: MP4 file, or PNG for a picture of the most interesting moment.
        model: a checkpoint folder or shipped weights that drive the animals; None: built-in drives.
        episode: film this recording instead of a new run.
        biome: which world.
        seconds: length, s.
        seed: of the world.
    """
    from eco1.recipes.films import film_episode, film_run

    path = film_run(out, model, biome, seconds, seed) if episode is None else film_episode(out, episode, seconds)
    done(command("play", "--model", model) if episode is None else "eco1 play", path)
