"""The contract of all kinds on the real wire: empty host, apply, empty plan; one field; removal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from threading import Event

from engine.app.applying import walk
from engine.app.connecting import connector_for
from engine.app.loading import load
from engine.app.planning import Made, plan_for
from engine.app.selection import Selection, choose
from engine.app.target import Target
from engine.kinds.file import FileSpec, SourceFile
from engine.kinds.software import SoftwareSpec
from engine.kinds.table import KINDS
from engine.model.address import Address
from engine.model.origin import Origin
from engine.model.plan import Action, Plan
from engine.model.resource import Resource, SchoolIntent, Spec
from engine.model.result import Outcome
from tests.e2e.bench import Bench, Quiet, outcomes, server
from tests.support.kind_samples import Sample, samples

SCHOOL, SERVER = "kinds", server("kinds")


def _is_sent_from_disk(sample: Sample) -> bool:
    """Installers and copied files of the samples are made up; the other tests here send real ones."""
    spec = sample.spec
    return isinstance(spec, SoftwareSpec) or (
        isinstance(spec, FileSpec) and isinstance(spec.content, SourceFile)
    )


# Samples that the others of this host stand on get a name of their own: Windows does not let go of a port
# that a queue uses, and without the spooler no printer can be read.
_OF_ITS_OWN = {"printer_port": "IP_10.114.0.77", "service": "W32Time"}


def _apart(sample: Sample) -> Sample:
    if sample.kind not in _OF_ITS_OWN:
        return sample
    name = {"name": _OF_ITS_OWN[sample.kind]}
    return replace(
        sample,
        spec=sample.spec.model_copy(update=name),
        mutations=tuple(replace(m, spec=m.spec.model_copy(update=name)) for m in sample.mutations),
    )


SAMPLES = [_apart(sample) for sample in samples() if not _is_sent_from_disk(sample)]


def _address(kind: str, spec: Spec) -> Address:
    return Address.of(SCHOOL, SERVER, kind, KINDS[kind].identity(spec))


def _everything() -> dict[Address, Resource]:
    """Every sample with what has to be there before it, in an order that works."""
    wanted: dict[Address, Resource] = {}
    for sample in SAMPLES:
        before = tuple(_address(kind, spec) for kind, spec in sample.needs)
        for kind, spec, needs in (
            *((kind, spec, ()) for kind, spec in sample.needs),
            (sample.kind, sample.spec, before),
        ):
            address = _address(kind, spec)
            wanted.setdefault(address, Resource(address, spec, Origin("samples", 1, 1), needs=needs))
    return wanted


class _Wire:
    """Plans and applies intents that no manifest declares."""

    def __init__(self, bench: Bench) -> None:
        district = load(bench.project)
        self._chosen = choose(Selection(hosts=(SERVER,)), district)
        self._connector = connector_for(bench.project, district, self._chosen.hosts, Target.REHEARSAL)

    def plan(self, resources: Sequence[Resource]) -> Plan:
        intent = SchoolIntent(SCHOOL, self._chosen.hosts, tuple(resources))
        return plan_for([intent], self._chosen, self._connector, Made("abc", Target.REHEARSAL), Quiet())

    def apply(self, plan: Plan) -> Mapping[str, Outcome]:
        result = walk(plan, self._connector, Quiet(), Event())
        assert [r for r in result.results if r.outcome is not Outcome.CHANGED] == []
        return outcomes(result)


def test_all_kinds_keep_their_contract_on_the_wire(bench: Bench) -> None:
    wire, wanted = _Wire(bench), _everything()

    first = wire.plan(list(wanted.values()))
    assert first.blocked == ()
    assert {change.address for change in first.changes} == set(wanted)
    wire.apply(first)
    assert wire.plan(list(wanted.values())).changes == ()

    for number in range(max(len(sample.mutations) for sample in SAMPLES)):
        expected: dict[Address, str] = {}
        for sample in SAMPLES:
            if number < len(sample.mutations):
                mutation, address = sample.mutations[number], _address(sample.kind, sample.spec)
                wanted[address] = replace(wanted[address], spec=mutation.spec)
                expected[address] = mutation.field
        changed = wire.plan(list(wanted.values()))
        assert changed.blocked == ()
        fields = {c.address: {f.field for f in c.fields} for c in changed.changes}
        assert set(fields) == set(expected)
        assert all(expected[address] in fields[address] for address in expected)
        wire.apply(changed)
        assert wire.plan(list(wanted.values())).changes == ()

    removal = wire.plan([])
    assert {change.action for change in removal.changes} <= {Action.DELETE, Action.FORGET}
    wire.apply(removal)
    assert wire.plan([]).changes == ()
