"""The commands. They read arguments, call, print, and decide nothing.

    replay.py   captures -> record and summary        tables.py   conversations, zones, alerts
    assets.py   assets, and one of them in full       compare.py  diff, and assets import, drift
    points.py   points, and what the site calls them  advisories.py  advisories, ageing
    baseline.py what is usual, and what a person accepts of it
    explain.py  one finding in full                   zones.py    zones, and what was seen between them
    site.py     config check, config schema           policy.py   policy test
    data.py     data build                            options.py  options that several commands have; spoken.py  click's own words
    doctor.py   is the mirror any good?
    report.py   files for people, packs for auditors  packing.py  what a pack is made of; carriers.py, knowledge.py  pages, paper, workbooks
    incident.py a draft of a declaration              eve.py      the findings as lines for a SOC
    metrics.py  metrics                               serve.py    the record over HTTP
    decisions.py  what people decide about findings: alerts mute, expect, close, reopen, decisions, log
    sessions.py who worked on what
    facts.py    what captures say, counted            verify.py   the same, held against tshark
    sense.py    interfaces -> record; silence     trials.py    test: captures -> what is expected

Everything heavy is imported inside the commands, so that `otwatch --help` is quick.
"""

import gc
import signal
import sys
from collections.abc import Sequence
from io import TextIOWrapper

import click

from otwatch import __version__
from otwatch.cli import (
    advisories,
    assets,
    baseline,
    compare,
    data,
    decisions,
    doctor,
    eve,
    explain,
    facts,
    incident,
    metrics,
    points,
    policy,
    replay,
    report,
    sense,
    serve,
    sessions,
    site,
    tables,
    trials,
    verify,
    zones,
)
from otwatch.cli.options import HELP_OPTION, asked, said, tell
from otwatch.errors import OtwatchError
from otwatch.outputs.wording import language

WRONG, INTERRUPTED = 2, 130
"""Exit statuses: wrong use or input; 128 + SIGINT."""


@click.group(help=said("help.otwatch"), context_settings=HELP_OPTION)
@click.version_option(__version__, message="otwatch %(version)s", help=said("help.option_version"))
def cli() -> None:
    pass


_INVENTORY = (assets.assets, points.points, compare.diff, advisories.advisories, advisories.ageing)
_TABLES = (tables.conversations, sessions.sessions, zones.zones, tables.alerts, baseline.baseline)
_SOC = (eve.eve, metrics.metrics, serve.serve)
_LIVE = (sense.sense, sense.silence)
_TOLD = (explain.explain, incident.incident, report.report, doctor.doctor, facts.facts, verify.verify)
_FILES = (site.config, policy.policy, trials.test, data.data)
_ALL = (replay.replay, *_INVENTORY, *_TABLES, *_TOLD, *_SOC, *_LIVE, *_FILES)
for command in _ALL:
    cli.add_command(command)
for command in decisions.COMMANDS:
    tables.alerts.add_command(command)


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit status. What is no OtwatchError is a defect and keeps its traceback."""
    try:
        status = cli.main(arguments, prog_name="otwatch", standalone_mode=False)
    except click.Abort:
        return INTERRUPTED
    except click.ClickException as wrong:
        wrong.show()
        return WRONG
    except OtwatchError as error:
        tell(error, language(asked(arguments)))
        return WRONG
    return int(status or 0)


def main() -> None:
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `otwatch alerts | head` ends as quietly as any other program
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # terminals that are not UTF-8
    status = run(sys.argv[1:])
    gc.freeze()  # the process ends: a last look for cycles among all that was heard costs a twentieth of a replay
    sys.exit(status)
