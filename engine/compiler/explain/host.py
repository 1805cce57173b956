"""What the manifests say of a host: facts, variables and profiles, each with its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.compiler.explain.fields import declared
from engine.compiler.explain.inputs import template, value_of, written_value
from engine.compiler.explain.reach import reach
from engine.compiler.explain.variables import Written, fact_place, variables_of
from engine.compiler.explain.workings import Workings
from engine.compiler.inventory import HostFacts
from engine.manifest.templates import Value
from engine.model.explanation import Field, HostExplanation, Input, Reach, Said


def explain_host(workings: Workings, host: str) -> HostExplanation:
    """Everything that holds for a host as a whole.

    Raises:
        KeyError: the school has no such host.
    """
    facts = workings.facts(host)
    documents = workings.district.documents
    variables = variables_of(documents, workings.school, facts)
    return HostExplanation(
        school=workings.school,
        host=facts.name,
        place=str(facts.origin),
        facts=tuple(_facts(workings, facts)),
        variables=tuple(_variable(name, variables[name]) for name in sorted(variables)),
        profiles=tuple(_profiles(workings, facts)),
        resources=dict(sorted(Counter(each.kind for each in workings.made(facts.name)).items())),
    )


def _facts(workings: Workings, facts: HostFacts) -> Iterator[Input]:
    known: tuple[tuple[tuple[str, str], Value], ...] = (
        (("host", "group"), facts.group),
        (("host", "roles"), facts.roles),
        (("host", "room"), facts.room),
        (("host", "model"), facts.model),
        (("school", "groups"), workings.district.groups_of(workings.school)),
    )
    for chain, value in known:
        if value is not None:
            place = fact_place(workings.district.documents, workings.school, facts, chain)
            written = "" if place is None else str(place)
            yield Input(name=".".join(chain), value=value_of(value), place=written)


def _variable(name: str, written: tuple[Written, ...]) -> Field:
    said = tuple(
        Said(
            value=written_value(each.node),
            place=str(each.node.origin),
            layer=each.layer,
            written=template(each.node),
        )
        for each in written
    )
    return declared(name, said)


def _profiles(workings: Workings, facts: HostFacts) -> Iterator[Reach]:
    """Each use of a profile that reaches the host, once: the place is the use's."""
    at = workings.inventory.by_name[facts.name.casefold()]
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for standing, applied in zip(workings.standings, workings.maker.applied, strict=True):
        if applied.use is None or at not in applied.layers:
            continue
        found = reach(standing, workings.inventory, facts)
        if (found.use, found.profiles) not in seen:
            seen.add((found.use, found.profiles))
            yield found.model_copy(update={"place": found.use})
