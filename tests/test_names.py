"""What must not be written: names that say nothing, errors that are swallowed, bytes that are touched without a check."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.sources import ROOT, Source, classes, functions, imported, sources

EMPTY_WORDS = {"manager", "helper", "helpers", "util", "utils", "handler", "handlers", "processor", "misc", "common", "core"}
CAUGHT_TOO_MUCH = {"Exception", "BaseException"}
GUARD = "otwatch/wire/defects.py"
"""The one place where a defect of ours is caught, counted and logged, so that the sensor goes on (DESIGN section 7)."""

IGNORES = re.compile(r"#\s*(noqa|type:\s*ignore)(?P<what>[^#]*)(?P<reason>#.*)?")

BYTES_FROM = {"take", "rest", "peek", "line", "tobytes", "removesuffix", "removeprefix", "strip", "encode"}
"""Methods whose answer is bytes in a dissector."""

MIRRORS = {
    "tests/cli/test_french.py": "whatever any command says of what goes wrong",
    "tests/test_architecture.py": "imports of all files",
    "tests/test_sizes.py": "sizes of all files",
    "tests/test_names.py": "names in all files",
    "tests/test_pcaps.py": "the sample capture in pcaps/",
    "tests/test_week.py": "the healthy week of pcaps/week",
    "tests/wire/test_unseen.py": "what is not told where something was not captured",
    "tests/alerts/test_acts.py": "pcaps/acts and all detections",
    "tests/alerts/test_labelled.py": "precision and recall over the labelled recordings",
    "tests/live/test_mirror_port.py": "what comes by a cable",
    "tests/live/test_silence.py": "what leaves by it",
    "tests/bench/test_workloads.py": "the workloads of the bench",
    "tests/test_debian.py": "what tests do where a program of Debian is absent",
    "tests/configs/test_logrotate.py": "configs/logrotate",
    "tests/configs/test_prometheus.py": "configs/prometheus",
    "tests/configs/test_alertmanager.py": "configs/alertmanager",
    "tests/configs/test_grafana.py": "configs/grafana",
    "tests/configs/test_rsyslog.py": "configs/rsyslog",
    "tests/deb/test_manual.py": "deb/manual.py",
    "tests/configs/test_systemd.py": "systemd/",
    "tests/docs/test_metrics_page.py": "docs/metrics.md and the table of metrics",
    "tests/docs/test_findings.py": "docs/detections.md and all declarations",
    "tests/docs/test_inventoried.py": "docs/inventory.md and the reasons",
    "tests/docs/test_page.py": "docs/decode.md and the tables of all dissectors",
    "tests/outputs/page/test_browser.py": "the page and the file in a real browser",
    "tests/outputs/page/test_browser_deciding.py": "deciding on the page in a real browser",
    "tests/test_vendor.py": "files of others in tests/vendor",
    "tests/outputs/test_hostile.py": "hostile text through every output",
    "tests/live/test_deb.py": "the package on a Debian of its own",
    "tests/outputs/exports/test_hostile.py": "hostile text through every export",
    "tests/outputs/exports/test_exports.py": "the small hospital through every export",
    "tests/live/test_sensor.py": "a sensor on a cable of its own",
    "tests/live/test_dashboards.py": "what Prometheus reads of it",
    "tests/dissectors/test_promises.py": "what every entry of the registry promises",
    "tests/fuzz/test_found.py": "what the fuzzer has found",
    "tests/advisories/test_realistic.py": "whole documents as CISA publishes them",
    "tests/test_truth.py": "what tshark knows of things, and the inventory",
    "tests/test_determinism.py": "the same packets, the same results, through the whole program",
    "tests/test_secrets.py": "secrets, and everything the program writes",
    "tests/test_malformed.py": "malformed captures through the whole program",
    "tests/wire/test_evasions.py": "what somebody sends to be misread",
    "tests/outputs/test_firewall_rules.py": "any proposal, through nft itself and back",
    "tests/zones/test_narrower.py": "what is written narrower, for any conversation",
    "tests/zones/test_cases.py": "cases A to J of the zones, from packets and from pcaps/cases",
    "tests/zones/test_flows.py": "flows between zones, from packets through the whole chain",
    "tests/zones/test_example.py": "the worked example of the zones through the whole part",
    "tests/site/test_relays.py": "a session that is carried on into a third zone, through the whole site half",
}
"""Tests that mirror no single file, and what they are about."""
REAL_CAPTURES = "test_captures.py"
"""In any folder: real captures through the whole part."""


def _words(name: str) -> set[str]:
    """The words of a name in either spelling, in small letters."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)}


def _caught(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler):
            names = {ast.unparse(one) for one in ast.walk(node.type) if isinstance(one, ast.Name)} if node.type else CAUGHT_TOO_MUCH
            if names & CAUGHT_TOO_MUCH:
                yield f"{source.path}:{node.lineno}: catches everything"


def _unexplained(source: Source) -> Iterator[str]:
    for number, row in enumerate(source.text.splitlines(), 1):
        found = IGNORES.search(row)
        if found and len((found["reason"] or "").strip("# ")) < len("why"):
            yield f"{source.path}:{number}: {found[0].strip()} without a reason"


def _bytes_in(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """Names that hold bytes: parameters that say so, and what was assigned from a method that gives bytes."""
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    names = {one.arg for one in arguments if one.annotation and ast.unparse(one.annotation) in {"bytes", "bytes | None", "memoryview"}}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and _gives_bytes(node.value):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


def _gives_bytes(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr in BYTES_FROM


SHORTENED = {
    "password[:_KEY]": "of a password VNC uses no more",
    "raw[:TEXT_LIMIT // 2 - 1]": "shown text, after its length was asked",
    "run[:limit - len(page)]": "a page is kept up to its limit",
    "run[:max(side.left - len(CHUNK_END), 0)]": "a chunk without the line end behind it",
}
"""Slices that may come back short, because shortening is all they are for."""


def _touched(source: Source) -> Iterator[str]:
    """Indexing and slicing of bytes that no Reader checks."""
    for function in functions(source):
        names = _bytes_in(function)
        for node in ast.walk(function):
            if not isinstance(node, ast.Subscript):
                continue
            held = node.value
            is_data = isinstance(held, ast.Attribute) and held.attr in {"data", "payload"}
            is_bytes = is_data or _gives_bytes(held) or (isinstance(held, ast.Name) and held.id in names)
            if is_bytes and ast.unparse(node) not in SHORTENED:
                yield source.at(node, ast.unparse(node))


def _unpacks(source: Source) -> Iterator[str]:
    return (source.at(node, "imports struct") for node, module in imported(source) if module == "struct")


TOUCHING = {"otwatch.dissectors.reader", "otwatch.dissectors.reals"}
"""The two files that touch bytes: they check sizes for all others."""
DISSECTORS = [one for one in sources() if one.module.startswith("otwatch.dissectors.") and one.module not in TOUCHING]


def test_names_say_something() -> None:
    files = [str(source.path) for source in sources() if EMPTY_WORDS & _words(source.path.stem)]
    named = [source.at(one, one.name) for source in sources() for one in classes(source) if EMPTY_WORDS & _words(one.name)]
    assert not files + named


def test_no_error_is_swallowed() -> None:
    caught = [finding for source in sources() for finding in _caught(source)]
    assert len(caught) <= 1
    assert all(finding.startswith(f"{GUARD}:") for finding in caught)


@pytest.mark.parametrize("folder", ["otwatch", "tests", "pcaps"])
def test_every_ignore_says_why(folder: str) -> None:
    assert not [finding for source in sources(folder) for finding in _unexplained(source)]


def test_dissectors_touch_bytes_through_the_reader_only() -> None:
    assert not [finding for source in DISSECTORS for finding in (*_touched(source), *_unpacks(source))]


def test_tests_mirror_the_program() -> None:
    strange = []
    for source in sources("tests"):
        if not source.path.name.startswith("test_") or source.path.name == REAL_CAPTURES or str(source.path) in MIRRORS:
            continue
        folder, name = "otwatch" / source.path.parent.relative_to("tests"), source.path.stem.removeprefix("test_")
        mirrored = (folder / f"{name}.py", folder / name / "__init__.py", folder / "__init__.py" if folder.name == name else folder / name)
        if not any((ROOT / path).exists() for path in mirrored):
            strange.append(str(source.path))
    assert not strange


def test_named_mirrors_exist() -> None:
    assert not [path for path in MIRRORS if not (ROOT / path).exists()]
