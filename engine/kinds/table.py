"""All kinds by name, and specs as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pydantic import JsonValue, TypeAdapter, ValidationError

from engine.kinds.directory import DirectorySpec
from engine.kinds.file import FileSpec
from engine.kinds.printer import PrinterSpec
from engine.kinds.printer_driver import PrinterDriverSpec
from engine.kinds.printer_port import PrinterPortSpec
from engine.kinds.registry_value import RegistryValueSpec
from engine.kinds.service import ServiceSpec
from engine.kinds.share import ShareSpec
from engine.kinds.software import SoftwareSpec
from engine.model.resource import Spec

SPECS: Mapping[str, type[Spec]] = MappingProxyType(
    {
        "directory": DirectorySpec,
        "file": FileSpec,
        "printer": PrinterSpec,
        "printer_driver": PrinterDriverSpec,
        "printer_port": PrinterPortSpec,
        "registry_value": RegistryValueSpec,
        "service": ServiceSpec,
        "share": ShareSpec,
        "software": SoftwareSpec,
    }
)


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
        raise SpecError(f"there is no kind {kind!r}")
    try:
        return spec.model_validate(data)
    except ValidationError as problem:
        places = "; ".join(
            f"{'.'.join(map(str, error['loc'])) or kind}: {error['msg']}"
            for error in problem.errors(include_url=False)
        )
        raise SpecError(f"not a spec of kind {kind}: {places}") from None
