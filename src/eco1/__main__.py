"""``python -m eco1``: the command line, as torchrun starts it."""

from eco1.cli import main

main()
