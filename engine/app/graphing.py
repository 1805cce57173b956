"""Use case: the graph of what is desired, whole or around one resource."""

from __future__ import annotations

from engine.app.errors import UnknownSelection
from engine.app.loading import intents, load_named
from engine.app.lookup import find_all, read_wanted, schools_of, within
from engine.app.project import Project
from engine.app.selection import Selection, choose
from engine.compiler.district import District
from engine.compiler.drawing import around, graph_of
from engine.model.graph import Graph
from engine.model.resource import Resource
from engine.model.words import quoted


def graph(project: Project, selection: Selection, *, each_host: bool = False) -> Graph:
    """The graph of the selected resources, and of the edges between them.

    Raises:
        InvalidInput: something in the manifests is wrong.
        UnknownSelection: the selection names what there is not.
    """
    district = load_named(project, selection.schools)
    chosen = choose(selection, district)
    hosts = frozenset((host.school, host.name) for host in chosen.hosts)
    resources = [
        each
        for each in _resources(district, chosen.schools)
        if (each.address.school, each.address.host) in hosts
        and (chosen.kinds is None or each.address.kind in chosen.kinds)
    ]
    return graph_of(resources, _title(chosen.schools, district), each_host=each_host)


def graph_around(
    project: Project, selection: Selection, text: str, depth: int, *, each_host: bool = False
) -> Graph:
    """What is at most `depth` edges away from the resources that `text` names, on whatever hosts.

    Raises:
        InvalidInput: something in the manifests is wrong.
        UnknownSelection: there is no such resource.
    """
    wanted = read_wanted(text)
    district = load_named(project, schools_of(wanted, selection))
    hits = find_all(wanted, within(wanted, selection, district), district)
    if not hits:
        raise UnknownSelection(f"there is no resource {quoted(text)}; `rollcall explain` says more")
    centres = {(hit.resource.address.school, host.casefold(), hit.key) for hit in hits for host in hit.hosts}
    schools = tuple(dict.fromkeys(hit.resource.address.school for hit in hits))
    whole = graph_of(_resources(district, schools), _title(schools, district), each_host=each_host)
    ids = [
        node.id
        for node in whole.nodes
        for host in node.hosts
        if (node.school, host.casefold(), (node.kind, node.name.casefold())) in centres
    ]
    return around(whole, ids, depth)


def _resources(district: District, schools: tuple[str, ...]) -> list[Resource]:
    return [each for intent in intents(district, schools) for each in intent.resources]


def _title(schools: tuple[str, ...], district: District) -> str:
    names = district.documents
    if len(schools) == 1:
        return names.schools[schools[0]].main.document.name
    return names.district.document.name
