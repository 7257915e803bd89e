"""The sensor's file (configs/otwatch.yaml): where it listens, what it keeps. Read with the same forms as the site file."""

from pathlib import Path
from typing import NamedTuple

from otwatch.config.forms import fitting, flag, integer, one_of, text
from otwatch.config.lines import read_tree
from otwatch.config.reading import Faults, Key, attempt, many, struct
from otwatch.config.site import NOWHERE, At
from otwatch.errors import ConfigError
from otwatch.words import phrase

VERSION = 1
WAYS = ("auto", "ring", "portable")


class Sensor(NamedTuple):
    """site, record   paths; a relative one counts from where the sensor is started
    site_name         the place it listens in: part of the key of everything it finds
    capture           how to listen: "ring" of the kernel, "portable" (scapy), "auto"
    ring_mib          memory of the ring of each interface
    allow_addressed   listen on an interface that has an IP address, and may therefore speak
    status_s          seconds between two lines about how it goes; 0: only on a terminal
    write_s           least seconds between two writes of the record
    record_mib        size of the record beyond which the oldest links and findings are let go
    """

    version: int = VERSION
    interfaces: tuple[str, ...] = ()
    site: str = ""
    site_name: str = ""
    record: str = ""
    capture: str = "auto"
    ring_mib: int = 128
    allow_addressed: bool = False
    status_s: int = 0
    write_s: int = 1
    record_mib: int = 1024
    language: str = ""
    at: At = NOWHERE


INTERFACE = fitting(r"[A-Za-z0-9_.@-]{1,15}", "problem.interface")
PLACE = r"[^\W_][\w .'-]{0,63}"
"""Names of places, as otwatch.results.places has them, which `config` may not import; a test holds them equal."""
SENSOR = struct(
    Sensor, Key("version", integer(0, 999), required=True), Key("interfaces", many(INTERFACE)), Key("site", text),
    Key("site_name", fitting(PLACE, "problem.place")), Key("record", text),
    Key("capture", one_of(WAYS)), Key("ring_mib", integer(1, 4096)), Key("allow_addressed", flag), Key("status_s", integer(0, 86_400)),
    Key("write_s", integer(1, 3600)), Key("record_mib", integer(1, 1 << 20)), Key("language", one_of(("en", "fr"))),
)  # fmt: skip


def load_sensor(path: Path) -> Sensor:
    """The sensor's settings; ConfigError with one line for every fault of the file."""
    tree, problems = read_tree(path)
    faults = Faults(path.name)
    read = attempt(SENSOR, tree, faults) if tree is not None else None
    if read is not None and read.version != VERSION:
        faults.tell(read.at.of("version"), "", phrase("problem.version", said=read.version))
    found = sorted([*problems, *faults.found], key=lambda problem: problem.line)
    if read is None or found:
        raise ConfigError.saying(*(problem.phrase for problem in found))
    return read
