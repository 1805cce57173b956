"""The table of rules holds what the code uses, and nothing else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from engine.model.rules import RULES, About

TOP = Path(__file__).parents[2]
ENGINE = TOP / "engine"
MISTAKES = TOP / "tests/compiler/mistakes"
RULE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@cache
def _modules() -> dict[Path, ast.Module]:
    rooms = ("app", "cli", "compiler", "manifest", "policy")
    files = (path for room in rooms for path in (ENGINE / room).rglob("*.py"))
    return {path: ast.parse(path.read_text()) for path in files}


def _takes_rule(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Functions and classes of a module that take a `rule`, with its position among their arguments."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            names = [argument.arg for argument in node.args.args if argument.arg != "self"]
        elif isinstance(node, ast.ClassDef):
            fields = (item for item in node.body if isinstance(item, ast.AnnAssign))
            names = [item.target.id for item in fields if isinstance(item.target, ast.Name)]
        else:
            continue
        if "rule" in names:
            yield node.name, names.index("rule")


def _called(node: ast.Call) -> str:
    function = node.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _given(tree: ast.Module, takers: dict[str, int]) -> Iterator[ast.expr]:
    """What stands where a rule is given: in a call, or in the tuples that `mistakes.py` calls `_Found`."""
    found = any(isinstance(node, ast.Name) and node.id == "_Found" for node in ast.walk(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) in takers:
            position = takers[_called(node)]
            yield from (word.value for word in node.keywords if word.arg == "rule")
            if len(node.args) > position:
                yield node.args[position]
        elif found and isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
            yield node.value.elts[1]


def _uses() -> Iterator[tuple[str, ast.expr]]:
    for path, tree in _modules().items():
        takers = {"Finding": 1, **dict(_takes_rule(tree))}
        for found in _given(tree, takers):
            yield f"{path.relative_to(TOP)}:{found.lineno}", found


def _words(found: ast.expr) -> list[str] | None:
    """The rules that an expression can be; None where that cannot be told from the text."""
    match found:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp(body=body, orelse=other):
            return [*(_words(body) or ()), *(_words(other) or ())]
        case ast.Name(id="rule") | ast.Attribute(attr="rule"):
            return []  # handed on: where it was given, it is looked at
        case _:
            return None


def test_every_rule_that_the_code_names_is_in_the_table() -> None:
    uses = [(where, _words(found)) for where, found in _uses()]
    assert [where for where, words in uses if words is None] == []
    named = [(where, word) for where, words in uses for word in words or ()]
    assert len(named) > 80
    assert [(where, word) for where, word in named if word not in RULES] == []


def test_every_rule_of_the_table_is_used() -> None:
    named = {word for _, found in _uses() for word in _words(found) or ()}
    assert set(RULES) - named == set()


def test_every_rule_that_people_are_told_in_the_corpus_is_in_the_table() -> None:
    told = {
        line.rsplit("[", 1)[1].rstrip("]\n")
        for path in MISTAKES.glob("*.txt")
        for line in path.read_text().split("=== findings\n")[1].splitlines()
    }
    assert len(told) > 30
    assert told - set(RULES) == set()


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_rule_says_in_one_line_what_it_means_and_then_what_to_do(name: str) -> None:
    rule = RULES[name]
    assert RULE.fullmatch(name)
    assert re.fullmatch(r"[A-Z`][^\n]{9,99}[^.\n]", rule.meaning)
    assert rule.help.endswith(".")
    assert "\n" not in rule.help
    assert isinstance(rule.about, About)
