"""Reading CLIXML: pypsrp's serializer with three of its habits put right.

It gives a date as the same kind of text as a string, it gives a message that is no XML as if that text were
the message, and it leaves a list in a list as XML.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import datetime
from typing import Any

from pypsrp.complex_objects import ObjectMeta
from pypsrp.serializer import Serializer

# xsd:dateTime with .NET's seven digits of a second; Python knows six.
_DATE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6})\d*)?(Z|[+-]\d\d:\d\d)?")


class ClixmlSerializer(Serializer):
    """Writes as pypsrp does; reads dates as `datetime`, lists in lists, and refuses what is no XML."""

    def deserialize(
        self, element: ET.Element | str, metadata: ObjectMeta | None = None, clear: bool = True
    ) -> Any:  # whatever the element holds
        if isinstance(element, str):
            element = ET.fromstring(element)  # noqa: S314 - expat limits entity expansion
        if element.tag == "DT":
            return parse_date(element.text or "")
        if metadata is not None and metadata.tag == "ObjDynamic" and element.find("LST") is not None:
            metadata = None  # it is expected to be some object; its own type names say that it is a list
        return super().deserialize(element, metadata, clear)


def parse_date(text: str) -> datetime | str:
    """A CLIXML date; one that Python cannot hold stays a text."""
    match = _DATE.fullmatch(text)
    if match is None:
        return text
    seconds, fraction, zone = match.groups()
    try:
        return datetime.fromisoformat(f"{seconds}.{(fraction or '0').ljust(6, '0')}{zone or ''}")
    except ValueError:
        return text
