"""Selectors: which hosts of a school the words of `hosts:` mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import IntEnum

from engine.compiler.inventory import Inventory
from engine.manifest import limits
from engine.manifest.ranges import is_range
from engine.manifest.selectors import ALL, And, Expression, Key, Not, Or, Selector, Term, terms
from engine.manifest.suggest import nearest, one_of
from engine.model.origin import Finding


class Nearness(IntEnum):
    """How closely a word names a host: what refines what within a school."""

    SCHOOL = 0  # `all`, or by role, model or group of schools
    GROUP = 1  # by group of hosts or room
    HOST = 2  # by name


Selected = Mapping[int, Nearness]  # hosts, as positions in an inventory

_NEARNESS: Mapping[Key, Nearness] = {
    Key.HOST: Nearness.HOST,
    Key.GROUP: Nearness.GROUP,
    Key.ROOM: Nearness.GROUP,
    Key.ROLE: Nearness.SCHOOL,
    Key.SCHOOLS: Nearness.SCHOOL,
    Key.MODEL: Nearness.SCHOOL,
}
_BARE = (
    Key.HOST,
    Key.GROUP,
    Key.ROLE,
    Key.SCHOOLS,
)  # what a word may mean that does not say it, nearest first
_TITLES = {
    Key.HOST: "a host",
    Key.GROUP: "a group of hosts",
    Key.ROLE: "a role",
    Key.SCHOOLS: "a group of schools",
}
_LISTED = 8  # at most so many are told where none is near
_EVERYTHING = frozenset({"*", "any", "every", "everyone", "everything", "everywhere"})


def select(selectors: Iterable[Selector], inventory: Inventory) -> Selected:
    """The hosts that any of the selectors means; one that several words mean is taken by the nearest.

    What means nothing, or two things, is left to `check_selectors`.
    """
    return _any(evaluate(selector.expression, inventory) for selector in selectors)


def evaluate(expression: Expression, inventory: Inventory) -> Selected:
    """The hosts of an expression. With `not`, hosts are as near as the words beside it make them."""
    match expression:
        case Term():
            return _meant(expression, inventory)
        case Not(operand):
            excluded = evaluate(operand, inventory)
            every = range(len(inventory.hosts))
            return {host: Nearness.SCHOOL for host in every if host not in excluded}
        case And(operands):
            return _every([evaluate(each, inventory) for each in operands])
        case Or(operands):
            return _any(evaluate(each, inventory) for each in operands)


def _any(selections: Iterable[Selected]) -> Selected:
    hosts: dict[int, Nearness] = {}
    for selection in selections:
        for host, near in selection.items():
            hosts[host] = max(near, hosts.get(host, near))
    return hosts


def _every(selections: Sequence[Selected]) -> Selected:
    first, *others = selections
    return {
        host: max(near, *(other[host] for other in others))
        for host, near in first.items()
        if all(host in other for other in others)
    }


def _meant(term: Term, inventory: Inventory) -> Selected:
    if term.key is not None:
        return dict.fromkeys(_by_key(term.key, term, inventory), _NEARNESS[term.key])
    if term.value == ALL:
        return dict.fromkeys(range(len(inventory.hosts)), Nearness.SCHOOL)
    for key in _BARE:
        hosts = _by_key(key, term, inventory)
        if hosts:
            return dict.fromkeys(hosts, _NEARNESS[key])
    return {}


def _by_key(key: Key, term: Term, inventory: Inventory) -> Sequence[int]:
    if key is Key.HOST:
        found = (inventory.by_name.get(name) for name in term.names)
        return tuple(host for host in found if host is not None)
    if len(term.names) > 1:
        return ()  # a range names hosts only
    (name,) = term.names
    if key is Key.SCHOOLS:
        return range(len(inventory.hosts)) if name in inventory.member_of else ()
    return inventory.facts(key).get(name, ())


def check_selectors(
    selectors: Iterable[Selector], inventories: Sequence[Inventory], where: str, hints: int = limits.HINTS
) -> Iterator[Finding]:
    """What is wrong with selectors that are for the hosts of these schools, called `where` in messages.

    Each word must mean a host of one of them, and one thing only; and so must each expression as a whole.
    For so many mistakes as `hints` says the near miss is looked for, which takes longer than all the rest.
    """
    for selector in selectors:
        findings = [
            finding
            for term in terms(selector.expression)
            for finding in _check(selector, term, inventories, where, hints > 0)
        ]
        hints -= len(findings)
        yield from findings
        whole = selector.expression
        if not findings and not isinstance(whole, Term) and not _means_some(whole, inventories):
            message = f"`{selector.text}` matches no host of {where}, though each of its words does"
            hint = "`and` takes the hosts that have both; `or` those that have one of them"
            yield Finding(selector.origin, "no-host-selected", message, hint)


def _means_some(expression: Expression, inventories: Sequence[Inventory]) -> bool:
    words = {name for term in terms(expression) for name in term.names}
    if any(not inventory.hollow.isdisjoint(words) for inventory in inventories):
        return True  # what is wrong is told where the group of hosts is declared
    return any(evaluate(expression, inventory) for inventory in inventories)


def _check(
    selector: Selector, term: Term, inventories: Sequence[Inventory], where: str, has_hint: bool
) -> Iterator[Finding]:
    origin = selector.word.at(term.at)
    for inventory in inventories:
        meanings = _meanings(term, inventory)
        if len(meanings) > 1:
            titles = " and ".join(_TITLES[key] for key in meanings)
            message = f"`{term.text}` is {titles}, and they are not the same hosts of {inventory.school}"
            hint = f"write {one_of(_form(key, term.value) for key in meanings)}"
            yield Finding(origin, "ambiguous-selector", message, hint)
            return
    if not _means_some(term, inventories):
        message = f"`{term.text}` matches no host of {where}"
        hint = _near_miss(term, inventories) if has_hint else ""
        yield Finding(origin, "no-host-selected", message, hint)


def _meanings(term: Term, inventory: Inventory) -> tuple[Key, ...]:
    """What a word that does not say it may mean in a school; one where all of them are the same hosts."""
    if term.key is not None or term.value == ALL or len(term.names) > 1:
        return ()
    found = {key: frozenset(hosts) for key in _BARE if (hosts := _by_key(key, term, inventory))}
    if term.names[0] in inventory.known_groups:
        found.setdefault(Key.SCHOOLS, frozenset())
    return tuple(found) if len(set(found.values())) > 1 else tuple(found)[:1]


def _near_miss(term: Term, inventories: Sequence[Inventory]) -> str:
    """The selector that was probably meant."""
    if term.key is None and term.value.casefold() in _EVERYTHING:
        return f"did you mean `{ALL}`?"
    if "*" in term.value:
        return _instead_of_pattern(term, inventories)
    if len(inventories) == 1 and term.value.casefold() == inventories[0].school.casefold():
        return f"write `{ALL}` for all hosts of {inventories[0].school}"
    for key in Key:  # the same word, said of something else
        if key is not term.key and len(term.names) == 1 and any(_by_key(key, term, i) for i in inventories):
            return f"did you mean `{_form(key, term.value)}`?"
    if any(name in inventory.known_groups for name in term.names for inventory in inventories):
        which = f"{inventories[0].school} is not" if len(inventories) == 1 else "none of these schools is"
        return f"`{term.value}` is a group of schools, and {which} in it"
    if is_range(term.value):
        return _beside_range(term, inventories)
    keys = _BARE[1:] + _BARE[:1] if term.key is None else (term.key,)
    known = dict.fromkeys(word for key in keys for each in inventories for word in each.known(key))
    near = nearest(term.value, [*known, ALL] if term.key is None else known)
    if near is not None:
        return f"did you mean `{near if term.key is None else _form(term.key, near)}`?"
    if term.key is None or not 0 < len(known) <= _LISTED:
        return ""
    return f"there is {one_of(_form(term.key, word) for word in known)}"


def _instead_of_pattern(term: Term, inventories: Sequence[Inventory]) -> str:
    """What names the hosts that `DHS-*` was meant to name."""
    prefix = term.value.partition("*")[0].casefold()
    names = [name for inventory in inventories for name in inventory.known(Key.HOST)]
    there = [name for name in names if name.casefold().startswith(prefix)]
    form = "`*` has no meaning here: write a group of hosts, a role, or a range such as `DHS-L114-[01-30]`"
    return form + (f"; there are `{there[0]}` to `{there[-1]}`" if len(there) > 1 else "")


def _beside_range(term: Term, inventories: Sequence[Inventory]) -> str:
    """The hosts whose names start as those of the range do."""
    prefix = term.value.partition("[")[0].casefold()
    names = [name for inventory in inventories for name in inventory.known(Key.HOST)]
    there = [name for name in names if prefix and name.casefold().startswith(prefix)]
    if len(there) > 1:
        return f"there are `{there[0]}` to `{there[-1]}`"
    near = nearest(term.names[0], names)
    return f"did you mean `{near}`?" if near else ""


def _form(key: Key, value: str) -> str:
    """How to say by what a word names hosts."""
    plain = all(character.isalnum() or character in "-_.[]" for character in value)
    return f"{key.value}={value}" if plain else f"{key.value}='{value}'"
