"""Services: what is to be there says how it starts or whether it runs."""

from __future__ import annotations

from engine.compiler.lowering.kinds import Entry, Lowered, Lowering, Sources, check_spec
from engine.kinds.service import ServiceSpec
from engine.model.origin import Finding


def lower_service(entry: Entry, sources: Sources, /) -> Lowering:
    """The service's spec. A declaration that asks for nothing would manage nothing."""
    del sources
    spec, findings = check_spec(ServiceSpec, entry)
    if spec is None:
        return None, findings
    if entry.present and spec.start is None and spec.state is None:
        message = f"{entry.what} says neither how it starts nor whether it runs"
        hint = "add `start:`, `state:`, or both"
        return None, (Finding(entry.body.origin, "missing-field", message, hint),)
    return Lowered(spec), findings
