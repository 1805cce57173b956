"""Selectors as people write them: the words, how they bind, and what is said of a mistake."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.manifest import limits
from engine.manifest.nodes import Word
from engine.manifest.selectors import (
    And,
    Expression,
    Key,
    Not,
    Or,
    SelectorProblem,
    Term,
    parse_selector,
    read_selectors,
    terms,
)
from engine.model.origin import Finding, Origin


def drawn(expression: Expression) -> str:
    """An expression with all of its parentheses."""
    match expression:
        case Term(key=None):
            return expression.value
        case Term():
            return f"{expression.key}:{expression.value}"
        case Not(operand):
            return f"!{drawn(operand)}"
        case And(operands):
            return f"({' & '.join(map(drawn, operands))})"
        case Or(operands):
            return f"({' | '.join(map(drawn, operands))})"


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("lab", "lab"),
        ("  lab  ", "lab"),
        ("a and b or c and not d", "((a & b) | (c & !d))"),
        ("a or b and c", "(a | (b & c))"),
        ("(a or b) and c", "((a | b) & c)"),
        ("not a and b", "(!a & b)"),
        ("not (a and b)", "!(a & b)"),
        ("not not a", "!!a"),
        ("a and b and c", "(a & b & c)"),
        ("((a))", "a"),
        ("lab and(not x)", "(lab & !x)"),
        ("lab and not DHS-L114-[01-12, 14-30]", "(lab & !DHS-L114-[01-12, 14-30])"),
        ("room=114", "room:114"),
        ("model='OptiPlex 7090' and role=lab", "(model:OptiPlex 7090 & role:lab)"),
        ('model="A (B), C and D"', "model:A (B), C and D"),
        ("host=A-[1-2]", "host:A-[1-2]"),
        ("schools=high", "schools:high"),
        ("host=all", "host:all"),
        ("android or notebook", "(android | notebook)"),
    ],
)
def test_how_words_bind(text: str, meaning: str) -> None:
    assert drawn(parse_selector(text)) == meaning


def test_a_range_gives_its_names_without_case() -> None:
    expression = parse_selector("DHS-[08-10,12]")
    assert isinstance(expression, Term)
    assert expression.names == ("dhs-08", "dhs-09", "dhs-10", "dhs-12")
    assert expression.key is None


@pytest.mark.parametrize(
    ("text", "at", "message", "suggestion"),
    [
        ("", 0, "this names no host", "write `all` for all hosts"),
        ("a && b", 2, "`&&` has no meaning here", "write `and`"),
        ("a | b", 2, "`|` has no meaning here", "write `or`"),
        ("a, b", 1, "`,` has no meaning here", "write `or`"),
        ("a and !b", 6, "`!` has no meaning here", "write `not`"),
        ("a AND b", 2, "`AND` is written in small letters", "write `and`"),
        ("(a or b", 0, "the `(` here is never closed", "add a `)`"),
        ("a or b)", 6, "the `)` here closes no `(`", "remove it, or add a `(`"),
        ("a and ()", 6, "the parentheses are empty", "name some hosts, or remove them"),
        (
            "a and",
            2,
            "after `and` a word for some hosts is missing",
            "name some hosts after it, or remove it",
        ),
        (
            "a or or b",
            2,
            "after `or` a word for some hosts is missing",
            "name some hosts after it, or remove it",
        ),
        ("and b", 0, "before `and` stands nothing that it could join", "name some hosts before it"),
        (
            "a b",
            2,
            "between `a` and `b` a word is missing",
            "write `and`, `or` or `and not` between them",
        ),
        ("a not b", 2, "between `a` and `not` a word is missing", "write `and not`"),
        ("lab except x", 4, "`except` has no meaning here", "write `and not`"),
        (
            "(a b)",
            3,
            "between `a` and `b` a word is missing",
            "write `and`, `or` or `and not` between them",
        ),
        (
            "model=OptiPlex 7090",
            15,
            "between `model=OptiPlex` and `7090` a word is missing",
            "write `and`, `or` or `and not` between them; a text with spaces needs quotes:"
            " `model='OptiPlex 7090'`",
        ),
        ("role:lab", 0, "between `role` and `lab` belongs `=`, not `:`", "write `role=lab`"),
        ("rom=114", 0, "hosts are not told apart by `rom`", "did you mean `room`?"),
        ("colour=red", 0, "hosts are not told apart by `colour`", "write one of"),
        ("room=", 0, "after `room=` its value is missing", "write it like `room=114`, without spaces"),
        ("room= 114", 0, "after `room=` its value is missing", "write it like `room=114`, without spaces"),
        ("room =114", 5, "around `=` no space is allowed", "write it like `room=114`"),
        ("room==114", 0, "one `=` is enough", "write `room=114`"),
        ("'lab' and x", 0, "quotes stand around the whole selector", "write `lab`"),
        ("model='A'B", 0, "the quotes of `model='A'B` do not hold one text", ""),
        ("a and model='B", 12, "the `'` here is never closed", "add a `'`"),
        ("a and A-[1-", 8, "the `[` here is never closed", "add a `]`"),
        ("A-1]", 3, "the `]` here closes no `[`", "a range looks like"),
        ("a and A-[2-1]", 6, "`A-[2-1]`: the range runs from 2 down to 1", ""),
    ],
)
def test_what_is_said_of_a_mistake(text: str, at: int, message: str, suggestion: str) -> None:
    with pytest.raises(SelectorProblem) as caught:
        parse_selector(text)
    problem = caught.value
    assert problem.at == at
    assert problem.message.startswith(message)
    assert problem.suggestion.startswith(suggestion)
    assert bool(problem.suggestion) == bool(suggestion)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a" * (limits.SELECTOR_CHARACTERS + 1), "at most 1,000 characters"),
        (" or ".join("a" * (limits.SELECTOR_WORDS + 1)), "at most 100 words"),
        ("(" * 21 + "a" + ")" * 21, "nested at most 20 deep"),
        ("not " * 21 + "a", "nested at most 20 deep"),
    ],
)
def test_limits(text: str, message: str) -> None:
    with pytest.raises(SelectorProblem, match=message):
        parse_selector(text)


def test_a_mistake_is_told_at_its_character_where_that_can_be_known() -> None:
    findings: list[Finding] = []
    known, unknown = Origin("a.yaml", 3, 10), Origin("a.yaml", 5, 10)
    read_selectors((Word("a and ,", known, 1), Word("a and ,", unknown)), findings)
    assert [finding.origin for finding in findings] == [Origin("a.yaml", 3, 17), unknown]


@given(st.text(alphabet="ab01 ()[]-,=&|!'\"notandr", max_size=40))
def test_any_text_is_a_selector_or_a_mistake_within_it(text: str) -> None:
    try:
        expression = parse_selector(text)
    except SelectorProblem as problem:
        assert 0 <= problem.at <= len(text)  # noqa: PT017 - either outcome is right
        return
    for term in terms(expression):
        assert text[term.at :].startswith(term.text)
        assert term.key is None or isinstance(term.key, Key)
