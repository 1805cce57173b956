"""What parameter binding says when it refuses: ids and words of Windows PowerShell 5.1."""

from __future__ import annotations

from collections.abc import Sequence

from engine.rehearsal.windows.powershell import errors
from engine.rehearsal.windows.powershell.conversion import full_name, text_of, type_of
from engine.rehearsal.windows.powershell.errors import StatementFailed
from engine.rehearsal.windows.powershell.records import ErrorCategory, ErrorRecord, PsValue
from engine.rehearsal.windows.powershell.signature import Parameter, Signature


def _record(
    signature: Signature,
    error_id: str,
    message: str,
    reason: str = "ParameterBindingException",
    category: ErrorCategory = ErrorCategory.InvalidArgument,
) -> ErrorRecord:
    return ErrorRecord(
        exception_type=f"System.Management.Automation.{reason}",
        message=message,
        error_id=f"{error_id},{signature.implementation}",
        category=category,
        reason=reason,
        activity=signature.name,
        terminating=True,
    )


def unknown_parameter(signature: Signature, name: str) -> StatementFailed:
    message = f"A parameter cannot be found that matches parameter name '{name}'."
    return StatementFailed(_record(signature, "NamedParameterNotFound", message))


def ambiguous_parameter(signature: Signature, name: str, matching: Sequence[str]) -> StatementFailed:
    possible = "".join(f" -{match}" for match in matching)
    message = (
        f"Parameter cannot be processed because the parameter name '{name}' is ambiguous. Possible matches "
        f"include:{possible}."
    )
    return StatementFailed(_record(signature, "AmbiguousParameter", message))


def bound_twice(signature: Signature, name: str) -> StatementFailed:
    message = (
        f"Cannot bind parameter because parameter '{name}' is specified more than once. To provide multiple "
        "values to parameters that can accept multiple values, use the array syntax. For example, "
        '"-parameter value1,value2,value3".'
    )
    return StatementFailed(_record(signature, "ParameterAlreadyBound", message))


def missing_argument(signature: Signature, parameter: Parameter) -> StatementFailed:
    message = (
        f"Missing an argument for parameter '{parameter.name}'. Specify a parameter of type "
        f"'{full_name(parameter.type)}' and try again."
    )
    return StatementFailed(_record(signature, "MissingArgument", message))


def no_such_position(signature: Signature, value: PsValue) -> StatementFailed:
    message = f"A positional parameter cannot be found that accepts argument '{text_of(value)}'."
    return StatementFailed(_record(signature, "PositionalParameterNotFound", message))


def no_parameter_set(signature: Signature) -> StatementFailed:
    message = "Parameter set cannot be resolved using the specified named parameters."
    return StatementFailed(_record(signature, "AmbiguousParameterSet", message))


def missing_parameters(signature: Signature, names: Sequence[str]) -> StatementFailed:
    listed = " ".join(names)
    message = f"Cannot process command because of one or more missing mandatory parameters: {listed}."
    return StatementFailed(_record(signature, "MissingMandatoryParameter", message))


def cannot_convert(
    signature: Signature, parameter: Parameter, value: PsValue, reason: str
) -> StatementFailed:
    """A compiled cmdlet and a function refuse in different words."""
    name = parameter.name
    if signature.is_function:
        return StatementFailed(
            _record(
                signature,
                "ParameterArgumentTransformationError",
                f"Cannot process argument transformation on parameter '{name}'. {reason}",
                "ParameterBindingArgumentTransformationException",
                ErrorCategory.InvalidData,
            )
        )
    if parameter.type in ("Boolean", "Switch", "String"):
        message = (
            f"Cannot convert '{type_of(value)}' to the type '{full_name(parameter.type)}' required by "
            f"parameter '{name}'. Specified method is not supported."
        )
        return StatementFailed(_record(signature, "CannotConvertArgument", message))
    message = f"Cannot bind parameter '{name}'. {reason}"
    return StatementFailed(_record(signature, "CannotConvertArgumentNoMessage", message))


def invalid_argument(signature: Signature, parameter: Parameter, reason: str) -> StatementFailed:
    return StatementFailed(
        _record(
            signature,
            "ParameterArgumentValidationError",
            f"Cannot validate argument on parameter '{parameter.name}'. {reason}",
            "ParameterBindingValidationException",
            ErrorCategory.InvalidData,
        )
    )


def nothing_given(signature: Signature, parameter: Parameter, what: str, short: str) -> StatementFailed:
    return StatementFailed(
        _record(
            signature,
            f"ParameterArgumentValidationError{short}NotAllowed",
            f"Cannot bind argument to parameter '{parameter.name}' because it is {what}.",
            "ParameterBindingValidationException",
            ErrorCategory.InvalidData,
        )
    )


def not_emulated(signature: Signature, name: str) -> StatementFailed:
    return StatementFailed(errors.not_emulated(signature.name, f"-{name} of {signature.name}"))


def input_not_bound(signature: Signature, item: PsValue) -> ErrorRecord:
    message = (
        "The input object cannot be bound to any parameters for the command either because the command does "
        "not take pipeline input or the input and its properties do not match any of the parameters that "
        "take pipeline input."
    )
    return _for_input(signature, "InputObjectNotBound", message, item)


def input_missing(signature: Signature, item: PsValue, names: Sequence[str]) -> ErrorRecord:
    message = (
        "The input object cannot be bound because it did not contain the information required to bind all "
        f"mandatory parameters:  {' '.join(names)}"
    )
    return _for_input(signature, "InputObjectMissingMandatory", message, item)


def _for_input(signature: Signature, error_id: str, message: str, item: PsValue) -> ErrorRecord:
    return ErrorRecord(
        exception_type="System.Management.Automation.ParameterBindingException",
        message=message,
        error_id=f"{error_id},{signature.implementation}",
        category=ErrorCategory.InvalidArgument,
        target_name=text_of(item),
        target_type=type_of(item).rpartition(".")[2],
        reason="ParameterBindingException",
        activity=signature.name,
    )
