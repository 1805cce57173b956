"""Pydantic's error types in the words of the people who write manifests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.manifest.nodes import Node, ScalarNode
from engine.manifest.scalars import core_value
from engine.model.form import WRITTEN_OUT


@dataclass(frozen=True, slots=True)
class Explanation:
    """Either what was expected of the value (`expected`), or a sentence that follows the field's name."""

    rule: str
    message: str = ""
    expected: str = ""


_TEXT, _NUMBER, _SWITCH = "a text", "a whole number", "`true` or `false`"
_LIST, _GROUP = "a list", "a group of `field: value` lines"

_EXPECTED: dict[str, str] = {
    **dict.fromkeys(("string_type", "string_sub_type", "string_unicode", "is_instance_of"), _TEXT),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float", "int_parsing_size"), _NUMBER),
    **dict.fromkeys(("float_type", "float_parsing", "finite_number"), "a number"),
    **dict.fromkeys(("bool_type", "bool_parsing"), _SWITCH),
    **dict.fromkeys(("list_type", "tuple_type", "set_type", "frozen_set_type", "iterable_type"), _LIST),
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type", "mapping_type"), _GROUP),
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing"), "a date such as 2026-09-01"),
    **dict.fromkeys(("datetime_type", "datetime_parsing"), "a time such as 2026-09-01T07:00:00Z"),
    "none_required": "nothing",
}

_SENTENCES: dict[str, str] = {
    "string_too_short": "needs {min_length} or more characters",
    "string_too_long": "may have at most {max_length} characters",
    "string_pattern_mismatch": "does not have the form that is expected here",
    "too_short": "needs {min_length} or more items",
    "too_long": "may have at most {max_length} items",
    "greater_than_equal": "must be {ge} or more",
    "greater_than": "must be more than {gt}",
    "less_than_equal": "must be {le} or less",
    "less_than": "must be less than {lt}",
    "multiple_of": "must be a multiple of {multiple_of}",
    "union_tag_not_found": "does not say which type it is: `type` is missing",
    "union_tag_invalid": "has a `type` that does not exist; it must be {expected_tags}",
    "recursion_loop": "contains itself",
}


_OF_TEXTS = {"too_short": "string_too_short", "too_long": "string_too_long"}


def explain(kind: str, context: Mapping[str, object], message: str) -> Explanation:
    """What pydantic's error `kind` means. `message` is used for errors that our own validators raised."""
    if kind in _EXPECTED:
        return Explanation("wrong-type", expected=_EXPECTED[kind])
    if kind in _SENTENCES:
        words = {key: str(value).replace("'", "`") for key, value in context.items()}
        if (
            context.get("field_type") == "Value" and kind in _OF_TEXTS
        ):  # a text that something else has checked
            kind = _OF_TEXTS[kind]
        return Explanation("invalid-value", message=_SENTENCES[kind].format_map(words))
    if kind == WRITTEN_OUT:
        return Explanation("secret-in-manifest", message=_own_words(message))
    if kind in ("value_error", "assertion_error"):
        return Explanation("invalid-value", message=_own_words(message))
    return Explanation("invalid-value", message="does not have the form that is expected here")


def _own_words(message: str) -> str:
    """The text of a validator's ValueError without pydantic's prefix; it reads on after the field's name."""
    for prefix in ("Value error, ", "Assertion failed, "):
        message = message.removeprefix(prefix)
    return f"is not valid: {message}"


_SWITCHES = {"yes": "true", "on": "true", "no": "false", "off": "false"}


def another_form(node: Node, expected: list[str]) -> str:
    """How to write the same value so that it is what was expected, where that can be guessed."""
    if not isinstance(node, ScalarNode) or not isinstance(node.value, str):
        return ""
    if _SWITCH in expected and node.text.casefold() in _SWITCHES:
        return f"write `{_SWITCHES[node.text.casefold()]}`"
    if _SWITCH in expected and isinstance(core_value(node.text), bool):
        return "write it without quotes"
    if _NUMBER in expected and type(core_value(node.text)) is int:
        return "write it without quotes"
    return f"write `[{node.text}]`" if _LIST in expected and len(node.text) < 40 else ""
