"""A trial: what captures give, held against the findings that a person expects (`otwatch test`)."""

from collections.abc import Callable, Iterator

from otwatch.alerts.model import Severity
from otwatch.checks import Miss
from otwatch.config.trial import ANY, NONE, Expectation, Trial
from otwatch.results import AlertRow, Results


def misses(trial: Trial, results: Results) -> tuple[Miss, ...]:
    """All that is not as expected: by line of the trial, then what nobody expected, most serious first."""
    is_named = _naming(results)
    fitting = [tuple(row for row in results.alerts if _fits(one, row, is_named)) for one in trial.expected]
    expected = {row.number for rows in fitting for row in rows}
    return (
        *(miss for one, rows in zip(trial.expected, fitting, strict=True) for miss in _judged(one, rows)),
        *(_other(row) for row in results.alerts if row.number not in expected and not _may_be(trial.others, row.severity)),
        *(Miss("broken", 0, {"capture": row.name, "reason": row.broken}) for row in results.captures if row.broken),
    )


def _naming(results: Results) -> Callable[[str, str], bool]:
    """Whether a text names the asset of a key: by key, address, label or name."""
    names = {row.key: {row.key, row.address, row.label, row.name} - {""} for row in results.assets}
    return lambda text, asset: text in names.get(asset, {asset})


def _fits(one: Expectation, row: AlertRow, is_named: Callable[[str, str], bool]) -> bool:
    ends = ((one.client, row.client), (one.server, row.server))
    return one.detection == row.detection and all(text is None or is_named(text, asset) for text, asset in ends)


def _judged(one: Expectation, rows: tuple[AlertRow, ...]) -> Iterator[Miss]:
    told = sum(row.times for row in rows)
    given = _said(one)
    if not rows and one.times != 0:
        yield Miss("absent", one.at.line, given)
        return
    if one.times is not None and told != one.times:
        yield Miss("times", one.at.line, given | {"told": str(told), "times": str(one.times)})
    most = max((row.severity for row in rows), default=Severity.CRITICAL)
    if most < _level(one.severity):
        yield Miss("weaker", one.at.line, given | {"found": _word(most), "least": one.severity})


def _said(one: Expectation) -> dict[str, str]:
    return {"detection": one.detection, "client": one.client or "*", "server": one.server or "*"}


def _other(row: AlertRow) -> Miss:
    ends = {"client": row.client, "server": row.server or "*"}
    return Miss("other", 0, {"detection": row.detection, **ends, "found": _word(row.severity)})


def _may_be(others: str, severity: int) -> bool:
    return others == ANY or (others != NONE and severity <= _level(others))


def _level(word: str) -> Severity:
    return Severity[word.upper()]


def _word(level: int) -> str:
    return Severity(level).name.lower()
