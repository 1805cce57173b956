"""Select-, Where-, Sort- and Measure-Object, Out-Null and Out-String over what comes down the pipeline."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from engine.rehearsal.windows.powershell.command import Call, Command
from engine.rehearsal.windows.powershell.conversion import CannotConvert, convert, text_of, type_of
from engine.rehearsal.windows.powershell.records import (
    ErrorCategory,
    Output,
    PsEnum,
    PsObject,
    PsValue,
    Record,
)
from engine.rehearsal.windows.powershell.signature import Signature, signature
from engine.rehearsal.windows.powershell.wildcard import has_wildcard, matches

_SELECT = signature(
    "Select-Object default=DefaultParameter class=Microsoft.PowerShell.Commands.SelectObjectCommand",
    """
    InputObject PSObject value
    Property Object[] @0 DefaultParameter SkipLastParameter
    ExcludeProperty String[] DefaultParameter SkipLastParameter
    ExpandProperty String DefaultParameter SkipLastParameter
    Unique Switch ~
    Last Int32 DefaultParameter
    First Int32 DefaultParameter
    Skip Int32 DefaultParameter
    SkipLast Int32 SkipLastParameter
    Wait Switch DefaultParameter IndexParameter ~
    Index Int32[] IndexParameter
    """,
)
_SORT = signature(
    "Sort-Object default=Default class=Microsoft.PowerShell.Commands.SortObjectCommand",
    """
    InputObject PSObject value
    Property Object[] @0
    Descending Switch
    Unique Switch
    Culture String ~
    CaseSensitive Switch ~
    """,
)
_MEASURE = signature(
    "Measure-Object default=GenericMeasure class=Microsoft.PowerShell.Commands.MeasureObjectCommand",
    """
    InputObject PSObject value
    Property String[] @0
    Sum Switch GenericMeasure
    Average Switch GenericMeasure
    Maximum Switch GenericMeasure
    Minimum Switch GenericMeasure
    Line Switch TextMeasure ~
    Word Switch TextMeasure ~
    Character Switch TextMeasure ~
    IgnoreWhiteSpace Switch TextMeasure ~
    """,
)
_NULL = signature("Out-Null class=Microsoft.PowerShell.Commands.OutNullCommand", "InputObject PSObject value")

# Where-Object's operators: name and alias; the ones that take a type are not emulated.
_OPERATORS = (
    ("EQ", "Equal"),
    ("NE", "NotEqual"),
    ("GT", "GreaterThan"),
    ("LT", "LessThan"),
    ("GE", "GreaterOrEqual"),
    ("LE", "LessOrEqual"),
    ("Like", "Like"),
    ("NotLike", "NotLike"),
    ("Match", "Match"),
    ("NotMatch", "NotMatch"),
    ("Contains", "Contains"),
    ("NotContains", "NotContains"),
    ("In", "In"),
    ("NotIn", "NotIn"),
)


def _where_signature() -> Signature:
    """One parameter set per operator, and one more for its case-sensitive form."""
    lines, sets = ["FilterScript ScriptBlock @0 ScriptBlockSet! ~", "InputObject PSObject value"], []
    for name, word in _OPERATORS:
        mark = "" if name == "EQ" else "!"
        lines.append(f"{name} Switch {word}Set{mark} =I{name}")
        plain = f"CaseSensitive{word}Set"
        lines.append(f"C{name} Switch {plain}! ~")
        sets += [f"{word}Set", plain]
    lines += ["Is Switch IsSet! ~", "IsNot Switch IsNotSet! ~"]
    sets += ["IsSet", "IsNotSet"]
    lines.append("Property String @0 " + " ".join(f"{each}!" for each in sets))
    lines.append("Value PSObject @1 " + " ".join(sets))
    header = "Where-Object default=EqualSet class=Microsoft.PowerShell.Commands.WhereObjectCommand"
    return signature(header, "\n".join(lines) + "\n")


_WHERE = _where_signature()


def _property(item: PsValue, name: str) -> PsValue:
    return item.prop(name) if isinstance(item, PsObject) else None


def _names(values: Sequence[PsValue]) -> tuple[str, ...]:
    return tuple(text_of(value) for value in values)


def _select(call: Call, inputs: Sequence[PsValue]) -> Iterator[Record]:
    bound = call.bound
    kept = list(inputs)[bound.number("Skip") or 0 :]
    first, last, skip_last = bound.number("First"), bound.number("Last"), bound.number("SkipLast")
    if first is not None or last is not None:
        head = kept[: first or 0]
        kept = head + kept[len(head) :][max(0, len(kept) - len(head) - (last or 0)) :]
    if skip_last:
        kept = kept[:-skip_last]
    if bound.given("Index"):
        wanted = {index for index in bound.items("Index") if isinstance(index, int)}
        kept = [item for at, item in enumerate(inputs) if at in wanted]
    for item in kept:
        if bound.given("ExpandProperty"):
            yield from _expand(call, item, bound.text("ExpandProperty") or "")
        elif bound.given("Property") or bound.given("ExcludeProperty"):
            yield Output(_chosen(call, item))
        else:
            yield Output(item)


def _expand(call: Call, item: PsValue, name: str) -> Iterator[Record]:
    if not isinstance(item, PsObject) or item.find(name) is None:
        yield call.error(
            f'Property "{name}" cannot be found.',
            "ExpandPropertyNotFound",
            ErrorCategory.InvalidArgument,
            text_of(item),
            exception="System.Management.Automation.PSArgumentException",
            target_type=type_of(item).rpartition(".")[2],
        )
        return
    value = item.prop(name)
    for each in value if isinstance(value, tuple) else (value,):
        yield Output(each)


def _chosen(call: Call, item: PsValue) -> PsObject:
    """A new object with the chosen properties; one that the input does not have is null."""
    patterns = _names(call.bound.items("Property")) or ("*",)
    excluded = call.bound.texts("ExcludeProperty")
    source: Mapping[str, PsValue] = item.properties if isinstance(item, PsObject) else {}
    chosen: dict[str, PsValue] = {}
    for pattern in patterns:
        if has_wildcard(pattern):
            chosen |= {name: value for name, value in source.items() if matches(pattern, name)}
        else:
            found = next((name for name in source if name.casefold() == pattern.casefold()), pattern)
            chosen[found] = source.get(found)
    kept = {n: v for n, v in chosen.items() if not any(matches(pattern, n) for pattern in excluded)}
    kind = type_of(item)
    return PsObject(
        (f"Selected.{kind}", "System.Management.Automation.PSCustomObject", "System.Object"), kept
    )


def _order(value: PsValue) -> tuple[int, float, str]:
    """Null before numbers before texts; texts without case."""
    if value is None:
        return (0, 0, "")
    if isinstance(value, PsEnum):
        return (1, value.value, "")
    if isinstance(value, int | float):
        return (1, value, "")
    return (2, 0, text_of(value).casefold())


def _sort(call: Call, inputs: Sequence[PsValue]) -> Iterator[Record]:
    names = _names(call.bound.items("Property"))

    def key(item: PsValue) -> tuple[tuple[int, float, str], ...]:
        return tuple(_order(_property(item, name)) for name in names) if names else (_order(item),)

    seen: set[tuple[tuple[int, float, str], ...]] = set()
    for item in sorted(inputs, key=key, reverse=call.bound.switch("Descending")):
        if not call.bound.switch("Unique") or key(item) not in seen:
            seen.add(key(item))
            yield Output(item)


def _measure(call: Call, inputs: Sequence[PsValue]) -> Iterator[Record]:
    for name in call.bound.texts("Property") or ("",):
        values = [_property(item, name) for item in inputs] if name else list(inputs)
        numbers = [float(value) for value in values if isinstance(value, int | float)]
        kept = [value for value in values if value is not None]
        wanted = {
            "Average": sum(numbers) / len(numbers) if numbers else None,
            "Sum": sum(numbers) if numbers else None,
            "Maximum": max(numbers, default=None),
            "Minimum": min(numbers, default=None),
        }
        properties: dict[str, PsValue] = {"Count": len(kept)}
        properties |= {each: value if call.bound.switch(each) else None for each, value in wanted.items()}
        properties["Property"] = name or None
        names = (
            "Microsoft.PowerShell.Commands.GenericMeasureInfo",
            "Microsoft.PowerShell.Commands.MeasureInfo",
            "System.Object",
        )
        yield Output(PsObject(names, properties, names[0]))


def _compared(left: PsValue, right: PsValue) -> int | None:
    """Below, equal or above zero, with the right side as the left one's type; None if it cannot be that."""
    if isinstance(left, PsEnum):
        left = left.value if isinstance(right, int) else left.text
    if isinstance(left, int | float) and not isinstance(right, int | float):
        try:
            right = convert(right, "Int64") if not isinstance(left, float) else float(text_of(right))
        except (CannotConvert, ValueError):
            return None
    if isinstance(left, int | float) and isinstance(right, int | float):
        return (left > right) - (left < right)
    mine, theirs = text_of(left).casefold(), text_of(right).casefold()
    return (mine > theirs) - (mine < theirs)


def _equal(left: PsValue, right: PsValue) -> bool:
    if left is None or right is None:
        return left is right
    if isinstance(left, bool):
        return left is bool(right)
    return _compared(left, right) == 0


def _among(value: PsValue, items: PsValue) -> bool:
    return any(_equal(item, value) for item in (items if isinstance(items, tuple) else (items,)))


def _by_order(accepts: Callable[[int], bool]) -> Callable[[PsValue, PsValue], bool]:
    def test(left: PsValue, right: PsValue) -> bool:
        order = _compared(left, right)
        return left is not None and order is not None and accepts(order)

    return test


_TESTS: Mapping[str, Callable[[PsValue, PsValue], bool]] = MappingProxyType(
    {
        "EQ": _equal,
        "NE": lambda left, right: not _equal(left, right),
        "GT": _by_order(lambda order: order > 0),
        "LT": _by_order(lambda order: order < 0),
        "GE": _by_order(lambda order: order >= 0),
        "LE": _by_order(lambda order: order <= 0),
        "Like": lambda left, right: matches(text_of(right), text_of(left)),
        "NotLike": lambda left, right: not matches(text_of(right), text_of(left)),
        "Match": lambda left, right: bool(re.search(text_of(right), text_of(left), re.IGNORECASE)),
        "NotMatch": lambda left, right: not re.search(text_of(right), text_of(left), re.IGNORECASE),
        "Contains": lambda left, right: _among(right, left),
        "NotContains": lambda left, right: not _among(right, left),
        "In": _among,
        "NotIn": lambda left, right: not _among(left, right),
    }
)


def _where(call: Call, inputs: Sequence[PsValue]) -> Iterator[Record]:
    """Without an operator: what has the property, and not as null, false, zero or empty."""
    name, wanted = call.bound.text("Property") or "", call.bound.value("Value")
    chosen = next((operator for operator, _ in _OPERATORS if call.bound.switch(operator)), None)
    for item in inputs:
        found = _property(item, name)
        if _TESTS[chosen](found, wanted) if chosen is not None else bool(found):
            yield Output(item)


def _null(_call: Call, _inputs: Sequence[PsValue]) -> Iterator[Record]:
    yield from ()


COMMANDS = (
    Command(_SELECT, collect=_select),
    Command(_SORT, collect=_sort),
    Command(_MEASURE, collect=_measure),
    Command(_WHERE, collect=_where),
    Command(_NULL, collect=_null),
)
