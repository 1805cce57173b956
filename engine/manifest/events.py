"""The events of libyaml, one by one, for whoever makes something of a YAML text."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from _ruamel_yaml import CParser
from ruamel.yaml.events import Event


def handle_events(text: str, handlers: Mapping[type[Event], Callable[..., None]]) -> None:
    """Hand each event to the handler of its type, in their order; those of other types are left out.

    Raises:
        ruamel.yaml.error.MarkedYAMLError: the text is no YAML; what came before was handed out.
    """
    next_event = CParser(text).get_event
    while (event := next_event()) is not None:
        handler = handlers.get(type(event))
        if handler is not None:
            handler(event)
