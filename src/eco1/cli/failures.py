"""What ends a verb from outside, in one message: the machine refused, or somebody pressed Ctrl+C."""

import errno

#: Exit code of a verb ended by Ctrl+C, and by a reader that went away (``eco1 list --json | head``).
INTERRUPTED, NO_READER = 130, 141
_ROOM = "Free space there, or name another place"
_RIGHTS = "Name a place that you may read and write"
_IN_THE_WAY = "A file is where a folder should be, or the other way round: move it, or name another place"
_REMEDIES = {
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EACCES: _RIGHTS,
    errno.EPERM: _RIGHTS,
    errno.EROFS: _RIGHTS,
    errno.EEXIST: _IN_THE_WAY,
    errno.ENOTDIR: _IN_THE_WAY,
    errno.EISDIR: _IN_THE_WAY,
    errno.ENOENT: "Check the path",
}
#: By verb, what is left of an interrupted one and how to go on. Other verbs keep nothing.
_KEPT = {
    "record": "Complete episodes are kept; the same command goes on with the missing ones.",
    "train": "Checkpoints written so far are whole; the same command with --resume goes on from the last.",
    "ablate": "Models judged so far are kept; the same command goes on with the next.",
    "eval": "Nothing is lost; the same command begins again, with --fish from the last checkpoint.",
    "film": "An earlier film of that name is untouched; the same command begins again.",
    "export": "Nothing half-written is left; the same command begins again.",
    "import": "Nothing half-written is left; the same command begins again.",
    "fetch": "What was fetched whole is kept; the same command goes on.",
    "demo": "What is done so far is left in its folder; the same command begins again.",
}


def refused(error: OSError) -> str:
    """Return an error of the machine as a message: what path, why, and what to do."""
    where = f" at {error.filename}" if error.filename else ""
    remedy = _REMEDIES.get(error.errno or 0, "Look at the installation: eco1 doctor")
    return f"The machine refused to read or write{where}: {error.strerror or error}. {remedy}."


def interrupted(verb: str) -> str:
    """Return what an interrupted verb leaves behind."""
    return f"Interrupted. {_KEPT.get(verb, 'Nothing was written.')}"
