"""Reading hosts: side by side, in the given order, in at most two batches."""

from __future__ import annotations

from threading import Barrier, Event

import pytest

from engine.executor.observe import Reading, observe
from engine.model.plan import HostStatus
from engine.model.query import Answers, Query
from engine.model.reading import HostReading
from engine.model.resource import Host
from tests.support.fakehost import FakeFleet
from tests.support.fakekinds import ask
from tests.support.rollout import SCHOOL

NAMES = ("PC1", "PC2", "PC3")
FIRST, SECOND = ask("Get-Thing", "first"), ask("Get-Thing", "second")


def _nothing(_answers: Answers) -> tuple[Query, ...]:
    return ()


def _readings(names: tuple[str, ...] = NAMES) -> list[Reading]:
    return [Reading(Host(name, SCHOOL, ()), (FIRST,), _nothing) for name in names]


def test_hosts_are_read_side_by_side_and_come_back_in_order() -> None:
    fleet = FakeFleet.of(*NAMES)
    meeting = Barrier(len(NAMES), timeout=20)
    for host in fleet.hosts.values():
        host.before = lambda act: _meet(meeting, act)
    heard: list[HostReading] = []

    found = observe(_readings(), fleet, heard.append, hosts_at_once=len(NAMES))

    assert [reading.host.name for reading in found] == list(NAMES)
    assert {reading.host.name for reading in heard} == set(NAMES)
    assert all(host.counts["closed"] == 1 for host in fleet.hosts.values())


def _meet(meeting: Barrier, act: str) -> None:
    if act == "read":
        meeting.wait()


def test_what_follows_from_the_answers_is_asked_in_the_same_session() -> None:
    fleet = FakeFleet.of("PC1")
    reading = Reading(Host("PC1", SCHOOL, ()), (FIRST,), lambda _answers: (FIRST, SECOND))

    (found,) = observe([reading], fleet, lambda _reading: None)

    assert found.status is HostStatus.READ
    assert set(found.answers) == {FIRST, SECOND}
    assert fleet["PC1"].acts.count("Get-Thing first") == 1
    assert (fleet["PC1"].counts["requests"], fleet["PC1"].counts["closed"]) == (4, 1)


def test_nothing_more_is_read_when_the_run_is_broken_off() -> None:
    fleet = FakeFleet.of(*NAMES)

    def broken_off(_act: str) -> None:
        raise KeyboardInterrupt

    fleet["PC1"].before = broken_off

    with pytest.raises(KeyboardInterrupt):
        observe(_readings(), fleet, lambda _reading: None, hosts_at_once=1)

    assert fleet["PC3"].acts == []


def test_a_host_that_is_being_read_is_not_waited_for_when_it_is_broken_off() -> None:
    fleet = FakeFleet.of("PC1", "PC2")
    begun, go_on = Event(), Event()

    def waits(_act: str) -> None:
        begun.set()
        assert go_on.wait(20)

    def broken_off(_act: str) -> None:
        assert begun.wait(20)
        raise KeyboardInterrupt

    fleet["PC1"].before, fleet["PC2"].before = broken_off, waits
    try:
        with pytest.raises(KeyboardInterrupt):
            observe(_readings(("PC1", "PC2")), fleet, lambda _reading: None, hosts_at_once=2)
        assert fleet["PC2"].acts == []  # it still waits
    finally:
        go_on.set()


def test_an_unexpected_error_fails_its_host_alone(caplog: pytest.LogCaptureFixture) -> None:
    fleet = FakeFleet.of(*NAMES)

    def odd(_act: str) -> None:
        raise UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed")

    fleet["PC2"].before = odd

    found = observe(_readings(), fleet, lambda _reading: None)

    assert [reading.status for reading in found] == [HostStatus.READ, HostStatus.FAILED, HostStatus.READ]
    assert found[1].error == "PC2: read: unexpected UnicodeEncodeError (see the log)"
    assert "PC2" in caplog.text
