"""Whether what schools declare is what the district's review of its products allows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from engine.compiler.edges import HostClass
from engine.manifest.documents.catalog import SoftwareDocument
from engine.manifest.documents.district import SchoolDocument
from engine.manifest.documents.evaluation import Evaluation
from engine.manifest.folder import Documents, Written
from engine.manifest.nodes import MappingNode
from engine.model.origin import Finding, Origin

NOT_INSTALLABLE = frozenset({"requested", "withdrawn"})  # statuses in which no host may have a product

_SHOWN = 5  # schools in one message
_CHANGE_CATALOG = "have the catalog ask for another product, or for none"


class Use(NamedTuple):
    """A product that hosts of a school should have because of one declaration."""

    product: str
    origin: Origin  # of the declaration
    derived: bool  # it comes along with what is declared there


@dataclass(frozen=True, slots=True)
class SchoolUse:
    """The products of one school, each with the number of its hosts. All that is kept of a school."""

    school: str
    hosts: Mapping[Use, int]


def school_use(school: str, classes: Sequence[HostClass]) -> SchoolUse:
    """Count the hosts of each product that is to be there. `classes` has each host's."""
    members = Counter(id(each) for each in classes)
    found: Counter[Use] = Counter()
    for each in {id(known): known for known in classes}.values():
        for made in each.made:
            if made.kind == "software" and made.state == "present":
                found[Use(made.name, made.origin, made.derived)] += members[id(each)]
    return SchoolUse(school, dict(found))


def evaluation_findings(documents: Documents, uses: Iterable[SchoolUse], today: date) -> tuple[Finding, ...]:
    """What the catalog's `evaluation` blocks have against what schools declare on this day, by place.

    The schools may be looked at one by one or all at once; only of all together the seats of a licence can
    be counted in full. A declaration that many schools share is told once.
    """
    schools: dict[Use, list[str]] = defaultdict(list)
    hosts: dict[str, Counter[str]] = defaultdict(Counter)
    for each in uses:
        for use, count in each.hosts.items():
            schools[use].append(each.school)
            hosts[use.product][each.school] += count
    found: set[Finding] = set()
    for use, names in schools.items():
        product = documents.software.get(use.product)
        if product is not None and product.document.evaluation is not None:
            found.update(_against(use, names, product, documents, today))
    for name, counts in hosts.items():
        product = documents.software.get(name)
        if product is not None and product.document.evaluation is not None:
            found.update(_seats(product, product.document.evaluation, counts))
    return tuple(sorted(found))


def _against(
    use: Use,
    schools: Sequence[str],
    product: Written[SoftwareDocument],
    documents: Documents,
    today: date,
) -> Iterator[Finding]:
    evaluation = product.document.evaluation
    if evaluation is None:
        return
    named = f"`{use.product}`, which comes along here," if use.derived else f"`{use.product}`"
    status = _place(product, "status")
    if evaluation.status == "requested":
        message = f"{named} is requested, not approved: no host may have it yet ({status})"
        hint = _CHANGE_CATALOG if use.derived else "wait until it is approved"
        yield Finding(use.origin, "not-approved", message, hint)
        return
    if evaluation.status == "withdrawn":
        message = f"{named} is withdrawn: no host may have it any more ({status})"
        hint = _CHANGE_CATALOG if use.derived else "declare it `absent`"
        yield Finding(use.origin, "not-approved", message, hint)
        return
    yield from _in_time(use, named, evaluation, product, today)
    outside = sorted(each for each in schools if not _in_scope(evaluation, documents, each))
    if outside:
        are = "is" if len(outside) == 1 else "are"
        message = (
            f"{named} is {evaluation.status} for certain schools only ({status});"
            f" {_listed(outside)} {are} not among them"
        )
        yield Finding(use.origin, "out-of-scope", message, "declare it for these only, or ask for more")


def _in_time(
    use: Use, named: str, evaluation: Evaluation, product: Written[SoftwareDocument], today: date
) -> Iterator[Finding]:
    if evaluation.from_ is not None and today < evaluation.from_:
        message = f"{named} may be used from {evaluation.from_} on ({_place(product, 'from')})"
        yield Finding(use.origin, "not-in-time", message, "declare it on that day")
    if evaluation.until is not None and today > evaluation.until:
        message = f"{named} could be used until {evaluation.until} ({_place(product, 'until')})"
        yield Finding(use.origin, "not-in-time", message, "declare it `absent`, or have the time extended")


def _in_scope(evaluation: Evaluation, documents: Documents, school: str) -> bool:
    known = documents.district.document.groups
    if not evaluation.has_scope or any(group not in known for group in evaluation.groups or ()):
        return True  # a group that does not exist is told where it is written
    document: SchoolDocument = documents.schools[school].main.document
    return (
        school in (evaluation.schools or ())
        or any(group in document.groups for group in evaluation.groups or ())
        or any(grade in document.grades for grade in evaluation.grades or ())
    )


def _seats(
    product: Written[SoftwareDocument], evaluation: Evaluation, hosts: Counter[str]
) -> Iterator[Finding]:
    if evaluation.seats is None or hosts.total() <= evaluation.seats:
        return
    most = sorted(hosts.items(), key=lambda item: (-item[1], item[0]))
    where = _listed([f"{school} {count}" for school, count in most])
    seats = "1 seat" if evaluation.seats == 1 else f"{evaluation.seats} seats"
    name = product.document.software
    message = f"the licence of `{name}` has {seats}, and {hosts.total()} hosts have it: {where}"
    yield Finding(_place(product, "seats"), "seats", message, "declare it for fewer hosts, or buy seats")


def _listed(names: Sequence[str]) -> str:
    if len(names) > _SHOWN:
        names = [*names[:_SHOWN], f"{len(names) - _SHOWN} more"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _place(product: Written[SoftwareDocument], field: str) -> Origin:
    node = product.node.get("evaluation")
    return node.at(field) if isinstance(node, MappingNode) else product.node.origin
