"""What is wrong with the catalog as a whole: products that name each other, schools and servers."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from engine.kinds.versions import Comparison
from engine.manifest.documents.catalog import SoftwareDocument
from engine.manifest.folder import Documents, Written
from engine.manifest.nodes import MappingNode, Node, SequenceNode
from engine.manifest.suggest import did_you_mean
from engine.model.origin import Finding, Origin
from engine.model.source import ProjectFile, parse_source
from engine.model.sourceplaces import SourcePlaces

Products = Mapping[str, Written[SoftwareDocument]]

_VERBS = ("requires", "supersedes")
_LETTERED = re.compile(r"[Vv]\.?\s*(\d.*)")  # as makers name their releases
_SHOWN = 3  # places in one message


class _Link(NamedTuple):
    """One product naming another."""

    product: str
    verb: str
    other: str
    place: Origin


def catalog_findings(documents: Documents, schools: Collection[str]) -> Iterator[Finding]:
    """Products and schools that do not exist, circles, versions that cannot be told apart, and installers on
    servers that nothing may be fetched from.

    `schools` are the short names of all schools, also those that could not be read.
    Each product's own file has been checked on its own already.
    """
    links = [link for name, product in documents.software.items() for link in _links(name, product)]
    yield from _unknown(links, documents)
    yield from _circles([link for link in links if link.other in documents.software])
    places, texts = installer_places(documents), documents.district.document.installer_sources
    for product in documents.software.values():
        yield from version_findings(product)
        yield from _not_allowed(product, places, texts)
        yield from _unknown_scope(product, documents, schools)


def installer_places(documents: Documents) -> SourcePlaces:
    """Where installers may be fetched from, as district.yaml says."""
    return SourcePlaces.of(documents.district.document.installer_sources)


def leading_back(product: str, software: Products) -> frozenset[str]:
    """The products that one names and that lead back to it. `catalog_findings` tells them."""
    named = _named(product, software)
    return frozenset(other for other in named if product in _reached(other, software))


def _reached(start: str, software: Products) -> set[str]:
    reached, waiting = {start}, [start]
    while waiting:
        for other in _named(waiting.pop(), software):
            if other not in reached:
                reached.add(other)
                waiting.append(other)
    return reached


def _named(product: str, software: Products) -> tuple[str, ...]:
    written = software.get(product)
    return () if written is None else (*written.document.requires, *written.document.supersedes)


def _links(name: str, product: Written[SoftwareDocument]) -> Iterator[_Link]:
    for verb in _VERBS:
        others = product.document.requires if verb == "requires" else product.document.supersedes
        places = _places(product.node.get(verb), len(others), product.node.origin)
        for other, place in zip(others, places, strict=True):
            yield _Link(name, verb, other, place)


def _places(node: Node | None, count: int, otherwise: Origin) -> tuple[Origin, ...]:
    """Where the items of a list are written."""
    found = tuple(item.origin for item in node.items) if isinstance(node, SequenceNode) else ()
    return found if len(found) == count else (otherwise,) * count


def _unknown(links: list[_Link], documents: Documents) -> Iterator[Finding]:
    for link in links:
        if link.other not in documents.software and _file(link.other) not in documents.broken:
            message = f"`{link.product}` {link.verb} `{link.other}`, which the catalog does not have"
            hint = did_you_mean(link.other, documents.software)
            yield Finding(link.place, "unknown-software", message, hint)


def _file(product: str) -> str:
    return f"catalog/software/{product}.yaml"


def _circles(links: list[_Link]) -> Iterator[Finding]:
    """One circle of each knot, with all its links: breaking it may show another."""
    by_ends = {(link.product, link.other): link for link in links}
    if not _has_circle(by_ends):
        return
    from engine.compiler.circles import circles  # brings the graph library along, which takes long to import

    for ends in circles(by_ends):
        circle = [by_ends[link] for link in ends]
        steps = (f"`{link.product}` {link.verb} `{link.other}` ({link.place})" for link in circle)
        message = f"these products lead back to each other, so none of them can be first: {'; '.join(steps)}"
        place = min(link.place for link in circle)
        yield Finding(place, "catalog-cycle", message, "remove one of these lines")


def _has_circle(links: Iterable[tuple[str, str]]) -> bool:
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for product, other in links:
        sorter.add(product, other)
    try:
        sorter.prepare()
    except CycleError:
        return True
    return False


def version_findings(product: Written[SoftwareDocument]) -> Iterator[Finding]:
    """Versions that cannot be compared, or not be told apart."""
    document, nodes = product.document, product.node.get("versions")
    compared = Comparison(document.compared_parts, document.comparison == "text")
    seen: dict[str, str] = {}
    for index, version in enumerate(document.versions):
        node = nodes.items[index] if isinstance(nodes, SequenceNode) else product.node
        place = node.at("version") if isinstance(node, MappingNode) else node.origin
        form = compared.form(version.version)
        if document.comparison == "numbers" and compared.version(version.version) is None:
            message = f"version `{version.version}` of {document.software} holds no number to compare"
            yield Finding(place, "invalid-value", message, "write `comparison: text` above `versions:`")
        elif document.comparison == "numbers" and (number := _LETTERED.fullmatch(version.version)):
            message = f"version `{version.version}` of {document.software} starts with a letter"
            hint = f"write `{number.group(1)}`; programs report numbers"
            yield Finding(place, "invalid-value", message, hint)
        elif form in seen:
            rule = f" by `compared_parts: {document.compared_parts}`" if document.compared_parts else ""
            message = f"version {version.version} of {document.software} is the same as {seen[form]}{rule}"
            yield Finding(place, "same-version", message, "keep one of them")
        else:
            seen[form] = version.version


def _not_allowed(
    product: Written[SoftwareDocument], places: SourcePlaces, texts: tuple[str, ...]
) -> Iterator[Finding]:
    """Installers on servers that the district fetches nothing from, also of versions that nobody uses."""
    nodes = product.node.get("versions")
    for index, version in enumerate(product.document.versions):
        source = parse_source(version.installer.source)
        if isinstance(source, ProjectFile) or places.allow(source):
            continue
        node = nodes.items[index] if isinstance(nodes, SequenceNode) else product.node
        installer = node.get("installer") if isinstance(node, MappingNode) else None
        place = installer.at("source") if isinstance(installer, MappingNode) else node.origin
        message = f"{source.text} is in no place that installers may come from"
        into = f" or into {_either(texts)}" if texts else ""
        hint = f"put the file below the manifests folder{into}, or ask DoIT to extend `installer_sources`"
        yield Finding(place, "source-not-allowed", message, f"{hint} in district.yaml")


def _either(texts: tuple[str, ...]) -> str:
    return " or ".join(texts[:_SHOWN]) + (" ..." if len(texts) > _SHOWN else "")


def _unknown_scope(
    product: Written[SoftwareDocument], documents: Documents, known_schools: Collection[str]
) -> Iterator[Finding]:
    evaluation, node = product.document.evaluation, product.node.get("evaluation")
    if evaluation is None or not isinstance(node, MappingNode):
        return
    schools, groups = evaluation.schools or (), evaluation.groups or ()
    known_groups = documents.district.document.groups
    for group, place in zip(groups, _places(node.get("groups"), len(groups), node.origin), strict=True):
        if group not in known_groups:
            message = f"district.yaml has no group of schools `{group}`"
            yield Finding(place, "unknown-group", message, did_you_mean(group, known_groups))
    for school, place in zip(schools, _places(node.get("schools"), len(schools), node.origin), strict=True):
        if school not in known_schools:
            message = f"the district has no school `{school}`"
            yield Finding(place, "unknown-school", message, did_you_mean(school, known_schools))
