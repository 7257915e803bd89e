"""What a BACnet WriteProperty or WritePropertyMultiple writes, read from the lines of tshark's tree.

The tree says where a value begins and ends only by lines `{[3]` and `}[3]`: opening and closing tags (135-2020 clause 20.2.1.3.2).
"""

import re
from xml.etree.ElementTree import Element

from otwatch.referee.pdml import label, number
from otwatch.referee.sheet import Loose

_VALUE_TAG = {15: "3", 16: "2"}
"""By service: context tag of the value (135-2020 clause 21, WriteProperty-Request and BACnetPropertyValue)."""
_LAST_NUMBER = re.compile(r"(\d+)\s*$")
_QUOTED = re.compile(r": [^':]*'(.*?)'?\s*$", re.DOTALL)
"""`Object Name: UTF-8 'x'`. Wireshark ends a line at 240 characters: the closing quote may be missing."""

_Item = dict[str, str | int | None]


def written(element: Element, service: int) -> list[Loose]:
    """Of each property: object, instance, property, index, value, priority, as far as they are said."""
    reading = _Writes(f"{{[{_VALUE_TAG[service]}]")
    reading.walk(element)
    return [tuple(item.items()) for item in reading.items]


class _Writes:
    """What was read so far of one request."""

    def __init__(self, opening: str) -> None:
        self.items: list[_Item] = []
        self._opening = opening
        self._depth = 0
        self._object: _Item = {}
        self._item: _Item | None = None

    def walk(self, element: Element) -> None:
        for child in element:
            if child.tag == "field" and not self._taken(child):
                self.walk(child)

    def _taken(self, child: Element) -> bool:
        """Whether a field was understood as a whole."""
        name, show = child.get("name", ""), child.get("show", "")
        if not name and show.startswith(("{[", "}[")):
            self._bracket(show)
        elif self._depth:
            if self._item is not None and self._item["value"] is None:
                self._item["value"] = _value(child)
        elif name == "bacapp.property_identifier":
            named = label(child.get("showname"))
            self._item = {**self._object, "property": named, "index": None, "value": None, "priority": None}
            self.items.append(self._item)
        elif not name and show.startswith("ObjectIdentifier"):
            self._object, self._item = _object(child), None
        else:
            return not name and self._beside(show)
        return True

    def _bracket(self, show: str) -> None:
        if show.startswith("}["):
            self._depth = max(0, self._depth - 1)
        elif self._depth or show == self._opening:
            self._depth += 1

    def _beside(self, show: str) -> bool:
        """Index and priority of the property that was named last."""
        word = "index" if "rray Index" in show else "priority" if show.startswith("Priority") else ""
        if not word or self._item is None:
            return False
        found = _LAST_NUMBER.search(show)
        self._item[word] = int(found[1]) if found else None
        return True


def _object(element: Element) -> _Item:
    kind = element.find(".//field[@name='bacapp.objectType']")
    instance = element.find(".//field[@name='bacapp.instance_number']")
    return {
        "object": None if kind is None else label(kind.get("showname")),
        "instance": None if instance is None else number(instance.get("show")),
    }


def _value(element: Element) -> str | None:
    name, show = element.get("name", ""), element.get("show", "")
    if name == "bacapp.object_name" or name.startswith("bacapp.present_value"):
        return show
    if name:
        return None
    inner = element.find("field[@name='bacapp.object_name']")
    if inner is not None:
        return inner.get("show", "")
    quoted = _QUOTED.search(show)
    return (quoted[1] if quoted else show.split(": ", 1)[-1]) or None
