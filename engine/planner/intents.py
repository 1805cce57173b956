"""Desired against desired: what differs between two intents of a school. No host is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from pydantic import JsonValue, TypeAdapter

from engine.kinds.table import KINDS, spec_to_json
from engine.model.address import Address
from engine.model.base import FieldValue, State
from engine.model.fields import field_changes
from engine.model.intent import IntentAction, IntentChange, Where
from engine.model.origin import Origin
from engine.model.plan import FieldChange
from engine.model.resource import Resource, SchoolIntent

_TEXT = TypeAdapter(tuple[FieldChange, ...])


@dataclass(frozen=True, slots=True)
class _Key:
    """What makes changes of several hosts the same one: not where it is declared for each of them."""

    kind: str
    name: str
    action: IntentAction
    fields: str  # as JSON


@dataclass(slots=True)
class IntentChanges:
    """Collects the changes of one school after the other, each different one once."""

    hosts_added: list[Where] = field(default_factory=list)
    hosts_removed: list[Where] = field(default_factory=list)
    _fields: dict[_Key, tuple[FieldChange, ...]] = field(default_factory=dict)
    _hosts: dict[_Key, dict[str, list[str]]] = field(default_factory=dict)
    _origins: dict[_Key, set[Origin]] = field(default_factory=dict)

    def compare(self, base: SchoolIntent, head: SchoolIntent) -> None:
        """Add what differs between two intents of the same school."""
        old, new = _names(base), _names(head)
        self.hosts_added += _where(head.school, (name for key, name in new.items() if key not in old))
        self.hosts_removed += _where(head.school, (name for key, name in old.items() if key not in new))
        comparing = _Comparing()
        before, after = _of_hosts(base, new), _of_hosts(head, old)
        for address, resource in after.items():
            self._add(resource, comparing.difference(before.get(address), resource))
        for address, resource in before.items():
            if address not in after:
                self._add(resource, _REMOVED)

    def _add(self, resource: Resource, found: _Found | None) -> None:
        if found is None:
            return
        address = resource.address
        key = _Key(address.kind, address.name, found.action, found.text)
        self._fields.setdefault(key, found.fields)
        self._origins.setdefault(key, set()).add(resource.origin)
        self._hosts.setdefault(key, {}).setdefault(address.school, []).append(address.host)

    def changes(self) -> tuple[IntentChange, ...]:
        """All that were added, by kind and name."""
        keys = sorted(self._fields, key=lambda key: (key.kind, key.name.casefold(), key.action, key.fields))
        return tuple(
            IntentChange(
                action=key.action,
                kind=key.kind,
                name=key.name,
                fields=self._fields[key],
                origins=tuple(map(str, sorted(self._origins[key]))),
                where=tuple(
                    where
                    for school, hosts in sorted(self._hosts[key].items())
                    for where in _where(school, hosts)
                ),
            )
            for key in keys
        )


def hosts_of(school: str, hosts: Iterable[str]) -> Where:
    """Hosts of a school in their order."""
    return Where(school=school, hosts=tuple(sorted(hosts, key=lambda name: (name.casefold(), name))))


def _where(school: str, hosts: Iterable[str]) -> list[Where]:
    found = hosts_of(school, hosts)
    return [found] if found.hosts else []


def _names(intent: SchoolIntent) -> Mapping[str, str]:
    return {host.name.casefold(): host.name for host in intent.hosts}


def _of_hosts(intent: SchoolIntent, others: Mapping[str, str]) -> Mapping[Address, Resource]:
    """The resources of the hosts that are in the other intent too."""
    return {r.address: r for r in intent.resources if r.address.host.casefold() in others}


class _Found(NamedTuple):
    """What a comparison found; `text` is the fields as JSON, to tell what is the same."""

    action: IntentAction
    fields: tuple[FieldChange, ...]
    text: str


def _found(action: IntentAction, fields: tuple[FieldChange, ...]) -> _Found:
    return _Found(action, fields, _TEXT.dump_json(fields).decode())


_REMOVED = _found(IntentAction.REMOVE, ())


class _Comparing:
    """Compares the resources of one school. Hosts that are alike share their specs, and what was found."""

    def __init__(self) -> None:
        self._same: dict[tuple[int, int], bool] = {}
        self._found: dict[tuple[object, ...], _Found] = {}

    def difference(self, before: Resource | None, after: Resource) -> _Found | None:
        """What becomes of a resource that is declared now; None where it is as it was."""
        if before is not None and self._is_same(before, after):
            return None
        old = None if before is None else (id(before.spec), *_about(before).values())
        key = (old, id(after.spec), *_about(after).values())
        known = self._found.get(key)
        if known is None:
            known = self._found[key] = _compared(before, after)
        return known if known.fields or known.action is IntentAction.ADD else None

    def _is_same(self, before: Resource, after: Resource) -> bool:
        """A quick look that tells most of them; where it does not, the fields are compared."""
        specs = (id(before.spec), id(after.spec))
        known = self._same.get(specs)
        if known is None:
            known = self._same[specs] = before.spec == after.spec
        return (
            known
            and (before.absent, before.protected, before.forget)
            == (after.absent, after.protected, after.forget)
            and before.needs == after.needs
            and before.after == after.after
        )


def _compared(before: Resource | None, after: Resource) -> _Found:
    if before is None:
        return _found(IntentAction.ADD, field_changes(None, _declared(after)))
    return _found(IntentAction.CHANGE, _differences(_whole(before), _whole(after)))


def _whole(resource: Resource) -> State:
    return {**dict(_flat(spec_to_json(resource.spec))), **_about(resource)}


def _differences(before: State, after: State) -> tuple[FieldChange, ...]:
    """Every field that differs, also one that only one side has."""
    nothing: State = dict.fromkeys({**before, **after})
    return field_changes({**nothing, **before}, {**nothing, **after})


def _declared(resource: Resource) -> State:
    """What a new resource says of itself, without its name and without what goes without saying."""
    identity = KINDS[resource.address.kind].identity(resource.spec).casefold()
    whole = dict(_flat(resource.spec.model_dump(mode="json", exclude_defaults=True)))
    about = {name: value for name, value in _about(resource).items() if value not in _USUAL}
    own = {name: value for name, value in whole.items() if str(value).casefold() != identity}
    return {**own, **about}


_USUAL: tuple[FieldValue, ...] = ("present", False, ())


def _about(resource: Resource) -> dict[str, FieldValue]:
    """What is said of a resource beside its spec."""
    state = "absent" if resource.absent else "forget" if resource.forget else "present"
    return {
        "state": state,
        "protect": resource.protected,
        "needs": _relative(resource.needs, resource.address),
        "after": _relative(resource.after, resource.address),
    }


def _relative(addresses: Iterable[Address], seen_from: Address) -> tuple[FieldValue, ...]:
    """As people write them: `kind/name` on the same host, `host/kind/name` on another."""
    texts = {
        f"{each.kind}/{each.name}" if each.host == seen_from.host else f"{each.host}/{each.kind}/{each.name}"
        for each in addresses
    }
    return tuple(sorted(texts))


def _flat(value: Mapping[str, JsonValue], path: str = "") -> Iterator[tuple[str, FieldValue]]:
    """Fields of fields with dots between the names; of those that are empty, none."""
    for name, inner in value.items():
        if isinstance(inner, dict) and inner:
            yield from _flat(inner, f"{path}{name}.")
        else:
            yield f"{path}{name}", _value(inner)


def _value(value: JsonValue) -> FieldValue:
    if isinstance(value, list):
        return tuple(map(_value, value))
    if isinstance(value, dict):
        return {name: _value(inner) for name, inner in value.items()}
    return str(value) if isinstance(value, float) else value
