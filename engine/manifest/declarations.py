"""Resources as they are written: sections of documents, entry by entry, nothing resolved yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

from engine.manifest import limits
from engine.manifest.documents.base import Common
from engine.manifest.nodes import MappingNode, Node, ScalarNode, SequenceNode, Word, words
from engine.manifest.schema import check
from engine.manifest.selectors import Selector, read_selectors, terms
from engine.manifest.suggest import did_you_mean
from engine.model.origin import Finding, Origin

Sections = Mapping[str, frozenset[str]]
WordState = Literal["present", "absent", "forget"]
_COMMON = frozenset(Common.model_fields)
_STATES = frozenset(get_args(WordState))


@dataclass(frozen=True, slots=True)
class Declaration:
    """One entry of a section. Fields that were not written are None or empty."""

    section: str
    body: MappingNode  # the kind's own fields
    common: MappingNode  # the fields that every kind has, as written; read below
    origin: Origin
    hosts: tuple[Selector, ...] | None
    state: WordState | None
    protect: bool | None
    final: frozenset[str] | bool
    needs: tuple[Word, ...]
    after: tuple[Word, ...]
    taken_back: frozenset[str] = frozenset()  # of these two, what farther layers said and this one denies


@dataclass(frozen=True, slots=True)
class Use:
    """One application of a profile."""

    profile: Word
    hosts: tuple[Selector, ...] | None
    values: MappingNode | None
    origin: Origin


D = TypeVar("D", Declaration, Use)


@dataclass(frozen=True, slots=True)
class Body:
    """What a document holds beside its own fields."""

    declarations: tuple[Declaration, ...] = ()
    uses: tuple[Use, ...] = ()


def read_body(node: MappingNode, sections: Sections, findings: list[Finding]) -> Body:
    """The resources and profile uses of a document or of a group of schools.

    `sections` are the names under which resources may stand, each with the fields of its entries.
    """
    declarations = tuple(_bounded(_declarations(node, sections, findings), findings))
    return Body(declarations, tuple(_bounded(_uses(node.get("profiles"), findings), findings)))


def _declarations(node: MappingNode, sections: Sections, findings: list[Finding]) -> Iterator[Declaration]:
    for section, fields in sections.items():
        entry = node.entries.get(section)
        if entry is None or (isinstance(entry.value, ScalarNode) and entry.value.value is None):
            continue
        if not isinstance(entry.value, SequenceNode):
            message = f"`{section}` must be a list; each of its entries starts with `- `"
            findings.append(Finding(entry.value.origin, "wrong-type", message))
            continue
        for item in entry.value.items:
            declaration = _declaration(section, fields, item, findings)
            if declaration is not None:
                yield declaration


def _bounded(read: Iterable[D], findings: list[Finding]) -> Iterator[D]:
    """The same, until their ranges name more hosts than fits: what comes then is not read."""
    names = 0
    for each in read:
        names += sum(len(term.names) for selector in each.hosts or () for term in terms(selector.expression))
        if names > limits.RANGE_NAMES:
            message = f"the selectors of this file name more than {limits.RANGE_NAMES:,} hosts"
            hint = "give hosts that are often named together a group or a role"
            findings.append(Finding(each.origin, "selector", message, hint))
            return
        yield each


def _declaration(
    section: str, own: frozenset[str], item: Node, findings: list[Finding]
) -> Declaration | None:
    if not isinstance(item, MappingNode):
        message = f"an entry of `{section}` must be a group of `field: value` lines"
        findings.append(Finding(item.origin, "wrong-type", message))
        return None
    state = item.get("state")
    is_own_state = "state" in own and isinstance(state, ScalarNode) and state.text not in _STATES
    fields = item.only(_COMMON - {"state"} if is_own_state else _COMMON)
    common, problems = check(Common, fields, f"an entry of `{section}`")
    findings.extend(problems)
    if common is None:
        return None
    body = item.without(fields.entries)
    findings.extend(_taken_back_in_vain(section, own, body))
    final = common.final
    return Declaration(
        section=section,
        body=body,
        common=fields,
        origin=item.origin,
        hosts=_hosts(fields, findings),
        state="present" if is_own_state else common.state,  # a service that should run should be there
        protect=common.protect,
        final=frozenset(final) if isinstance(final, tuple) else bool(final),
        needs=() if _is_null(fields, "needs") else words(fields.get("needs")),
        after=() if _is_null(fields, "after") else words(fields.get("after")),
        taken_back=frozenset(field for field in ("needs", "after") if _is_null(fields, field)),
    )


def _is_null(fields: MappingNode, field: str) -> bool:
    node = fields.get(field)
    return isinstance(node, ScalarNode) and node.value is None


def _hosts(fields: MappingNode, findings: list[Finding]) -> tuple[Selector, ...] | None:
    """What `hosts:` says; None where it is not written. Nothing (`~`) is neither no host nor every host."""
    if "hosts" not in fields.entries:
        return None
    if _is_null(fields, "hosts"):
        hint = "name a group of hosts, a role, a host or `all`, or remove the line"
        findings.append(Finding(fields.place("hosts"), "no-hosts", "`hosts` says nothing", hint))
        return ()
    return read_selectors(words(fields.get("hosts")), findings)


def _taken_back_in_vain(section: str, own: frozenset[str], body: MappingNode) -> Iterator[Finding]:
    """Fields that do not exist, set to nothing (`~`): who checks what is left does not see them."""
    for key, entry in body.entries.items():
        if key not in own and isinstance(entry.value, ScalarNode) and entry.value.value is None:
            message = f"an entry of `{section}` has no field `{key}`"
            yield Finding(entry.origin, "unknown-field", message, did_you_mean(key, sorted(own)))


def _uses(node: Node | None, findings: list[Finding]) -> Iterator[Use]:
    """The uses of a list that the document's model has accepted."""
    for item in node.items if isinstance(node, SequenceNode) else ():
        if not isinstance(item, MappingNode):
            continue
        profile = item.get("use")
        values = item.get("with")
        if isinstance(profile, ScalarNode):
            yield Use(
                profile=Word(profile.text, profile.origin),
                hosts=_hosts(item, findings),
                values=values if isinstance(values, MappingNode) else None,
                origin=item.origin,
            )
