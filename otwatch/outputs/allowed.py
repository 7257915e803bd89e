"""What of the site file a finding contradicts, with its lines, and the lines that would make it legitimate, ready to be pasted."""

from collections.abc import Iterator, Sequence

from otwatch.conclusions import Allowing, Contradiction, DraftWriter
from otwatch.outputs.draft import conduit_line, host, quoted
from otwatch.outputs.visible import visible
from otwatch.outputs.voice import Voice

_LONGEST = 110
"""Characters that are shown of a line of the file."""


def contradicted(found: Allowing, name: str, lines: Sequence[str], voice: Voice) -> Iterator[str]:
    """A sentence for each, and the lines of the file under it. `name` of the file, and its lines."""
    for one in found.contradicted:
        yield sentence(one, voice)
        yield from (f"  {name}:{line}: {_shown(lines[line - 1])}" for line in one.lines if 0 < line <= len(lines))


def sentence(one: Contradiction, voice: Voice) -> str:
    clauses = ", ".join(voice.words.term("clause", clause) for clause in one.clauses)
    ends = {"client": voice.zone(one.client_zone), "server": voice.zone(one.server_zone)}
    return voice.words(f"allowed.{one.key}", **ends, rule=one.rule, clauses=clauses, reason=one.reason)


def _shown(line: str) -> str:
    text = visible(line.strip())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def yaml(found: Allowing) -> str:
    """The lines as a piece of a site file: each section is one that the file has already, and takes them at its end."""
    sections = (
        ("conduits", [conduit_line(one) for one in found.conduits]),
        ("expected_writers", [_writer(one) for one in found.writers]),
    )
    return "".join(f"{key}:\n" + "".join(f"  - {line}\n" for line in lines) for key, lines in sections if lines)


def _writer(one: DraftWriter) -> str:
    parts = [f"{key}: {host(text)}" for key, text in (("client", one.client), ("server", one.server)) if text]
    parts.append(f"proto: {one.proto}")
    parts += [f"unit: {one.unit}"] if one.unit else []
    for key, values in one.restrictions:
        said = quoted(",".join(values)) if key == "addresses" else f"[{', '.join(map(quoted, values))}]"
        parts.append(f"{key}: {said}")
    parts += [f"strongest_priority: {one.priority}"] if one.priority else []
    return f"{{{', '.join(parts)}}}"
