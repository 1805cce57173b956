"""What has run too long on a host is stopped there, or it is said that it may go on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from engine.model.command import Statement
from engine.model.errors import DeadlineExceeded
from engine.rehearsal.windows.powershell.records import CommandCall, Output, Pause, Record
from engine.transport.credentials import resolve
from engine.transport.psrp.session import PsrpSession
from engine.transport.refusals import CredentialUnavailable
from engine.transport.session import WindowsSession
from engine.transport.target import Credential, Scheme, Target, Timeouts
from tests.support.scripted_shell import script
from tests.support.winrm_host import Running

SHORT = Timeouts(connect=5, read=5, step=1)
SLOW = Statement.of("Set-Slow")


class Work:
    """A command that takes long, and whether it was ended before it was done."""

    def __init__(self) -> None:
        self.ended = threading.Event()

    def run(self, _: CommandCall) -> Iterator[Record]:
        try:
            yield Pause(60)
            yield Output("done")
        finally:
            self.ended.set()


def _quick(_: CommandCall) -> Iterator[Record]:
    yield Output("quick")


@pytest.mark.parametrize("scheme", list(Scheme))
def test_a_change_that_takes_too_long_is_stopped_on_the_host(
    running: Running, target: Target, scheme: Scheme
) -> None:
    work = Work()
    running.host.script = script({"Set-Slow": work.run, "Set-Quick": _quick})
    port = running.https if scheme is Scheme.HTTPS else running.http
    with WindowsSession(replace(target, timeouts=SHORT, scheme=scheme, port=port), {}) as session:
        with pytest.raises(DeadlineExceeded, match=r"took longer than 1 s.*; what ran was stopped$"):
            session.invoke([SLOW], then=[])
        assert work.ended.wait(10)
        assert not session.invoke([Statement.of("Set-Quick")], then=[]).replies[0].errors


def test_where_that_is_not_possible_it_is_said(running: Running, target: Target) -> None:
    work = Work()
    running.host.script = script({"Set-Slow": work.run})
    given = iter([resolve(target.login)])  # for one logon

    def credential() -> Credential:
        for found in given:
            return found
        raise CredentialUnavailable(target.login.password)

    session = PsrpSession(replace(target, timeouts=SHORT), credential, {})
    with pytest.raises(DeadlineExceeded, match=r"took longer than 1 s.*the host may still be working"):
        session.invoke([SLOW], then=[])
    session.close()
    assert not work.ended.is_set()
