"""`python -m otwatch` is the command `otwatch`."""

from otwatch.cli import main

main()
