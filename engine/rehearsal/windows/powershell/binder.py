"""Parameter binding as Windows PowerShell does it: names, positions, sets, conversion, validation, pipeline.

After "about_Parameters", "about_Parameter_Sets" and the messages of ParameterBinderStrings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from engine.rehearsal.windows.powershell import refusals
from engine.rehearsal.windows.powershell.bound import Bound
from engine.rehearsal.windows.powershell.conversion import CannotConvert, convert, type_of
from engine.rehearsal.windows.powershell.errors import StatementFailed
from engine.rehearsal.windows.powershell.records import ErrorRecord, PsObject, PsValue
from engine.rehearsal.windows.powershell.signature import Parameter, Signature

Argument = tuple[str | None, PsValue]


@dataclass(slots=True)
class Binding:
    """Arguments bound so far, and the parameter sets that are still possible."""

    signature: Signature
    sets: tuple[str, ...]
    values: dict[str, PsValue] = field(default_factory=dict)

    def copy(self) -> Binding:
        return Binding(self.signature, self.sets, dict(self.values))

    def is_bound(self, parameter: Parameter) -> bool:
        return parameter.name in self.values

    def missing(self, parameter_set: str, *, from_pipeline: bool) -> tuple[str, ...]:
        """Mandatory parameters of a set without a value; ones that the pipeline may bring count if asked."""
        return tuple(
            p.name
            for p in self.signature.parameters
            if p.mandatory_in(parameter_set)
            and not self.is_bound(p)
            and not (from_pipeline and (p.by_value or p.by_property))
        )


def bind_arguments(signature: Signature, arguments: Sequence[Argument]) -> Binding:
    """Bind what was given on the command line: names first, then positions.

    Raises:
        StatementFailed: PowerShell would refuse it.
    """
    binding = Binding(signature, signature.sets)
    for name, value in arguments:
        if name is not None:
            _bind_named(binding, name, value)
    for name, value in arguments:
        if name is None:
            _bind_positional(binding, value)
    return binding


def _bind_named(binding: Binding, name: str, value: PsValue) -> None:
    signature = binding.signature
    parameter = _find(signature, name.lstrip("-").rstrip(":"))
    if binding.is_bound(parameter):
        raise refusals.bound_twice(signature, parameter.name)
    if value is None:
        if parameter.type != "Switch":
            raise refusals.missing_argument(signature, parameter)
        value = True
    _assign(binding, parameter, value)


def _find(signature: Signature, name: str) -> Parameter:
    """By its name or alias, or by the start of it where that is unique."""
    exact = signature.parameter(name)
    if exact is not None:
        return exact
    folded = name.casefold()
    matching = [p for p in signature.parameters if any(n.casefold().startswith(folded) for n in p.names)]
    if not folded or not matching:
        raise refusals.unknown_parameter(signature, name)
    if len(matching) > 1:
        raise refusals.ambiguous_parameter(signature, name, [p.name for p in matching])
    return matching[0]


def _bind_positional(binding: Binding, value: PsValue) -> None:
    """To the next free position; the default set's parameter first, and without conversion before with it."""
    default = binding.signature.default_set
    candidates = _next_positional(binding)
    preferred = [p for p in candidates if p.belongs_to(default)]
    refusal: StatementFailed | None = None
    for group, coerce in ((preferred, False), (candidates, False), (preferred, True), (candidates, True)):
        for parameter in group:
            if not coerce and not _fits(value, parameter.type):
                continue
            try:
                _assign(binding, parameter, value)
            except StatementFailed as failure:
                refusal = refusal or failure
            else:
                return
    raise refusal or refusals.no_such_position(binding.signature, value)


def _next_positional(binding: Binding) -> list[Parameter]:
    """The parameters at the lowest position that is still free; several sets may each have one there."""
    free = [
        p
        for p in binding.signature.parameters
        if p.position is not None
        and not binding.is_bound(p)
        and any(p.belongs_to(name) for name in binding.sets)
    ]
    lowest = min((p.position or 0 for p in free), default=0)
    return [p for p in free if p.position == lowest]


def _fits(value: PsValue, kind: str) -> bool:
    """Whether the value is of this type already, or an item of an array of it."""
    try:
        converted = convert(value, kind)
    except CannotConvert:
        return False
    if isinstance(converted, tuple) and not isinstance(value, tuple):
        converted = converted[0]
    return type_of(converted) == type_of(value)


def _assign(binding: Binding, parameter: Parameter, value: PsValue) -> None:
    signature = binding.signature
    if not parameter.emulated:
        raise refusals.not_emulated(signature, parameter.name)
    sets = tuple(name for name in binding.sets if parameter.belongs_to(name))
    if not sets:
        raise refusals.no_parameter_set(signature)
    binding.values[parameter.name] = _accepted(signature, parameter, value)
    binding.sets = sets


def _accepted(signature: Signature, parameter: Parameter, value: PsValue) -> PsValue:
    try:
        converted = convert(value, parameter.type)
    except CannotConvert as error:
        raise refusals.cannot_convert(signature, parameter, value, str(error)) from None
    if parameter.always_mandatory or any(parameter.sets.values()):
        _refuse_nothing(signature, parameter, converted)
    for item in converted if isinstance(converted, tuple) else (converted,):
        for validator in parameter.validators:
            reason = validator.refusal(item)
            if reason:
                raise refusals.invalid_argument(signature, parameter, reason)
    return converted


def _refuse_nothing(signature: Signature, parameter: Parameter, value: PsValue) -> None:
    """A mandatory parameter takes no null, empty string or empty array unless it says so."""
    items = value if isinstance(value, tuple) else (value,)
    if value == () and not parameter.allow_empty_array:
        raise refusals.nothing_given(signature, parameter, "an empty array", "EmptyArray")
    if any(item is None for item in items) and not parameter.allow_null:
        raise refusals.nothing_given(signature, parameter, "null", "Null")
    if any(item == "" for item in items) and not parameter.allow_empty_string:
        raise refusals.nothing_given(signature, parameter, "an empty string", "EmptyString")


def complete(binding: Binding) -> Bound:
    """Settle on one parameter set, with no more input to come.

    Raises:
        StatementFailed: a mandatory parameter is missing, or several sets remain possible.
    """
    chosen = _choose(binding, from_pipeline=False)
    missing = binding.missing(chosen, from_pipeline=False)
    if missing:
        raise refusals.missing_parameters(binding.signature, missing)
    return Bound(dict(binding.values), chosen)


def check_before_input(binding: Binding) -> None:
    """Refuse before the first input what no input could make right.

    Raises:
        StatementFailed: a mandatory parameter is missing that the pipeline does not bring.
    """
    chosen = _choose(binding, from_pipeline=True)
    missing = binding.missing(chosen, from_pipeline=True)
    if missing:
        raise refusals.missing_parameters(binding.signature, missing)


def _choose(binding: Binding, *, from_pipeline: bool) -> str:
    default = binding.signature.default_set
    whole = [name for name in binding.sets if not binding.missing(name, from_pipeline=from_pipeline)]
    if default in whole or (default in binding.sets and not whole):
        return default
    if len(whole) == 1 or (whole and from_pipeline):
        return whole[0]
    if len(binding.sets) == 1 or (from_pipeline and not whole):
        return binding.sets[0]
    raise refusals.no_parameter_set(binding.signature)


def bind_input(binding: Binding, item: PsValue) -> Bound | ErrorRecord:
    """Bind one object from the pipeline on top of the arguments; an error record where it does not fit."""
    attempt = binding.copy()
    bound = [_bind_from(attempt, parameter, value) for parameter, value in _offers(binding, item)]
    if not any(bound):
        return refusals.input_not_bound(binding.signature, item)
    chosen = _choose(attempt, from_pipeline=False) if _is_settled(attempt) else attempt.sets[0]
    missing = attempt.missing(chosen, from_pipeline=False)
    if missing:
        return refusals.input_missing(binding.signature, item, missing)
    return Bound(dict(attempt.values), chosen)


def _is_settled(binding: Binding) -> bool:
    return any(not binding.missing(name, from_pipeline=False) for name in binding.sets)


def _offers(binding: Binding, item: PsValue) -> Iterator[tuple[Parameter, PsValue]]:
    """By value without conversion, by property, by value with conversion: PowerShell's order."""
    free = [p for p in binding.signature.parameters if not binding.is_bound(p)]
    for parameter in free:
        if parameter.by_value and _fits(item, parameter.type):
            yield parameter, item
    if isinstance(item, PsObject):
        for parameter in free:
            found = next((key for key in map(item.find, parameter.names) if key is not None), None)
            if parameter.by_property and found is not None:
                yield parameter, item.properties[found]
    for parameter in free:
        if parameter.by_value and not isinstance(item, PsObject):
            yield parameter, item


def _bind_from(binding: Binding, parameter: Parameter, value: PsValue) -> bool:
    """Bind if it fits and its sets are still possible; input never makes a command line invalid."""
    sets = tuple(name for name in binding.sets if parameter.belongs_to(name))
    if binding.is_bound(parameter) or not sets or value is None or not parameter.emulated:
        return False
    try:
        binding.values[parameter.name] = convert(value, parameter.type)
    except CannotConvert:
        return False
    binding.sets = sets
    return True
