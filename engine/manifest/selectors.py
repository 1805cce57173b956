"""Selectors as they are written: words joined by `and`, `or`, `not` and parentheses. Nothing is looked up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from engine.manifest import limits
from engine.manifest.nodes import Word
from engine.manifest.ranges import expand, is_range
from engine.manifest.suggest import did_you_mean, one_of
from engine.model.origin import Finding, Origin

ALL = "all"
OPERATORS = ("and", "or", "not")
RESERVED = frozenset((ALL, *OPERATORS))


class Key(StrEnum):
    """By what a word names hosts where it says so itself, as in `room=114`."""

    HOST = "host"
    GROUP = "group"
    ROLE = "role"
    SCHOOLS = "schools"
    ROOM = "room"
    MODEL = "model"


KEYS = tuple(key.value for key in Key)


@dataclass(frozen=True, slots=True)
class Term:
    """One word. `key` is None where it does not say by what it names hosts."""

    key: Key | None
    value: str
    names: tuple[str, ...]  # the value without case, or the names of its range
    text: str  # as written
    at: int  # where it starts in the selector's text


@dataclass(frozen=True, slots=True)
class Not:
    operand: Expression


@dataclass(frozen=True, slots=True)
class And:
    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or:
    operands: tuple[Expression, ...]


Expression = Term | Not | And | Or


@dataclass(frozen=True, slots=True)
class Selector:
    """One text of `hosts:` with its place."""

    word: Word
    expression: Expression

    @property
    def text(self) -> str:
        return self.word.text

    @property
    def origin(self) -> Origin:
        return self.word.origin


class SelectorProblem(Exception):
    """A text is no selector; the message is for the person who wrote it. `at` is where, in the text."""

    def __init__(self, message: str, suggestion: str, at: int) -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion
        self.at = at


def read_selectors(words: Sequence[Word], findings: list[Finding]) -> tuple[Selector, ...]:
    """The selectors that the texts are; what is wrong with the others goes to `findings`."""
    selectors = []
    if len(words) > limits.SELECTORS:
        message = f"`hosts` has more than {limits.SELECTORS} texts"
        hint = "give its hosts a group or a role of their own"
        findings.append(Finding(words[limits.SELECTORS].origin, "selector", message, hint))
        return ()
    for word in words:
        try:
            selectors.append(Selector(word, parse_selector(word.text)))
        except SelectorProblem as problem:
            findings.append(Finding(word.at(problem.at), "selector", problem.message, problem.suggestion))
    return tuple(selectors)


def parse_selector(text: str) -> Expression:
    """Read one selector. `not` binds closest, then `and`, then `or`.

    Raises:
        SelectorProblem: it is none.
    """
    if len(text) > limits.SELECTOR_CHARACTERS:
        message = (
            f"a selector has at most {limits.SELECTOR_CHARACTERS:,} characters, this one has {len(text):,}"
        )
        raise SelectorProblem(message, "give its hosts a group or a role of their own", 0)
    return _Parser(text, tuple(_tokens(text))).parse()


def terms(expression: Expression) -> Iterator[Term]:
    """Every word of an expression, in written order."""
    match expression:
        case Term():
            yield expression
        case Not(operand):
            yield from terms(operand)
        case And(operands) | Or(operands):
            for each in operands:
                yield from terms(each)


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    at: int

    @property
    def is_operator(self) -> bool:
        return self.text in OPERATORS

    @property
    def is_word(self) -> bool:
        return not self.is_operator and self.text not in "()"


_TOKEN = re.compile(
    r"""(?P<space>\s+)
    | (?P<token> [()] | (?:[^\s()\[\]'",&|!+] | \[[^\[\]]*\] | '[^']*' | "[^"]*")+ )
    | (?P<sign> &&? | \|\|? | [,!+] )
    | (?P<open> .)""",
    re.VERBOSE | re.DOTALL,
)
_SIGNS = {"&&": "and", "&": "and", "||": "or", "|": "or", ",": "or", "+": "or", "!": "not"}
_UNLIKE = re.compile(r"\b(?P<key>\w+) *!=+ *(?P<value>'[^']*'|[^\s()]+)")
_WITHOUT = frozenset({"except", "without", "minus", "but"})


def _tokens(text: str) -> Iterator[_Token]:
    for found in _TOKEN.finditer(text):
        if found["token"]:
            yield _checked(_Token(found["token"], found.start()))
        elif found["sign"]:
            sign = found["sign"]
            if sign == "!" and (unlike := _UNLIKE.search(text)) is not None:
                fix = f"write `not {unlike['key']}={unlike['value']}`"
                raise SelectorProblem("`!=` has no meaning here", fix, found.start())
            raise SelectorProblem(f"`{sign}` has no meaning here", f"write `{_SIGNS[sign]}`", found.start())
        elif found["open"]:
            mark = found["open"]
            raise SelectorProblem(*_never_closed(mark), found.start())


def _never_closed(mark: str) -> tuple[str, str]:
    if mark == "]":
        return "the `]` here closes no `[`", "a range looks like `DHS-L114-[01-30]`"
    return f"the `{mark}` here is never closed", f"add a `{']' if mark == '[' else mark}`"


def _checked(token: _Token) -> _Token:
    if token.text not in OPERATORS and token.text.casefold() in OPERATORS:
        small = token.text.casefold()
        raise SelectorProblem(f"`{token.text}` is written in small letters", f"write `{small}`", token.at)
    return token


@dataclass(slots=True)
class _Parser:
    """Recursive descent over the tokens."""

    text: str
    tokens: tuple[_Token, ...]
    _next: int = 0
    _words: int = 0
    _depth: int = field(default=0)

    def parse(self) -> Expression:
        if not self.tokens:
            raise SelectorProblem("this names no host", f"write `{ALL}` for all hosts", 0)
        expression = self._or()
        token = self._peek()
        if token is not None:
            if token.text == ")":
                raise SelectorProblem("the `)` here closes no `(`", "remove it, or add a `(`", token.at)
            raise self._nothing_between(token)
        return expression

    def _peek(self) -> _Token | None:
        return self.tokens[self._next] if self._next < len(self.tokens) else None

    def _takes(self, text: str) -> bool:
        token = self._peek()
        if token is None or token.text != text:
            return False
        self._next += 1
        return True

    def _or(self) -> Expression:
        operands = [self._and()]
        while self._takes("or"):
            operands.append(self._and())
        return operands[0] if len(operands) == 1 else Or(tuple(operands))

    def _and(self) -> Expression:
        operands = [self._not()]
        while self._takes("and"):
            operands.append(self._not())
        return operands[0] if len(operands) == 1 else And(tuple(operands))

    def _not(self) -> Expression:
        start = self._peek()
        negated, opened = self._takes("not"), False
        if not negated:
            opened = self._takes("(")
        if start is None or not (negated or opened):
            return self._term()
        self._depth += 1
        if self._depth > limits.SELECTOR_DEPTH:
            message = f"a selector is nested at most {limits.SELECTOR_DEPTH} deep"
            raise SelectorProblem(message, "give its hosts a group or a role of their own", start.at)
        inner: Expression = Not(self._not()) if negated else self._in_parentheses(start)
        self._depth -= 1
        return inner

    def _in_parentheses(self, opened: _Token) -> Expression:
        inner = self._or()
        if not self._takes(")"):
            token = self._peek()
            if token is not None:
                raise self._nothing_between(token)
            raise SelectorProblem("the `(` here is never closed", "add a `)`", opened.at)
        return inner

    def _term(self) -> Term:
        token = self._peek()
        if token is None or not token.is_word:
            raise self._missing(token)
        self._next += 1
        self._words += 1
        if self._words > limits.SELECTOR_WORDS:
            message = f"a selector has at most {limits.SELECTOR_WORDS} words"
            raise SelectorProblem(message, "give its hosts a group or a role of their own", token.at)
        return _term(token)

    def _missing(self, token: _Token | None) -> SelectorProblem:
        """A word is missing before `token`, or at the end."""
        before = self.tokens[self._next - 1] if self._next else None
        if before is None or before.text == "(":
            if token is not None and token.is_operator:
                message = f"before `{token.text}` stands nothing that it could join"
                return SelectorProblem(message, "name some hosts before it", token.at)
            at = token.at if before is None and token is not None else before.at if before is not None else 0
            return SelectorProblem("the parentheses are empty", "name some hosts, or remove them", at)
        message = f"after `{before.text}` a word for some hosts is missing"
        return SelectorProblem(message, "name some hosts after it, or remove it", before.at)

    def _nothing_between(self, token: _Token) -> SelectorProblem:
        """Two words side by side."""
        before = self.tokens[self._next - 1]
        message = f"between `{before.text}` and `{token.text}` a word is missing"
        suggestion = "write `and`, `or` or `and not` between them"
        if token.text in _WITHOUT:
            message, suggestion = f"`{token.text}` has no meaning here", "write `and not`"
        elif token.text == "not":
            suggestion = "write `and not`"
        elif "=" in (before.text[-1], token.text[0]):
            message, suggestion = "around `=` no space is allowed", "write it like `room=114`"
        elif before.is_word and "=" in before.text and before.text[-1] not in "'\"":
            key, _, value = before.text.partition("=")
            suggestion += f"; a text with spaces needs quotes: `{key}='{value} {token.text}'`"
        return SelectorProblem(message, suggestion, token.at)


def _term(token: _Token) -> Term:
    name, equals, value = token.text.partition("=")
    if not equals:
        _refuse_colon(token)
        _refuse_quotes(token)
        return Term(None, token.text, _names(token.text, token), token.text, token.at)
    if name not in KEYS:
        hint = did_you_mean(name, KEYS) or f"write one of {one_of(f'{key}=' for key in KEYS)}"
        raise SelectorProblem(f"hosts are not told apart by `{name}`", hint, token.at)
    key = Key(name)
    value = _unquoted(value, token)
    names = _names(value, token) if key is Key.HOST else (value.casefold(),)
    return Term(key, value, names, token.text, token.at)


def _names(text: str, token: _Token) -> tuple[str, ...]:
    if not is_range(text):
        return (text.casefold(),)
    try:
        return tuple(name.casefold() for name in expand(text))
    except ValueError as error:
        raise SelectorProblem(f"`{text}`: {error}", "", token.at) from None


def _unquoted(value: str, token: _Token) -> str:
    if not value:
        hint = "write it like `room=114`, without spaces"
        raise SelectorProblem(f"after `{token.text}` its value is missing", hint, token.at)
    if value.startswith("="):
        raise SelectorProblem("one `=` is enough", f"write `{token.text.replace('==', '=', 1)}`", token.at)
    if value[0] in "'\"" and value.endswith(value[0]) and len(value) > 2 and value.count(value[0]) == 2:
        return value[1:-1]
    if "'" in value or '"' in value:
        raise SelectorProblem(f"the quotes of `{token.text}` do not hold one text", "", token.at)
    return value


def _refuse_colon(token: _Token) -> None:
    """Kubernetes and others write `role:lab`; in YAML's brackets a colon would need quotes."""
    name, colon, value = token.text.partition(":")
    if colon and name in KEYS:
        message = f"between `{name}` and `{value}` belongs `=`, not `:`"
        raise SelectorProblem(message, f"write `{name}={value}`", token.at)


def _refuse_quotes(token: _Token) -> None:
    if "'" in token.text or '"' in token.text:
        bare = token.text.strip("'\"")
        message = "quotes stand around the whole selector, or around a value after `=`"
        raise SelectorProblem(message, f"write `{bare}`" if bare else "", token.at)
