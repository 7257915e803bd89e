"""What BACnet numbers are called: objects, properties, errors and vendors, as in `names.tsv` beside this file.

A number without a name keeps its number ("property-1001"): makers define their own objects from 128 and properties from 512 on.
"""

from pathlib import Path

DEVICE = 8
"""Object type of the one object that stands for the whole device."""

ANY_INSTANCE = 0x3FFFFF
"""Device instance 4194303: "whoever you are" (135-2020 clause 15.5.2)."""


def _tables() -> dict[str, dict[int, str]]:
    tables: dict[str, dict[int, str]] = {}
    for line in Path(__file__).with_name("names.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            kind, number, name = line.split("\t")
            tables.setdefault(kind, {})[int(number)] = name
    return tables


TABLES = _tables()
_PROPERTIES = TABLES["property"]
_ERROR_CLASSES = TABLES["error-class"]
_ERROR_CODES = TABLES["error-code"]
_MEANINGS = TABLES["meaning"]
VENDORS = TABLES["vendor"]
PRESENT_VALUE = 85
_PRESENT = {
    3: "binary-value", 4: "binary-value", 5: "binary-value", 21: "life-safety-state", 22: "life-safety-state", 28: "shed-state",
    30: "door-value",
}  # fmt: skip
"""Types of objects whose present-value is enumerated (clause 12)."""
_DIGITS = 8
"""No enumeration has numbers so long."""

OBJECT_TYPES = tuple(TABLES["object-type"].get(number, f"object-type-{number}") for number in range(1024))
"""By number; ten bits hold all there can be."""

REJECT_REASONS = (
    "other", "buffer-overflow", "inconsistent-parameters", "invalid-parameter-data-type", "invalid-tag", "missing-required-parameter",
    "parameter-out-of-range", "too-many-arguments", "undefined-enumeration", "unrecognized-service",
)  # fmt: skip
ABORT_REASONS = (
    "other", "buffer-overflow", "invalid-apdu-in-this-state", "preempted-by-higher-priority-task", "segmentation-not-supported",
    "security-error", "insufficient-security", "window-size-out-of-range", "application-exceeded-reply-time", "out-of-resources",
    "tsm-timeout", "apdu-too-long",
)  # fmt: skip
SEGMENTATION = ("both", "transmit", "receive", "none")


def named(names: tuple[str, ...], number: int) -> str:
    """The name at `number`, or the number itself."""
    return names[number] if 0 <= number < len(names) else str(number)


def property_name(number: int) -> str:
    return _PROPERTIES.get(number) or f"property-{number}"


def meaning(kind: int, found: int, value: str) -> str:
    """What `value` (a number as text) means as property `found` of an object of type `kind`; "" where nobody but the device knows."""
    table = _PRESENT.get(kind, "") if found == PRESENT_VALUE else _MEANINGS.get(found, "")
    return TABLES[table].get(int(value), "") if table and len(value) < _DIGITS and value.isdecimal() else ""


def event_type(number: int) -> str:
    return TABLES["event-type"].get(number) or str(number)


def error_name(error_class: int, error_code: int) -> str:
    """As Wireshark shows it: "property/write-access-denied"."""
    return f"{_ERROR_CLASSES.get(error_class, error_class)}/{_ERROR_CODES.get(error_code, error_code)}"
