"""PowerShell over a real endpoint: batches, their answers, functions, requests and limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from engine.model.command import Argument, Command, Statement
from engine.model.errors import AccessDenied, DeadlineExceeded, HostError, LogonFailed
from engine.model.query import Ask, EnumValue, PsObject, Reply, Unread
from engine.rehearsal.windows.powershell import records
from engine.rehearsal.windows.powershell.records import CommandCall, Output, Pause, Record
from engine.transport.psrp import session as psrp
from engine.transport.session import WindowsSession
from engine.transport.target import Authentication, Login, Scheme, Target, Timeouts
from tests.support.scripted_shell import error, script
from tests.support.winrm_host import PASSWORD, TEACHER, TEACHERS_PASSWORD, USER, Running

FUNCTIONS = {"Get-RollcallThing": "function Get-RollcallThing { 'reviewed text' }"}


def _ask(name: str, **parameters: Argument) -> Ask:
    return Ask(statement=Statement.of(name, parameters))


def _name(call: CommandCall) -> Iterator[Record]:
    yield Output(dict(call.arguments)["Name"])


def _missing(call: CommandCall) -> Iterator[Record]:
    yield error(call.text)


@pytest.mark.parametrize(
    ("scheme", "way"),
    [
        (Scheme.HTTPS, Authentication.BASIC),
        (Scheme.HTTPS, Authentication.NTLM),
        (Scheme.HTTPS, Authentication.NEGOTIATE),
        (Scheme.HTTP, Authentication.NTLM),
        (Scheme.HTTP, Authentication.NEGOTIATE),
    ],
)
def test_every_safe_way_of_connecting_works(
    running: Running, target: Target, scheme: Scheme, way: Authentication
) -> None:
    running.host.script = script({"Get-Thing": _name})
    port = running.https if scheme is Scheme.HTTPS else running.http
    with WindowsSession(replace(target, scheme=scheme, port=port, authentication=way), {}) as session:
        ask = _ask("Get-Thing", Name="Ünï ☃")
        assert session.read([ask])[ask] == Reply(("Ünï ☃",))


def test_a_pipeline_costs_two_requests_however_much_it_asks(running: Running, target: Target) -> None:
    running.host.script = script({"Get-Thing": _name})
    with WindowsSession(target, {}) as session:
        session.read([_ask("Get-Thing", Name="first")])
        costs = []
        for count in (5, 30):  # what fits into one answer
            before = running.host.counters.http_requests
            answers = session.read([_ask("Get-Thing", Name=f"n{index}") for index in range(count)])
            costs.append(running.host.counters.http_requests - before)
            assert len(answers) == count
        assert costs == [2, 2]
        assert running.host.counters.logons == 1


def test_the_same_question_is_asked_once(running: Running, target: Target) -> None:
    seen: list[str] = []

    def thing(call: CommandCall) -> Iterator[Record]:
        seen.append(call.text)
        yield Output(1)

    running.host.script = script({"Get-Thing": thing})
    with WindowsSession(target, {}) as session:
        assert len(session.read([_ask("Get-Thing", Name="a")] * 3)) == 1
        assert session.read([]) == {}
    assert seen == ["Get-Thing"]


def test_values_arrive_as_plain_data(running: Running, target: Target) -> None:
    share = records.PsObject(
        ("Microsoft.Management.Infrastructure.CimInstance#ROOT/Microsoft/Windows/Smb/MSFT_SmbShare",),
        {
            "Name": "Staff",
            "CachingMode": records.PsEnum("Microsoft.SmbShare.CachingMode", "Manual", 1),
            "Size": records.UInt64(2**63),
            "Nothing": None,
            "Tags": ("a", 1, True),
            "When": datetime(2026, 3, 1, 7, 30, 0, 123456, UTC),
            "Bytes": b"\0\xff",
        },
        "MSFT_SmbShare (Name = Staff)",
    )

    def thing(_: CommandCall) -> Iterator[Record]:
        yield Output(share)
        yield Output("")

    running.host.script = script({"Get-Thing": thing})
    with WindowsSession(target, {}) as session:
        reply = session.read([_ask("Get-Thing")])[_ask("Get-Thing")]
    assert isinstance(reply, Reply)
    found, empty = reply.output
    assert isinstance(found, PsObject)
    assert (
        found.type_name
        == "Microsoft.Management.Infrastructure.CimInstance#ROOT/Microsoft/Windows/Smb/MSFT_SmbShare"
    )
    assert found.text == "MSFT_SmbShare (Name = Staff)"
    assert found.prop("cachingmode") == EnumValue("Manual", 1)
    assert found.prop("Size") == 2**63
    assert found.prop("Tags") == ("a", 1, True)
    assert found.prop("When") == datetime(2026, 3, 1, 7, 30, 0, 123456, UTC)
    assert found.prop("Bytes") == b"\0\xff"
    assert not found.prop("Nothing")
    assert empty == ""


def test_arguments_arrive_with_their_types(running: Running, target: Target) -> None:
    seen: list[CommandCall] = []

    def thing(call: CommandCall) -> Iterator[Record]:
        seen.append(call)
        yield Output(1)

    running.host.script = script({"Get-Thing": thing})
    given: dict[str, Argument] = {
        "Text": "$(Stop-Computer); `\"'\n☃",
        "Small": -5,
        "Large": 2**40,
        "Switch": True,
        "Texts": ("a", "b"),
        "Numbers": (1, 2),
    }
    with WindowsSession(target, {}) as session:
        session.read([Ask(statement=Statement(commands=(Command.of("Get-Thing", given),)))])
    assert dict(seen[0].arguments) == given
    assert not seen[0].is_script


def test_an_error_is_the_answer_of_its_own_statement(running: Running, target: Target) -> None:
    running.host.script = script({"Get-Thing": _name, "Get-Nothing": _missing})
    asks = [_ask("Get-Thing", Name="a"), _ask("Get-Nothing"), _ask("Get-Thing", Name="b")]
    with WindowsSession(target, {}) as session:
        first, second, third = (session.read(asks)[ask] for ask in asks)
    assert first == Reply(("a",))
    assert third == Reply(("b",))
    assert isinstance(second, Reply)
    assert second.output == ()
    (found,) = second.errors
    assert (found.error_id, found.category, found.command) == (
        "NotFound,Get-Nothing",
        "ObjectNotFound",
        "Get-Nothing",
    )
    assert found.message == "No such thing."


def test_an_error_of_the_error_stream_spoils_every_statement_it_may_belong_to(
    running: Running, target: Target
) -> None:
    def some(call: CommandCall) -> Iterator[Record]:
        name = str(dict(call.arguments)["Name"])
        if name == "broken":
            yield error(call.text, terminating=True)
        elif name != "silent":
            yield Output(name)

    running.host.script = script({"Get-Thing": some, "Get-Other": some})
    asks = [
        _ask("Get-Thing", Name="silent"),
        _ask("Get-Thing", Name="broken"),
        _ask("Get-Thing", Name="fine"),
        _ask("Get-Other", Name="silent"),
    ]
    with WindowsSession(target, {}) as session:
        answers = session.read(asks)
    replies = [answers[ask] for ask in asks]
    assert [bool(reply.errors) for reply in replies if isinstance(reply, Reply)] == [True, True, False, False]


def test_a_host_cannot_fake_the_end_of_a_statement(running: Running, target: Target) -> None:
    def thing(call: CommandCall) -> Iterator[Record]:
        yield from (Output(f"{nonce}:0") for nonce in ("", "0" * 32, "nonce"))
        yield Output(dict(call.arguments)["Name"])

    running.host.script = script({"Get-Thing": thing})
    asks = [_ask("Get-Thing", Name="a"), _ask("Get-Thing", Name="b")]
    with WindowsSession(target, {}) as session:
        answers = session.read(asks)
    assert [len(reply.output) for reply in answers.values() if isinstance(reply, Reply)] == [4, 4]


def test_functions_are_defined_once_in_a_runspace_and_only_where_called(
    running: Running, target: Target
) -> None:
    defined: list[list[str]] = []
    run = script({"get-rollcallthing": _name, "Get-Thing": _name})

    def watch(statements: Sequence[Sequence[CommandCall]]) -> Iterator[Record]:
        defined.append([call.text for statement in statements for call in statement if call.is_script])
        return run(statements)

    running.host.script = watch
    with WindowsSession(target, FUNCTIONS) as session:
        session.read([_ask("Get-Thing", Name="a")])
        session.read([_ask("get-rollcallthing", Name="a"), _ask("get-rollcallthing", Name="b")])
        session.read([_ask("get-rollcallthing", Name="c")])
    assert defined == [[], [FUNCTIONS["Get-RollcallThing"]], []]


def test_changing_statements_stop_at_the_first_error_and_answers_are_unread(
    running: Running, target: Target
) -> None:
    done: list[str] = []

    def change(call: CommandCall) -> Iterator[Record]:
        assert dict(call.arguments)["ErrorAction"] == "Stop"
        name = str(dict(call.arguments)["Name"])
        if name == "bad":
            yield error(call.text, "Refused.")
        done.append(name)

    running.host.script = script({"Set-Thing": change, "Get-Thing": _name})
    statements = [Statement.of("Set-Thing", {"Name": name}) for name in ("good", "bad", "never")]
    ask = _ask("Get-Thing", Name="a")
    with WindowsSession(target, {}) as session:
        before = running.host.counters.http_requests
        result = session.invoke(statements, then=[ask])
        opening = running.host.counters.http_requests - before
        again = session.invoke(statements[:1], then=[ask])
        assert running.host.counters.http_requests - before == opening + 2
    assert done == ["good", "good"]
    first, second, third = result.replies
    assert first == Reply(())
    assert [found.message for found in second.errors] == ["Refused."]
    assert [found.error_id for found in third.errors] == ["NotRun"]
    assert isinstance(result.answers[ask], Unread)
    assert again.replies == (Reply(()),)
    assert again.answers[ask] == Reply(("a",))


def test_a_batch_that_ends_early_leaves_the_rest_unread(running: Running, target: Target) -> None:
    def stops(call: CommandCall) -> Iterator[Record]:
        yield Output("half")
        yield replace(error(call.text, "The batch ends."), terminating=True)

    running.host.script = script({"Get-Thing": _name, "Get-Bad": stops})
    asks = [_ask("Get-Thing", Name="a"), _ask("Get-Bad", ErrorAction="Stop"), _ask("Get-Thing", Name="b")]
    with WindowsSession(target, {}) as session:
        answers = session.read(asks)
    assert answers[asks[0]] == Reply(("a",))
    bad = answers[asks[1]]
    assert isinstance(bad, Reply)
    assert bad.errors[0].message == "The batch ends."
    assert isinstance(answers[asks[2]], Unread)


def test_a_worn_runspace_is_replaced(
    running: Running, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(psrp, "MOST_PIPELINES", 2)
    running.host.script = script({"Get-RollcallThing": _name})
    with WindowsSession(target, FUNCTIONS) as session:
        for index in range(5):
            ask = _ask("Get-RollcallThing", Name=str(index))
            assert session.read([ask])[ask] == Reply((str(index),))
    assert running.host.counters.logons == 1
    assert running.host.engines == 3


def test_a_long_silence_of_a_working_host_is_waited_out(running: Running, target: Target) -> None:
    def slow(_: CommandCall) -> Iterator[Record]:
        yield Pause(2.5)
        yield Output("late")

    running.host.script = script({"Get-Thing": slow})
    short = replace(target, timeouts=Timeouts(connect=5, read=2, step=20))
    with WindowsSession(short, {}) as session:
        assert session.read([_ask("Get-Thing")])[_ask("Get-Thing")] == Reply(("late",))


def test_the_deadline_ends_a_pipeline_and_the_next_one_works(running: Running, target: Target) -> None:
    def slow(call: CommandCall) -> Iterator[Record]:
        if not dict(call.arguments)["Fast"]:
            yield Pause(30)
        yield Output("done")

    running.host.script = script({"Get-Thing": slow})
    short = replace(target, timeouts=Timeouts(connect=5, read=5, step=1))
    with WindowsSession(short, {}) as session:
        with pytest.raises(DeadlineExceeded, match="took longer than 1 s"):
            session.read([_ask("Get-Thing", Fast=False)])
        ask = _ask("Get-Thing", Fast=True)
        assert session.read([ask])[ask] == Reply(("done",))


@pytest.mark.parametrize("way", [Authentication.BASIC, Authentication.NTLM])
def test_a_wrong_password_is_told_without_the_password(
    target: Target, monkeypatch: pytest.MonkeyPatch, way: Authentication
) -> None:
    monkeypatch.setenv("ROLLCALL_TEST_PASSWORD", "Wrong-Horse-9")
    with (
        WindowsSession(replace(target, authentication=way), {}) as session,
        pytest.raises(LogonFailed) as caught,
    ):
        session.read([_ask("Get-Thing")])
    assert str(caught.value) == (
        "DHS-SRV01: read: wrong user or password, or the user may not log on this way"
    )


def test_a_missing_secret_names_the_reference(target: Target) -> None:
    lost = replace(target, login=Login(USER, "env:ROLLCALL_NOT_SET"))
    with WindowsSession(lost, {}) as session, pytest.raises(LogonFailed, match="env:ROLLCALL_NOT_SET"):
        session.read([_ask("Get-Thing")])


def test_a_user_who_may_not_use_winrm_is_denied(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLCALL_TEST_PASSWORD", TEACHERS_PASSWORD)
    teacher = replace(target, login=Login(TEACHER, "env:ROLLCALL_TEST_PASSWORD"))
    with WindowsSession(teacher, {}) as session, pytest.raises(HostError) as caught:
        session.read([_ask("Get-Thing")])
    assert isinstance(caught.value, AccessDenied | LogonFailed)
    assert PASSWORD not in str(caught.value)
