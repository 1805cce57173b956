"""One resource, once for all hosts that share everything it is made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from engine.compiler.bindings import Binding, Rendering, Unrendered, bound, chains_of, given_by, looked_at
from engine.compiler.inventory import HostFacts
from engine.compiler.layers import Applied, Layer, Merged, Statement, merge
from engine.compiler.lowering.files import template_text
from engine.compiler.lowering.kinds import Brought, Entry, Lowered, Sources
from engine.compiler.references import Asked, Giver, Reference, parse_reference
from engine.compiler.sections import SECTIONS, UNITED_FIELDS, Section, identity, title
from engine.kinds.table import KINDS
from engine.manifest.declarations import WordState
from engine.manifest.nodes import MappingNode, Node, ScalarNode, Word, text_node
from engine.manifest.templates import Chain, Context, is_template
from engine.model.origin import Finding, Origin
from engine.model.resource import Spec


@dataclass(frozen=True, slots=True)
class Made:
    """A compiled resource without its host. Hosts share it."""

    kind: str
    name: str
    spec: Spec
    origin: Origin
    state: WordState
    protected: bool
    needs: tuple[Reference, ...]
    after: tuple[Reference, ...]
    implied: tuple[tuple[str, str], ...]  # keys of what its kind says it stands on
    displaces: tuple[tuple[str, str], ...] = ()  # keys of what its kind says must be gone first
    derived: bool = False  # brought along by another resource

    @property
    def key(self) -> tuple[str, str]:
        """Kind and name without case: what a host has once."""
        return self.kind, self.name.casefold()


class Making(NamedTuple):
    """What was made for a host, and what is declared for it but has a mistake of its own.

    `faulty` has kinds and names as keys have them; the name is empty where it could not be told.
    """

    made: tuple[Made, ...]
    faulty: frozenset[tuple[str, str]]


_Key = tuple[object, ...]
_EVERYTHING = "{{ host }}{{ vars }}{{ parameters }}"  # that differs between hosts of a school
Groups = dict[tuple[str, str], list[tuple[int, Statement]]]  # by section, and name without case


@dataclass(slots=True)
class Maker:
    """Makes the resources of one school and remembers them by their inputs."""

    applied: Sequence[Applied]
    rendering: Rendering
    sources: Sources
    findings: set[Finding] = field(default_factory=set)
    _chains: dict[int, tuple[Chain, ...]] = field(default_factory=dict)
    _bound: dict[int, Binding | None] = field(default_factory=dict)
    _rendered: dict[_Key, tuple[Statement, str | None] | None] = field(default_factory=dict)
    _made: dict[_Key, tuple[Made, ...]] = field(default_factory=dict)

    def make(self, reached: Sequence[tuple[int, Layer]], host: HostFacts) -> Making:
        """All resources of a host that the declarations `reached` (positions in `applied`) reach.

        What is wrong goes to `findings`; the rest is made.
        """
        groups, faulty = self.grouped(reached, host)
        found: list[Made] = []
        for (listed_in, name), members in groups.items():
            section = SECTIONS[listed_in]
            made = self._resource(section, members, host)
            found.extend(made)
            if not made:
                faulty.add((section.kind, name if len(section.identified_by) == 1 else ""))
        return Making(self._settle(found), frozenset(faulty))

    def grouped(
        self, reached: Sequence[tuple[int, Layer]], host: HostFacts
    ) -> tuple[Groups, set[tuple[str, str]]]:
        """The statements about each resource of a host, each with its position, and what is faulty."""
        groups: Groups = {}
        faulty: set[tuple[str, str]] = set()
        for position, layer in reached:
            statement, name = self._statement(position, layer, host) or (None, None)
            if statement is not None and name is None:
                self._unnamed(statement)
            if statement is None or name is None:
                faulty.add((SECTIONS[self.applied[position].declaration.section].kind, ""))
                continue
            groups.setdefault((statement.declaration.section, name), []).append((position, statement))
        return groups, faulty

    def chains(self, position: int) -> tuple[Chain, ...]:
        """The values of the host that a declaration's templates look at, in a stable order."""
        known = self._chains.get(position)
        if known is None:
            binding = self.applied[position].binding
            chains = chains_of(self._looking(position), binding, self.sources.templates)
            known = self._chains[position] = tuple(sorted(chains))
        return known

    def _looking(self, position: int) -> list[Node]:
        """All of a declaration that may hold templates."""
        applied = self.applied[position]
        declaration = applied.declaration
        words = (*declaration.needs, *declaration.after)
        return [declaration.body, *_texts(words), *self.delivered(applied)]

    def _context(self, position: int, host: HostFacts) -> Context:
        if position not in self._bound:
            binding = self.applied[position].binding
            self._bound[position] = bound(self._looking(position), binding, self.sources.templates)
        return self.rendering.context(host, self._bound[position])

    def delivered(self, applied: Applied) -> list[Node]:
        """The template file that a declaration delivers: it looks at values too.

        Where its name is a template, which file it is differs by host: it may look at everything.
        """
        name = applied.declaration.body.get("template")
        if applied.declaration.section != "files" or not isinstance(name, ScalarNode):
            return []
        if is_template(name.text):
            return [text_node(_EVERYTHING, name.origin)]
        text, problem = template_text(name.text, name.origin, self.sources)
        return [] if problem is not None else [text_node(text, name.origin)]

    def _values(self, positions: Sequence[int], host: HostFacts) -> tuple[object, ...]:
        return tuple(looked_at(host, chains) for position in positions if (chains := self.chains(position)))

    def _statement(self, position: int, layer: Layer, host: HostFacts) -> tuple[Statement, str | None] | None:
        key = (position, layer, self._values((position,), host))
        if key not in self._rendered:
            self._rendered[key] = self._render(position, layer, host)
        return self._rendered[key]

    def _render(self, position: int, layer: Layer, host: HostFacts) -> tuple[Statement, str | None] | None:
        applied = self.applied[position]
        declaration = applied.declaration
        try:
            context = self._context(position, host)
            body = self.rendering.render(declaration.body, context)
            needs = self._asked(declaration.needs, applied, context)
            after = self._asked(declaration.after, applied, context)
        except Unrendered as problem:
            self.findings.add(problem.finding)
            return None
        if not isinstance(body, MappingNode):
            return None
        statement = Statement(layer, body, declaration, needs, after, applied.use, applied.group)
        return statement, identity(SECTIONS[declaration.section], body)

    def _asked(self, words: Sequence[Word], applied: Applied, context: Context) -> tuple[Asked, ...]:
        asked = []
        for raw in _texts(words):
            node = self.rendering.render(raw, context)
            if isinstance(node, ScalarNode):
                given = given_by(raw.text, applied.binding, self.sources.templates)
                used = None if applied.use is None else (applied.use, "")
                giver = given or used
                asked.append(Asked(node, None if giver is None else Giver(*giver)))
        return tuple(asked)

    def _unnamed(self, statement: Statement) -> None:
        section = SECTIONS[statement.declaration.section]
        for name, _ in section.identified_by:
            node = statement.body.get(name)
            if node is None and name != "view":
                message = f"{title(section, statement.body)} needs `{name}`"
                self.findings.add(Finding(statement.declaration.origin, "missing-field", message))
            elif node is not None and not isinstance(node, ScalarNode):
                message = f"`{name}` must be a text"
                self.findings.add(Finding(node.origin, "wrong-type", message))

    def _resource(
        self, section: Section, members: Sequence[tuple[int, Statement]], host: HostFacts
    ) -> tuple[Made, ...]:
        positions = [position for position, _ in members]
        layers = tuple(statement.layer for _, statement in members)
        key = (tuple(positions), layers, self._values(positions, host))
        known = self._made.get(key)
        if known is None:
            known = self._made[key] = self._make(section, members, host)
        return known

    def _make(
        self, section: Section, members: Sequence[tuple[int, Statement]], host: HostFacts
    ) -> tuple[Made, ...]:
        united = self.unite(section, members, host)
        if united is None:
            return ()
        merged, lowered = united
        made = self._finish(section.kind, lowered.spec, merged)
        brought = () if merged.state != "present" else lowered.brings
        return (made, *(_brought_along(each, merged.origin) for each in brought))

    def unite(
        self, section: Section, members: Sequence[tuple[int, Statement]], host: HostFacts
    ) -> tuple[Merged, Lowered] | None:
        """What the statements say together, and the spec that it comes to; None, with findings, if wrong."""
        statements = [statement for _, statement in members]
        what = title(section, statements[-1].body)
        merged, findings = merge(statements, what, UNITED_FIELDS[section.kind])
        if merged is None:
            self.findings.update(findings)
            return None
        try:
            context = self._context(_delivering(members), host)
        except Unrendered as problem:
            self.findings.add(problem.finding)
            return None
        entry = Entry(section.kind, merged.body, what, merged.state == "present", context)
        lowered, findings = section.lower(entry, self.sources)
        self.findings.update(findings)
        return None if lowered is None else (merged, lowered)

    def _finish(self, kind: str, spec: Spec, merged: Merged) -> Made:
        return Made(
            kind=kind,
            name=KINDS[kind].identity(spec),
            spec=spec,
            origin=merged.origin,
            state=merged.state,
            protected=merged.protect,
            needs=self._references(merged.needs),
            after=self._references(merged.after),
            implied=_implied(kind, spec),
            displaces=_implied(kind, spec, gone=True),
        )

    def _references(self, asked: Sequence[Asked]) -> tuple[Reference, ...]:
        references = []
        for each in asked:
            reference = parse_reference(each, KINDS)
            if isinstance(reference, Finding):
                self.findings.add(reference)
            else:
                references.append(reference)
        return tuple(references)

    def _settle(self, found: Sequence[Made]) -> tuple[Made, ...]:
        """Each resource once: what is declared wins over what is brought along."""
        settled: dict[tuple[str, str], Made] = {made.key: made for made in found if not made.derived}
        queue = [made for made in found if made.derived]
        queue += [derived for made in found if made.state == "present" for derived in _brought(made)]
        while queue:
            made = queue.pop(0)
            known = settled.get(made.key)
            if known is None:
                settled[made.key] = made
                queue += _brought(made)
            elif known.derived and known.state == made.state and known.spec != made.spec:
                self._disagree(known, made)
        return tuple(settled.values())

    def _disagree(self, one: Made, two: Made) -> None:
        first, second = sorted((one.origin, two.origin))
        kind = one.kind.replace("_", " ")
        message = (
            f"the {kind} `{one.name}` that comes along here differs from the one that comes with {first}"
        )
        self.findings.add(Finding(second, "derived-twice", message, "make both the same"))


def _delivering(members: Sequence[tuple[int, Statement]]) -> int:
    """The declaration whose parameters a delivered template sees: the nearest of those that name one."""
    naming = [member for member in members if member[1].body.get("template") is not None]
    return max(naming or members, key=lambda member: member[1].layer)[0]


def _brought(made: Made) -> list[Made]:
    return [
        _brought_along(Brought(derived.kind, derived.spec), made.origin)
        for derived in KINDS[made.kind].derived(made.spec)
    ]


def _brought_along(brought: Brought, origin: Origin) -> Made:
    kind, spec = brought.kind, brought.spec
    return Made(
        kind=kind,
        name=KINDS[kind].identity(spec),
        spec=spec,
        origin=origin,
        state="absent" if brought.absent else "present",
        protected=False,
        needs=(),
        after=(),
        implied=_implied(kind, spec),
        displaces=_implied(kind, spec, gone=True),
        derived=True,
    )


def _implied(kind: str, spec: Spec, *, gone: bool = False) -> tuple[tuple[str, str], ...]:
    edges = KINDS[kind].dependencies(spec)
    return tuple((edge.kind, edge.name.casefold()) for edge in edges if edge.gone is gone)


def _texts(words: Sequence[Word]) -> list[ScalarNode]:
    return [ScalarNode(word.text, word.text, word.origin, word.inset) for word in words]


def by_key(made: Sequence[Made]) -> Mapping[tuple[str, str], int]:
    """Where each resource of a host is found."""
    return {each.key: position for position, each in enumerate(made)}
