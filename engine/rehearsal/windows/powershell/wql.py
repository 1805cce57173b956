"""The WHERE clause of WQL, as far as filters over a class's own properties go ("WQL (SQL for WMI)")."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.rehearsal.windows.powershell.conversion import text_of
from engine.rehearsal.windows.powershell.records import PsValue

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?P<number>-?\d+)|(?P<word>\w+)"""
    r"""|(?P<sign><=|>=|<>|!=|=|<|>|\(|\)|\*|,))"""
)
_SELECT = re.compile(
    r"\s*SELECT\s+(.+?)\s+FROM\s+(\w+)(?:\s+WHERE\s+(.+?))?\s*;?\s*", re.IGNORECASE | re.DOTALL
)

Instance = Mapping[str, PsValue]
Test = Callable[[Instance], bool]


class InvalidQuery(Exception):
    """WBEM_E_INVALID_QUERY."""


@dataclass(frozen=True, slots=True)
class Select:
    """`SELECT properties FROM class_name WHERE test`; no properties means all of them."""

    class_name: str
    properties: tuple[str, ...]
    test: Test


def select(query: str) -> Select:
    """Read a whole query.

    Raises:
        InvalidQuery: it is no query of this form.
    """
    found = _SELECT.fullmatch(query)
    if found is None:
        raise InvalidQuery(query)
    names = tuple(name.strip() for name in found.group(1).split(","))
    condition = found.group(3)
    return Select(
        found.group(2),
        () if names == ("*",) else names,
        where(condition) if condition else lambda _instance: True,
    )


def where(condition: str) -> Test:
    """Read a condition.

    Raises:
        InvalidQuery: it is not well formed.
    """
    reader = _Reader(condition)
    test = reader.either()
    if reader.peek() is not None:
        raise InvalidQuery(condition)
    return test


def _property(instance: Instance, name: str) -> PsValue:
    folded = name.casefold()
    for key, value in instance.items():
        if key.casefold() == folded:
            return value
    raise InvalidQuery(name)


class _Reader:
    """Recursive descent over the tokens of one condition."""

    def __init__(self, condition: str) -> None:
        self._condition = condition
        self._tokens: list[tuple[str, str]] = []
        at = 0
        while condition[at:].strip():
            match = _TOKEN.match(condition, at)
            if match is None or match.lastgroup is None:
                raise InvalidQuery(condition)
            self._tokens.append((match.lastgroup, match.group(match.lastgroup)))
            at = match.end()

    def peek(self) -> str | None:
        return self._tokens[0][1].upper() if self._tokens else None

    def _take(self, *accepted: str) -> str:
        if not self._tokens or (accepted and self.peek() not in accepted):
            raise InvalidQuery(self._condition)
        return self._tokens.pop(0)[1]

    def either(self) -> Test:
        tests = [self._both()]
        while self.peek() == "OR":
            self._take()
            tests.append(self._both())
        return lambda instance: any(test(instance) for test in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self.peek() == "AND":
            self._take()
            tests.append(self._one())
        return lambda instance: all(test(instance) for test in tests)

    def _one(self) -> Test:
        if self.peek() == "NOT":
            self._take()
            inner = self._one()
            return lambda instance: not inner(instance)
        if self.peek() == "(":
            self._take()
            inner = self.either()
            self._take(")")
            return inner
        return self._comparison()

    def _comparison(self) -> Test:
        name = self._take()
        sign = self._take("=", "<>", "!=", "<", ">", "<=", ">=", "LIKE", "IS").upper()
        if sign == "IS":
            negated = self.peek() == "NOT"
            if negated:
                self._take()
            self._take("NULL")
            return lambda instance: (_property(instance, name) is None) is not negated
        wanted = self._literal()
        if sign == "LIKE":
            pattern = _like(str(wanted))
            return lambda instance: pattern.fullmatch(text_of(_property(instance, name))) is not None
        return lambda instance: _compares(_property(instance, name), sign, wanted)

    def _literal(self) -> str | int | bool:
        kind = self._tokens[0][0] if self._tokens else ""
        word = self._take()
        if kind == "text":
            return re.sub(r"\\(.)", r"\1", word[1:-1])
        if kind == "number":
            return int(word)
        if word.upper() in ("TRUE", "FALSE"):
            return word.upper() == "TRUE"
        raise InvalidQuery(self._condition)


def _like(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"(%|_|\[[^\]]*\])", pattern)
    signs = {"%": ".*", "_": "."}
    text = "".join(signs.get(part) or (part if part.startswith("[") else re.escape(part)) for part in parts)
    return re.compile(text, re.IGNORECASE | re.DOTALL)


def _compares(found: PsValue, sign: str, wanted: str | int | bool) -> bool:
    if found is None:
        return False
    order = _order(found, wanted)
    results = {
        "=": order == 0,
        "<>": order != 0,
        "!=": order != 0,
        "<": order < 0,
        ">": order > 0,
        "<=": order <= 0,
        ">=": order >= 0,
    }
    return results[sign]


def _order(found: PsValue, wanted: str | int | bool) -> int:
    """Below, equal or above zero; numbers as numbers, everything else as text without case."""
    if isinstance(found, int):
        try:
            return int(found) - int(wanted)
        except ValueError:
            raise InvalidQuery(str(wanted)) from None
    left, right = text_of(found).casefold(), str(wanted).casefold()
    return (left > right) - (left < right)
