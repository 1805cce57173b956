"""ConvertTo-RollcallTable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.rehearsal.windows.powershell.command import Call
from engine.rehearsal.windows.powershell.conversion import text_of
from engine.rehearsal.windows.powershell.error_objects import ERROR_RECORD
from engine.rehearsal.windows.powershell.records import Output, PsEnum, PsObject, PsValue, Record


def convert_to_table(call: Call, inputs: Sequence[PsValue]) -> Iterator[Record]:
    """Everything that came down the pipeline as one list of rows."""
    names = call.bound.texts("Property")
    yield Output(tuple(_row(item, names) for item in inputs if item is not None))


def _row(item: PsValue, names: tuple[str, ...]) -> PsValue:
    if isinstance(item, PsObject) and ERROR_RECORD in item.type_names:
        return _error_row(item)
    found = (item.prop(name) if isinstance(item, PsObject) else None for name in names)
    return ("object", *(_cell(value) for value in found))


def _error_row(item: PsObject) -> PsValue:
    exception, category = item.prop("Exception"), item.prop("CategoryInfo")
    message = exception.prop("Message") if isinstance(exception, PsObject) else ""
    parts = ("Category", "TargetName", "Activity")
    name, target, activity = (category.prop(p) if isinstance(category, PsObject) else "" for p in parts)
    cells = (item.prop("FullyQualifiedErrorId"), name, message, target, activity)
    return ("error", *(text_of(cell) for cell in cells))


def _cell(value: PsValue) -> PsValue:
    if isinstance(value, tuple):
        return tuple(text_of(item) for item in value)
    return text_of(value) if isinstance(value, PsEnum | PsObject | bytes) else value
