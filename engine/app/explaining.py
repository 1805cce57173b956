"""Use case: say where everything about a resource, or a host, was written."""

from __future__ import annotations

from engine.app.errors import UnknownSelection
from engine.app.loading import intents, load_named
from engine.app.lookup import (
    CALLED,
    Wanted,
    called_so,
    find_resource,
    names_by_kind,
    near_misses,
    read_wanted,
    schools_of,
    within,
)
from engine.app.project import Project
from engine.app.selection import Chosen, Selection, named_host
from engine.compiler.district import District
from engine.compiler.explain.absence import explain_absence
from engine.compiler.explain.host import explain_host
from engine.compiler.explain.resource import explain_resource
from engine.compiler.explain.workings import open_school
from engine.manifest.suggest import did_you_mean, one_of
from engine.model.address import Address
from engine.model.explanation import Absence, Document, Explanation, Field, HostExplanation
from engine.model.resource import Host
from engine.model.words import quoted

_SUGGESTING = 3  # schools


def explain(project: Project, text: str, field: str | None, selection: Selection) -> Document:
    """Explain the resource, or the host, that `text` names; with `field`, only that field of it.

    Raises:
        InvalidInput: something in the manifests is wrong.
        UnknownSelection: there is no such resource, host or field; the message suggests a near one.
        AmbiguousName: the name stands for several resources that differ.
    """
    wanted = read_wanted(text)
    district = load_named(project, schools_of(wanted, selection))
    if text.casefold() == "host" and field is not None:
        return _host(named_host(field, district), district)
    host = _named(wanted, district)
    if host is not None:
        return _host(host, district)
    chosen = within(wanted, selection, district)
    hit = find_resource(wanted, chosen, district)
    if hit is None:
        return _missing(wanted, chosen, district)
    address = hit.resource.address
    (intent,) = intents(district, [address.school])
    workings = open_school(district, address.school)
    resource = next(each for each in intent.resources if each.address == address)
    explanation = explain_resource(workings, intent, resource)
    return explanation if field is None else _only(explanation, field)


def _host(host: Host, district: District) -> HostExplanation:
    intents(district, [host.school])
    return explain_host(open_school(district, host.school), host.name)


def _named(wanted: Wanted, district: District) -> Host | None:
    """The host, where `host` or `school/host` was said. Looked for first: it takes no compiling."""
    if wanted.kind is not None:
        return None
    name = wanted.name.casefold()
    return next(
        (
            each
            for each in district.hosts()
            if name in (each.name.casefold(), f"{each.school}/{each.name}".casefold())
        ),
        None,
    )


def _missing(wanted: Wanted, chosen: Chosen, district: District) -> Document:
    """What can be said of a resource that none of the chosen hosts has."""
    one = len(chosen.hosts) == 1 or (wanted.host is not None and len(chosen.schools) == 1)
    if one:
        absence = _absence(wanted, chosen, district)
        if absence is not None:
            return absence
    return _unknown(wanted, chosen, district)


def _absence(wanted: Wanted, chosen: Chosen, district: District) -> Absence | None:
    """Why the host does not have it, if it is declared at all."""
    host = chosen.hosts[0]
    (intent,) = intents(district, [host.school])
    workings = open_school(district, host.school)
    told = () if wanted.kind is None else ((wanted.kind, wanted.name),)
    for kind, name in (*called_so(wanted, intent), *told):
        found = explain_absence(workings, intent, Address.of(host.school, host.name, kind, name))
        if found.declarations or found.schools:
            return found
    return None


def _unknown(wanted: Wanted, chosen: Chosen, district: District) -> Document:
    """Suggest a near miss, from the first schools: a suggestion is not worth compiling all of them again.

    Raises:
        UnknownSelection: always.
    """
    other = "" if wanted.kind is not None else _something_else(wanted.name, district)
    if other:
        raise UnknownSelection(f"{quoted(wanted.name)} is {other}")
    what = f"no {wanted.kind.replace('_', ' ')}" if wanted.kind is not None else "no resource"
    hint = ""
    for school in chosen.schools[:_SUGGESTING]:
        (intent,) = intents(district, [school])
        hint = near_misses(wanted, names_by_kind(intent))
        if hint:
            break
    where = "" if len(chosen.hosts) != 1 else f" on {chosen.hosts[0].name}"
    message = f"there is {what} {quoted(wanted.name)}{where}"
    raise UnknownSelection(f"{message}; {hint}" if hint else message)


def _something_else(text: str, district: District) -> str:
    """What a name is that is no resource's, and what to ask for; empty where nothing has it."""
    name = text.casefold()
    for school in district.schools:
        if name == school.casefold():
            return f"a school: `rollcall graph --school {school}` draws what it has"
        hosts = [each.name for each in district.inventories[school].hosts if each.group.casefold() == name]
        if hosts:
            return f"a group of hosts of {school}: explain one of them, such as `{hosts[0]}`"
    if name in (each.casefold() for each in district.documents.profiles):
        return "a profile: explain one of its resources on a host, or a host, which lists its profiles"
    host, _, kind = text.rpartition("/")
    if host and kind.casefold() in CALLED:
        return f"not a whole address: add the name, as in `{host}/{kind}/NAME`"
    return ""


def _only(explanation: Explanation, field: str) -> Explanation:
    """One field, with the fields within it.

    Raises:
        UnknownSelection: there is no such field.
    """

    def keep(fields: tuple[Field, ...]) -> tuple[Field, ...]:
        wanted = field.casefold()
        return tuple(
            f for f in fields if f.name.casefold() == wanted or f.name.casefold().startswith(f"{wanted}.")
        )

    kept = explanation.model_copy(
        update={
            "marks": keep(explanation.marks),
            "entry": keep(explanation.entry),
            "fields": keep(explanation.fields),
            "needs": (),
            "needed_by": (),
            "brings": (),
        }
    )
    if kept.marks or kept.entry or kept.fields:
        return kept
    every = (*explanation.fields, *explanation.entry, *explanation.marks)
    known = dict.fromkeys(name for each in every for name in (each.name, each.name.partition(".")[0]))
    hint = (
        did_you_mean(field, known)
        or f"it has {one_of(dict.fromkeys(n.partition('.')[0] for n in known), 20)}"
    )
    raise UnknownSelection(f"{explanation.title} has no field {quoted(field)}; {hint}")
