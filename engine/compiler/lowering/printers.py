"""Printers: a model of the catalog and an address become a queue, its port and its driver."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from engine.compiler.lowering.kinds import Brought, Entry, Lowered, Lowering, Sources, check_spec
from engine.compiler.lowering.places import Places, places_of
from engine.compiler.media import MediaProblem
from engine.kinds.contract import Essential
from engine.kinds.printer import PrinterSpec
from engine.kinds.printer_driver import PrinterDriverSpec
from engine.kinds.printer_port import PrinterPortSpec
from engine.manifest.documents.base import Document, Text
from engine.manifest.documents.catalog import DriverFiles, PrinterDocument
from engine.manifest.folder import Written
from engine.manifest.nodes import MappingNode, Node, text_node
from engine.manifest.schema import check
from engine.manifest.suggest import did_you_mean
from engine.model.origin import Finding
from engine.model.printing import Duplex, Paper


class PrinterEntry(Document):
    """A printer that a server offers."""

    name: Annotated[Text, Field(examples=["L114-Laser"])]
    """The queue's name, as people see it."""
    model: Annotated[Text | None, Essential(), Field(examples=["hp-m611"])] = None
    """The printer model's name in the catalog."""
    address: Annotated[Text | None, Essential(), Field(examples=["10.114.0.21"])] = None
    """The printer's IP address or DNS name."""
    number: Annotated[int | None, Field(ge=1, le=65535, examples=[9100])] = None
    """The printer's TCP port; by default 9100."""
    snmp: Annotated[bool | None, Field(examples=[True])] = None
    """Ask the printer for its status over SNMP."""
    shared: Annotated[bool | None, Field(examples=[True])] = None
    """Offer it to other computers."""
    share_name: Annotated[Text | None, Field(examples=["L114-Laser"])] = None
    """The name under which it is shared; by default its own."""
    location: Annotated[Text | None, Field(examples=["Room 114"])] = None
    """Where it stands."""
    comment: Annotated[Text | None, Field(examples=["Duplex, no colour"])] = None
    """Anything people should know."""
    duplex: Annotated[Duplex | None, Field(examples=["long_edge"])] = None
    """`one_sided`; or both sides, turned like a book (`long_edge`) or like a pad (`short_edge`). Left out, it
    is what the model's `options` in the catalog say."""
    colour: bool | None = None
    """Print in colour where a program does not ask for anything else; left out, as with `duplex`."""
    paper: Annotated[Paper | None, Field(examples=["Letter", "A4"])] = None
    """The paper, as Windows names it; left out, as with `duplex`."""


_PORT_FIELDS = ("number", "snmp")
_OWN_FIELDS = ("model", "address", *_PORT_FIELDS)


def lower_printer(entry: Entry, sources: Sources, /) -> Lowering:
    """The queue's spec; the port `IP_<address>` and the model's driver come along."""
    printer, findings = check_spec(PrinterEntry, entry)
    if printer is None:
        return None, findings
    if not entry.present or printer.model is None or printer.address is None:
        queue, findings = check(PrinterSpec, entry.body.only(("name",)), entry.what)
        return (None if queue is None else Lowered(queue)), findings
    model = sources.printers.get(printer.model)
    if model is None:
        if f"catalog/printers/{printer.model}.yaml" in sources.broken:
            return None, ()
        origin = entry.body.place("model")
        message = f"the catalog has no printer model `{printer.model}`"
        hint = did_you_mean(printer.model, sources.printers)
        return None, (Finding(origin, "unknown-printer", message, hint),)
    body = entry.body
    port_name = f"IP_{printer.address}"
    port_body = (
        body.only(_PORT_FIELDS)
        .having("name", text_node(port_name, body.place("address")))
        .having("address", text_node(printer.address, body.place("address")))
    )
    queue_body = (
        body.without(_OWN_FIELDS)
        .having("port", text_node(port_name, body.place("address")))
        .having("driver", text_node(model.document.driver, body.place("model")))
    )
    options = _options(model, body)
    for option, value in options.items():
        queue_body = queue_body.having(option, value)
    queue, queue_findings = check(PrinterSpec, queue_body, entry.what)
    port, port_findings = check(PrinterPortSpec, port_body, f"the port of {entry.what}")
    driver, driver_findings = _driver(model, sources)
    findings = (*queue_findings, *port_findings, *driver_findings)
    if queue is None or port is None or driver is None:
        return None, findings
    brings = (
        Brought("printer_port", port, _port_places(body)),
        Brought("printer_driver", driver, _driver_places(model)),
    )
    places = {
        "port": body.at("address"),
        "driver": model.node.at("driver"),
        **{option: value.origin for option, value in options.items()},
    }
    return Lowered(queue, brings, places), findings


def _options(model: Written[PrinterDocument], body: MappingNode) -> dict[str, Node]:
    """What the model says of how its queues print, and the printer itself does not."""
    options = model.node.get("options")
    entries = options.entries if isinstance(options, MappingNode) else {}
    return {name: entry.value for name, entry in entries.items() if body.get(name) is None}


def _port_places(body: MappingNode) -> Places:
    written = {name: body.at(name) for name in _PORT_FIELDS if body.get(name) is not None}
    return {"name": body.at("address"), "address": body.at("address"), **written}


def _driver_places(model: Written[PrinterDocument]) -> Places:
    return {
        **places_of("name", model.node.get("driver")),
        **places_of("package", model.node.get("package")),
    }


def _driver(
    model: Written[PrinterDocument], sources: Sources
) -> tuple[PrinterDriverSpec | None, tuple[Finding, ...]]:
    document = model.document
    fields: dict[str, object] = {"name": document.driver}
    if document.package is not None:
        try:
            fields["package"] = _package(document.package, sources)
        except MediaProblem as problem:
            return None, (Finding(model.node.place("package"), "missing-file", str(problem)),)
    try:
        return PrinterDriverSpec.model_validate(fields), ()
    except ValueError:
        message = f"the driver of the printer model `{document.printer}` is not valid"
        return None, (
            Finding(model.node.place("driver"), "invalid-value", message, "compare its name and files"),
        )


def _package(package: DriverFiles, sources: Sources) -> dict[str, object]:
    """The driver's files with their places below the manifests folder.

    Raises:
        MediaProblem: one of them does not exist.
    """
    files = []
    for name, sha256 in package.files.items():
        found = sources.media.find(f"{package.folder}/{name}")
        files.append({"name": name, "source": found.source, "sha256": sha256, "size": found.size})
    return {"inf": package.inf, "files": tuple(files)}
