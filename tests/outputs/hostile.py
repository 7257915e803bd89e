"""What devices say to whoever prints it (DESIGN section 13): as strategies, and what must never be in an output."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import strategies as st

from otwatch.results import AttributeRow, FaceRow, Results
from tests.outputs.samples import FRAME, HOSPITAL, alert, asset, link

PAYLOADS = (
    "\x1b[2J\x1b[31mred", "\x9b31m", "[red]not red[/red]", "[/]", "[link=file:///etc/passwd]x[/link]", ":warning:", "a\r\nb",
    "a\u2028b", "a\x85b", "\u202etxt.exe", "\u2066x\u2069", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "\t=1", " =1", "＝1", '","=1',
    "<script>alert(1)</script>",     "a\0b", "\x07\x08", "{0}{number}{__class__}", "%s%n", "x" * 500, "y" * 10_000, "ﾊﾛｰ 你好 e\u0301 🏥",
)  # fmt: skip
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
"""Characters that act in place of being shown; the line feed ends our own lines."""



def texts(of: object) -> Iterator[str]:
    """Every text in rows, or in a document."""
    if isinstance(of, str):
        yield of
    elif isinstance(of, Mapping):
        for key, inside in of.items():
            yield from texts(key)
            yield from texts(inside)
    elif isinstance(of, tuple | list):
        for inside in of:
            yield from texts(inside)


_active = st.text(st.sampled_from("\x1b[]m=\n\r\t\u202e\"',/"), max_size=12)
strings = st.sampled_from(PAYLOADS) | st.text(st.characters(codec="utf-8"), max_size=40) | _active


@st.composite
def results(draw: st.DrawFn) -> Results:
    """The small hospital, with every text that comes from outside replaced."""

    def said() -> str:
        return draw(strings)

    frame = FRAME._replace(capture=said())
    texts = {"en": said(), "fr": said()}
    things: dict[str, Any] = {name: said() for name in ("label", "vendor", "product", "name", "address", "parent", "firmware", "serial")}
    ways: dict[str, Any] = {"protocol": said(), "rule": said(), "verbs": {said(): 1}, "state": said(), "reasons": (said(),)}
    found: dict[str, Any] = dict.fromkeys(("title", "sentence", "expected", "harmless_when", "next_step"), texts)
    more: dict[str, Any] = {"filter": said(), "frames": (frame,), "answers": (frame,), "trace": (said(),), "facts": {"point": said()}}
    thing, other = asset(said(), zone="cvc", roles=((said(), said()),), frame=frame, **things), asset(said(), macs=(said(),), name=said())
    return HOSPITAL._replace(
        site=said(),
        captures=(HOSPITAL.captures[0]._replace(name=said(), broken=said()),),
        protocols=tuple(row._replace(title=said()) for row in HOSPITAL.protocols),
        assets=(thing, other) if thing.key != other.key else (thing,),
        attributes=(AttributeRow(thing.key, said(), said(), said(), "self", True, frame, 1, 2),),
        faces=(FaceRow(thing.key, said(), "now", said(), said(), frame, 1, 2),),
        links=(link(said(), said(), "cvc", said(), frame=frame, **ways),),
        zones=(HOSPITAL.zones[2]._replace(name=texts, reasons=(said(),)),),
        alerts=(alert(1, 4, client=said(), server=said(), **found, **more),),
        notes={said(): 1},
    )
