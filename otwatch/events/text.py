"""Text that a device controls, made safe once (DESIGN section 13)."""

TEXT_LIMIT = 128
PROSE_LIMIT = 256
"""Of what describes a device in several parts: sysDescr has up to 255 octets (RFC 3418), and the model may stand at its end."""
_VISIBLE = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))} | {
    code: f"\\u{code:04x}"
    for block in (range(0x200B, 0x2010), range(0x2028, 0x202F), range(0x2066, 0x206A), range(0xD800, 0xE000), (0x061C, 0xFEFF))
    for code in block
}


def clean(raw: bytes | str, encoding: str = "utf-8", limit: int = TEXT_LIMIT) -> str:
    """Text that a device controls, made safe where it enters.

    NFC; control, bidi and line-separating characters made visible; trailing NULs and blanks cut; at most `limit` characters.
    """
    from unicodedata import normalize

    text = raw if isinstance(raw, str) else raw.rstrip(b"\0 ").decode(encoding, "backslashreplace")
    shown = normalize("NFC", text).translate(_VISIBLE)
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def prose(raw: bytes | str) -> str:
    """A text of several lines or parts, on one line."""
    text = raw if isinstance(raw, str) else raw.rstrip(b"\0 ").decode("utf-8", "backslashreplace")
    return clean(" ".join(text.split()), limit=PROSE_LIMIT)
