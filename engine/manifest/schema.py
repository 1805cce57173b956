"""A tree against a pydantic model, with every error in plain words at its place.

Models are filled in strict mode: a text is never taken for a number, nor `yes` for true. There is one
leniency: a number where a text belongs keeps its written form, so that `room: 08` is `08` and
`version: 6.10` is `6.10`. Where both may stand, it is a number only if it is written as one: `8`, not `08`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from engine.manifest.confidential import names_a_secret
from engine.manifest.fields import allowed_fields
from engine.manifest.nodes import (
    MappingNode,
    Node,
    Path,
    ScalarNode,
    SequenceNode,
    is_written_otherwise,
    plain,
    scalars,
    written,
)
from engine.manifest.suggest import did_you_mean, one_of
from engine.manifest.words import another_form, explain
from engine.model.origin import Finding, Origin

M = TypeVar("M", bound=BaseModel)

_WANTS_TEXT = frozenset({"string_type", "string_sub_type", "literal_error", "enum"})


def check(model: type[M], node: Node, what: str) -> tuple[M | None, tuple[Finding, ...]]:
    """Build `model` from `node`. `what` names the thing in messages: `a share`, `the district`.

    Returns the model, or None and at least one finding, sorted by place.
    """
    try:
        return model.model_validate(plain(node), strict=True), ()
    except ValidationError as error:
        errors = error.errors(include_url=False)
    as_text = frozenset(_numbers_meant_as_text(node, errors))
    as_number = frozenset(_written_otherwise(node, errors)) - as_text
    if as_text or as_number:
        try:
            return model.model_validate(plain(node, as_text, as_number), strict=True), ()
        except ValidationError as error:
            errors = error.errors(include_url=False)
    return None, _findings(model, node, what, errors)


def check_written(
    model: type[BaseModel], node: Node, what: str, *, ignored: Callable[[str], bool]
) -> tuple[Finding, ...]:
    """What is wrong with the fields that are written, each by itself, sorted by place.

    What is missing, and what depends on several fields, is left to `check`: another document may say more.
    Texts that are `ignored` may stand for anything.
    """
    try:
        model.model_validate(plain(node), strict=True)
    except ValidationError as error:
        errors = error.errors(include_url=False)
    else:
        return ()
    as_text = frozenset((*_numbers_meant_as_text(node, errors), *_written_otherwise(node, errors)))
    kept = [error for error in errors if _is_of_one_field(node, error, as_text, ignored)]
    return _findings(model, node, what, kept)


def _is_of_one_field(
    node: Node, error: ErrorDetails, as_text: frozenset[Path], ignored: Callable[[str], bool]
) -> bool:
    path, at = locate(node, error["loc"])
    if error["type"] == "missing" or path in as_text:
        return False
    of_several = error["type"] in ("value_error", "assertion_error") and not isinstance(at, ScalarNode)
    return not of_several and not any(ignored(scalar.text) for scalar in scalars(at))


def _written_otherwise(node: Node, errors: list[ErrorDetails]) -> list[Path]:
    """Numbers such as `0x1F` that were refused as texts."""
    located = (locate(node, error["loc"]) for error in errors)
    return [path for path, at in located if isinstance(at, ScalarNode) and is_written_otherwise(at)]


def _numbers_meant_as_text(node: Node, errors: list[ErrorDetails]) -> list[Path]:
    paths = []
    for error in errors:
        path, at = locate(node, error["loc"])
        is_number = isinstance(at, ScalarNode) and type(at.value) in (int, float)
        if error["type"] in _WANTS_TEXT and is_number:
            paths.append(path)
    return paths


def locate(node: Node, loc: tuple[int | str, ...]) -> tuple[Path, Node]:
    """Follow an error's location as far as the tree goes; names of union members are passed over."""
    path: list[str | int] = []
    for step in loc:
        if isinstance(node, MappingNode) and isinstance(step, str):
            entry = node.entries.get(step)
            if entry is not None:
                path.append(step)
                node = entry.value
        elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.items):
            path.append(step)
            node = node.items[step]
    return tuple(path), node


def place_of(node: Node, path: Path) -> Origin:
    """Where a path's last key is written; a list item's own place."""
    origin = node.origin
    for step in path:
        if isinstance(node, MappingNode) and isinstance(step, str):
            origin, node = node.entries[step].origin, node.entries[step].value
        elif isinstance(node, SequenceNode) and isinstance(step, int):
            node = node.items[step]
            origin = node.origin
    return origin


def _findings(
    model: type[BaseModel], node: Node, what: str, errors: list[ErrorDetails]
) -> tuple[Finding, ...]:
    found: dict[tuple[Path, str], Finding] = {}
    wanted: dict[Path, list[str]] = {}  # what the members of a union say they would have taken
    for error in _causes(errors):
        path, at = locate(node, error["loc"])
        finding, expected = _finding(model, node, what, error, path, at)
        if finding is not None:
            found.setdefault((path, finding.rule + finding.message), finding)
        elif expected not in wanted.setdefault(path, []):
            wanted[path].append(expected)
    told = [path for path, _ in found]
    for path, words in wanted.items():
        if path in told or any(_is_below(other, path) for other in (*told, *wanted)):
            continue  # one member of the union takes its form: what that one says is what is wrong
        at = _at(node, path)
        message = f"{_field(path, what)} must be {' or '.join(words)}, not {written(at)}"
        fields = allowed_fields(model, path) if path and isinstance(path[-1], int) else ()
        may_be_secret = any(isinstance(step, str) and names_a_secret(step) for step in path)
        hint = "" if may_be_secret else another_form(at, words, fields)
        found[path, "wrong-type"] = Finding(_value_place(node, path), "wrong-type", message, hint)
    return tuple(sorted(found.values()))


def _is_below(path: Path, above: Path) -> bool:
    return len(path) > len(above) and path[: len(above)] == above


def _causes(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """Without the complaint that a list is too short when it is so only because its items are wrong."""
    places = [error["loc"] for error in errors]
    return [
        error
        for error in errors
        if error["type"] != "too_short"
        or not any(
            len(loc) > len(error["loc"]) and loc[: len(error["loc"])] == error["loc"] for loc in places
        )
    ]


def _finding(
    model: type[BaseModel], node: Node, what: str, error: ErrorDetails, path: Path, at: Node
) -> tuple[Finding | None, str]:
    kind, last = error["type"], error["loc"][-1] if error["loc"] else ""
    if kind == "missing":
        message = f"{_field(path, what)} needs `{last}`"
        return Finding(_value_place(node, path), "missing-field", message), ""
    if kind == "extra_forbidden":
        known = allowed_fields(model, error["loc"][:-1])
        message = f"{_field(path[:-1], what)} has no field `{last}`"
        hint = (
            _one_level_out(model, error["loc"], known)
            or did_you_mean(str(last), known)
            or (f"it has {one_of(known)}" if known else "")
        )
        return Finding(place_of(node, path), "unknown-field", message, hint), ""
    if kind in ("literal_error", "enum"):
        return _not_a_choice(node, what, error, path, at), ""
    explanation = explain(kind, error.get("ctx", {}), error["msg"])
    if explanation.expected:
        return None, explanation.expected
    message = f"{_field(path, what)} {explanation.message}"
    return Finding(_value_place(node, path), explanation.rule, message), ""


def _one_level_out(model: type[BaseModel], loc: tuple[int | str, ...], known: Sequence[str]) -> str:
    """The fix for a field that belongs into a group of fields beside it, and is indented too little."""
    *above, last = loc
    groups = [name for name in known if last in allowed_fields(model, (*above, name))]
    if len(groups) != 1:
        return ""
    return f"`{last}` is a field of `{groups[0]}`: indent it below that"


def _not_a_choice(node: Node, what: str, error: ErrorDetails, path: Path, at: Node) -> Finding:
    choices = _choices(error.get("ctx", {}))
    message = f"{_field(path, what)} must be {one_of(choices)}, not {written(at)}"
    hint = did_you_mean(at.text, choices) if isinstance(at, ScalarNode) else ""
    return Finding(_value_place(node, path), "unknown-choice", message, hint)


def _choices(context: Mapping[str, object]) -> tuple[str, ...]:
    """Pydantic lists the choices as prose: `'a', 'b' or 'c'`."""
    text = str(context.get("expected", ""))
    return tuple(part.strip().strip("'") for part in text.replace(" or ", ", ").split(", "))


def _at(node: Node, path: Path) -> Node:
    return locate(node, path)[1]


def _value_place(node: Node, path: Path) -> Origin:
    return _at(node, path).origin


def _field(path: Path, what: str) -> str:
    names = [step for step in path if isinstance(step, str)]
    if not names:
        return what
    if path and isinstance(path[-1], int):
        return f"item {path[-1] + 1} of `{names[-1]}`"
    return f"`{names[-1]}`"
