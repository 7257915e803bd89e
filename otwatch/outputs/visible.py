"""The last guard of text on its way out (DESIGN section 13).

Text of devices is cleaned once where it enters. File names, site files and records of other hands are not, so every output
passes what it prints through here again: no control, bidi or line-separating character reaches a terminal, a file or a page.
"""

_SPACES = " \u00a0\u202f"
_FORMULAS = tuple("=+-@＝＋－＠")
"""First characters by which spreadsheets know a formula (OWASP, CSV Injection)."""


def visible(text: str) -> str:
    """`text` with every character that does not print as itself escaped; as it is where there is none."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in _SPACES else char.encode("unicode_escape").decode() for char in text)


def inert(text: str) -> str:
    """`text` as a cell that no spreadsheet takes for a formula."""
    shown = visible(text)
    return f"'{shown}" if shown.lstrip(_SPACES).startswith(_FORMULAS) else shown
