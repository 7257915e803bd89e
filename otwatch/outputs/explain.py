"""One finding in full: what happened, why it is one, where to see it, what to do."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from otwatch.conclusions import Allowing
from otwatch.outputs.allowed import contradicted, yaml
from otwatch.outputs.bundle import Bundle, told
from otwatch.outputs.evidence import STDIN, command, places, references, steps, who
from otwatch.outputs.layout import SEVERITY_STYLES, Paragraph, copied, facts, heading, indented, said
from otwatch.outputs.voice import Voice
from otwatch.results import AlertRow, Texts

if TYPE_CHECKING:
    from rich.console import RenderableType


def explain(
    alert: AlertRow, voice: Voice, terms: Mapping[str, Texts], called: str = "", quotes: Sequence[str] = ()
) -> Iterator["RenderableType"]:
    """Blocks for `layout.show`. `terms`: what the terms of a severity trace mean, by name; `called`: the site's names for its points;
    `quotes`: what Wireshark says of the frames."""
    from rich.text import Text

    words = voice.words
    severity = said(voice.severity(alert.severity).upper(), SEVERITY_STYLES[alert.severity])
    yield Text.assemble(said(f"{words('explain.alert', number=alert.number)}  "), severity, "  ", said(words.of(alert.title), "bold"))
    yield said("")
    yield indented(Paragraph(words.of(alert.sentence)))
    yield said("")
    yield indented(facts(who(alert, voice, called)))
    for key, text in (("why", alert.expected), ("harmless", alert.harmless_when), ("next", alert.next_step)):
        if words.of(text):
            yield heading(words(f"explain.{key}"))
            yield indented(Paragraph(words.of(text)))
    yield heading(words("explain.evidence"))
    yield indented(facts(places(alert, voice)))
    yield from _commands(alert, voice)
    yield from quoted(quotes, voice)
    yield heading(words("explain.severity", severity=voice.severity(alert.severity)))
    yield indented(facts(steps(alert, voice, terms)))
    yield indented(Paragraph(words("explain.confidence", percent=f"{100 * alert.confidence:.0f}")))
    yield heading(words("explain.references"))
    yield indented(facts(references(alert, voice)))


def _commands(alert: AlertRow, voice: Voice) -> Iterator["RenderableType"]:
    """Filter and command stand on lines of their own, not folded by us, so that they can be copied."""
    line = command(alert)
    if not line:
        return
    words = voice.words
    yield indented(Paragraph(words("explain.filter"), "dim"))
    yield copied(alert.filter)
    yield indented(Paragraph(words("explain.tshark"), "dim"))
    yield copied(line)
    if alert.frames[0].capture == STDIN:
        yield indented(Paragraph(words("explain.stdin"), "dim"))


def around(made: Bundle, voice: Voice) -> Iterator["RenderableType"]:
    """Both sides, what is usual between them, and where to look at what came before and after."""
    lines = list(told(made, voice))
    if lines:
        yield heading(voice.words("explain.around"))
        yield indented(facts(lines))
    if made.around:
        yield indented(Paragraph(voice.words("explain.neighbourhood"), "dim"))
        yield copied(made.around)


def quoted(lines: Sequence[str], voice: Voice) -> Iterator["RenderableType"]:
    """What Wireshark says of the frames, in its own words."""
    if lines:
        yield indented(Paragraph(voice.words("explain.quotes"), "dim"))
        yield from map(copied, lines)


def legitimate(found: Allowing, name: str, lines: Sequence[str], voice: Voice) -> Iterator["RenderableType"]:
    """What the site file `name` says against it, and the lines that would allow it. `lines` of the file."""
    words = voice.words
    if found.contradicted:
        yield heading(words("allowed.against"))
        for line in contradicted(found, name, lines, voice):
            yield copied(line.strip(), 4) if line.startswith(" ") else indented(Paragraph(line))
    yield heading(words("allowed.title"))
    if found.hindrance:
        yield indented(Paragraph(words(f"allowed.none_{found.hindrance}")))
        return
    yield indented(Paragraph(words("allowed.paste", file=name)))
    for line in yaml(found).splitlines():
        yield copied(line)


def note(text: str, voice: Voice) -> Iterator["RenderableType"]:
    """In the place of lines of a site file that cannot be shown."""
    yield heading(voice.words("allowed.title"))
    yield indented(Paragraph(text))
