"""Values for the parameters of profiles: what fits each, and the form that it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.manifest.documents.profile import Parameter
from engine.manifest.nodes import Node, ScalarNode, SequenceNode, text_node, written
from engine.manifest.suggest import did_you_mean, one_of
from engine.manifest.templates import is_template
from engine.model.origin import Finding


def misfits(
    profile: str,
    name: str,
    parameter: Parameter,
    value: Node,
    ignored: Callable[[str], bool] = is_template,
) -> Iterator[Finding]:
    """What is wrong with a value for a parameter.

    Of a template it shows when it is rendered; then nothing is to be `ignored`.
    """
    if isinstance(value, ScalarNode) and ignored(value.text):
        return
    if not _fits(parameter, value):
        message = (
            f"`{name}` of the profile `{profile}` must be {_TYPES[parameter.type]}, not {written(value)}"
        )
        yield Finding(value.origin, "wrong-type", message)
        return
    choices = parameter.choices or ()
    for item in (value.items if isinstance(value, SequenceNode) else (value,)) if choices else ():
        if isinstance(item, ScalarNode) and item.text not in choices and not ignored(item.text):
            message = f"`{name}` of the profile `{profile}` must be {one_of(choices)}, not {written(item)}"
            yield Finding(item.origin, "unknown-choice", message, did_you_mean(item.text, choices))


_TYPES = {
    "text": "a text",
    "number": "a whole number",
    "switch": "`true` or `false`",
    "list": "a list of texts",
    "choice": "a text",
}


def _fits(parameter: Parameter, value: Node) -> bool:
    if parameter.type == "list":
        return isinstance(value, SequenceNode) and all(_is_text(item) for item in value.items)
    if parameter.type == "switch":
        return isinstance(value, ScalarNode) and isinstance(value.value, bool)
    if parameter.type == "number":
        return isinstance(value, ScalarNode) and type(value.value) is int
    return _is_text(value)


def _is_text(value: Node) -> bool:
    """Also a number, which keeps its written form."""
    return isinstance(value, ScalarNode) and value.value is not None and not isinstance(value.value, bool)


def as_declared(parameter: Parameter, value: Node) -> Node:
    """Texts keep their written form: room `08` stays `08`."""
    if isinstance(value, SequenceNode):
        return SequenceNode(tuple(_as_text(item) for item in value.items), value.origin)
    return _as_text(value) if parameter.type in ("text", "choice") else value


def _as_text(value: Node) -> Node:
    if isinstance(value, ScalarNode) and value.value is not None:
        return text_node(value.text, value.origin)
    return value
