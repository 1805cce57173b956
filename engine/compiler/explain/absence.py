"""Why a resource is not on a host: the declarations of it, and which word of which selector means others."""

from __future__ import annotations

from collections.abc import Iterator

from engine.compiler.bindings import Rendering, Unrendered, bound
from engine.compiler.explain.reach import reach
from engine.compiler.explain.workings import Workings
from engine.compiler.inventory import HostFacts
from engine.compiler.reaching import standing_for
from engine.compiler.sections import SECTIONS, Section, identity
from engine.compiler.stated import Stated
from engine.manifest.nodes import MappingNode
from engine.model.address import Address
from engine.model.explanation import Absence
from engine.model.resource import SchoolIntent

_IN_32_BITS = " (32-bit)"  # how a registry value's name ends that is of the other view


def explain_absence(workings: Workings, intent: SchoolIntent, address: Address) -> Absence:
    """Every declaration of the resource that could have reached the host, but does not.

    The address's host is one of the school's, and the resource is not on it.
    """
    facts = workings.facts(address.host)
    declarations = tuple(
        reach(standing, workings.inventory, facts)
        for standing in standing_for(workings.district, workings.school)
        if _is_about(standing.stated, address, workings, facts)
    )
    key = (address.kind, address.name.casefold())
    named = (r.address for r in intent.resources)
    return Absence(
        address=address,
        declarations=declarations,
        hosts=tuple(each.host for each in sorted(named) if (each.kind, each.name.casefold()) == key),
        schools=() if declarations else tuple(_other_schools(workings, address)),
    )


def _is_about(stated: Stated, address: Address, workings: Workings, facts: HostFacts) -> bool:
    section = SECTIONS[stated.declaration.section]
    if section.kind != address.kind:
        return False
    body = _identifying(stated, section, workings.maker.rendering, facts)
    return body is not None and identity(section, body) in _names(section, address)


def _identifying(
    stated: Stated, section: Section, rendering: Rendering, facts: HostFacts
) -> MappingNode | None:
    """The fields that tell an entry apart, as they would be on the host."""
    fields = stated.declaration.body.only(name for name, _ in section.identified_by)
    binding = None if stated.bundled is None else stated.bundled.binding
    try:
        context = rendering.context(facts, bound((fields,), binding, rendering.templates))
        body = rendering.render(fields, context)
    except Unrendered:
        return None  # it names what this host does not have
    return body if isinstance(body, MappingNode) else None


def _names(section: Section, address: Address) -> frozenset[str]:
    """The identities within a section of what an address may name."""
    name = address.name.casefold()
    if section.kind != "registry_value":
        return frozenset({name})
    key, _, value = name.removesuffix(_IN_32_BITS).partition("\\\\")
    return frozenset({f"{key}\x00{value}\x00{'32' if name.endswith(_IN_32_BITS) else '64'}"})


def _other_schools(workings: Workings, address: Address) -> Iterator[str]:
    """Other schools in whose own files the resource is declared, under this very name."""
    for school, stated in workings.district.by_school.items():
        bodies = (each.declaration for each in stated if each.bundled is None)
        if school != workings.school and any(
            SECTIONS[each.section].kind == address.kind
            and identity(SECTIONS[each.section], each.body) in _names(SECTIONS[each.section], address)
            for each in bodies
        ):
            yield school
