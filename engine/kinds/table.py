"""All kinds by name, and specs as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeVar

from pydantic import JsonValue, TypeAdapter, ValidationError

from engine.kinds.contract import Kind, S
from engine.kinds.directory import DIRECTORY
from engine.kinds.file import FILE
from engine.kinds.printer import PRINTER
from engine.kinds.printer_driver import PRINTER_DRIVER
from engine.kinds.printer_port import PRINTER_PORT
from engine.kinds.registry_value import REGISTRY_VALUE
from engine.kinds.service import SERVICE
from engine.kinds.share import SHARE
from engine.kinds.software import SOFTWARE
from engine.model.resource import Spec
from engine.model.words import quoted

A = TypeVar("A")
R = TypeVar("R")


def _own(kind: Kind[S], spec: Spec) -> S:
    if not isinstance(spec, kind.spec):
        raise TypeError(f"kind {kind.name} was given a {type(spec).__name__}")
    return spec


def _of_spec(kind: Kind[S], function: Callable[[S], R]) -> Callable[[Spec], R]:
    return lambda spec: function(_own(kind, spec))


def _of_spec_and(kind: Kind[S], function: Callable[[S, A], R]) -> Callable[[Spec, A], R]:
    return lambda spec, other: function(_own(kind, spec), other)


def for_any_spec(kind: Kind[S]) -> Kind[Spec]:
    """The kind as one that takes any spec, so that all kinds can stand in one table.

    A spec of another kind is a mistake of the caller: its functions raise `TypeError`.
    """
    return Kind(
        name=kind.name,
        spec=kind.spec,
        removal=kind.removal,
        identity=_of_spec(kind, kind.identity),
        observe=_of_spec(kind, kind.observe),
        parse=_of_spec_and(kind, kind.parse),
        wanted=_of_spec_and(kind, kind.wanted),
        steps=_of_spec_and(kind, kind.steps),
        replaces=_of_spec_and(kind, kind.replaces),
        dependencies=_of_spec(kind, kind.dependencies),
        derived=_of_spec(kind, kind.derived),
        remembered=_of_spec(kind, kind.remembered),
        keeps=_of_spec_and(kind, kind.keeps),
        watches=_of_spec(kind, kind.watches),
        waits=_of_spec_and(kind, kind.waits),
    )


_ALL = (
    for_any_spec(DIRECTORY),
    for_any_spec(FILE),
    for_any_spec(PRINTER),
    for_any_spec(PRINTER_DRIVER),
    for_any_spec(PRINTER_PORT),
    for_any_spec(REGISTRY_VALUE),
    for_any_spec(SERVICE),
    for_any_spec(SHARE),
    for_any_spec(SOFTWARE),
)
KINDS: Mapping[str, Kind[Spec]] = MappingProxyType({kind.name: kind for kind in _ALL})
SPECS: Mapping[str, type[Spec]] = MappingProxyType({kind.name: kind.spec for kind in _ALL})


class SpecError(ValueError):
    """JSON that is no spec: of a kind that this Rollcall does not know, or with fields that do not fit."""


_JSON = TypeAdapter(dict[str, JsonValue])


def spec_to_json(spec: Spec) -> dict[str, JsonValue]:
    """All fields of a spec, also those with default values: another version's defaults change nothing."""
    return _JSON.validate_python(spec.model_dump(mode="json"))


def spec_from_json(kind: str, data: Mapping[str, JsonValue]) -> Spec:
    """The spec that `spec_to_json` wrote.

    Raises:
        SpecError: the kind is unknown, or the data does not fit it; says which fields and why.
    """
    spec = SPECS.get(kind)
    if spec is None:
        raise SpecError(f"there is no kind {quoted(kind)}")
    try:
        return spec.model_validate(data)
    except ValidationError as problem:
        places = "; ".join(
            f"{'.'.join(map(str, error['loc'])) or kind}: {error['msg']}"
            for error in problem.errors(include_url=False)
        )
        raise SpecError(f"not a spec of kind {kind}: {places}") from None
