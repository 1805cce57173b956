"""Finding the one resource that a person names: by its whole address, or by as little as tells it apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.app.errors import AmbiguousName, UnknownSelection
from engine.app.loading import intents
from engine.app.selection import Chosen, Selection, choose
from engine.compiler.district import District
from engine.compiler.sections import SECTIONS
from engine.kinds.table import KINDS
from engine.manifest.suggest import did_you_mean
from engine.model.address import Address
from engine.model.resource import Resource, SchoolIntent
from engine.model.words import quoted
from engine.report.ranges import host_range

# Kinds by what people call them.
CALLED = {**{name: section.kind for name, section in SECTIONS.items()}, **{kind: kind for kind in KINDS}}
_CANDIDATES = 12  # shown of a name that several resources have


@dataclass(frozen=True, slots=True)
class Wanted:
    """A resource as a person names it. What was not said is None."""

    text: str
    school: str | None
    host: str | None
    kind: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One resource, on all hosts of a school on which it is the same."""

    resource: Resource  # of the first host
    hosts: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str]:
        """Kind and name without case."""
        return self.resource.address.kind, self.resource.address.name.casefold()


def read_wanted(text: str) -> Wanted:
    """`school/host/kind/name`, `host/kind/name`, `kind/name` or `name`; only a name may hold slashes.

    A kind may be called as its section in the manifests is: `shares/Staff`.
    """
    parts = text.split("/")
    for before in range(3):
        kind = CALLED.get(parts[before].casefold()) if len(parts) > before + 1 else None
        if kind is not None:
            school, host = (None, None, *parts[:before])[-2:]
            return Wanted(text, school, host, kind, "/".join(parts[before + 1 :]))
    return Wanted(text, None, None, None, text)


def schools_of(wanted: Wanted, selection: Selection) -> tuple[str, ...]:
    """The schools in which the resource may be; empty for all."""
    return selection.schools if wanted.school is None else (wanted.school,)


def within(wanted: Wanted, selection: Selection, district: District) -> Chosen:
    """The hosts on which the resource may be.

    Raises:
        UnknownSelection: a school or host that does not exist.
    """
    if wanted.host is not None and selection.hosts:
        raise UnknownSelection(f"{quoted(wanted.text)} names its host already; leave --host out")
    if wanted.school is not None and selection.schools:
        raise UnknownSelection(f"{quoted(wanted.text)} names its school already; leave --school out")
    hosts = selection.hosts if wanted.host is None else (wanted.host,)
    return choose(Selection(schools_of(wanted, selection), hosts, selection.kinds), district)


def find_resource(wanted: Wanted, chosen: Chosen, district: District) -> Hit | None:
    """The resource, if one of the chosen hosts has it.

    Raises:
        AmbiguousName: several have it, and they differ.
        InvalidInput: something in the manifests is wrong.
    """
    hits = find_all(wanted, chosen, district)
    if len(hits) > 1:
        raise AmbiguousName("\n".join(_candidates(wanted, hits)))
    return hits[0] if hits else None


def find_all(wanted: Wanted, chosen: Chosen, district: District) -> tuple[Hit, ...]:
    """Every resource of that name on the chosen hosts.

    Raises:
        InvalidInput: something in the manifests is wrong.
    """
    return tuple(hit for school in chosen.schools for hit in _in_school(wanted, chosen, district, school))


def _in_school(wanted: Wanted, chosen: Chosen, district: District, school: str) -> Iterator[Hit]:
    (intent,) = intents(district, [school])
    hosts = frozenset(host.name for host in chosen.hosts if host.school == school)
    found = [
        each
        for each in intent.resources
        if each.address.host in hosts and _is_kind(wanted, chosen, each.address)
    ]
    by_name = [each for each in found if each.address.name.casefold() == wanted.name.casefold()]
    yield from _together(by_name or [each for each in found if _ends_so(wanted, each.address)])


def _is_kind(wanted: Wanted, chosen: Chosen, address: Address) -> bool:
    if wanted.kind is not None:
        return address.kind == wanted.kind
    return chosen.kinds is None or address.kind in chosen.kinds


def _ends_so(wanted: Wanted, address: Address) -> bool:
    """Whether it is the last part of a path or key."""
    return last_part(address.name).casefold() == wanted.name.casefold()


def last_part(name: str) -> str:
    r"""`Room` of `HKLM\\SOFTWARE\\Lab\\\\Room`, `welcome.txt` of `C:\\welcome.txt`."""
    return name.rstrip("\\").rpartition("\\")[2]


def _together(resources: Iterable[Resource]) -> Iterator[Hit]:
    groups: dict[tuple[object, ...], list[Resource]] = {}
    for each in sorted(resources, key=lambda resource: resource.address):
        address = each.address
        key = (
            address.kind, address.name.casefold(), id(each.spec), each.origin,
            each.absent, each.protected, each.forget,
        )  # fmt: skip
        groups.setdefault(key, []).append(each)
    for group in groups.values():
        yield Hit(group[0], tuple(each.address.host for each in group))


def _candidates(wanted: Wanted, hits: Sequence[Hit]) -> Iterator[str]:
    yield f"{quoted(wanted.text)} is the name of {len(hits)} resources; say which:"
    for hit in hits[:_CANDIDATES]:
        address = hit.resource.address
        yield f"  {address.school}/{host_range(hit.hosts)}/{address.kind}/{address.name}"
    if len(hits) > _CANDIDATES:
        yield f"  and {len(hits) - _CANDIDATES} more; choose with --school, --host or --kind"


def called_so(wanted: Wanted, intent: SchoolIntent) -> tuple[tuple[str, str], ...]:
    """Kinds and names of the school's resources, on whatever hosts, that a person may mean by a name."""
    kinds = {wanted.kind} if wanted.kind is not None else frozenset(KINDS)
    every = {
        (each.address.kind, each.address.name): None
        for each in intent.resources
        if each.address.kind in kinds
    }
    name = wanted.name.casefold()
    found = [each for each in every if each[1].casefold() == name]
    return tuple(found or (each for each in every if last_part(each[1]).casefold() == name))


def near_misses(wanted: Wanted, named: Mapping[str, Iterable[str]]) -> str:
    """What may have been meant, of names by kind."""
    kinds = named if wanted.kind is None else {wanted.kind: named.get(wanted.kind, ())}
    whole = dict.fromkeys(name for names in kinds.values() for name in names)
    return did_you_mean(wanted.name, [*whole, *(last_part(name) for name in whole)])


def names_by_kind(intent: SchoolIntent) -> Mapping[str, Iterable[str]]:
    """All names of a school's resources."""
    found: dict[str, dict[str, None]] = {}
    for each in intent.resources:
        found.setdefault(each.address.kind, {})[each.address.name] = None
    return found
