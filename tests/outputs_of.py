"""`python -m tests.outputs_of RECORD CAPTURE...`: replays the captures in this process and prints what every command says of them."""

import sys
from typing import Final

from click.testing import CliRunner

from otwatch.cli import cli
from tests.cli.commands import SITE

COMMANDS: Final = (
    ("alerts",), ("alerts", "--json"), ("alerts", "--csv"), ("assets",), ("assets", "--json"), ("assets", "--csv"),
    ("conversations",), ("conversations", "--json"), ("conversations", "--csv"), ("zones",), ("zones", "--json"), ("zones", "--csv"),
    ("facts",), ("facts", "--json"), ("explain", "1"), ("zones", "matrix"), ("zones", "analyse"), ("zones", "levels", "--json"),
    ("zones", "graph", "--of", "assets", "--format", "gexf"),
)  # fmt: skip


def main(record: str, *captures: str) -> None:
    for declared in ((), ("--site", SITE)):
        for form in ("text", "json"):
            _say("replay", *declared, "--format", form, "--record", record, *captures)
        for command in COMMANDS:
            _say(*command, "--record", record)


def _say(*command: str) -> None:
    done = CliRunner().invoke(cli, command, standalone_mode=False)
    print(command, done.exit_code, done.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
