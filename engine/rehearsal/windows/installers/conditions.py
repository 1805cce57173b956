"""Evaluates Windows Installer conditions ("Conditional Statement Syntax" of the Windows Installer SDK).

NOT NEWERFOUND AND (VersionNT >= 603 OR Installed)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<text>"[^"]*") |
    (?P<number>-?\d+) |
    (?P<operator>~?(?:><|<<|>>|<>|>=|<=|=|>|<)) |
    (?P<bracket>[()]) |
    (?P<name>[%$?&!]?[A-Za-z_][A-Za-z0-9_.]*)
    )""",
    re.VERBOSE,
)


class ConditionInvalid(ValueError):
    """The condition is not of the documented form."""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def evaluate(condition: str, properties: Mapping[str, str]) -> bool:
    """Whether the condition holds; an unknown property is empty, an empty condition true.

    Raises:
        ConditionInvalid: the condition cannot be parsed.
    """
    if not condition.strip():
        return True
    reader = _Reader(_tokens(condition), properties)
    value = reader.either()
    if reader.rest:
        raise ConditionInvalid(f"unexpected {reader.rest[0].text!r} in condition {condition!r}")
    return value


def _tokens(condition: str) -> list[_Token]:
    tokens, position = [], 0
    while position < len(condition.rstrip()):
        match = _TOKEN.match(condition, position)
        if match is None or match.lastgroup is None:
            raise ConditionInvalid(f"cannot read condition {condition!r} at {condition[position:]!r}")
        tokens.append(_Token(match.lastgroup, match[match.lastgroup]))
        position = match.end()
    return tokens


class _Reader:
    """Recursive descent; from loosest to tightest: IMP, EQV, XOR, OR, AND, NOT."""

    def __init__(self, tokens: list[_Token], properties: Mapping[str, str]) -> None:
        self.rest = tokens
        self._properties = properties

    def either(self) -> bool:
        value = self._both()
        while word := self._take_word("OR", "XOR", "EQV", "IMP"):
            other = self._both()
            value = {
                "OR": value or other,
                "XOR": value != other,
                "EQV": value == other,
                "IMP": not value or other,
            }[word]
        return value

    def _both(self) -> bool:
        value = self._negated()
        while self._take_word("AND"):
            value = self._negated() and value
        return value

    def _negated(self) -> bool:
        if self._take_word("NOT"):
            return not self._negated()
        if self.rest and self.rest[0].text == "(":
            self.rest = self.rest[1:]
            value = self.either()
            if not self.rest or self.rest[0].text != ")":
                raise ConditionInvalid("a bracket is not closed")
            self.rest = self.rest[1:]
            return value
        return self._comparison()

    def _comparison(self) -> bool:
        left = self._operand()
        if not self.rest or self.rest[0].kind != "operator":
            return bool(left)
        operator, self.rest = self.rest[0].text, self.rest[1:]
        return _compare(left, operator, self._operand())

    def _operand(self) -> str:
        if not self.rest or self.rest[0].kind not in ("text", "number", "name"):
            raise ConditionInvalid("a value is missing")
        token, self.rest = self.rest[0], self.rest[1:]
        if token.kind == "text":
            return token.text[1:-1]
        return token.text if token.kind == "number" else self._properties.get(token.text, "")

    def _take_word(self, *words: str) -> str:
        if self.rest and self.rest[0].kind == "name" and self.rest[0].text.upper() in words:
            word, self.rest = self.rest[0].text.upper(), self.rest[1:]
            return word
        return ""


def _compare(left: str, operator: str, right: str) -> bool:
    """Compare as numbers where both are whole numbers, else as texts; `~` ignores case."""
    if operator.startswith("~"):
        left, right, operator = left.casefold(), right.casefold(), operator[1:]
    text_tests = {"><": right in left, "<<": left.startswith(right), ">>": left.endswith(right)}
    if operator in text_tests:
        return text_tests[operator]
    if _is_whole(left) and _is_whole(right):
        return _ordered(int(left), operator, int(right))
    if _is_whole(left) != _is_whole(right):
        return operator == "<>"  # a text and a number only ever differ
    return _ordered(left, operator, right)


def _is_whole(text: str) -> bool:
    return re.fullmatch(r"-?\d+", text) is not None


def _ordered(left: int | str, operator: str, right: int | str) -> bool:
    if operator == "=":
        return left == right
    if operator == "<>":
        return left != right
    smaller = left < right if isinstance(left, int) and isinstance(right, int) else str(left) < str(right)
    if operator in ("<", ">="):
        return smaller is (operator == "<")
    return (smaller or left == right) is (operator == "<=")
