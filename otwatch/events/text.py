"""Text that a device controls, made safe once (DESIGN section 13)."""

TEXT_LIMIT = 128
_VISIBLE = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))} | {
    code: f"\\u{code:04x}"
    for block in (range(0x200B, 0x2010), range(0x2028, 0x202F), range(0x2066, 0x206A), range(0xD800, 0xE000), (0x061C, 0xFEFF))
    for code in block
}


def clean(raw: bytes | str, encoding: str = "utf-8") -> str:
    """Text that a device controls, made safe where it enters.

    NFC; control, bidi and line-separating characters made visible; trailing NULs and blanks cut; at most TEXT_LIMIT characters.
    """
    from unicodedata import normalize

    text = raw if isinstance(raw, str) else raw.rstrip(b"\0 ").decode(encoding, "backslashreplace")
    shown = normalize("NFC", text).translate(_VISIBLE)
    return shown if len(shown) <= TEXT_LIMIT else shown[: TEXT_LIMIT - 1] + "…"
