"""Many host names in few words: `DHS-L114-[01-30]`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from engine.report.visible import clean

PARTS_LIMIT = 8

_NUMBERED = re.compile(r"(.*?)([0-9]{1,9})", re.ASCII | re.DOTALL)


def host_range(names: Iterable[str]) -> str:
    """Names that end in running numbers are drawn together, the way that manifests write ranges.

    At most `PARTS_LIMIT` parts are named; the hosts in the others are counted.
    """
    parts = tuple(_parts(names))
    shown = ", ".join(text for text, _ in parts[:PARTS_LIMIT])
    left = sum(count for _, count in parts[PARTS_LIMIT:])
    return f"{shown} and {left} more" if left else shown


def _parts(names: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Each part's text and how many hosts it stands for."""
    groups: dict[tuple[str, int], list[int]] = {}
    single: list[str] = []
    for name in sorted(set(names), key=lambda name: (name.casefold(), name)):
        match = _NUMBERED.fullmatch(name)
        if match:
            groups.setdefault((match[1], len(match[2])), []).append(int(match[2]))
        else:
            single.append(name)
    for (prefix, width), numbers in groups.items():
        runs = tuple(_runs(sorted(numbers)))
        texts = [f"{a:0{width}}" if a == b else f"{a:0{width}}-{b:0{width}}" for a, b in runs]
        one = len(numbers) == 1
        yield f"{clean(prefix)}{texts[0] if one else '[' + ','.join(texts) + ']'}", len(numbers)
    for name in single:
        yield clean(name), 1


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    first = last = numbers[0]
    for number in numbers[1:]:
        if number != last + 1:
            yield first, last
            first = number
        last = number
    yield first, last
