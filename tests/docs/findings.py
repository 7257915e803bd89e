"""docs/detections.md: what otwatch finds, from the declarations, and in which captures it finds it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from otwatch.alerts.attack import REQUIREMENTS, TECHNIQUES, VERSION, WAS
from otwatch.alerts.detections import DETECTIONS
from otwatch.alerts.model import Detection
from otwatch.alerts.words import CHAINS as WORDS
from otwatch.config import load_site
from otwatch.errors import OtwatchError
from otwatch.pipeline import replay
from pcaps.acts import ACTS
from pcaps.make_acts import RAISES
from tests.conftest import ROOT
from tests.docs.why import WHY

PAGE = ROOT / "docs" / "detections.md"
FILE = Path(__file__).with_name("raised.json")
HOSPITAL, OURS = "pcaps/hospital.pcapng", "pcaps/"
HEAD = f"""# What otwatch finds

Written by `python -m tests.docs` from the declarations in `otwatch/alerts/detections`; a test holds it against them. Do not edit.

Severities are those of the variant alone; criticality of the target for care, source, certainty and declared works move them
(`otwatch explain` shows the sum). Where a text is written in braces it comes from the capture. ATT&CK for ICS {VERSION}, with the older id
where there is one; requirements of IEC 62443-3-3. Captures are those of the tests, replayed without a site file, `{HOSPITAL}`
with `configs/site.yaml`, and those of `pcaps/acts`, each of which has a twin, NAME.quiet.pcap, that must not raise it; where none raises a
variant, `tests/alerts/examples.py` does.
"""
CHAINED = """Findings that follow each other to one end within a day; the last of them tells the others and is one level more serious
(`otwatch/alerts/chains.py` has the steps)."""
_SHOWN = 3

Raised = dict[str, tuple[str, ...]]
"""Names of captures by detection and variant, "id variant"."""


def known() -> Raised:
    """What was found when captures were last replayed."""
    return {name: tuple(captures) for name, captures in json.loads(FILE.read_text("utf-8")).items()}


def found(folder: Path, names: Iterable[str]) -> Raised:
    """The same, from these captures below a folder, from our own hospital and from the acts, which tests/alerts/test_acts.py holds."""
    raised: defaultdict[str, set[str]] = defaultdict(set)
    for name in names:
        for key in _findings(folder / name, None):
            raised[key].add(name)
    for key in _findings(ROOT / HOSPITAL, ROOT / "configs" / "site.yaml"):
        raised[key].add(HOSPITAL)
    for act in ACTS:
        raised[f"{act.detection} {act.variant}"].add(f"pcaps/acts/{act.name}{RAISES}")
    return {key: tuple(sorted(raised[key])) for key in sorted(raised)}


def _findings(path: Path, site: Path | None) -> set[str]:
    try:
        rows = replay([str(path)], load_site(site) if site is not None else None).alerts
    except OtwatchError:  # no capture, or of a link that nobody reads
        return set()
    return {f"{row.detection} {row.variant}" for row in rows}


def keep(raised: Raised) -> None:
    FILE.write_text(json.dumps(raised, indent=1) + "\n", "utf-8")


def page(raised: Raised) -> str:
    index = [f"| [`{one.id}`](#{one.id.replace('.', '')}) | {one.title['en']} | {_range(one)} |" for one in DETECTIONS]
    lines = [HEAD, f"{len(DETECTIONS)} detections.\n", "| id | what | severity |", "| --- | --- | --- |", *index, ""]
    return "\n".join([*lines, *(line for one in DETECTIONS for line in _detection(one, raised)), *_chains()]).rstrip() + "\n"


def _chains() -> Iterator[str]:
    """The chains, and the acts that come to their end."""
    acts = {act.chain: f"`pcaps/acts/{act.name}{RAISES}`" for act in ACTS if act.chain}
    yield f"## Chains\n\n{CHAINED}\n\n| chain | what it is | shown by |\n| --- | --- | --- |"
    for name, words in WORDS.items():
        yield f"| `{name}` | {words['en']} | {acts.get(name, 'tests/alerts/test_chains.py')} |"


def _range(detection: Detection) -> str:
    words = [severity.name.lower() for severity in sorted(set(detection.severity.values()))]
    return words[0] if len(words) == 1 else f"{words[0]} to {words[-1]}"


def _detection(detection: Detection, raised: Raised) -> Iterator[str]:
    yield f"## {detection.id}\n"
    yield f"**{detection.title['en']}** / {detection.title['fr']}\n"
    yield f"> {detection.sentence['en']}\n"
    yield f"* Why it matters in a hospital: {WHY[detection.id]}"
    yield f"* What would be usual: {detection.expected['en']}"
    yield f"* Harmless when: {detection.harmless_when['en']}"
    yield f"* Next step: {detection.next_step['en']}"
    yield f"* Mapping: {', '.join(map(_technique, detection.techniques))}; {', '.join(map(_requirement, detection.requirements))}."
    notes = [note for note, holds in (("no more than info while learning", detection.learns),
                                      ("never excused by declared works", not detection.excusable)) if holds]  # fmt: skip
    if notes:
        yield f"* {'; '.join(notes).capitalize()}."
    yield "\n| variant | severity | raised by |\n| --- | --- | --- |"
    for variant, severity in detection.severity.items():
        yield f"| `{variant}` | {severity.name.lower()} | {_captures(raised.get(f'{detection.id} {variant}', ()))} |"
    yield ""


def _captures(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(f"`{name}`" for name in names[:_SHOWN]) + more if names else "examples of the tests"


def _technique(technique: str) -> str:
    former = f", was {WAS[technique]}" if technique in WAS else ""
    return f"{technique} {TECHNIQUES[technique]}{former}"


def _requirement(requirement: str) -> str:
    return f"{requirement} {REQUIREMENTS[requirement]}"
