"""The command line: thin verbs over `eco1.recipes`. Heavy libraries are imported by the verb that needs them."""

import os
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

import tyro

from eco1.cli import bench_verb, data_verbs, eval_verb, model_verbs, sense_verbs, train_verb, world_verbs
from eco1.cli.failures import INTERRUPTED, NO_READER, interrupted, refused
from eco1.cli.output import ERR, OUT, USER_ERROR
from eco1.core.errors import Eco1Error, unknown_name
from eco1.core.extras import missing_extra

#: Every verb with the example that ends its help.
VERBS: dict[str, tuple[Callable[..., None], str]] = {
    "list": (world_verbs.list_, "eco1 list species --json"),
    "simulate": (world_verbs.simulate, "eco1 simulate --seconds 120 --seed 7"),
    "record": (world_verbs.record, "eco1 record --out runs/savanna --episodes 40"),
    "import": (world_verbs.import_, "eco1 import tracks.csv --fps 25 --body-length 0.04"),
    "export": (data_verbs.export, "eco1 export runs/savanna --to minari --species lion --out runs/lions"),
    "fetch": (world_verbs.fetch, "eco1 fetch fish"),
    "train": (train_verb.train, "eco1 train --episodes runs/savanna --steps 4000"),
    "eval": (eval_verb.eval_, "eco1 eval --model runs/model/last --episodes runs/savanna"),
    "probe": (sense_verbs.probe, "eco1 probe --model runs/i-jepa/last --episodes runs/senses"),
    "caption": (sense_verbs.caption, "eco1 caption runs/senses/savanna-s00000-w000.zarr --model runs/eco1/last"),
    "ask": (
        sense_verbs.ask,
        "eco1 ask runs/senses/savanna-s00000-w000.zarr 'Which animals hunt?' --model runs/eco1/last",
    ),
    "embed": (sense_verbs.embed, "eco1 embed runs/senses --model runs/eco1/last --sense audio"),
    "ablate": (sense_verbs.ablate, "eco1 ablate --episodes runs/senses --steps 600"),
    "retrieve": (sense_verbs.retrieve, "eco1 retrieve runs/senses 'A lion sleeps.' --model runs/eco1/last"),
    "transfer": (model_verbs.transfer, "eco1 transfer --episodes runs/everywhere"),
    "play": (world_verbs.play, "eco1 play --model runs/demo/model"),
    "film": (world_verbs.film, "eco1 film --model runs/demo/model --out runs/film.mp4"),
    "ppo": (model_verbs.ppo, "eco1 ppo --task evade --steps 800000"),
    "bench": (bench_verb.bench, "eco1 bench sim --worlds 1 --animals 10000 --json"),
    "demo": (model_verbs.demo, "eco1 demo --out runs/demo"),
    "doctor": (model_verbs.doctor, "eco1 doctor"),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line. A user's error is one message on standard error and exit code 2, Ctrl+C code 130."""
    # Small models lose most of their time to spinning OpenMP threads; it has to be said before torch is loaded.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        _run(words)
        sys.stdout.flush()
    except Eco1Error as error:
        _leave(str(error), USER_ERROR)
    except ModuleNotFoundError as error:
        _leave(str(missing_extra(error, f"eco1 {_verb(words)}")), USER_ERROR)
    except KeyboardInterrupt:
        _leave(interrupted(_verb(words)), INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains when it flushes at exit
        sys.exit(NO_READER)
    except OSError as error:
        _leave(refused(error), USER_ERROR)
    except SystemExit as leaving:
        if not leaving.code and {"-h", "--help"} & set(words):
            example = VERBS[_verb(words)][1] if _verb(words) else "eco1 demo"
            OUT.print(f"Example:  {example}", soft_wrap=True, highlight=False)
        raise


def _run(words: list[str]) -> None:
    if words and not words[0].startswith("-") and words[0] not in VERBS:
        raise unknown_name("verb", words[0], VERBS, see="eco1 --help")
    tyro.extras.subcommand_cli_from_dict(
        {verb: function for verb, (function, _) in VERBS.items()},
        prog="eco1",
        description="World models of animal life: simulate, record, learn, judge, play and film.",
        args=words,
        config=(tyro.conf.FlagCreatePairsOff,),
    )


def _leave(message: str, code: int) -> NoReturn:
    ERR.print(message, style="red", soft_wrap=True, markup=False, highlight=False)
    sys.exit(code)


def _verb(words: Sequence[str]) -> str:
    return next((word for word in words if word in VERBS), "")
